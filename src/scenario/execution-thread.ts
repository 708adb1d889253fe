/**
 * An execution thread is one line of control of an execution: its place in virtual time, its variables, and the moment
 * at which something outside cuts it off. Parallel branches and Map iterations are threads of the same execution.
 */
import type { Diagnostic } from "../diagnostic.ts";
import type { JsonObject, JsonValue } from "../workflow/text/json-value.ts";
import type { State, StateMachine } from "../workflow/state-machine.ts";
import type { ChildExecutions } from "./map/child-executions.ts";
import { appendStep } from "./execution-log.ts";
import type { ExecutionLog, LoggedStep } from "./execution-log.ts";
import type { Flow } from "./flow.ts";
import type { PathData } from "./data/json-path.ts";
import type { QueryData } from "./data/jsonata-expression.ts";
import { isAfter } from "./data/moment.ts";
import type { Moment } from "./data/moment.ts";
import type { RandomDraw } from "./data/random-draw.ts";
import { HALT } from "./states-error.ts";
import type { OutcomeSource } from "./action/task-outcome.ts";
import { formatTimestamp } from "./data/timestamp.ts";
import type { Variables } from "./data/variables.ts";

/** What all threads of one execution share. */
export interface Execution {
  readonly type: "STANDARD" | "EXPRESS";
  readonly log: ExecutionLog;
  readonly outcomes: OutcomeSource;
  readonly draw: RandomDraw;
  /** The context object without State, Task and Map. */
  readonly context: JsonObject;
  /** Virtual time 0 as the clock would show it, milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly children: ChildExecutions;
  /** What was learned on the way, once per place. */
  readonly notices: Map<string, Diagnostic>;
  readonly endless: Set<object>;
  /** Definitions of machines that Tasks may start, by ARN. */
  readonly machines: ReadonlyMap<string, StartableMachine>;
  /** Told of each attempt of a Task as it is made. */
  readonly observe: (call: TaskCall) => void;
}

export interface StartableMachine {
  readonly stateMachine: StateMachine;
  readonly scope: CompiledScope;
}

export interface TaskCall {
  readonly state: string;
  /** As the clock shows it, milliseconds since 1970. */
  readonly atMs: number;
  readonly given: JsonValue;
  readonly error: string | null;
}

export interface Thread {
  readonly execution: Execution;
  ms: number;
  tick: number;
  /** The last moment at which this thread may still do something; null when nothing is known to stop it. */
  readonly deadline: Moment | null;
  /** A Parallel's branch or an inline Map's iteration. */
  readonly isBranch: boolean;
  readonly index: number | null;
  /** `$$.Map` inside an iteration. */
  readonly map: JsonObject | null;
  variables: Variables;
}

/** One visit of one state. */
export interface Visit {
  readonly thread: Thread;
  readonly compiled: CompiledState;
  readonly input: JsonValue;
  /** Id of its StateEntered event, as AWS's error texts quote it; exact outside of parallel branches. */
  readonly eventId: number;
  readonly enteredMs: number;
  retryCount: number;
  /** `$$.Task`, while a Task is asked to call back. */
  task: JsonObject | null;
}

type StepDetail = Pick<LoggedStep, "kind" | "events"> &
  Partial<Pick<LoggedStep, "attempt" | "error" | "alias" | "to" | "lastedMs">>;

/** Writes a step at the thread's moment, or ends the thread when that moment is past what it was given. */
export function logStep(thread: Thread, compiled: CompiledState, detail: StepDetail): void {
  if (isAfter(thread, thread.deadline)) throw HALT;
  const { name, pointer, type } = compiled.state;
  const step = {
    kind: detail.kind,
    events: detail.events,
    ms: thread.ms,
    tick: thread.tick,
    name,
    pointer,
    type,
    index: thread.index,
    attempt: detail.attempt ?? null,
    error: detail.error ?? null,
    alias: detail.alias ?? null,
    to: detail.to ?? null,
    lastedMs: detail.lastedMs ?? null,
  };
  if (!appendStep(thread.execution.log, step)) throw HALT;
}

/** Lets virtual time pass. */
export function passTime(thread: Thread, ms: number): void {
  thread.ms += ms;
  thread.tick += 1;
}

/** Only states that may have a Retry tell how often they were retried. */
const RETRIED: ReadonlySet<string> = new Set(["Task", "Parallel", "Map"]);

/** The context object as a state sees it: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
function contextOf(visit: Visit): JsonObject {
  const { thread, compiled } = visit;
  const entered = formatTimestamp(thread.execution.startedAtMs + visit.enteredMs);
  return {
    ...thread.execution.context,
    State: {
      Name: compiled.state.name,
      EnteredTime: entered,
      ...(RETRIED.has(compiled.state.type) ? { RetryCount: visit.retryCount } : {}),
    },
    ...(thread.map === null ? {} : { Map: thread.map }),
    ...(visit.task === null ? {} : { Task: visit.task }),
  };
}

export function pathDataOf(visit: Visit, input: JsonValue): PathData {
  return { input, context: () => contextOf(visit), variables: visit.thread.variables };
}

/** `more` holds what $states has beside input and context: result or errorOutput. */
export function queryDataOf(visit: Visit, more: JsonObject = {}): QueryData {
  const { execution, variables } = visit.thread;
  return {
    states: () => ({ input: visit.input, context: contextOf(visit), ...more }),
    variables,
    draw: execution.draw,
    nowMs: () => execution.startedAtMs + visit.thread.ms,
    endless: execution.endless,
  };
}

/** A state with everything about it compiled into the way it acts. */
export interface CompiledState {
  readonly state: State;
  readonly act: StateAction;
}

export interface CompiledScope {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, CompiledState>;
}

/** What a visit leads to. */
export interface VisitEnd {
  readonly output: JsonValue;
  /** Null ends the scope. */
  readonly next: string | null;
}

/** How a state acts: its visit ends, or a States error is raised. */
export type StateAction = (visit: Visit) => Flow<VisitEnd>;
