/** Undo matching says which step a compensating Task undoes, by what both are called: refund for charge, release for reserve. */
import type { TaskState } from "../workflow/state-machine.ts";
import { argumentsOf, calleeOf, readsOnly, wordsOf } from "./task-effect.ts";

/** Verbs that undo any step of the same thing. */
const GENERAL = ["undo", "compensate", "compensation", "rollback", "revert", "reverse", "unwind"];

/** Verbs that undo, each with the verbs that it undoes. */
const UNDONE_BY: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "refund",
    ["charge", "pay", "payment", "debit", "capture", "collect", "bill", "process", "purchase", "settle"],
  ],
  ["release", ["reserve", "reservation", "hold", "allocate", "lock", "book", "block", "acquire", "claim"]],
  ["unreserve", ["reserve", "hold", "allocate"]],
  [
    "cancel",
    [
      "book",
      "reserve",
      "reservation",
      "create",
      "place",
      "schedule",
      "submit",
      "confirm",
      "ship",
      "start",
      "request",
      "subscribe",
      "rent",
      "order",
    ],
  ],
  ["void", ["authorize", "authorise", "charge", "capture", "issue", "invoice"]],
  ["credit", ["debit", "withdraw", "charge", "deduct"]],
  ["deposit", ["withdraw", "debit"]],
  ["restore", ["deduct", "decrement", "update", "delete", "remove", "reserve", "subtract"]],
  ["return", ["take", "withdraw", "deduct", "reserve", "borrow"]],
  ["increment", ["decrement", "deduct"]],
  ["unlock", ["lock", "acquire"]],
  ["detach", ["attach"]],
  [
    "delete",
    [
      "create",
      "add",
      "put",
      "insert",
      "upload",
      "provision",
      "register",
      "write",
      "store",
      "save",
      "copy",
      "make",
      "record",
      "persist",
    ],
  ],
  [
    "remove",
    [
      "create",
      "add",
      "put",
      "insert",
      "upload",
      "provision",
      "register",
      "write",
      "store",
      "save",
      "attach",
      "record",
      "persist",
    ],
  ],
  ["destroy", ["create", "provision", "deploy", "launch"]],
  ["deprovision", ["provision", "create"]],
  ["deregister", ["register"]],
  ["terminate", ["launch", "run", "create", "start", "provision"]],
  ["deallocate", ["allocate"]],
  ["unsubscribe", ["subscribe"]],
]);

/** Words that name no thing. */
const EMPTY_WORDS = new Set([
  ...[
    "lambda",
    "function",
    "fn",
    "task",
    "state",
    "step",
    "invoke",
    "arn",
    "the",
    "a",
    "an",
    "of",
    "for",
    "to",
    "on",
    "in",
  ],
  ...[
    "and",
    "item",
    "api",
    "call",
    "aws",
    "service",
    "handler",
    "failed",
    "failure",
    "error",
    "if",
    "when",
    "after",
    "do",
  ],
]);

interface Called {
  readonly verbs: readonly string[];
  readonly things: ReadonlySet<string>;
}

/** Whether its name or what it calls speaks of undoing at all. */
export function soundsLikeUndo(task: TaskState): boolean {
  return !readsOnly(task) && namesOf(task).some(({ verbs }) => verbs.length > 0);
}

/** The step that a Task undoes among those given; null when none fits, the best of several else, the later of two alike. */
export function stepUndoneBy(undo: TaskState, steps: readonly TaskState[]): TaskState | null {
  const names = namesOf(undo);
  let [best, most]: [TaskState | null, number] = [null, 0];
  for (const step of steps) {
    const words = wordsOfStep(step);
    const score = Math.max(...names.map((called) => fit(called, words)));
    if (score > 0 && score >= most) [best, most] = [step, score];
  }
  return best;
}

/**
 * Whether a Task of the work does what an undo does, as the release of a lock at the end does what its release after a
 * failure does: the same verb, and the same call or the same thing.
 */
export function doesTheSame(task: TaskState, undo: TaskState): boolean {
  const [own, its] = [namesOf(task), namesOf(undo)];
  const verbs = new Set(own.flatMap((called) => called.verbs));
  if (!its.some((called) => called.verbs.some((verb) => verbs.has(verb)))) return false;
  return callsTheSame(task, undo) || own.some((a) => its.some((b) => isSameThing(a.things, b.things)));
}

/** The same function, or the same action with the same arguments. */
function callsTheSame(one: TaskState, other: TaskState): boolean {
  if (one.resource.arn !== other.resource.arn) return false;
  if (one.resource.kind === "lambda" || one.resource.service === "lambda")
    return calleeOf(one) !== "" && calleeOf(one) === calleeOf(other);
  return JSON.stringify(argumentsOf(one)) === JSON.stringify(argumentsOf(other));
}

function isSameThing(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size > 0 && a.size === b.size && [...a].every((thing) => b.has(thing));
}

function fit({ verbs, things }: Called, words: ReadonlySet<string>): number {
  const shared = [...things].filter((thing) => words.has(thing));
  const forward = verbs.flatMap((verb) => UNDONE_BY.get(verb) ?? []).map(stem);
  const paired = forward.filter((word) => words.has(word));
  const general = verbs.some((verb) => GENERAL.includes(verb));
  if (shared.length === 0 && (things.size > 0 || paired.length === 0)) return 0;
  if (paired.length === 0 && !general) return 0;
  // "Lock" and "order" are things, too: whoever renews the lock has the word, but only the one who acquires it has a verb.
  const isVerb = paired.some((word) => !shared.includes(word));
  return 1 + 2 * shared.length + (isVerb ? 1 : 0);
}

/** By the state's name, by what it calls, and by both: a function may serve many states, and a state have a plain name. */
function namesOf(task: TaskState): readonly Called[] {
  const [name, callee] = [wordsOf(task.name), wordsOf(calleeOf(task))];
  return [name, callee, [...name, ...callee]].map(calledBy);
}

function calledBy(words: readonly string[]): Called {
  const verbs = words.filter((word) => GENERAL.includes(word) || UNDONE_BY.has(word));
  const things = words.filter((word) => !verbs.includes(word) && !EMPTY_WORDS.has(word));
  return { verbs: [...new Set(verbs)], things: new Set(things.map(stem)) };
}

function wordsOfStep(step: TaskState): ReadonlySet<string> {
  const words = [...wordsOf(step.name), ...wordsOf(calleeOf(step))];
  return new Set(words.filter((word) => !EMPTY_WORDS.has(word)).map(stem));
}

/** Endings apart: `orders`, `ordered` and `order` are one thing. */
function stem(word: string): string {
  const bare = word.length > 4 ? word.replace(/(ations?|ments?|ing|ed|es|s|e)$/, "") : word;
  return bare.replace(/(.)\1$/, "$1");
}
