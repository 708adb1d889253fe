/** The Azure client: comments of a pull request are threads, on Azure DevOps Services and Server. */
import { FORGE_LABELS } from "../pull-request-comment.ts";
import type { ForgeClient, ForgeComment, ForgeConnection } from "./forge-client.ts";
import { ForgeFailure } from "./forge-failure.ts";
import { patientRequest, type JsonAnswer, type JsonRequest } from "./patient-request.ts";

const RIGHT =
  "The identity needs `Contribute to pull requests` on the repository: in a pipeline that is `<project> Build Service`, with `SYSTEM_ACCESSTOKEN: $(System.AccessToken)` in the step's env; a personal access token needs `Code: Read & write`.";

/** "A discussion comment cannot be longer than 150000 characters": https://github.com/runatlantis/atlantis/pull/1585 */
const COMMENT_LIMIT = 150_000;

/** The oldest that Azure DevOps Server 2020 and all later ones speak. */
const API_VERSION = "api-version=6.0";

export function azureClient(connection: ForgeConnection): ForgeClient {
  const { apiUrl, pullRequest } = connection;
  const [project = "", repo = ""] = connection.repo.split("/").map(encodeURIComponent);
  const pull = `${apiUrl}/${project}/_apis/git/repositories/${repo}/pullRequests/${pullRequest}`;
  const webUrl = `${apiUrl}/${project}/_git/${repo}/pullrequest/${pullRequest}`;
  const call = (request: Omit<JsonRequest, "headers">): Promise<JsonAnswer> =>
    patientRequest({ ...request, headers: headersOf(connection.token) }, connection);
  const threads = `${pull}/threads`;
  return {
    label: FORGE_LABELS.azure,
    commentLimit: COMMENT_LIMIT,
    markerStyle: "html",
    right: RIGHT,
    head: async () => {
      const found = (await call({ method: "GET", url: `${pull}?${API_VERSION}` })).data as AzurePull | null;
      return found?.lastMergeSourceCommit?.commitId ?? null;
    },
    viewer: async () => {
      try {
        const { data } = await call({ method: "GET", url: `${apiUrl}/_apis/connectionData` });
        return (data as { authenticatedUser?: { id?: string } } | null)?.authenticatedUser?.id ?? null;
      } catch {
        return null;
      }
    },
    comments: async () => {
      // Threads come all at once.
      const { data } = await call({ method: "GET", url: `${threads}?${API_VERSION}` });
      const found = (data as { value?: readonly AzureThread[] } | null)?.value;
      if (!Array.isArray(found)) throw new ForgeFailure("refused", "the answer is no list of threads");
      return found.flatMap((thread: AzureThread) => firstComment(thread, webUrl));
    },
    create: async (body) => {
      // No status: a thread that waits to be resolved could block the pull request.
      const comments = [{ parentCommentId: 0, content: body, commentType: 1 }];
      const { data } = await call({ method: "POST", url: `${threads}?${API_VERSION}`, body: { comments } });
      const [comment] = firstComment(data as AzureThread, webUrl);
      if (comment === undefined) throw new ForgeFailure("unavailable", "the answer holds no comment");
      return comment;
    },
    update: async ({ id }, content) =>
      void (await call({ method: "PATCH", url: `${threads}/${id}?${API_VERSION}`, body: { content } })),
    remove: async ({ id }) => void (await call({ method: "DELETE", url: `${threads}/${id}?${API_VERSION}` })),
    hide: null,
  };
}

interface AzurePull {
  readonly lastMergeSourceCommit?: { readonly commitId?: string };
}

interface AzureThread {
  readonly id: number;
  readonly isDeleted?: boolean;
  /** On a file. */
  readonly threadContext?: unknown;
  readonly comments?: readonly {
    readonly id: number;
    readonly content?: string;
    readonly commentType?: string | number;
    readonly isDeleted?: boolean;
    readonly author?: { readonly id?: string };
  }[];
}

/** The thread's own words: answers to it are other people's, and what the system says is nobody's. */
function firstComment(thread: AzureThread, webUrl: string): readonly ForgeComment[] {
  const first = thread.comments?.[0];
  if (thread.isDeleted || thread.threadContext || first === undefined || first.isDeleted) return [];
  if (first.commentType === "system" || first.commentType === 3) return [];
  return [
    {
      id: `${thread.id}/comments/${first.id}`,
      body: first.content ?? "",
      author: first.author?.id ?? null,
      url: `${webUrl}?discussionId=${thread.id}`,
      hidden: false,
    },
  ];
}

/** A pipeline's own token is a JWT; personal access tokens are the password of nobody. */
function headersOf(token: string): Readonly<Record<string, string>> {
  const authorization = /^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
    ? `Bearer ${token}`
    : `Basic ${Buffer.from(`:${token}`).toString("base64")}`;
  // Without it a wrong token is answered with a sign-in page.
  return { authorization, "user-agent": "stepfare", "x-tfs-fedauthredirect": "Suppress" };
}
