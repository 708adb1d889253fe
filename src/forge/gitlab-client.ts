/** The GitLab client: comments of a merge request are its notes, on gitlab.com and on servers of one's own. */
import { MergeRequestNotes, MergeRequests, Users } from "@gitbeaker/rest";
import { FORGE_LABELS } from "../pull-request-comment.ts";
import type { ForgeClient, ForgeComment, ForgeConnection } from "./forge-client.ts";
import { ForgeFailure } from "./forge-failure.ts";
import { patientRequest } from "./patient-request.ts";

const RIGHT =
  "The token needs the scope `api` and at least the role Reporter in the project: a project, group or personal access token. CI_JOB_TOKEN cannot write notes.";

/** https://docs.gitlab.com/api/notes/#create-new-merge-request-note: "Limited to 1,000,000 characters". */
const COMMENT_LIMIT = 1_000_000;

export function gitlabClient(connection: ForgeConnection): ForgeClient {
  const options = {
    host: connection.apiUrl.replace(/\/api\/v4\/*$/, ""),
    token: connection.token,
    // Times are the fetch's business.
    queryTimeout: 0,
    requesterFn: requesterWith(connection),
  };
  const mergeRequests = new MergeRequests(options);
  const notes = new MergeRequestNotes(options);
  const { repo, pullRequest } = connection;
  /** Notes do not tell their address: the merge request does. */
  let webUrl: string | null = null;
  return {
    label: FORGE_LABELS.gitlab,
    commentLimit: COMMENT_LIMIT,
    markerStyle: "html",
    right: RIGHT,
    head: async () => {
      const found = (await mergeRequests.show(repo, pullRequest)) as Partial<GitLabMergeRequest>;
      webUrl = found.web_url ?? null;
      return found.sha ?? null;
    },
    viewer: async () => {
      try {
        return String((await new Users(options).showCurrentUser()).id);
      } catch {
        return null;
      }
    },
    comments: async () => {
      const all = await notes.all(repo, pullRequest, { perPage: 100, sort: "asc", orderBy: "created_at" });
      if (!Array.isArray(all)) throw new ForgeFailure("refused", "the answer is no list of notes");
      return (all as readonly GitLabNote[])
        .filter(({ system, type }) => system !== true && type !== "DiffNote")
        .map((note) => commentOf(note, webUrl));
    },
    create: async (body) => commentOf(await notes.create(repo, pullRequest, body), webUrl),
    update: async ({ id }, body) => void (await notes.edit(repo, pullRequest, Number(id), { body })),
    remove: ({ id }) => notes.remove(repo, pullRequest, Number(id)),
    hide: null,
  };
}

interface GitLabMergeRequest {
  /** Head of the source branch. */
  readonly sha: string;
  readonly web_url: string;
}

interface GitLabNote {
  readonly id: number;
  readonly body?: string;
  readonly system?: boolean;
  /** `DiffNote`: on a line; `DiscussionNote`: in a thread. */
  readonly type?: string | null;
  readonly author?: { readonly id?: number };
}

function commentOf({ id, body, author }: GitLabNote, webUrl: string | null): ForgeComment {
  return {
    id: String(id),
    body: body ?? "",
    author: author?.id === undefined ? null : String(author.id),
    url: webUrl === null ? null : `${webUrl}#note_${id}`,
    hidden: false,
  };
}

interface ServiceOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly authHeaders: Readonly<Record<string, () => Promise<string>>>;
}

interface ServiceRequest {
  readonly body?: unknown;
  readonly searchParams?: Readonly<Record<string, unknown>>;
}

/** gitbeaker's own requester tries ten times within a second, whatever Retry-After says. */
function requesterWith({ fetch, secondMs }: ForgeConnection) {
  const requester =
    (method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", service: ServiceOptions) =>
    async (endpoint: string, { body, searchParams = {} }: ServiceRequest = {}) => {
      const headers: Record<string, string> = { ...service.headers, "user-agent": "stepfare" };
      for (const [name, secret] of Object.entries(service.authHeaders)) headers[name] = await secret();
      const url = `${service.url.replace(/(?<!\/)\/+$/, "")}/${endpoint}${queryOf(searchParams)}`;
      const sent = method === "POST" || method === "PUT" ? { body } : {};
      const answer = await patientRequest({ method, url, headers, ...sent }, { fetch, secondMs });
      // gitbeaker lets each caller name the type it expects.
      return { status: answer.status, headers: { ...answer.headers }, body: answer.data as never };
    };
  return (service: unknown) => ({
    get: requester("GET", service as ServiceOptions),
    post: requester("POST", service as ServiceOptions),
    put: requester("PUT", service as ServiceOptions),
    patch: requester("PATCH", service as ServiceOptions),
    delete: requester("DELETE", service as ServiceOptions),
  });
}

function queryOf(parameters: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") continue;
    query.set(
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      String(value),
    );
  }
  return query.size === 0 ? "" : `?${query.toString()}`;
}
