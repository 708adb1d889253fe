/** An execution run acts one execution out from start to end: the traced one, or a Distributed Map's child. */
import type { JsonValue } from "../workflow/text/json-value.ts";
import { closeLog, MAX_HISTORY_EVENTS } from "./execution-log.ts";
import type { CompiledScope, Execution, Thread } from "./execution-thread.ts";
import type { Flow } from "./flow.ts";
import type { Moment } from "./data/moment.ts";
import { runScope } from "./scope-run.ts";
import { MAX_PAYLOAD_BYTES, payloadBytes } from "./action/payload-limit.ts";
import { caughtStatesError, HALT, statesError } from "./states-error.ts";
import type { StatesError } from "./states-error.ts";
import { NO_VARIABLES } from "./data/variables.ts";

/** Express executions last five minutes at most. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_EXPRESS_SECONDS = 300;
/** Standard executions last a year at most. */
const MAX_STANDARD_SECONDS = 365 * 24 * 3_600;

export interface ExecutionEnd {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  readonly failure: StatesError | null;
  /** Null when the execution did not succeed. */
  readonly output: JsonValue | null;
  readonly durationMs: number;
  readonly historyEvents: number;
  /** The innermost state whose failure ended it. */
  readonly failedIn: string | null;
}

export interface RunOptions {
  readonly input: JsonValue;
  readonly timeoutSeconds: number | null;
}

export function* runExecution(
  execution: Execution,
  scope: CompiledScope,
  { input, timeoutSeconds }: RunOptions,
): Flow<ExecutionEnd> {
  if (payloadBytes(input) > MAX_PAYLOAD_BYTES) return refusedStart();
  const longest = execution.type === "EXPRESS" ? MAX_EXPRESS_SECONDS : MAX_STANDARD_SECONDS;
  const timeoutMs = Math.min(timeoutSeconds ?? Infinity, longest) * 1_000;
  const thread: Thread = {
    execution,
    ms: 0,
    tick: 0,
    deadline: { ms: timeoutMs, tick: Infinity },
    isBranch: false,
    index: null,
    map: null,
    variables: NO_VARIABLES,
  };
  const end = yield* endOf(runScope(scope, thread, input), thread, timeoutMs);
  const fullAt = closeLog(execution.log);
  if (fullAt === null) return end;
  return execution.type === "STANDARD" ? historyFull(fullAt) : timedOut(execution, timeoutMs);
}

function* endOf(run: Flow<JsonValue>, thread: Thread, timeoutMs: number): Flow<ExecutionEnd> {
  const { log } = thread.execution;
  try {
    const output = yield* run;
    const historyEvents = log.events + 2;
    return {
      status: "SUCCEEDED",
      failure: null,
      output,
      durationMs: thread.ms,
      historyEvents,
      failedIn: null,
    };
  } catch (error) {
    const failure = caughtStatesError(error);
    if (failure === null && error !== HALT) throw error;
    if (failure === null) return timedOut(thread.execution, timeoutMs);
    const historyEvents = log.events + 2;
    return {
      status: "FAILED",
      failure,
      output: null,
      durationMs: thread.ms,
      historyEvents,
      failedIn: failure.state,
    };
  }
}

function timedOut({ log }: Execution, timeoutMs: number): ExecutionEnd {
  return {
    status: "TIMED_OUT",
    failure: statesError("States.Timeout", null),
    output: null,
    durationMs: timeoutMs,
    historyEvents: log.events + 2,
    failedIn: null,
  };
}

/** AWS does not even start an execution whose input is too large. */
function refusedStart(): ExecutionEnd {
  const cause = `The execution's input exceeds the maximum number of bytes service limit (${MAX_PAYLOAD_BYTES}).`;
  return {
    status: "FAILED",
    failure: statesError("States.DataLimitExceeded", cause),
    output: null,
    durationMs: 0,
    historyEvents: 0,
    failedIn: null,
  };
}

function historyFull(at: Moment): ExecutionEnd {
  const cause = `The execution reached the maximum number of history events (${MAX_HISTORY_EVENTS}).`;
  return {
    status: "FAILED",
    failure: statesError("States.Runtime", cause),
    output: null,
    durationMs: at.ms,
    historyEvents: MAX_HISTORY_EVENTS,
    failedIn: null,
  };
}
