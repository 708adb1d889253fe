/**
 * An execution trace is one execution acted out: which states were entered, what was retried, how long it took in
 * virtual time and what came out, for a given input and given task results. It reads no clock and draws from a seed.
 */
import type { Diagnostic } from "../diagnostic.ts";
import { UserError } from "../user-error.ts";
import { isJsonObject } from "../workflow/text/json-value.ts";
import type { JsonObject, JsonValue } from "../workflow/text/json-value.ts";
import { noChildren } from "./map/child-executions.ts";
import { compileDefinition } from "./compiled-definition.ts";
import type { CompiledDefinition } from "./compiled-definition.ts";
import { openLog, orderedSteps } from "./execution-log.ts";
import type { LoggedStep } from "./execution-log.ts";
import { runExecution } from "./execution-run.ts";
import type { ExecutionEnd } from "./execution-run.ts";
import type { Execution } from "./execution-thread.ts";
import { settleFlow } from "./flow.ts";
import { isShallow, readJson, writeJson } from "./data/json-text.ts";
import { drawFrom } from "./data/random-draw.ts";
import { checkOutcomes, openOutcomes, parseResults } from "./action/task-outcome.ts";
import type { TraceResults } from "./action/task-outcome.ts";
import { formatTimestamp, parseTimestamp } from "./data/timestamp.ts";
import { tallySteps } from "./visit-tally.ts";
import type { VisitTally } from "./visit-tally.ts";

export interface TraceOptions {
  /** The execution's input; an empty object when absent, as AWS has it. */
  readonly input?: unknown;
  readonly results?: TraceResults | undefined;
  /** Laid over the context object (`$$`, `$states.context`); `Execution.StartTime` sets virtual time 0. */
  readonly context?: unknown;
  /** For jitter, random numbers and UUIDs; 0 when absent. */
  readonly seed?: number | undefined;
  /** Definitions of Express machines that a Task starts and waits for (startSyncExecution), by the ARN it names. */
  readonly children?: Readonly<Record<string, unknown>> | undefined;
  /** STANDARD when absent; EXPRESS has no history limit and ends after five minutes. */
  readonly type?: "STANDARD" | "EXPRESS" | undefined;
}

export interface ExecutionTrace {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  readonly error: { readonly error: string | null; readonly cause: string | null } | null;
  /** In virtual time; `index` is the nearest Map iteration's, null outside of any. */
  readonly entered: readonly { readonly name: string; readonly index: number | null }[];
  /** 1 for the start + entered + retries; children of Distributed Maps are counted in `children`. */
  readonly transitions: number;
  readonly retries: number;
  readonly historyEvents: number;
  readonly durationMs: number;
  /** Null unless the execution succeeded. */
  readonly output: JsonValue | null;
  /** The state whose failure ended the execution. */
  readonly failedIn: string | null;
  /** By state, in the order first entered. */
  readonly states: readonly StateCount[];
  readonly steps: readonly TraceStep[];
  readonly children: {
    readonly standard: number;
    readonly express: number;
    readonly failed: number;
    readonly transitions: number;
    readonly expressBilledMs: number;
    readonly entered: readonly { readonly name: string; readonly count: number }[];
  };
  readonly diagnostics: readonly Diagnostic[];
}

export interface StateCount {
  readonly name: string;
  readonly pointer: string;
  readonly entered: number;
  readonly retries: number;
}

export interface TraceStep {
  readonly kind: "entered" | "attempted" | "retried" | "chose" | "caught" | "exited";
  readonly state: string;
  readonly type: string;
  readonly index: number | null;
  /** Virtual time since the execution started. */
  readonly atMs: number;
  /** attempted: from 0; retried: how often by now. */
  readonly attempt: number | null;
  readonly error: string | null;
  /** exited, chose, caught: the state that follows; null when none does. */
  readonly to: string | null;
  /** attempted: how long it took; retried: the delay; exited: how long a Wait waited. */
  readonly lastedMs: number | null;
}

/** Virtual time 0 when the context does not say: any fixed moment serves. */
const DEFAULT_START = "2026-01-01T00:00:00.000Z";

/** Throws a UserError for a definition, input or results that cannot be read. */
export async function traceExecution(
  definition: unknown,
  options: TraceOptions = {},
): Promise<ExecutionTrace> {
  return (await actOut(compileDefinition(definition), options)).trace;
}

/** As the library takes them, and who is told of each Task's attempts as they are made. */
export interface ActingOptions extends TraceOptions {
  readonly observe?: Execution["observe"];
}

/** A trace, and the counts of what each state did, children of Distributed Maps included. */
export interface ActedExecution {
  readonly trace: ExecutionTrace;
  readonly tally: () => VisitTally;
}

/** As `traceExecution`, of a definition that is compiled already. */
export async function actOut(compiled: CompiledDefinition, options: ActingOptions): Promise<ActedExecution> {
  const input = readInput(options.input);
  const outcomes = parseResults(options.results);
  const children = Object.entries(options.children ?? {}).map(
    ([arn, definition]) => [arn, compileDefinition(definition)] as const,
  );
  const context = baseContext(input, options.context);
  const execution: Execution = {
    type: options.type ?? "STANDARD",
    log: openLog(options.type ?? "STANDARD"),
    outcomes: openOutcomes(outcomes),
    draw: drawFrom(readSeed(options.seed)),
    context,
    startedAtMs: startOf(context),
    children: noChildren(),
    notices: new Map(),
    endless: new Set(),
    machines: new Map(children),
    observe: options.observe ?? (() => {}),
  };
  const { timeoutSeconds } = compiled.stateMachine;
  const end = await settleFlow(runExecution(execution, compiled.scope, { input, timeoutSeconds }));
  const states = [...compiled.states, ...children.flatMap(([, child]) => child.states)];
  const unused = checkOutcomes(outcomes, states);
  const diagnostics = [...compiled.diagnostics, ...unused, ...execution.notices.values()];
  const trace = describeTrace(execution, end, diagnostics);
  return {
    trace,
    tally: () => {
      const tally = new Map(structuredClone(execution.children.tally));
      tallySteps(tally, execution.log.steps);
      return tally;
    },
  };
}

function readInput(input: unknown): JsonValue {
  if (input === undefined) return {};
  if (!isShallow(input)) throw new UserError("invalid-input", "The input nests too deep.");
  const text = writeJson(input);
  const value = text === undefined ? undefined : readJson(text);
  if (value === undefined) throw new UserError("invalid-input", "The input is no JSON value.");
  return value;
}

function readSeed(seed = 0): number {
  if (Number.isFinite(seed)) return seed;
  throw new UserError("invalid-seed", `The seed must be a number: ${String(seed)}`);
}

function baseContext(input: JsonValue, given: unknown): JsonObject {
  const over = isJsonObject(given) ? given : {};
  const base: JsonObject = {
    Execution: {
      Id: "arn:aws:states:us-east-1:123456789012:execution:trace:trace",
      Name: "trace",
      RoleArn: "arn:aws:iam::123456789012:role/trace",
      StartTime: DEFAULT_START,
      RedriveCount: 0,
      Input: input,
    },
    StateMachine: { Id: "arn:aws:states:us-east-1:123456789012:stateMachine:trace", Name: "trace" },
  };
  const laid = Object.entries(over).map(([key, value]): [string, JsonValue] => {
    const below = Object.hasOwn(base, key) ? base[key] : undefined;
    return [key, isJsonObject(below) && isJsonObject(value) ? { ...below, ...value } : value];
  });
  return { ...base, ...Object.fromEntries(laid) };
}

function startOf(context: JsonObject): number {
  const execution = context["Execution"];
  const start = isJsonObject(execution) ? execution["StartTime"] : null;
  const ms = typeof start === "string" ? parseTimestamp(start) : null;
  if (ms !== null) return ms;
  throw new UserError(
    "invalid-context",
    `The context's Execution.StartTime is no timestamp.`,
    `Write it like "${formatTimestamp(0)}".`,
  );
}

function describeTrace(
  execution: Execution,
  end: ExecutionEnd,
  diagnostics: readonly Diagnostic[],
): ExecutionTrace {
  const steps = orderedSteps(execution.log);
  const entered = steps.filter((step) => step.kind === "entered");
  const retries = steps.filter((step) => step.kind === "retried").length;
  const { children } = execution;
  return {
    status: end.status,
    error: end.failure === null ? null : { error: end.failure.error, cause: end.failure.cause },
    entered: entered.map(({ name, index }) => ({ name, index })),
    transitions: 1 + entered.length + retries,
    retries,
    historyEvents: end.historyEvents,
    durationMs: end.durationMs,
    output: end.output,
    failedIn: end.failedIn,
    states: countStates(steps),
    steps: steps.flatMap(describeStep),
    children: {
      standard: children.standard,
      express: children.express,
      failed: children.failed,
      transitions: children.transitions,
      expressBilledMs: children.expressBilledMs,
      entered: [...children.entered].map(([name, count]) => ({ name, count })),
    },
    diagnostics,
  };
}

function countStates(steps: readonly LoggedStep[]): readonly StateCount[] {
  const counts = new Map<string, { name: string; pointer: string; entered: number; retries: number }>();
  for (const { kind, name, pointer } of steps) {
    if (kind !== "entered" && kind !== "retried") continue;
    const count = counts.get(pointer) ?? { name, pointer, entered: 0, retries: 0 };
    counts.set(pointer, count);
    if (kind === "entered") count.entered += 1;
    else count.retries += 1;
  }
  return [...counts.values()];
}

function describeStep(step: LoggedStep): TraceStep[] {
  const { kind, name, type, index, ms, attempt, error, to, lastedMs } = step;
  if (kind === "noted") return [];
  return [{ kind, state: name, type, index, atMs: ms, attempt, error, to, lastedMs }];
}
