/** GitLab's notes, as far as comments need them: https://docs.gitlab.com/api/notes/ */
import { TOKEN, type ForgeWorld, type Reply, type Routes, type StoredComment } from "./forge-world.ts";

const NOTES = "/api/v4/projects/acme%2Fbackend%2Fshop/merge_requests/7/notes";

export const gitlabRoutes: Routes = (request, world) => {
  if (request.headers["private-token"] !== TOKEN)
    return { status: 401, body: { message: "401 Unauthorized" } };
  const path = request.path.replace(/^\/gitlab(?=\/)/, "");
  if (path === "/api/v4/user")
    return world.viewerKnown
      ? { status: 200, body: { id: idOf(world.viewer), username: world.viewer, state: "active" } }
      : insufficientScope();
  if (path === NOTES.replace("/notes", ""))
    return {
      status: 200,
      body: {
        id: 1,
        iid: 7,
        sha: world.head,
        web_url: "https://gitlab.com/acme/backend/shop/-/merge_requests/7",
      },
    };
  if (request.method !== "GET" && world.readOnly) return insufficientScope();
  if (path === NOTES)
    return request.method === "POST" ? create(request.body, world) : list(request.query, request.path, world);
  const comment = world.comments.find(({ id }) => path === `${NOTES}/${id}`);
  if (comment === undefined) return { status: 404, body: { message: "404 Not found" } };
  if (request.method === "DELETE") {
    world.comments = world.comments.filter((one) => one !== comment);
    return { status: 204 };
  }
  const { body } = request.body as { body: string };
  if (body.length > world.limit) return tooLong();
  comment.body = body;
  return { status: 200, body: noteJson(comment) };
};

/** Users have numbers. */
function idOf(name: string): number {
  return name.split("").reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}

function insufficientScope(): Reply {
  const body = {
    error: "insufficient_scope",
    error_description: "The request requires higher privileges than provided by the access token.",
    scope: "api",
  };
  return { status: 403, body };
}

function tooLong(): Reply {
  return { status: 400, body: { message: { note: ["is too long (maximum is 1000000 characters)"] } } };
}

function noteJson({ id, author, body }: StoredComment) {
  return {
    id,
    type: null,
    body,
    author: { id: idOf(author), username: author, name: author, state: "active" },
    created_at: "2026-01-15T12:00:00.000Z",
    updated_at: "2026-01-15T12:00:00.000Z",
    system: false,
    noteable_id: 1,
    noteable_type: "MergeRequest",
    noteable_iid: 7,
    resolvable: false,
  };
}

/** What else stands among the notes of a merge request, here with the very words of ours: it is not a comment. */
function otherNotes(world: ForgeWorld) {
  const note = noteJson({
    id: 1,
    author: world.viewer,
    body: world.comments.at(-1)?.body ?? "",
    hidden: false,
  });
  return [
    { ...note, system: true },
    { ...note, type: "DiffNote", resolvable: true },
  ];
}

function create(sent: unknown, world: ForgeWorld): Reply {
  const { body } = sent as { body: string };
  if (body.length > world.limit) return tooLong();
  const comment = { id: world.nextId++, author: world.viewer, body, hidden: false };
  world.comments.push(comment);
  return { status: 201, body: noteJson(comment) };
}

function list(query: URLSearchParams, path: string, world: ForgeWorld): Reply {
  const size = Math.min(Number(query.get("per_page") ?? 20), world.pageSize);
  const page = Number(query.get("page") ?? 1);
  const all = [...otherNotes(world), ...world.comments.map(noteJson)];
  const sorted = query.get("sort") === "asc" ? all : all.toReversed();
  const last = Math.max(1, Math.ceil(all.length / size));
  const next = new URLSearchParams(query);
  next.set("page", String(page + 1));
  next.set("per_page", String(size));
  return {
    status: 200,
    headers: {
      "x-page": String(page),
      "x-per-page": String(size),
      "x-next-page": page < last ? String(page + 1) : "",
      "x-total-pages": String(last),
      ...(page < last ? { link: `<${world.origin}${path}?${next.toString()}>; rel="next"` } : {}),
    },
    body: sorted.slice((page - 1) * size, page * size),
  };
}
