/** The GitHub client: comments of a pull request are issue comments, on github.com, GHE.com and Enterprise Server. */
import { Octokit } from "@octokit/core";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { FORGE_LABELS } from "../pull-request-comment.ts";
import type { ForgeClient, ForgeComment, ForgeConnection } from "./forge-client.ts";
import { failureOf, ForgeFailure } from "./forge-failure.ts";

const RIGHT =
  "The token needs to write pull requests: `permissions: { pull-requests: write }` in the workflow, `Pull requests: read and write` for a fine-grained token, `repo` (public repositories: `public_repo`) for a classic one.";

/** "Body is too long (maximum is 65536 characters)". */
const COMMENT_LIMIT = 65_536;
const PAGE_SIZE = 100;

/** Answers that no second try makes better; 429 has been waited for already. */
const FINAL = [400, 401, 403, 404, 410, 413, 422, 429, 451];

export function githubClient(connection: ForgeConnection): ForgeClient {
  const octokit = openOctokit(connection);
  const [owner = "", repo = ""] = connection.repo.split("/");
  const pull = { owner, repo, issue_number: connection.pullRequest };
  return {
    label: FORGE_LABELS.github,
    commentLimit: COMMENT_LIMIT,
    markerStyle: "html",
    right: RIGHT,
    head: () =>
      asForgeFailure(async () => {
        const answer = await octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
          owner,
          repo,
          pull_number: connection.pullRequest,
        });
        return answer.data.head?.sha ?? null;
      }),
    viewer: () => viewerOf(connection),
    comments: () => asForgeFailure(() => allComments(octokit, pull)),
    create: (body) =>
      asForgeFailure(async () => {
        const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
        const { data } = await octokit.request(route, { ...pull, body, request: { retries: 0 } });
        return commentOf(data);
      }),
    update: (comment, body) =>
      asForgeFailure(async () => {
        const route = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
        await octokit.request(route, { owner, repo, comment_id: idOf(comment), body });
      }),
    remove: (comment) =>
      asForgeFailure(async () => {
        const route = "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}";
        await octokit.request(route, { owner, repo, comment_id: idOf(comment) });
      }),
    hide: (comment) =>
      asForgeFailure(async () => {
        const id = (comment as Partial<NodeComment>).nodeId ?? null;
        if (id === null) throw new ForgeFailure("refused", `comment ${comment.id} has no node id`);
        await octokit.graphql(HIDE, { id });
      }),
  };
}

function plainOptions({ apiUrl, token, fetch }: ForgeConnection) {
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  return { auth: token, baseUrl: apiUrl, userAgent: "stepfare", log, request: { fetch } };
}

function openOctokit(connection: ForgeConnection) {
  return new (Octokit.plugin(retry, throttling))({
    ...plainOptions(connection),
    retry: { doNotRetry: FINAL, retries: 3, retryAfterBaseValue: connection.secondMs },
    throttle: {
      // A second between writes, three between comments; waiting for limits is the fetch's business.
      enabled: connection.paced,
      id: crypto.randomUUID(),
      onRateLimit: () => false,
      onSecondaryRateLimit: () => false,
    },
  });
}

type OpenOctokit = ReturnType<typeof openOctokit>;

interface GitHubComment {
  readonly id: number | bigint;
  readonly node_id?: string | undefined;
  readonly body?: string | null | undefined;
  readonly html_url?: string | undefined;
  readonly user?: { readonly login?: string | undefined } | null | undefined;
  /** Why it is hidden; older Enterprise Servers do not tell, and then it is hidden once more. */
  readonly minimized?: object | null | undefined;
}

/** Hiding needs the other of a comment's two names. */
type NodeComment = ForgeComment & { readonly nodeId: string | null };

async function allComments(
  octokit: OpenOctokit,
  pull: { owner: string; repo: string; issue_number: number },
): Promise<readonly ForgeComment[]> {
  const found: ForgeComment[] = [];
  for (let page = 1; ; page++) {
    const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
    const { data, headers } = await octokit.request(route, { ...pull, per_page: PAGE_SIZE, page });
    if (!Array.isArray(data)) throw new ForgeFailure("refused", "the answer is no list of comments");
    found.push(...data.map(commentOf));
    if (data.length === 0 || !/\brel="?next\b/.test(headers.link ?? "")) return found;
  }
}

function commentOf({ id, node_id, body, html_url, user, minimized }: GitHubComment): NodeComment {
  return {
    id: String(id),
    nodeId: node_id ?? null,
    body: body ?? "",
    author: user?.login === undefined ? null : loginOf(user.login),
    url: html_url ?? null,
    hidden: minimized != null,
  };
}

/** REST names an app's account `name[bot]`, GraphQL sometimes `name`. */
function loginOf(login: string): string {
  return login.toLowerCase().replace(/\[bot\]$/, "");
}

function idOf({ id }: ForgeComment): number {
  return Number(id);
}

/** `GET /user` refuses the tokens of apps, GITHUB_TOKEN among them; GraphQL knows them. */
async function viewerOf(connection: ForgeConnection): Promise<string | null> {
  // Neither tried again nor paced: it is a question, and the answer may be no.
  const octokit = new Octokit(plainOptions(connection));
  try {
    return loginOf((await octokit.request("GET /user")).data.login);
  } catch {
    try {
      const data = await octokit.graphql<{ viewer?: { login?: string } }>("query { viewer { login } }");
      const login = data.viewer?.login;
      return login === undefined ? null : loginOf(login);
    } catch {
      return null;
    }
  }
}

/** https://docs.github.com/en/graphql/reference/mutations#minimizecomment */
const HIDE = `mutation ($id: ID!) {
  minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized } }
}`;

/** Octokit's errors, shorn of the request they carry. */
async function asForgeFailure<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ForgeFailure) throw error;
    const { cause, status, response, message, errors } = error as OctokitError;
    if (cause instanceof ForgeFailure) throw cause;
    if (Array.isArray(errors)) throw graphqlFailure(errors);
    if (typeof status !== "number") throw error;
    const text = response === undefined ? message : JSON.stringify(response.data ?? "");
    throw failureOf({ status, headers: response?.headers ?? {}, text });
  }
}

interface OctokitError {
  readonly cause?: unknown;
  readonly status?: number;
  readonly message: string;
  readonly response?: {
    readonly data?: unknown;
    readonly headers: Readonly<Record<string, string | number | undefined>>;
  };
  readonly errors?: readonly GraphqlError[];
}

interface GraphqlError {
  readonly type?: string;
  readonly message?: string;
}

/** GraphQL answers 200 and says in `type` what REST says by its status. */
function graphqlFailure(errors: readonly GraphqlError[]): ForgeFailure {
  const said = errors.map(({ message }) => message ?? "no reason").join("; ");
  const types = new Set(errors.map(({ type }) => type));
  if (types.has("FORBIDDEN") || types.has("INSUFFICIENT_SCOPES")) return new ForgeFailure("forbidden", said);
  if (types.has("NOT_FOUND")) return new ForgeFailure("not-found", said);
  return new ForgeFailure(types.has("RATE_LIMITED") ? "rate-limited" : "refused", said);
}
