/**
 * A saga is a scope whose steps have undos: what has been done when a state fails, and what each way of failing undoes.
 * The pattern: Garcia-Molina and Salem, Sagas (1987);
 * https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/saga-orchestration.html
 */
import { type StateGraph, buildStateGraph } from "../graph/state-graph.ts";
import { matchesError } from "../workflow/definition/error-names.ts";
import type { Catcher, MapState, ParallelState, Scope, State, TaskState } from "../workflow/state-machine.ts";
import { innerScopes } from "../workflow/state-identity.ts";
import { readsOnly } from "./task-effect.ts";
import { doesTheSame, soundsLikeUndo, stepUndoneBy } from "./undo-matching.ts";

export interface SagaStep {
  readonly task: TaskState;
  /** The state of the saga's scope that it is, or that it runs in. */
  readonly holder: State;
  readonly undos: readonly TaskState[];
  /** Tasks of the work itself that do what an undo does: once one has run, nothing is left to undo. */
  readonly cleanups: readonly TaskState[];
}

export interface Saga {
  readonly scope: Scope;
  /** Steps that have an undo, in the order written. */
  readonly steps: readonly SagaStep[];
  readonly failures: readonly SagaFailure[];
}

/** One way to fail, and what it leaves behind. */
export interface SagaFailure {
  readonly failing: State;
  /** Null: nothing catches it, or it is a Fail state. */
  readonly catcher: Catcher | null;
  /** Done before, for certain. */
  readonly done: readonly SagaStep[];
  /** States of the way that undoes least. */
  readonly way: readonly string[];
  /** Done, and not undone on that way, the last done first. */
  readonly missing: readonly SagaStep[];
  /** Undone before something that was done later: [undone too early, undone too late]. */
  readonly outOfOrder: readonly (readonly [SagaStep, SagaStep])[];
}

const MOST_WAYS = 200;

export function findSagas(machine: Scope): readonly Saga[] {
  const sagas: Saga[] = [];
  const open: Scope[] = [machine];
  for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
    const saga = sagaOf(scope);
    if (saga !== null) sagas.push(saga);
    for (const state of scope.states) open.push(...innerScopes(state));
  }
  return sagas;
}

/** Every Task of a state: itself, or all inside. */
export function tasksInside(state: State): readonly TaskState[] {
  return statesWithin(state).filter((each) => each.type === "Task");
}

/** A state and all inside, at any depth. */
export function statesWithin(state: State): readonly State[] {
  const states: State[] = [];
  const open: State[] = [state];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    states.push(next);
    for (const scope of innerScopes(next)) open.push(...scope.states);
  }
  return states;
}

function sagaOf(scope: Scope): Saga | null {
  if (!scope.states.some((state) => "catch" in state && state.catch.length > 0)) return null;
  const graph = buildStateGraph(scope);
  if (graph === null) return null;
  const forward = forwardStates(graph);
  const steps = stepsOf(graph, forward);
  if (steps.length === 0) return null;
  const done = doneBefore(graph, { forward, steps });
  const failures = graph.nodes.flatMap((state, index) =>
    forward.has(index) ? failuresOf(state, { graph, forward, steps, done: done[index]!, all: done }) : [],
  );
  return { scope, steps, failures };
}

/** Reached without a failure. */
function forwardStates(graph: StateGraph): ReadonlySet<number> {
  const seen = new Set([graph.start]);
  for (const node of seen)
    for (const { to, kind } of graph.edges[node]!) if (to >= 0 && kind !== "catch") seen.add(to);
  return seen;
}

function stepsOf(graph: StateGraph, forward: ReadonlySet<number>): readonly SagaStep[] {
  const holders = graph.nodes.filter((_, index) => forward.has(index));
  const candidates = holders.flatMap((holder) =>
    tasksInside(holder)
      .filter((task) => !readsOnly(task))
      .map((task) => ({ task, holder })),
  );
  const undosOf = new Map<TaskState, TaskState[]>();
  const behind = graph.nodes.filter((_, index) => !forward.has(index)).flatMap(tasksInside);
  for (const undo of behind.filter(soundsLikeUndo)) {
    const step = stepUndoneBy(
      undo,
      candidates.map(({ task }) => task).filter((task) => !doesTheSame(task, undo)),
    );
    if (step !== null) undosOf.set(step, [...(undosOf.get(step) ?? []), undo]);
  }
  const work = holders.flatMap(workInside);
  return candidates.flatMap(({ task, holder }) => {
    const undos = undosOf.get(task);
    if (undos === undefined) return [];
    const cleanups = work.filter((each) => each !== task && undos.some((undo) => doesTheSame(each, undo)));
    return [{ task, holder, undos, cleanups }];
  });
}

/** Every Task of a state that is reached without a failure inside it. */
function workInside(state: State): readonly TaskState[] {
  const states = new Set([state]);
  // Grows while it is walked.
  for (const each of states) {
    for (const graph of innerScopes(each).map(buildStateGraph)) {
      if (graph !== null) for (const node of forwardStates(graph)) states.add(graph.nodes[node]!);
    }
  }
  return [...states].filter((each) => each.type === "Task");
}

/** Steps done for certain, and not cleaned up after, before each state is entered: what all ways to it have in common. */
function doneBefore(
  graph: StateGraph,
  { forward, steps }: { forward: ReadonlySet<number>; steps: readonly SagaStep[] },
): readonly ReadonlySet<SagaStep>[] {
  const own = graph.nodes.map((holder) => steps.filter((step) => step.holder === holder));
  const ended = graph.nodes.map((holder) => new Set(cleanedUpIn(holder, steps)));
  const before: Set<SagaStep>[] = graph.nodes.map(() => new Set(steps));
  before[graph.start] = new Set();
  for (let changed = true; changed;) {
    changed = false;
    for (const node of forward) {
      for (const { to, kind } of graph.edges[node]!) {
        if (to < 0 || !forward.has(to)) continue;
        const after = new Set(kind === "catch" ? before[node] : [...before[node]!, ...own[node]!]);
        const common = new Set([...before[to]!].filter((step) => after.has(step) && !ended[node]!.has(step)));
        if (common.size === before[to]!.size) continue;
        before[to] = common;
        changed = true;
      }
    }
  }
  return before;
}

function cleanedUpIn(state: State, steps: readonly SagaStep[]): readonly SagaStep[] {
  const work = new Set(workInside(state));
  return steps.filter(({ cleanups }) => cleanups.some((task) => work.has(task)));
}

interface Failing {
  readonly graph: StateGraph;
  readonly forward: ReadonlySet<number>;
  readonly steps: readonly SagaStep[];
  readonly done: ReadonlySet<SagaStep>;
  /** By state. */
  readonly all: readonly ReadonlySet<SagaStep>[];
}

function failuresOf(state: State, around: Failing): readonly SagaFailure[] {
  const inside = state.type === "Parallel" || state.type === "Map" ? partlyDone(state, around.steps) : [];
  // To run the undo when a cleanup has failed would only try the same once more.
  const cleaned = new Set(state.type === "Task" ? cleanedUpIn(state, around.steps) : []);
  const done = [...around.done, ...inside].filter((step) => !cleaned.has(step));
  if (state.type === "Fail") return done.length === 0 ? [] : [unhandled(state, done)];
  if (!("catch" in state)) return [];
  const caught = state.catch.flatMap((catcher) => caughtFailure(state, { catcher, done, around }));
  return done.length === 0 || catchesAll(state) ? caught : [...caught, unhandled(state, done)];
}

/** Steps of other branches or items may be done when one of them fails; the only step of a Parallel has just failed itself. */
function partlyDone(state: ParallelState | MapState, steps: readonly SagaStep[]): readonly SagaStep[] {
  const inside = steps.filter(({ holder }) => holder === state);
  return inside.length > 1 || state.type === "Map" ? inside : [];
}

function catchesAll(state: TaskState | ParallelState | MapState): boolean {
  const names = state.catch.flatMap(({ errorEquals }) => errorEquals);
  return matchesError(names, "*") && matchesError(names, "States.Timeout");
}

function unhandled(failing: State, done: readonly SagaStep[]): SagaFailure {
  return { failing, catcher: null, done, way: [], missing: done.toReversed(), outOfOrder: [] };
}

/** Null for a Catcher that leads back into the work: that is no failure but a second try. */
function caughtFailure(
  failing: State,
  { catcher, done, around }: { catcher: Catcher; done: readonly SagaStep[]; around: Failing },
): readonly SagaFailure[] {
  const from = around.graph.indexOf.get(catcher.next);
  if (from === undefined || around.forward.has(from))
    return endsInFail(from, around) && done.length > 0
      ? [{ ...unhandled(failing, done), catcher, way: [catcher.next] }]
      : [];
  const ways = waysFrom(from, around);
  const told = ways.map((way): SagaFailure => {
    const undone = way.flatMap((node) => tasksInside(around.graph.nodes[node]!));
    const isUndone = (step: SagaStep): boolean => step.undos.some((undo) => undone.includes(undo));
    return {
      failing,
      catcher,
      done,
      way: way.map((node) => around.graph.nodes[node]!.name),
      missing: done.filter((step) => !isUndone(step)).toReversed(),
      outOfOrder: misordered(way, done.filter(isUndone), around),
    };
  });
  const worst = told.reduce<SagaFailure | null>(
    (least, each) => (least === null || weight(each) > weight(least) ? each : least),
    null,
  );
  return worst === null ? [] : [worst];
}

function weight({ missing, outOfOrder }: SagaFailure): number {
  return missing.length * 1000 + outOfOrder.length;
}

function endsInFail(node: number | undefined, { graph }: Failing): boolean {
  return node !== undefined && graph.nodes[node]!.type === "Fail";
}

/** Ways by success edges from a state to the scope's end; none that lead back into the work, and at most MOST_WAYS. */
function waysFrom(from: number, { graph, forward }: Failing): readonly (readonly number[])[] {
  const ways: number[][] = [];
  const open: number[][] = [[from]];
  for (let way = open.pop(); way !== undefined && ways.length < MOST_WAYS; way = open.pop()) {
    const last = way.at(-1)!;
    for (const { to, kind } of graph.edges[last]!) {
      if (kind === "catch" || (kind === "fail" && graph.nodes[last]!.type !== "Fail")) continue;
      if (to < 0) ways.push(way);
      else if (forward.has(to)) {
        if (to >= 0 && endsForward(graph, to)) ways.push([...way, to]);
      } else if (!way.includes(to)) open.push([...way, to]);
    }
  }
  return ways;
}

/** A Fail or Succeed state that both ways share is an end, no way back into the work. */
function endsForward(graph: StateGraph, node: number): boolean {
  const { type } = graph.nodes[node]!;
  return type === "Fail" || type === "Succeed" || graph.edges[node]!.every(({ to }) => to < 0);
}

/** What was done first has to be undone last. */
function misordered(
  way: readonly number[],
  done: readonly SagaStep[],
  { graph, all }: Failing,
): readonly (readonly [SagaStep, SagaStep])[] {
  const undoneAt = (step: SagaStep): number =>
    way.findIndex((node) => tasksInside(graph.nodes[node]!).some((task) => step.undos.includes(task)));
  const isBefore = (a: SagaStep, b: SagaStep): boolean =>
    all[graph.indexOf.get(b.holder.name)!]!.has(a) && a.holder !== b.holder;
  return done.flatMap((first) =>
    done
      .filter(
        (second) => isBefore(first, second) && !isBefore(second, first) && undoneAt(first) < undoneAt(second),
      )
      .map((second) => [first, second] as const),
  );
}

/** Each undo once, with the step it undoes. */
export function undosOf({ steps }: Saga): readonly { readonly undo: TaskState; readonly step: SagaStep }[] {
  return steps.flatMap((step) => step.undos.map((undo) => ({ undo, step })));
}
