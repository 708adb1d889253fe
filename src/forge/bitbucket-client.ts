/** The Bitbucket client: comments of a pull request on Bitbucket Cloud. */
import { FORGE_LABELS } from "../pull-request-comment.ts";
import type { ForgeClient, ForgeComment, ForgeConnection } from "./forge-client.ts";
import { ForgeFailure } from "./forge-failure.ts";
import { patientRequest, type JsonAnswer, type JsonRequest } from "./patient-request.ts";

const RIGHT =
  "The token needs to write pull requests: a repository, project or workspace access token with `Pull requests: Write`, or an API token with `write:pullrequest:bitbucket`, given as `email:token`.";

/** Undocumented; the API's refusal of more says so: https://github.com/jfrog/froggit-go/pull/133 */
const COMMENT_LIMIT = 32_768 - 1;

export function bitbucketClient(connection: ForgeConnection): ForgeClient {
  const { apiUrl, repo, pullRequest } = connection;
  const pull = `${apiUrl}/repositories/${repo.split("/").map(encodeURIComponent).join("/")}/pullrequests/${pullRequest}`;
  const call = (request: Omit<JsonRequest, "headers">): Promise<JsonAnswer> =>
    patientRequest({ ...request, headers: headersOf(connection.token) }, connection);
  const commentUrl = ({ id }: ForgeComment) => `${pull}/comments/${id}`;
  return {
    label: FORGE_LABELS.bitbucket,
    commentLimit: COMMENT_LIMIT,
    markerStyle: "link",
    right: RIGHT,
    head: async () => {
      const found = (await call({ method: "GET", url: pull })).data as BitbucketPullRequest | null;
      return found?.source?.commit?.hash ?? null;
    },
    viewer: async () => {
      try {
        const user = (await call({ method: "GET", url: `${apiUrl}/user` })).data as BitbucketUser | null;
        return user?.uuid ?? null;
      } catch {
        // Access tokens of a repository belong to nobody.
        return null;
      }
    },
    comments: () => allComments(call, `${pull}/comments?pagelen=100&sort=created_on`),
    create: async (body) => {
      const sent = { method: "POST", url: `${pull}/comments`, body: { content: { raw: body } } } as const;
      return commentOf((await call(sent)).data as BitbucketComment);
    },
    update: async (comment, body) =>
      void (await call({ method: "PUT", url: commentUrl(comment), body: { content: { raw: body } } })),
    remove: async (comment) => void (await call({ method: "DELETE", url: commentUrl(comment) })),
    hide: null,
  };
}

interface BitbucketPullRequest {
  /** Twelve digits of it. */
  readonly source?: { readonly commit?: { readonly hash?: string } | null };
}

interface BitbucketUser {
  readonly uuid?: string;
}

interface BitbucketComment {
  readonly id: number;
  readonly content?: { readonly raw?: string };
  readonly user?: BitbucketUser | null;
  readonly deleted?: boolean;
  /** On a line. */
  readonly inline?: unknown;
  /** An answer to another comment. */
  readonly parent?: unknown;
  readonly links?: { readonly html?: { readonly href?: string } };
}

interface BitbucketPage {
  readonly values?: readonly BitbucketComment[];
  readonly next?: string;
}

type Call = (request: Omit<JsonRequest, "headers">) => Promise<JsonAnswer>;

async function allComments(call: Call, first: string): Promise<readonly ForgeComment[]> {
  const found: ForgeComment[] = [];
  const asked = new Set<string>();
  for (let url: string | undefined = first; url !== undefined;) {
    if (asked.has(url)) throw new ForgeFailure("refused", "the pages of comments go round in a circle");
    asked.add(url);
    const page = (await call({ method: "GET", url })).data as BitbucketPage | null;
    if (!Array.isArray(page?.values)) throw new ForgeFailure("refused", "the answer is no list of comments");
    const ownWords = page.values.filter((one) => !one.deleted && !one.inline && !one.parent);
    found.push(...ownWords.map(commentOf));
    const next: string | undefined = page?.next;
    // The token goes with the request, so it goes nowhere else.
    if (next !== undefined && new URL(next, url).origin !== new URL(first).origin)
      throw new ForgeFailure("refused", "the next page of comments is on another host");
    url = next;
  }
  return found;
}

function commentOf({ id, content, user, links }: BitbucketComment): ForgeComment {
  return {
    id: String(id),
    body: content?.raw ?? "",
    author: user?.uuid ?? null,
    url: links?.html?.href ?? null,
    hidden: false,
  };
}

/** `user:secret` (API tokens, app passwords) is Basic; access tokens are Bearer. */
function headersOf(token: string): Readonly<Record<string, string>> {
  const authorization = token.includes(":")
    ? `Basic ${Buffer.from(token).toString("base64")}`
    : `Bearer ${token}`;
  return { authorization, "user-agent": "stepfare" };
}
