/** A job loop waits, asks whether something is done, and waits again: Wait, Task, Choice and back. */
import type { Scope, ChoiceState, State, TaskState, WaitState } from "../workflow/state-machine.ts";
import type { JsonObject } from "../workflow/text/json-value.ts";
import { followersOf } from "../workflow/state-identity.ts";
import { type AwaitedJob, jobAskedFor } from "./awaited-job.ts";
import { type Way, waysTo } from "./state-removal.ts";
import { asksOnly } from "./task-effect.ts";

export interface JobLoop {
  readonly scope: Scope;
  readonly wait: WaitState;
  readonly poll: TaskState;
  readonly choice: ChoiceState;
  /** Ways into the loop from outside of it. */
  readonly entries: readonly { readonly into: State; readonly way: Way }[];
  /** The Task right before the loop, when there is one such way in and no other. */
  readonly starter: TaskState | null;
  /** The job that the poll is known to ask for, where the loop ends when .sync would; null for any other. */
  readonly awaited: AwaitedJob | null;
  /** Where it goes on when the job is done; null when that cannot be told. */
  readonly done: string | null;
  /** Where it goes when the job has failed; null when nothing says. */
  readonly failed: string | null;
}

export function findJobLoops(scope: Scope): readonly JobLoop[] {
  const byName = new Map(scope.states.map((state) => [state.name, state]));
  return scope.states.flatMap((wait) => {
    if (wait.type !== "Wait") return [];
    const poll = byName.get(wait.next ?? "");
    if (poll?.type !== "Task" || poll.resource.pattern !== "REQUEST_RESPONSE") return [];
    const choice = byName.get(poll.next ?? "");
    if (choice?.type !== "Choice" || !followersOf(choice).includes(wait.name)) return [];
    const loop = { wait, poll, choice };
    return asksForEnd(loop) ? [loopOf(scope, loop)] : [];
  });
}

type Members = Pick<JobLoop, "wait" | "poll" | "choice">;

/** Words of a status that somebody is asked for. */
const STATUS = /status|state\b|done|(?<!al)ready|complet|finish|succe|progress|running|available/i;

/**
 * What an answer in pages says of the next one: NextToken, NextContinuationToken, LastEvaluatedKey, NextMarker, IsTruncated.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html
 */
const NEXT_PAGE =
  /\bnext_?(\w*(token|marker|key|page|cursor|link|url))?\b|\b(continuation|pagination|page)_?(token|key|marker)\b|\blast_?evaluated|\b(marker|cursor)\b|\bis_?truncated\b|\bhas_?(more|next)/i;

/** Whether the Task of the loop asks how far something is, rather than do something each round: a reminder, a page of work. */
function asksForEnd({ poll, choice }: Members): boolean {
  // Whoever takes work out of a queue waits for work, not for the end of a job.
  if (/^(getActivityTask|getRecords)$/i.test(poll.resource.action)) return false;
  const rules = choice.choices.map(({ fields }) => ruleText(fields));
  const testsStatus = rules.some((rule) => STATUS.test(rule) && !NEXT_PAGE.test(rule));
  // Whoever reads on to the next page waits for nothing.
  if (!testsStatus && rules.some((rule) => NEXT_PAGE.test(rule))) return false;
  return asksOnly(poll) ?? testsStatus;
}

function ruleText(fields: JsonObject): string {
  return JSON.stringify({ ...fields, Next: undefined, Comment: undefined });
}

function loopOf(scope: Scope, loop: Members): JobLoop {
  const members: readonly State[] = [loop.wait, loop.poll, loop.choice];
  const entries = members.flatMap((into) =>
    waysTo(scope, into.name)
      .filter(({ from }) => from === null || !members.includes(from))
      .map((way) => ({ into, way })),
  );
  const [entry, ...others] = entries;
  const before = entry?.way.kind === "next" && others.length === 0 ? entry.way.from : null;
  return {
    scope,
    ...loop,
    entries,
    starter: before?.type === "Task" ? before : null,
    ...exitsOf(scope, loop),
  };
}

const DONE = /succe|complet|done|finish|ready|available|true/i;
const FAILED = /fail|error|abort|cancel|stopp|time.?d?.?out/i;

interface Exit {
  readonly next: string;
  /** Of its rule's condition; "" for the Default. */
  readonly text: string;
}

/** By what the rules test and where they lead: the first that speaks of an end, else the only way there is. */
function exitsOf(
  scope: Scope,
  { wait, poll, choice }: Members,
): Pick<JobLoop, "awaited" | "done" | "failed"> {
  const members = new Set([wait.name, poll.name, choice.name]);
  const types = new Map(scope.states.map(({ name, type }) => [name, type]));
  const job = jobAskedFor(poll);
  const rules = choice.choices.map(({ next, fields }) => ({ next, text: ruleText(fields) }));
  const isFailure = ({ next, text }: Exit): boolean =>
    types.get(next) === "Fail" ||
    FAILED.test(next) ||
    (FAILED.test(text) && !(job !== null && names(text, job.ended)));
  const fallback = choice.default === null ? [] : [{ next: choice.default, text: "" }];
  const all: readonly Exit[] = [...rules, ...fallback].filter(({ next }) => !members.has(next));
  const failures = all.filter(isFailure);
  const others = all.filter((exit) => !isFailure(exit));
  const done = others.find(({ text }) => DONE.test(text)) ?? (others.length === 1 ? others[0] : undefined);
  const again = rules.filter(({ next }) => members.has(next)).map(({ text }) => text);
  return {
    awaited: job !== null && done !== undefined && endsWith(job, done, again) ? job : null,
    done: done?.next ?? null,
    failed: failures[0]?.next ?? null,
  };
}

/** Whether the loop is left when .sync would go on: at the end, and not while the job still works. */
function endsWith({ working, ended }: AwaitedJob, done: Exit, again: readonly string[]): boolean {
  if (done.text !== "") return names(done.text, ended) && !names(done.text, working);
  return again.some((text) => names(text, working) || names(text, ended));
}

/** Whether a condition names the status, as a word of its own. */
function names(text: string, status: string): boolean {
  return new RegExp(`(?<![A-Za-z_])${status}(?![A-Za-z_])`).test(text);
}
