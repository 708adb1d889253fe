/**
 * A guarded action is a state's work under its Retry and Catch.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
import { matchesError, RUNTIME_ERROR } from "../../workflow/definition/error-names.ts";
import { isJsonObject, ownValue } from "../../workflow/text/json-value.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";
import type { Catcher, MapState, ParallelState, TaskState } from "../../workflow/state-machine.ts";
import { logStep, passTime } from "../execution-thread.ts";
import type { StateAction, Visit, VisitEnd } from "../execution-thread.ts";
import type { Flow } from "../flow.ts";
import { nextRetry } from "./retry-delay.ts";
import type { RetryCounts } from "./retry-delay.ts";
import { compileCatcherFinish } from "../data/state-data.ts";
import type { Finish, StateData } from "../data/state-data.ts";
import { describeFailure } from "../state-failure.ts";
import { caughtStatesError, errorOutput, matchedName, raise } from "../states-error.ts";
import type { StatesError } from "../states-error.ts";

type Guarded = TaskState | ParallelState | MapState;
/** One attempt: gives the state's result or raises. */
export type Attempt = (visit: Visit) => Flow<JsonValue>;

interface Guard {
  readonly catcher: Catcher;
  readonly finish: Finish;
}

export function guardAction(state: Guarded, data: StateData, attempt: Attempt): StateAction {
  const guards = compileGuards(state);
  return function* (visit) {
    let counts: RetryCounts = [];
    for (;;) {
      try {
        const output = yield* data.finish(visit, yield* attempt(visit));
        logStep(visit.thread, visit.compiled, { kind: "exited", events: 1, to: state.next });
        return { output, next: state.next };
      } catch (error) {
        const failure = describeFailure(visit, caughtStatesError(error) ?? rethrow(error));
        const retry = nextRetry(state.retry, counts, { failure, draw: visit.thread.execution.draw });
        if (retry === null) {
          if (state.type !== "Task" && failure.error !== RUNTIME_ERROR) {
            logStep(visit.thread, visit.compiled, { kind: "noted", events: 1, error: failure.error });
          }
          return yield* catchFailure(visit, guards, failure);
        }
        counts = retry.counts;
        startRetry(visit, failure, retry.delayMs);
      }
    }
  };
}

function rethrow(error: unknown): never {
  throw error;
}

function startRetry(visit: Visit, failure: StatesError, delayMs: number): void {
  passTime(visit.thread, delayMs);
  visit.retryCount += 1;
  logStep(visit.thread, visit.compiled, {
    kind: "retried",
    events: 0,
    attempt: visit.retryCount,
    error: failure.error,
    alias: failure.alias,
    lastedMs: delayMs,
  });
}

function compileGuards(state: Guarded): readonly Guard[] {
  const written = ownValue(state.fields, "Catch");
  return state.catch.map((catcher) => {
    const index = Number(catcher.pointer.slice(catcher.pointer.lastIndexOf("/") + 1));
    const fields = Array.isArray(written) ? (written[index] as JsonValue) : null;
    return { catcher, finish: compileCatcherFinish(state, isJsonObject(fields) ? fields : {}) };
  });
}

/** A Task whose failure ends its branch or iteration leaves a TaskStateAborted after its TaskFailed; AWS's own failures leave nothing. */
function noteAborted({ thread, compiled }: Visit, { error }: StatesError): void {
  if (!thread.isBranch || compiled.state.type !== "Task" || error === RUNTIME_ERROR) return;
  logStep(thread, compiled, { kind: "noted", events: 1, error });
}

function* catchFailure(visit: Visit, guards: readonly Guard[], failure: StatesError): Flow<VisitEnd> {
  const name = matchedName(failure);
  const guard = guards.find(({ catcher }) => matchesError(catcher.errorEquals, name));
  if (guard === undefined) {
    noteAborted(visit, failure);
    raise(failure);
  }
  const { catcher, finish } = guard;
  const output = yield* finish(visit, errorOutput(failure));
  logStep(visit.thread, visit.compiled, {
    kind: "caught",
    events: 1,
    error: failure.error,
    alias: failure.alias,
    to: catcher.next,
  });
  return { output, next: catcher.next };
}
