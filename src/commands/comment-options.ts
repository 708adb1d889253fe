/** The comment options are what `stepfare comment` can be told: described for the command line, made strict once. */
import {
  COMMENT_BEHAVIOURS,
  FORGES,
  type CommentBehaviour,
  type PlaceFlags,
} from "../pull-request-comment.ts";
import { UserError } from "../user-error.ts";
import { parseDurationMs } from "../workflow/workload/duration.ts";

export const ONLY_WHEN = ["always", "changed", "beyond"] as const;
export type OnlyWhen = (typeof ONLY_WHEN)[number];

export interface CommentOptions {
  /** The diff's JSON file; `-` = standard input. */
  readonly path: string;
  readonly place: PlaceFlags;
  readonly key: string;
  readonly behaviour: CommentBehaviour;
  readonly onlyWhen: OnlyWhen;
  /** In the diff's currency per month; null unless `onlyWhen` is `beyond`. */
  readonly threshold: number | null;
  readonly tokenVariable: string | null;
  readonly maxWaitMs: number;
  /** Where the body goes when it cannot be posted. */
  readonly fallbackFile: string;
  /** Whether the body goes to the job summary in any case. */
  readonly summary: boolean;
  readonly exitZero: boolean;
  readonly dryRun: boolean;
  readonly quiet: boolean;
}

interface OptionDescription {
  readonly type: "string" | "boolean";
  readonly describe: string;
  readonly choices?: readonly string[];
  readonly alias?: string;
  readonly default?: string | boolean;
}

/** By name, as yargs takes them. Numbers come as text, so that each is checked here. */
export const COMMENT_OPTIONS = {
  url: { type: "string", describe: "address of the pull request, as the browser shows it" },
  forge: { type: "string", describe: "where the pull request is", choices: FORGES },
  "api-url": {
    type: "string",
    describe:
      "API of a server of your own: https://host/api/v3, https://host/api/v4, https://host/collection",
  },
  repo: { type: "string", describe: "owner/name, group/name, workspace/name or organisation/project/name" },
  "pull-request": { type: "string", describe: "number of the pull or merge request" },
  head: { type: "string", describe: "commit that was priced" },
  time: { type: "string", describe: "when the run began, ISO 8601; a later run is never overwritten" },
  key: {
    type: "string",
    describe: "name of this comment, where one pull request has several",
    default: "default",
  },
  behaviour: {
    type: "string",
    describe: "what becomes of the earlier comment",
    alias: "behavior",
    choices: COMMENT_BEHAVIOURS,
    default: "update",
  },
  "only-when": {
    type: "string",
    describe: "when a first comment is worth it: always, when anything changed, or beyond --threshold",
    choices: ONLY_WHEN,
  },
  threshold: { type: "string", describe: "change per month, up or down, that is worth a comment" },
  "token-env": { type: "string", describe: "environment variable that holds the token" },
  "max-wait": { type: "string", describe: "how long to wait for rate limits, in all", default: "2m" },
  "fallback-file": {
    type: "string",
    describe: "where the comment goes when it may not be posted",
    default: "stepfare-comment.md",
  },
  summary: { type: "boolean", describe: "put it on the run's page as well", default: false },
  "exit-zero": { type: "boolean", describe: "end with 0 even when a gate failed", default: false },
  "dry-run": { type: "boolean", describe: "say what would be done, and do nothing", default: false },
  quiet: { type: "boolean", describe: "say only what went wrong", default: false },
} as const satisfies Readonly<Record<string, OptionDescription>>;

export type CommentOptionName = keyof typeof COMMENT_OPTIONS;

/** As the command line hands them on; one that is given twice arrives as a list. */
export type CommentArguments = Readonly<Partial<Record<CommentOptionName, unknown>>>;

/** Throws one UserError `invalid-option` that lists all that is wrong, a line each. */
export function parseCommentOptions(path: string, given: CommentArguments): CommentOptions {
  const problems: string[] = [];
  const read = readerOf(given, problems);
  const threshold = read("threshold", amount);
  const onlyWhen = read("only-when", oneOf(ONLY_WHEN)) ?? (threshold === null ? "always" : "beyond");
  if (onlyWhen === "beyond" && threshold === null && given.threshold == null)
    problems.push("--only-when beyond: write --threshold with an amount, such as --threshold 10");
  if (onlyWhen !== "beyond" && threshold !== null)
    problems.push(`--threshold: it means nothing with --only-when ${onlyWhen}`);
  const options: CommentOptions = {
    path,
    place: {
      url: read("url", textual),
      forge: read("forge", oneOf(FORGES)),
      apiUrl: read("api-url", textual),
      repo: read("repo", textual),
      pullRequest: read("pull-request", wholeNumber),
      head: read("head", commit),
      time: read("time", textual),
    },
    key: read("key", keyName) ?? COMMENT_OPTIONS.key.default,
    behaviour: read("behaviour", oneOf(COMMENT_BEHAVIOURS)) ?? COMMENT_OPTIONS.behaviour.default,
    onlyWhen,
    threshold,
    tokenVariable: read("token-env", variableName),
    maxWaitMs: read("max-wait", parseDurationMs) ?? DEFAULT_WAIT_MS,
    fallbackFile: read("fallback-file", textual) ?? COMMENT_OPTIONS["fallback-file"].default,
    summary: given.summary === true,
    exitZero: given["exit-zero"] === true,
    dryRun: given["dry-run"] === true,
    quiet: given.quiet === true,
  };
  if (problems.length > 0) throw new UserError("invalid-option", problems.join("\n"));
  return options;
}

const DEFAULT_WAIT_MS = 120_000;
const LONGEST_KEY = 100;

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

function readerOf(given: CommentArguments, problems: string[]) {
  return <T>(name: CommentOptionName, parse: (written: unknown) => Read<T>): T | null => {
    const written = given[name];
    if (written === undefined || written === null) return null;
    const parsed = Array.isArray(written)
      ? problem(`it is given ${written.length} times: give it once`)
      : parse(written);
    if (parsed.ok) return parsed.value;
    problems.push(`--${name}: ${parsed.problem}`);
    return null;
  };
}

function problem(text: string): Read<never> {
  return { ok: false, problem: text };
}

function textual(written: unknown): Read<string> {
  const text = String(written).trim();
  return text === "" ? problem("it is empty") : { ok: true, value: text };
}

function oneOf<T extends string>(values: readonly T[]): (written: unknown) => Read<T> {
  return (written) => {
    const value = values.find((known) => known === written);
    return value === undefined ? problem(`write ${values.join(", ")}`) : { ok: true, value };
  };
}

function wholeNumber(written: unknown): Read<number> {
  const value = Number(String(written).replace(/^[#!]/, ""));
  return Number.isSafeInteger(value) && value > 0
    ? { ok: true, value }
    : problem("write the number of the pull request, such as 12");
}

function amount(written: unknown): Read<number> {
  const value = String(written).trim() === "" ? Number.NaN : Number(written);
  return Number.isFinite(value) && value >= 0
    ? { ok: true, value }
    : problem("write an amount of 0 or more, such as 10 or 2.5");
}

function commit(written: unknown): Read<string> {
  const text = String(written).trim().toLowerCase();
  return /^[0-9a-f]{7,64}$/.test(text)
    ? { ok: true, value: text }
    : problem("write the commit's hash, 7 digits of it or more");
}

function keyName(written: unknown): Read<string> {
  const text = String(written).trim();
  return text !== "" && text.length <= LONGEST_KEY
    ? { ok: true, value: text }
    : problem(`write a name of 1 to ${LONGEST_KEY} characters`);
}

function variableName(written: unknown): Read<string> {
  const text = String(written);
  return /^[A-Za-z_]\w*$/.test(text)
    ? { ok: true, value: text }
    : // It may be the token itself, so it is not repeated.
      problem("write the name of an environment variable, not the token itself");
}
