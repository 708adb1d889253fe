/** A GitHub event is the JSON that an Actions run is started with; it knows the pull request better than the variables do. */
import type { Environment } from "./forge-token.ts";

/** https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
export function githubRun(env: Environment, event: unknown): GitHubRun {
  return {
    forge: "github",
    apiUrl: env.GITHUB_API_URL?.replace(/(?<!\/)\/+$/, "") || null,
    repo: env.GITHUB_REPOSITORY || null,
    ...pullRequestOf(event, env),
  };
}

/** Null = the event does not say. */
interface PullRequestFacts {
  readonly pullRequest: number | null;
  readonly head: string | null;
  readonly time: string | null;
  readonly fork: boolean | null;
}

interface GitHubRun extends PullRequestFacts {
  readonly forge: "github";
  readonly apiUrl: string | null;
  readonly repo: string | null;
}

function pullRequestOf(event: unknown, env: Environment): PullRequestFacts {
  const pull = at(event, "pull_request");
  if (pull !== undefined) return ofPullRequest(pull, env);
  const earlier = at(event, "workflow_run");
  if (earlier !== undefined) return ofWorkflowRun(earlier);
  const issue = at(event, "issue");
  if (at(issue, "pull_request") !== undefined)
    return { pullRequest: numberAt(issue, "number"), head: null, time: null, fork: null };
  const number = /^refs\/pull\/(\d+)\//.exec(env.GITHUB_REF ?? "")?.[1];
  return { pullRequest: number === undefined ? null : Number(number), head: null, time: null, fork: null };
}

/** `pull_request` and `pull_request_target`: GITHUB_SHA is a merge or the base there, never the head. */
function ofPullRequest(pull: unknown, env: Environment): PullRequestFacts {
  const base = textAt(at(pull, "base", "repo"), "full_name");
  const head = textAt(at(pull, "head", "repo"), "full_name");
  // A repository that is gone was a fork. Dependabot's runs get the rights of a fork's.
  const foreign = base === null ? null : base !== head;
  return {
    pullRequest: numberAt(pull, "number"),
    head: textAt(at(pull, "head"), "sha"),
    time: textAt(pull, "updated_at"),
    fork: env.GITHUB_ACTOR === "dependabot[bot]" && env.GITHUB_EVENT_NAME === "pull_request" ? true : foreign,
  };
}

/** It has the rights of the base; for a fork GitHub lists no pull request, and --pull-request must say which. */
function ofWorkflowRun(run: unknown): PullRequestFacts {
  const pulls = at(run, "pull_requests");
  return {
    pullRequest: numberAt(Array.isArray(pulls) ? pulls[0] : undefined, "number"),
    head: textAt(run, "head_sha"),
    time: textAt(run, "created_at"),
    fork: false,
  };
}

/** The value at a path of keys; undefined when there is none. */
function at(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found ?? undefined;
}

function textAt(value: unknown, key: string): string | null {
  const found = at(value, key);
  return typeof found === "string" && found !== "" ? found : null;
}

function numberAt(value: unknown, key: string): number | null {
  const found = at(value, key);
  return Number.isSafeInteger(found) && (found as number) > 0 ? (found as number) : null;
}
