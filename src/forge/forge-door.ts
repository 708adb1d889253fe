/** The forge door is the way from a command to the forges: what is needed of it is loaded when it is needed. */
import { FORGE_LABELS } from "../pull-request-comment.ts";
import type { CommentOutcome, CommentPost, ForgeDoor, PullRequestPlace } from "../pull-request-comment.ts";
import { UserError } from "../user-error.ts";
import { detectCiRun } from "./ci-run.ts";
import type { ForgeClient, ForgeConnection } from "./forge-client.ts";
import { redact } from "../redact.ts";
import { ForgeFailure, userErrorOf } from "./forge-failure.ts";
import { forgeFetch } from "./forge-fetch.ts";
import { secretsOf, tokenFor, type Environment } from "./forge-token.ts";
import { guardedClient } from "./guarded-client.ts";
import { locatePullRequest } from "./locate-pull-request.ts";
import { postComment } from "./post-comment.ts";
import { waitForRateLimits } from "./rate-limit-wait.ts";

export interface ForgeDoorOptions {
  readonly env: Environment;
  now(): Date;
  readFile(path: string): Promise<Uint8Array>;
  /** For one request; 30 s when absent. */
  readonly timeoutMs?: number;
  /** What a second of waiting lasts; 1000 when absent. */
  readonly secondMs?: number;
  /** Whether GitHub's pace between writes is kept; true when absent. */
  readonly paced?: boolean;
}

export function openForgeDoor(options: ForgeDoorOptions): ForgeDoor {
  return {
    locate: async (flags) => locatePullRequest(flags, detectCiRun(options.env, await readEvent(options))),
    post: (place, post) => postThrough(options, place, post),
  };
}

/** An event that cannot be read is as good as none: the flags may say all. */
async function readEvent({ env, readFile }: ForgeDoorOptions): Promise<unknown> {
  const path = env.GITHUB_EVENT_PATH;
  if (env.GITHUB_ACTIONS !== "true" || !path) return null;
  try {
    return JSON.parse(new TextDecoder().decode(await readFile(path)));
  } catch {
    return null;
  }
}

async function postThrough(
  options: ForgeDoorOptions,
  place: PullRequestPlace,
  wanted: CommentPost,
): Promise<CommentOutcome> {
  const { env, secondMs = 1000, timeoutMs = 30_000, paced = true } = options;
  const secrets = secretsOf(env, wanted.tokenVariable);
  const post = { ...wanted, report: (message: string) => wanted.report(redact(message, secrets)) };
  const label = FORGE_LABELS[place.forge];
  const fetch = waitForRateLimits(forgeFetch({ timeoutMs }), {
    maxWaitMs: post.maxWaitMs,
    secondMs,
    label,
    report: post.report,
  });
  let right = "";
  try {
    const token = tokenFor(place, env, post.tokenVariable);
    const client = guardedClient(await openClient(place, { ...place, token, fetch, secondMs, paced }));
    right = client.right;
    return await postComment(client, post, { head: place.head, nowMs: options.now().getTime(), secondMs });
  } catch (error) {
    throw withoutSecrets(error, secrets, { label, place: `${place.repo}#${place.pullRequest}`, right });
  }
}

async function openClient({ forge }: PullRequestPlace, connection: ForgeConnection): Promise<ForgeClient> {
  switch (forge) {
    case "github":
      return (await import("./github-client.ts")).githubClient(connection);
    case "gitlab":
      return (await import("./gitlab-client.ts")).gitlabClient(connection);
    case "bitbucket":
      return (await import("./bitbucket-client.ts")).bitbucketClient(connection);
    case "azure":
      return (await import("./azure-client.ts")).azureClient(connection);
  }
}

/** Errors of libraries carry requests, and requests carry tokens: none leaves this room as it is. */
function withoutSecrets(
  error: unknown,
  secrets: readonly string[],
  context: Parameters<typeof userErrorOf>[1],
): unknown {
  if (error instanceof ForgeFailure) {
    const { code, message, hint, exitCode } = userErrorOf(error, context);
    return new UserError(code, redact(message, secrets), hint, exitCode);
  }
  if (error instanceof UserError) return error;
  const plain = new Error(redact(error instanceof Error ? error.message : String(error), secrets));
  if (error instanceof Error && error.stack !== undefined) plain.stack = redact(error.stack, secrets);
  return plain;
}
