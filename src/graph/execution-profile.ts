/**
 * An execution profile is one execution in expectation, flattened: how often each state is visited wherever it is
 * nested, which child executions are started, how long it all takes. Everything that is metered follows from it.
 */
import type { MapState, Scope, State, WorkflowType } from "../workflow/state-machine.ts";
import { withBatchItems } from "./batch-items.ts";
import { type Distribution, ZERO, mix } from "./distribution.ts";
import { errorEventsOf } from "./error-events.ts";
import { withKnownFigures } from "./known-figures.ts";
import { runScope } from "./run-scope.ts";
import type { Inside, RunContext, RunProblem, ScopeRun, StateVisit } from "./run-context.ts";
import type { Outcome } from "./spent-by-outcome.ts";

export interface ExecutionProfile {
  readonly run: ScopeRun;
  readonly states: readonly ProfiledState[];
  readonly children: readonly ChildExecutions[];
  /** Transitions besides the start rule: entries, retries, and what children of Distributed Maps add. */
  readonly transitions: Distribution;
  readonly durationMs: Distribution;
  readonly historyEvents: Distribution;
  /** Map iterations and Parallel branches per execution, children apart: AWS adds memory for each. */
  readonly parallelSteps: number;
  readonly problems: readonly RunProblem[];
}

export interface ProfiledState {
  readonly state: State;
  /** Per execution of the whole workflow. */
  readonly visits: number;
  readonly retries: number;
  /** Expected history events of the state itself, what runs inside it apart. */
  readonly historyEvents: number;
  /** Those among them that tell of a failure, caught or not. */
  readonly errorEvents: number;
  /** Runs of what is inside, for each attempt: items or batches of a Map, 1 for a Parallel; null for other states. */
  readonly iterations: number | null;
  /** The Distributed Map in whose child executions it runs; null = in the execution itself. */
  readonly childOf: MapState | null;
}

/** Child executions that a Distributed Map starts, per execution of the whole workflow. */
export interface ChildExecutions {
  readonly state: MapState;
  readonly type: WorkflowType;
  readonly count: number;
  /** Those among them that fail. */
  readonly failed: number;
  /** Items of one run of the Map, before batching. */
  readonly items: number;
  readonly durationMs: Distribution;
  readonly parallelSteps: number;
}

/** Null when StartAt names no state. */
export function profileExecution(scope: Scope, context: RunContext): ExecutionProfile | null {
  const known = withKnownFigures(scope, context.workload, context.parseJsonata);
  const { workload, isLikely } = withBatchItems(scope, known, context.stand);
  // A kept run knows the figures that it asked for, not those of other Maps that its items were inferred from.
  const run = runScope(scope, { ...context, workload, kept: isLikely ? context.kept : new Map() });
  if (run === null) return null;
  const gathering: Gathering = { states: [], children: [], problems: [], parallelSteps: 0 };
  gather(run, { times: 1, childOf: null }, gathering);
  return {
    run,
    states: gathering.states,
    children: gathering.children,
    problems: gathering.problems,
    parallelSteps: gathering.parallelSteps,
    transitions: totalOf(run.outcomes, "transitions"),
    durationMs: totalOf(run.outcomes, "durationMs"),
    historyEvents: totalOf(run.outcomes, "historyEvents"),
  };
}

export function totalOf(
  outcomes: readonly Outcome[],
  metric: "transitions" | "durationMs" | "historyEvents",
): Distribution {
  return mix(outcomes.map(({ mass, spent }) => ({ mass, of: spent[metric] })))?.of ?? ZERO;
}

/** Share of the runs that end with an error. */
export function failedShare(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((sum, { error, mass }) => sum + (error === null ? 0 : mass), 0);
}

interface Gathering {
  readonly states: ProfiledState[];
  readonly children: ChildExecutions[];
  readonly problems: RunProblem[];
  parallelSteps: number;
}

interface Within {
  readonly times: number;
  readonly childOf: MapState | null;
}

/** Depth first through the nesting (the reader bounds its depth). */
function gather(run: ScopeRun, within: Within, into: Gathering): void {
  into.problems.push(...run.problems);
  run.graph.nodes.forEach((state, index) => {
    const visits = within.times * run.visits[index]!;
    const { attempts, inside, ends } = run.stateVisits[index]!;
    const events = ownEvents(state, attempts) + attempts * iterationEvents(state, inside);
    into.states.push({
      state,
      visits,
      retries: visits * (attempts - 1),
      historyEvents: visits * (events - uncaught(ends)),
      errorEvents: visits * errorEventsOf(state, run.stateVisits[index]!),
      iterations: inside === null ? null : inside.times,
      childOf: within.childOf,
    });
    if (inside === null) return;
    const times = visits * attempts * inside.times;
    if (inside.childType === null || state.type !== "Map") {
      into.parallelSteps += inside.runs.length * times;
      for (const inner of inside.runs) if (inner !== null) gather(inner, { ...within, times }, into);
      return;
    }
    const [child] = inside.runs;
    const apart: Gathering = { ...into, parallelSteps: 0 };
    if (child !== null && child !== undefined) gather(child, { times, childOf: state }, apart);
    into.children.push({
      state,
      type: inside.childType,
      count: times,
      failed: times * failedShare(child?.outcomes ?? []),
      items: inside.items ?? 0,
      durationMs: totalOf(child?.outcomes ?? [], "durationMs"),
      parallelSteps: times === 0 ? 0 : apart.parallelSteps / times,
    });
  });
}

/** MapIterationStarted and MapIterationSucceeded around each item of an inline Map. */
function iterationEvents(state: State, inside: Inside | null): number {
  return state.type === "Map" && state.mode === "INLINE" ? 2 * (inside?.times ?? 0) : 0;
}

/** Share of the visits that nobody exits: the execution fails in them. */
function uncaught(ends: StateVisit["ends"]): number {
  return ends.reduce((sum, { edge, share }) => sum + (edge.kind === "fail" ? share : 0), 0);
}

/** Events of one visit that is entered and exited, what runs inside it apart. */
function ownEvents(state: State, attempts: number): number {
  switch (state.type) {
    case "Fail":
    case "Pass":
    case "Choice":
    case "Wait":
    case "Succeed":
      return 2;
    case "Task":
      return 2 + attempts * (state.resource.pattern === "REQUEST_RESPONSE" ? 3 : 4);
    case "Parallel":
      return 3 + attempts;
    case "Map":
      return state.mode === "INLINE" ? 3 + attempts : 3 + 3 * attempts;
  }
}
