/** Azure DevOps' pull request threads: https://learn.microsoft.com/en-us/rest/api/azure/devops/git/pull-request-threads */
import {
  PIPELINE_TOKEN,
  TOKEN,
  type ForgeWorld,
  type Reply,
  type Routes,
  type StoredComment,
} from "./forge-world.ts";

const PULL = "/acme/Web%20Shop/_apis/git/repositories/shop/pullRequests/7";

export const azureRoutes: Routes = (request, world) => {
  const basic = `Basic ${Buffer.from(`:${TOKEN}`).toString("base64")}`;
  // A wrong token is answered with the sign-in page.
  if (![basic, `Bearer ${PIPELINE_TOKEN}`].includes(request.headers.authorization ?? ""))
    return {
      status: 203,
      body: "<!DOCTYPE html><html><title>Azure DevOps Services | Sign In</title></html>",
    };
  const { path } = request;
  if (path === "/acme/_apis/connectionData")
    return world.viewerKnown
      ? {
          status: 200,
          body: { authenticatedUser: { id: world.viewer }, authorizedUser: { id: world.viewer } },
        }
      : error(403, "Access denied", "AccessDeniedException");
  if (request.query.get("api-version") === null)
    return error(400, "No api-version was supplied", "VssVersionNotSpecifiedException");
  if (request.method !== "GET" && world.readOnly)
    return error(
      403,
      "TF401027: You need the Git 'PullRequestContribute' permission to perform this action. Details: identity 'Build\\1', scope 'repository'.",
      "GitNeedsPermissionException",
    );
  if (path === PULL)
    return { status: 200, body: { pullRequestId: 7, lastMergeSourceCommit: { commitId: world.head } } };
  if (path === `${PULL}/threads`)
    return request.method === "POST" ? create(request.body, world) : list(world);
  const comment = world.comments.find(({ id }) => path === `${PULL}/threads/${id}/comments/1`);
  if (comment === undefined)
    return error(404, "The thread does not exist.", "GitPullRequestNotFoundException");
  if (request.method === "DELETE") {
    world.comments = world.comments.filter((one) => one !== comment);
    return { status: 200 };
  }
  const { content } = request.body as { content: string };
  if (content.length > world.limit) return tooLong();
  comment.body = content;
  return { status: 200, body: threadJson(comment).comments[0] };
};

function error(status: number, message: string, typeKey: string): Reply {
  const body = { $id: "1", innerException: null, message, typeKey, errorCode: 0, eventId: 3000 };
  return { status, body };
}

function tooLong(): Reply {
  const text =
    "A discussion comment cannot be longer than 150000 characters.\r\nParameter name: comment.Content";
  return error(400, text, "ArgumentException");
}

function threadJson({ id, author, body }: StoredComment) {
  return {
    pullRequestThreadContext: null,
    id,
    publishedDate: "2026-01-15T12:00:00.000Z",
    lastUpdatedDate: "2026-01-15T12:00:00.000Z",
    comments: [
      {
        id: 1,
        parentCommentId: 0,
        author: { displayName: author, id: author, uniqueName: author },
        content: body,
        commentType: "text",
        usersLiked: [],
      },
      { id: 2, parentCommentId: 1, author: { id: "someone" }, content: body, commentType: "text" },
    ],
    threadContext: null,
    properties: {},
    isDeleted: false,
  };
}

function create(sent: unknown, world: ForgeWorld): Reply {
  const { content } = (sent as { comments: [{ content: string }] }).comments[0];
  if (content.length > world.limit) return tooLong();
  const comment = { id: world.nextId++, author: world.viewer, body: content, hidden: false };
  world.comments.push(comment);
  return { status: 200, body: threadJson(comment) };
}

function list(world: ForgeWorld): Reply {
  // With the very words of ours, and yet not a comment on the whole.
  const body = world.comments.at(-1)?.body ?? "";
  const other = threadJson({ id: 1, author: world.viewer, body, hidden: false });
  const [first] = other.comments;
  const value = [
    { ...other, comments: [{ ...first, commentType: "system" }] },
    { ...other, comments: [{ ...first, isDeleted: true }] },
    { ...other, isDeleted: true },
    { ...other, threadContext: { filePath: "/a.json" } },
    ...world.comments.map(threadJson),
  ];
  return { status: 200, body: { value, count: value.length } };
}
