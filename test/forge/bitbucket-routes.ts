/** Bitbucket Cloud's pull request comments: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ */
import { TOKEN, type ForgeWorld, type Reply, type Routes, type StoredComment } from "./forge-world.ts";

const PULL = "/2.0/repositories/acme/shop/pullrequests/7";

export const bitbucketRoutes: Routes = (request, world) => {
  const basic = `Basic ${Buffer.from(`someone@example.com:${TOKEN}`).toString("base64")}`;
  if (![`Bearer ${TOKEN}`, basic].includes(request.headers.authorization ?? ""))
    return error(401, "Token is invalid, expired, or not supported for this endpoint.");
  const { path } = request;
  if (path === "/2.0/user")
    return world.viewerKnown
      ? { status: 200, body: { type: "user", uuid: `{${world.viewer}}`, display_name: world.viewer } }
      : error(403, "Your credentials lack one or more required privilege scopes.");
  if (request.method !== "GET" && world.readOnly)
    return error(403, "Your credentials lack one or more required privilege scopes.");
  if (path === PULL)
    return {
      status: 200,
      body: {
        type: "pullrequest",
        id: 7,
        source: { commit: { type: "commit", hash: world.head.slice(0, 12) } },
      },
    };
  if (path === `${PULL}/comments`)
    return request.method === "POST" ? create(request.body, world) : list(request.query, world);
  const comment = world.comments.find(({ id }) => path === `${PULL}/comments/${id}`);
  if (comment === undefined) return error(404, "Comment not found");
  if (request.method === "DELETE") {
    world.comments = world.comments.filter((one) => one !== comment);
    return { status: 204 };
  }
  const { raw } = (request.body as { content: { raw: string } }).content;
  if (raw.length >= world.limit) return tooLong(raw);
  comment.body = raw;
  return { status: 200, body: commentJson(comment) };
};

function error(status: number, text: string): Reply {
  return { status, body: { type: "error", error: { message: text } } };
}

function tooLong(raw: string): Reply {
  const text = `Ensure this value has at most 32768 characters (it has ${raw.length}).`;
  const body = { type: "error", error: { message: text, fields: { "content.raw": [text] } } };
  return { status: 400, body };
}

function commentJson({ id, author, body }: StoredComment) {
  return {
    type: "pullrequest_comment",
    id,
    created_on: "2026-01-15T12:00:00.000000+00:00",
    updated_on: "2026-01-15T12:00:00.000000+00:00",
    content: { type: "rendered", raw: body, markup: "markdown", html: "<p></p>" },
    user: { type: "user", display_name: author, uuid: `{${author}}` },
    deleted: false,
    links: {
      html: { href: `https://bitbucket.org/acme/shop/pull-requests/7/_/diff#comment-${id}` },
    },
    pullrequest: { type: "pullrequest", id: 7 },
  };
}

function create(sent: unknown, world: ForgeWorld): Reply {
  const { raw } = (sent as { content: { raw: string } }).content;
  if (raw.length >= world.limit) return tooLong(raw);
  const comment = { id: world.nextId++, author: world.viewer, body: raw, hidden: false };
  world.comments.push(comment);
  return { status: 201, body: commentJson(comment) };
}

function list(query: URLSearchParams, world: ForgeWorld): Reply {
  const size = Math.min(Number(query.get("pagelen") ?? 10), world.pageSize);
  const page = Number(query.get("page") ?? 1);
  // With the very words of ours, and yet not a comment on the whole.
  const body = world.comments.at(-1)?.body ?? "";
  const other = commentJson({ id: 1, author: world.viewer, body, hidden: false });
  const others = [
    { ...other, deleted: true },
    { ...other, inline: { path: "a.json", to: 3 } },
    { ...other, parent: { id: 2 } },
  ];
  const all = [...others, ...world.comments.map(commentJson)];
  const isLast = page * size >= all.length;
  const next = `${world.origin}${PULL}/comments?pagelen=${size}&page=${page + 1}`;
  return {
    status: 200,
    body: {
      size: all.length,
      page,
      pagelen: size,
      ...(isLast ? {} : { next }),
      values: all.slice((page - 1) * size, page * size),
    },
  };
}
