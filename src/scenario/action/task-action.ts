/** How a Task acts: each attempt takes the next outcome given for the state, within its timeout and heartbeat. */
import { RUNTIME_ERROR } from "../../workflow/definition/error-names.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";
import type { TaskState } from "../../workflow/state-machine.ts";
import { logStep, passTime } from "../execution-thread.ts";
import type { StateAction, Visit } from "../execution-thread.ts";
import type { Flow } from "../flow.ts";
import { guardAction } from "./guarded-action.ts";
import { compileNumber } from "../data/numeric-field.ts";
import type { NumericField } from "../data/numeric-field.ts";
import { MAX_PAYLOAD_BYTES, payloadBytes } from "./payload-limit.ts";
import { compileStateData } from "../data/state-data.ts";
import { runSyncChild, startsSyncChild } from "./sync-child.ts";
import { raise, statesError } from "../states-error.ts";
import type { StatesError } from "../states-error.ts";
import type { TaskOutcome } from "./task-outcome.ts";

export function compileTask(state: TaskState): StateAction {
  const data = compileStateData(state);
  const timeout = compileNumber(state, state.fields, "TimeoutSeconds");
  const heartbeat = compileNumber(state, state.fields, "HeartbeatSeconds");
  return guardAction(state, data, function* (visit) {
    visit.task = state.resource.pattern === "REQUEST_RESPONSE" ? null : tokenOf(visit);
    const selected = data.select(visit);
    const timeoutMs = yield* readSeconds(timeout, visit, selected);
    const heartbeatMs = yield* readSeconds(heartbeat, visit, selected);
    const given = yield* data.build(visit, selected);
    const told = visit.thread.execution.outcomes.next(state);
    const acted = told === null && startsSyncChild(state) ? yield* runSyncChild(visit, given) : null;
    const outcome = told ?? acted ?? echo(given);
    return actAttempt(visit, { outcome, given, isOwn: acted === null }, { timeoutMs, heartbeatMs });
  });
}

function tokenOf(visit: Visit): { readonly Token: string } {
  return { Token: visit.thread.execution.draw.uuid() };
}

/** A Task for which nothing is given returns what it was given. */
function echo(output: JsonValue): TaskOutcome {
  return { output, failed: false, error: null, cause: null, durationMs: 0, heartbeatsMs: [] };
}

function* readSeconds(field: NumericField | null, visit: Visit, selected: JsonValue): Flow<number> {
  const seconds = field === null ? null : yield* field(visit, selected);
  return seconds === null ? Infinity : seconds * 1_000;
}

interface Limits {
  readonly timeoutMs: number;
  readonly heartbeatMs: number;
}

interface Attempted {
  readonly outcome: TaskOutcome;
  readonly given: JsonValue;
  /** The call itself is what is done; false for one whose child was acted out. */
  readonly isOwn: boolean;
}

function actAttempt(visit: Visit, { outcome, given, isOwn }: Attempted, limits: Limits): JsonValue {
  const { thread, compiled } = visit;
  const { pattern } = (compiled.state as TaskState).resource;
  // What fails with AWS's own States.Runtime could not be scheduled at all: its activity is gone.
  const isScheduled = outcome.error !== RUNTIME_ERROR;
  const begun = pattern === "REQUEST_RESPONSE" ? 2 : 3;
  logStep(thread, compiled, { kind: "noted", events: isScheduled ? begun : 0 });
  const { execution } = thread;
  if (isOwn) {
    const atMs = execution.startedAtMs + thread.ms;
    execution.observe({ state: compiled.state.name, atMs, given, error: outcome.error });
  }
  const cutAt = cutOff(outcome, limits);
  const failure = cutAt === null ? failureOf(visit, outcome) : cutAt.failure;
  const lasted = cutAt?.ms ?? outcome.durationMs;
  passTime(thread, lasted);
  logStep(thread, compiled, {
    kind: "attempted",
    events: isScheduled ? 1 : 0,
    attempt: visit.retryCount,
    error: failure === null ? null : (failure.error ?? ""),
    alias: failure?.alias ?? null,
    lastedMs: lasted,
  });
  return failure === null ? outcome.output : raise(failure);
}

function failureOf(visit: Visit, outcome: TaskOutcome): StatesError | null {
  if (outcome.failed) return statesError(outcome.error, outcome.cause);
  if (payloadBytes(outcome.output) <= MAX_PAYLOAD_BYTES) return null;
  const { service, kind } = (visit.compiled.state as TaskState).resource;
  const what = kind === "unknown" ? visit.compiled.state.name : service;
  return statesError(
    "States.DataLimitExceeded",
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** When and why the attempt is ended from outside; null when it ends by itself. */
function cutOff(
  outcome: TaskOutcome,
  { timeoutMs, heartbeatMs }: Limits,
): { readonly ms: number; readonly failure: StatesError } | null {
  const silentMs = firstSilence(outcome, heartbeatMs);
  const ms = Math.min(timeoutMs, silentMs);
  if (ms >= outcome.durationMs) return null;
  // AWS reports a missed heartbeat as States.Timeout too, yet States.HeartbeatTimeout matches it.
  const alias = silentMs < timeoutMs ? "States.HeartbeatTimeout" : null;
  return { ms, failure: { ...statesError("States.Timeout", null), alias } };
}

/** The first moment without a heartbeat for too long; one that is not given is not sent. */
function firstSilence(outcome: TaskOutcome, heartbeatMs: number): number {
  let last = 0;
  for (const beat of [...outcome.heartbeatsMs].sort((a, b) => a - b)) {
    if (beat - last > heartbeatMs) break;
    last = beat;
  }
  return last + heartbeatMs;
}
