/** Fault injection acts an execution out with one Task made to fail, and tells which undos really ran, and in which order. */
import { type ExecutionTrace, type TraceOptions, traceExecution } from "../scenario/execution-trace.ts";
import { UserError } from "../user-error.ts";
import type { JsonObject } from "../workflow/text/json-value.ts";
import type { TaskState } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { writtenDefinition } from "./changed-workflow.ts";
import { forceWay } from "./forced-way.ts";
import { applyPatch } from "./json-patch.ts";
import type { PlacedState } from "./placed-state.ts";
import { plausibleData } from "./plausible-data.ts";
import { type Saga, type SagaStep, undosOf } from "./saga.ts";
import { pathFrom } from "./state-removal.ts";

export interface InjectedFault {
  /** Tasks made to fail: one, or one and an undo of what was done before it. */
  readonly faults: readonly string[];
  /** The error that they failed with. */
  readonly error: string;
  readonly status: ExecutionTrace["status"] | null;
  /** Steps that were done before, and not cleaned up after, in their order, of those that have an undo. */
  readonly done: readonly string[];
  /** Undos that ran to their end, in the order in which they did. */
  readonly undone: readonly string[];
  /** What should have been undone, in reverse order. */
  readonly expected: readonly string[];
  /** Entered after the first fault. */
  readonly after: readonly string[];
  /** Choices that were made to lead to the Task, because the data at hand did not. */
  readonly forced: readonly string[];
  readonly verdict: "undone" | "incomplete" | "out-of-order" | "recovered" | "nothing-done" | "not-reached";
}

export interface InjectedFaults {
  readonly faults: readonly InjectedFault[];
  /** Faults beyond MOST_FAULTS. */
  readonly leftOut: number;
}

const GENERAL_FAULT = "Injected.Fault";
const MOST_FAULTS = 400;

export interface Injecting {
  readonly workflow: Workflow;
  readonly states: readonly PlacedState[];
  readonly sagas: readonly Saga[];
  /** Instead of made-up data. */
  readonly given: Pick<TraceOptions, "input" | "results">;
}

/** Each Task of the forward ways in turn, then each undo together with the Task whose failure calls it. */
export async function injectFaults(injecting: Injecting): Promise<InjectedFaults> {
  const rig = setUp(injecting);
  const undos = new Set(
    injecting.sagas.flatMap(({ steps }) => steps.flatMap((step) => [...step.undos, ...step.cleanups])),
  );
  const planned = injecting.states.flatMap((placed) =>
    placed.state.type === "Task" && !undos.has(placed.state)
      ? faultsOf(placed.state).map((error) => ({ placed, task: placed.state as TaskState, error }))
      : [],
  );
  const faults: InjectedFault[] = [];
  for (const { placed, task, error } of planned.slice(0, MOST_FAULTS)) {
    const fault = await inject(rig, { placed, tasks: [task], error });
    if (fault !== null) faults.push(fault);
  }
  const calls = new Map<TaskState, PlacedState>();
  for (const { undo } of injecting.sagas.flatMap(undosOf)) {
    const calling = faults.findLast(
      ({ undone, faults: made }) => undone.includes(undo.name) && made.length === 1,
    );
    const placed = injecting.states.find(({ state }) => state.name === calling?.faults[0]);
    if (placed !== undefined) calls.set(undo, placed);
  }
  for (const [undo, placed] of calls) {
    const tasks = [placed.state as TaskState, undo];
    const fault = await inject(rig, { placed, tasks, error: GENERAL_FAULT });
    if (fault !== null) faults.push(fault);
  }
  return { faults, leftOut: Math.max(0, planned.length - MOST_FAULTS) };
}

/** One error that only a general Catcher takes, and the first of each Catcher that names some. */
function faultsOf(task: TaskState): readonly string[] {
  const named = task.catch.flatMap(({ errorEquals: [first] }) =>
    first === undefined || first.startsWith("States.") ? [] : [first],
  );
  return [GENERAL_FAULT, ...new Set(named)];
}

interface Rig extends Injecting {
  readonly definition: JsonObject;
  readonly data: JsonObject;
  readonly steps: readonly SagaStep[];
}

function setUp(injecting: Injecting): Rig {
  const { stateMachine } = injecting.workflow;
  return {
    ...injecting,
    definition: writtenDefinition(stateMachine),
    data: plausibleData(stateMachine),
    steps: injecting.sagas.flatMap(({ steps }) => steps),
  };
}

interface Fault {
  readonly placed: PlacedState;
  readonly tasks: readonly TaskState[];
  readonly error: string;
}

/** Null for a Task that no way without a failure leads to. */
async function inject(rig: Rig, fault: Fault): Promise<InjectedFault | null> {
  const asItIs = await act(rig, rig.definition, fault);
  if (asItIs !== null && failedIn(asItIs, fault)) return describe(rig, fault, { trace: asItIs, forced: [] });
  const { stateMachine } = rig.workflow;
  const way = forceWay(fault.placed, stateMachine, pathFrom(stateMachine.pointer));
  if (way === null) return null;
  if (way.change.length > 0) {
    const changed = applyPatch(rig.definition, way.change) as JsonObject;
    const trace = await act(rig, changed, fault);
    if (trace !== null && failedIn(trace, fault)) return describe(rig, fault, { trace, forced: way.forced });
  }
  return describe(rig, fault, { trace: null, forced: [] });
}

/** Null when the definition cannot be acted out. */
async function act(
  { workflow, data, states, given }: Rig,
  definition: JsonObject,
  { tasks, error }: Fault,
): Promise<ExecutionTrace | null> {
  const made = states.flatMap(({ state }): [string, NonNullable<TraceOptions["results"]>[string]][] => {
    if (state.type === "Task") return [[state.pointer, { output: data }]];
    return state.type === "Map" && state.itemReader !== null ? [[state.pointer, { output: [data] }]] : [];
  });
  const root = workflow.stateMachine.pointer.length;
  const results = Object.fromEntries([
    ...made.map(([pointer, outcome]) => [pointer.slice(root), outcome] as const),
    ...Object.entries(given.results ?? {}),
    ...tasks.map((task) => [task.pointer.slice(root), { error, cause: "injected" }] as const),
  ]);
  // What the user says by name must not win over a fault given by pointer.
  for (const task of tasks)
    if (Object.hasOwn(results, task.name)) results[task.name] = { error, cause: "injected" };
  try {
    return await traceExecution(definition, {
      input: given.input ?? data,
      results,
      type: workflow.type ?? "STANDARD",
    });
  } catch (failure) {
    if (failure instanceof UserError) return null;
    throw failure;
  }
}

function failedIn({ steps }: ExecutionTrace, { tasks: [task], error }: Fault): boolean {
  return steps.some((step) => step.kind === "attempted" && step.state === task?.name && step.error === error);
}

interface Acted {
  readonly trace: ExecutionTrace | null;
  readonly forced: readonly string[];
}

function describe({ steps: sagaSteps }: Rig, fault: Fault, { trace, forced }: Acted): InjectedFault {
  const told = { faults: fault.tasks.map(({ name }) => name), error: fault.error, forced };
  if (trace === null) {
    return { ...told, status: null, done: [], undone: [], expected: [], after: [], verdict: "not-reached" };
  }
  const { steps, status } = trace;
  const at = steps.findIndex(
    ({ kind, state, error }) => kind === "attempted" && state === told.faults[0] && error === fault.error,
  );
  const exited = (from: number, to: number): readonly string[] =>
    steps
      .slice(from, to)
      .flatMap(({ kind, state, type }) => (kind === "exited" && type === "Task" ? [state] : []));
  const before = exited(0, at);
  const lastOf = ({ name }: TaskState): number => before.lastIndexOf(name);
  const done = [...new Set(before)]
    .flatMap((name) => sagaSteps.find(({ task }) => task.name === name) ?? [])
    .filter(({ task, cleanups }) => cleanups.every((cleanup) => lastOf(cleanup) < lastOf(task)));
  const undoNames = new Set(sagaSteps.flatMap(({ undos }) => undos.map(({ name }) => name)));
  const undone = exited(at, steps.length).filter((name) => undoNames.has(name));
  const after = steps.slice(at).flatMap(({ kind, state }) => (kind === "entered" ? [state] : []));
  return {
    ...told,
    status,
    done: done.map(({ task }) => task.name),
    undone,
    expected: done.toReversed().map((step) => undoOf(step, undone)),
    after: [...new Set(after)],
    verdict: verdictOf({ done, undone, status }),
  };
}

/** The undo that ran, of several for one step. */
function undoOf({ undos }: SagaStep, undone: readonly string[]): string {
  return (undos.find(({ name }) => undone.includes(name)) ?? undos[0])?.name ?? "";
}

function verdictOf({
  done,
  undone,
  status,
}: {
  readonly done: readonly SagaStep[];
  readonly undone: readonly string[];
  readonly status: ExecutionTrace["status"];
}): InjectedFault["verdict"] {
  if (status === "SUCCEEDED" && undone.length === 0) return "recovered";
  if (done.length === 0) return "nothing-done";
  const places = done
    .toReversed()
    .map((step) => undone.findIndex((name) => step.undos.some((undo) => undo.name === name)));
  if (places.includes(-1)) return "incomplete";
  return places.every((place, index) => index === 0 || place > places[index - 1]!)
    ? "undone"
    : "out-of-order";
}
