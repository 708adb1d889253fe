/** A job loop waits, asks whether something is done, and waits again: Wait, Task, Choice and back. */
import type { Scope, ChoiceState, State, TaskState, WaitState } from "../workflow/state-machine.ts";
import { followersOf } from "../workflow/state-identity.ts";
import { type Way, waysTo } from "./state-removal.ts";

export interface JobLoop {
  readonly scope: Scope;
  readonly wait: WaitState;
  readonly poll: TaskState;
  readonly choice: ChoiceState;
  /** Ways into the loop from outside of it. */
  readonly entries: readonly { readonly into: State; readonly way: Way }[];
  /** The Task right before the loop, when there is one such way in and no other. */
  readonly starter: TaskState | null;
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
    if (poll?.type !== "Task" || poll.resource.pattern !== "REQUEST_RESPONSE" || takesWork(poll)) return [];
    const choice = byName.get(poll.next ?? "");
    if (choice?.type !== "Choice" || !followersOf(choice).includes(wait.name)) return [];
    return [loopOf(scope, { wait, poll, choice })];
  });
}

/** Whoever takes work out of a queue waits for work, not for the end of a job. */
function takesWork({ resource }: TaskState): boolean {
  return /^(receiveMessage|getActivityTask|getRecords|pollForJobs)$/i.test(resource.action);
}

function loopOf(scope: Scope, loop: Pick<JobLoop, "wait" | "poll" | "choice">): JobLoop {
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

/** By what the rules test and where they lead: the first that speaks of an end, else the only way there is. */
function exitsOf(
  scope: Scope,
  { wait, poll, choice }: Pick<JobLoop, "wait" | "poll" | "choice">,
): Pick<JobLoop, "done" | "failed"> {
  const members = new Set([wait.name, poll.name, choice.name]);
  const types = new Map(scope.states.map(({ name, type }) => [name, type]));
  const rules = choice.choices
    .filter(({ next }) => !members.has(next))
    .map(({ next, fields }) => ({
      next,
      text: JSON.stringify({ ...fields, Next: undefined, Comment: undefined }),
    }));
  const isFailure = ({ next, text }: { next: string; text: string }): boolean =>
    types.get(next) === "Fail" || FAILED.test(text) || FAILED.test(next);
  const fallback =
    choice.default === null || members.has(choice.default) ? [] : [{ next: choice.default, text: "" }];
  const all = [...rules, ...fallback];
  const failures = all.filter(isFailure);
  const others = all.filter((exit) => !isFailure(exit));
  const done = others.find(({ text }) => DONE.test(text)) ?? (others.length === 1 ? others[0] : undefined);
  return { done: done?.next ?? null, failed: failures[0]?.next ?? null };
}
