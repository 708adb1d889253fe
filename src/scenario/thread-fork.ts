/**
 * A thread fork runs branches side by side in virtual time, in the order they stand, so that Map iterations take
 * their outcomes in iteration order; the first failure cuts the others off and takes back what they did after it.
 */
import { RUNTIME_ERROR } from "../workflow/definition/error-names.ts";
import type { JsonValue } from "../workflow/text/json-value.ts";
import { dropAfter } from "./execution-log.ts";
import { logStep } from "./execution-thread.ts";
import type { CompiledState, Thread } from "./execution-thread.ts";
import type { Flow } from "./flow.ts";
import { compareMoments, earlierMoment, laterMoment } from "./data/moment.ts";
import type { Moment } from "./data/moment.ts";
import { caughtStatesError, HALT, raise } from "./states-error.ts";
import type { StatesError } from "./states-error.ts";

export interface Fork {
  readonly thread: Thread;
  readonly compiled: CompiledState;
  readonly count: number;
  /** Branches that may run at the same time. */
  readonly concurrency: number;
  readonly run: (index: number, child: Thread) => Flow<JsonValue>;
  /** What makes a child thread differ from its parent, beside its place in time. */
  readonly branch: (index: number) => Partial<Pick<Thread, "index" | "map">>;
  /** Events the failing branch leaves: a MapIterationFailed. */
  readonly failureEvents: number;
  /** Events that each branch leaves which is cut off: its state's abort, and an iteration's own. */
  readonly cutEvents: number;
}

interface Failed {
  readonly at: Moment;
  readonly failure: StatesError;
}

/** The branches' outputs, in order; raises the first failure in virtual time. */
export function* runFork(fork: Fork): Flow<JsonValue[]> {
  const { thread } = fork;
  const from = thread.execution.log.steps.length;
  const begun = placeOf(thread);
  const slots: Moment[] = Array.from({ length: Math.min(fork.concurrency, fork.count) }, () => begun);
  const ends: Moment[] = [];
  const outputs: JsonValue[] = [];
  let first: Failed | null = null;
  let halted = false;
  for (let index = 0; index < fork.count; index++) {
    const slot = earliest(slots);
    const start = slots[slot] ?? begun;
    if (first !== null && compareMoments(start, first.at) >= 0) break;
    const child = childOf(fork, index, {
      start,
      deadline: earlierMoment(thread.deadline, first?.at ?? null),
    });
    try {
      outputs[index] = yield* fork.run(index, child);
    } catch (error) {
      if (error === HALT) halted = true;
      else
        first = earlierFailure(first, {
          at: placeOf(child),
          failure: caughtStatesError(error) ?? rethrow(error),
        });
    }
    slots[slot] = placeOf(child);
    ends[index] = placeOf(child);
  }
  if (first !== null) return failFork(fork, { from, first, ends });
  if (halted) throw HALT;
  moveTo(thread, ends.reduce(laterMoment, begun));
  return outputs;
}

function rethrow(error: unknown): never {
  throw error;
}

function placeOf({ ms, tick }: Moment): Moment {
  return { ms, tick };
}

function moveTo(thread: Thread, moment: Moment): void {
  thread.ms = moment.ms;
  thread.tick = moment.tick + 1;
}

function earliest(slots: readonly Moment[]): number {
  let best = 0;
  for (let index = 1; index < slots.length; index++) {
    if (compareMoments(slots[index] as Moment, slots[best] as Moment) < 0) best = index;
  }
  return best;
}

function childOf(
  fork: Fork,
  index: number,
  { start, deadline }: { readonly start: Moment; readonly deadline: Moment | null },
): Thread {
  return { ...fork.thread, ...fork.branch(index), isBranch: true, ms: start.ms, tick: start.tick, deadline };
}

function earlierFailure(a: Failed | null, b: Failed): Failed {
  return a !== null && compareMoments(a.at, b.at) <= 0 ? a : b;
}

function failFork(
  { thread, compiled, failureEvents, cutEvents }: Fork,
  end: { readonly from: number; readonly first: Failed; readonly ends: readonly Moment[] },
): never {
  const { from, first, ends } = end;
  dropAfter(thread.execution.log, first.at, from);
  moveTo(thread, first.at);
  const { error } = first.failure;
  const cut = ends.filter((moment) => compareMoments(moment, first.at) > 0).length;
  // AWS's own failures end the execution with no further events.
  const events = error === RUNTIME_ERROR ? 0 : failureEvents + cut * cutEvents;
  logStep(thread, compiled, { kind: "noted", events, error });
  return raise(first.failure);
}
