/** GitHub's REST and GraphQL, as far as comments need them: https://docs.github.com/en/rest/issues/comments */
import { TOKEN, type Reply, type Routes, type StoredComment, type ForgeWorld } from "./forge-world.ts";

export const githubRoutes: Routes = (request, world) => {
  // Enterprise Server has its API under /api/v3, and GraphQL beside it.
  const path = request.path.replace(/^\/api\/v3/, "").replace(/^\/api\/graphql/, "/graphql");
  const authorization = request.headers.authorization ?? "";
  if (!new RegExp(`^(token|bearer) ${TOKEN}$`, "i").test(authorization))
    return message(401, "Bad credentials");
  if (path === "/user")
    return world.viewerKnown
      ? { status: 200, body: { login: world.viewer, id: 1, type: "User" } }
      : message(403, "Resource not accessible by integration");
  if (path === "/graphql") return graphql(request.body, world);
  if (request.method !== "GET" && world.readOnly)
    return message(403, "Resource not accessible by integration");
  if (path === "/repos/acme/shop/pulls/7")
    return { status: 200, body: { number: 7, state: "open", head: { sha: world.head, ref: "topic" } } };
  if (path === "/repos/acme/shop/issues/7/comments")
    return request.method === "POST" ? create(request.body, world) : list(request.query, request.path, world);
  const id = Number(/^\/repos\/acme\/shop\/issues\/comments\/(\d+)$/.exec(path)?.[1]);
  const comment = world.comments.find((one) => one.id === id);
  if (comment === undefined) return message(404, "Not Found");
  if (request.method === "DELETE") {
    world.comments = world.comments.filter((one) => one !== comment);
    return { status: 204 };
  }
  const { body } = request.body as { body: string };
  if (body.length > world.limit) return tooLong();
  comment.body = body;
  return { status: 200, body: commentJson(comment) };
};

function message(status: number, text: string): Reply {
  const body = { message: text, documentation_url: "https://docs.github.com/rest", status: String(status) };
  return { status, body };
}

function tooLong(): Reply {
  const error = {
    resource: "IssueComment",
    code: "unprocessable",
    field: "data",
    message: "Body is too long (maximum is 65536 characters)",
  };
  return { status: 422, body: { message: "Validation Failed", errors: [error], status: "422" } };
}

function commentJson({ id, author, body, hidden }: StoredComment) {
  return {
    url: `https://api.github.com/repos/acme/shop/issues/comments/${id}`,
    html_url: `https://github.com/acme/shop/pull/7#issuecomment-${id}`,
    id,
    node_id: `IC_${id}`,
    user: { login: author, id: 1, type: author.endsWith("[bot]") ? "Bot" : "User" },
    created_at: "2026-01-15T12:00:00Z",
    updated_at: "2026-01-15T12:00:00Z",
    body,
    author_association: "NONE",
    performed_via_github_app: null,
    minimized: hidden ? { reason: "outdated" } : null,
  };
}

function create(sent: unknown, world: ForgeWorld): Reply {
  const { body } = sent as { body: string };
  if (body.length > world.limit) return tooLong();
  const comment = { id: world.nextId++, author: world.viewer, body, hidden: false };
  world.comments.push(comment);
  return { status: 201, body: commentJson(comment) };
}

function list(query: URLSearchParams, path: string, world: ForgeWorld): Reply {
  const size = Math.min(Number(query.get("per_page") ?? 30), world.pageSize);
  const page = Number(query.get("page") ?? 1);
  const last = Math.max(1, Math.ceil(world.comments.length / size));
  const link = (to: number, rel: string) =>
    `<${world.origin}${path}?per_page=${size}&page=${to}>; rel="${rel}"`;
  const links = page < last ? [link(page + 1, "next"), link(last, "last")] : [];
  return {
    status: 200,
    headers: links.length === 0 ? {} : { link: links.join(", ") },
    body: world.comments.slice((page - 1) * size, page * size).map(commentJson),
  };
}

function graphql(sent: unknown, world: ForgeWorld): Reply {
  const { query, variables } = sent as { query: string; variables?: { id?: string } };
  if (query.includes("viewer")) return { status: 200, body: { data: { viewer: { login: world.viewer } } } };
  const comment = world.comments.find(({ id }) => `IC_${id}` === variables?.id);
  if (world.readOnly || comment === undefined) {
    const error = world.readOnly
      ? { type: "FORBIDDEN", path: ["minimizeComment"], message: "Resource not accessible by integration" }
      : { type: "NOT_FOUND", path: ["minimizeComment"], message: "Could not resolve to a node" };
    return { status: 200, body: { data: { minimizeComment: null }, errors: [error] } };
  }
  comment.hidden = true;
  return { status: 200, body: { data: { minimizeComment: { minimizedComment: { isMinimized: true } } } } };
}
