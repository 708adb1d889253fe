/** A state visit is what entering a state once spends, apart by the edge it leaves on, with all its retries and all that runs inside it. */
import { ANY_ERROR } from "../workflow/definition/error-names.ts";
import type { MapState, ParallelState, Scope, State, TaskState } from "../workflow/state-machine.ts";
import { type StateWorkload, workloadOfState } from "../workflow/workload/workload.ts";
import { ZERO, meanOf, point } from "./distribution.ts";
import {
  batchSizeOf,
  childrenOf,
  distributedRuns,
  failuresOf,
  inlineRuns,
  itemsOf,
  parallelRuns,
} from "./map-runs.ts";
import { type AttemptEnd, type VisitEnds, followAttempts, retriesBefore } from "./retry-chain.ts";
import { followSeen } from "./seen-visits.ts";
import type { Inside, RunContext, ScopeRun, StateVisit, VisitEndOnEdge } from "./run-context.ts";
import type { Outcome } from "./spent-by-outcome.ts";
import {
  EVERYTHING,
  NOTHING_SPENT,
  type RunsSpent,
  type Spent,
  inSequence,
  measured,
  mixSpent,
} from "./spent.ts";
import type { Edge } from "./state-graph.ts";
import { attemptEnds, waitDuration } from "./task-visit.ts";

/** What visiting needs to know besides the state: the context, and how to run the scopes inside it. */
interface Visiting {
  readonly context: RunContext;
  readonly inner: (scope: Scope) => ScopeRun | null;
}

const ENTERED_AND_EXITED: Spent = { transitions: point(1), durationMs: ZERO, historyEvents: point(2) };
const ENTERED: Spent = { transitions: point(1), durationMs: ZERO, historyEvents: point(1) };
const RETRY: Spent = { transitions: point(1), durationMs: ZERO, historyEvents: ZERO };

/** Entered, and at most exited and closed with an event of its own: by the number of events. */
const AROUND: readonly Spent[] = [0, 1, 2, 3].map((events) => ({
  transitions: point(1),
  durationMs: ZERO,
  historyEvents: point(events),
}));

/** What a scope that cannot be read is taken to do: nothing, successfully. */
const EMPTY_OUTCOMES: readonly Outcome[] = [{ error: null, mass: 1, spent: NOTHING_SPENT }];

export function visitState(state: State, edges: readonly Edge[], visiting: Visiting): StateVisit {
  const visit = visitOf(state, edges, visiting);
  const { measure } = visiting.context;
  if (measure === EVERYTHING) return visit;
  const ends = visit.ends.map(({ edge, share, error, retries, spent }) => ({
    edge,
    share,
    error,
    retries,
    spent: measured(spent, measure),
  }));
  return { ends, attempts: visit.attempts, inside: visit.inside };
}

function visitOf(state: State, edges: readonly Edge[], visiting: Visiting): StateVisit {
  const { context } = visiting;
  const { measure } = context;
  const said = workloadOfState(context.workload, state);
  const seen = said.seenVisits;
  switch (state.type) {
    case "Pass":
    case "Choice":
    case "Succeed":
      return plainVisit(edges, ENTERED_AND_EXITED);
    case "Fail":
      return plainVisit(edges, ENTERED, state.error ?? ANY_ERROR);
    case "Wait":
      return plainVisit(edges, {
        ...ENTERED_AND_EXITED,
        durationMs: waitDuration(state, said, context.stand),
      });
    case "Task": {
      const figures = {
        said,
        stand: context.stand,
        child: context.childEnds(state),
        general: context.taskDuration,
      };
      const ends = attemptEnds(state, figures);
      return retriedVisit(state, edges, { ends, inside: null, closing: 0, seen, measure });
    }
    case "Parallel":
      return retriedVisit(state, edges, { ...parallelAttempt(state, visiting), closing: 1, seen, measure });
    case "Map":
      return retriedVisit(state, edges, { ...mapAttempt(state, visiting), closing: 1, seen, measure });
  }
}

function plainVisit(edges: readonly Edge[], spent: Spent, error: string | null = null): StateVisit {
  return {
    ends: edges.map((edge) => ({ edge, share: 1, error, retries: 0, spent })),
    attempts: 1,
    inside: null,
  };
}

interface Attempt {
  readonly ends: readonly AttemptEnd[];
  readonly inside: Inside | null;
  /** Events at the visit's end besides entering and exiting (MapStateSucceeded, ParallelStateFailed, …). */
  readonly closing: number;
}

type Retried = TaskState | ParallelState | MapState;

interface Counting extends Pick<RunContext, "measure"> {
  readonly seen: StateWorkload["seenVisits"];
}

function retriedVisit(
  state: Retried,
  edges: readonly Edge[],
  { ends, inside, closing, seen, measure }: Attempt & Counting,
): StateVisit {
  const attempts = { ends, retry: state.retry, catch: state.catch, perRetry: RETRY };
  const visit = seen === null ? followAttempts(attempts) : followSeen(attempts, seen);
  const around = (edge: Edge): Spent => AROUND[(edge.kind === "fail" ? 1 : 2) + closing]!;
  const onEdges = edges.flatMap((edge): readonly VisitEndOnEdge[] => {
    const found = endsOnEdge(edge, visit);
    if (found.length === 0) return [unlikelyEnd(state, edge, { ends, around, measure })];
    return found.map((end) => ({
      edge,
      share: end.mass,
      error: end.error,
      retries: end.retries,
      spent: inSequence(around(edge), end.spent),
    }));
  });
  return { ends: onEdges, attempts: visit.attempts, inside };
}

/** Ends of the visit that leave by this edge: Catchers that share a target are one way. */
function endsOnEdge(
  edge: Edge,
  { ends }: VisitEnds,
): readonly { mass: number; error: string | null; retries: number; spent: Spent }[] {
  if (edge.kind === "next") return ends.filter((end) => end.error === null);
  if (edge.kind === "fail") return ends.filter((end) => end.error !== null && end.catcher === null);
  const caught = ends.filter((end) => end.catcher !== null && edge.rules.includes(String(end.catcher)));
  const mixed = mixSpent(caught.map((end) => ({ mass: end.mass, of: end.spent })));
  if (mixed === null) return [];
  const retries = caught.reduce((sum, end) => sum + end.mass * end.retries, 0) / mixed.mass;
  return [{ mass: mixed.mass, error: null, retries, spent: mixed.of }];
}

interface Unlikely extends Pick<RunContext, "measure"> {
  readonly ends: readonly AttemptEnd[];
  readonly around: (edge: Edge) => Spent;
}

/** An end that no figure makes happen, told as it would be, where paths are told: by the plainest error, its retries spent. */
function unlikelyEnd(state: Retried, edge: Edge, { ends, around, measure }: Unlikely): VisitEndOnEdge {
  const catcher = edge.kind === "catch" ? state.catch[Number(edge.rules[0])] : undefined;
  const failing = catcher ?? { errorEquals: [ANY_ERROR] };
  const spentOn = edge.kind === "next" ? { count: 0, waitMs: 0 } : retriesBefore(failing, state.retry);
  const { count: retries, waitMs } = spentOn;
  const error = edge.kind === "fail" ? ANY_ERROR : null;
  if (measure !== EVERYTHING) return { edge, share: 0, error, retries, spent: NOTHING_SPENT };
  const attempt = ends[0]?.spent ?? NOTHING_SPENT;
  const times = (spent: Spent, n: number): Spent => ({
    transitions: point(meanOf(spent.transitions) * n),
    durationMs: point(meanOf(spent.durationMs) * n),
    historyEvents: point(meanOf(spent.historyEvents) * n),
  });
  const waiting: Spent = { ...times(RETRY, retries), durationMs: point(Math.round(waitMs)) };
  const spent = inSequence(inSequence(around(edge), times(attempt, retries + 1)), waiting);
  return { edge, share: 0, error, retries, spent };
}

function parallelAttempt(state: ParallelState, { inner }: Visiting): Omit<Attempt, "closing"> {
  const branches = state.branches.map(inner);
  const outcomes = branches.map((run) => run?.outcomes ?? EMPTY_OUTCOMES);
  const runs = parallelRuns(outcomes.length === 0 ? [EMPTY_OUTCOMES] : outcomes);
  const inside: Inside = { runs: branches, times: 1, items: null, childType: null };
  return { ends: endsOfRuns(runs, failuresOf(outcomes)), inside };
}

function mapAttempt(state: MapState, { context, inner }: Visiting): Omit<Attempt, "closing"> {
  const said = workloadOfState(context.workload, state);
  const run = inner(state.processor);
  const outcomes = run?.outcomes ?? EMPTY_OUTCOMES;
  const items = itemsOf(state, said, context.stand);
  if (state.mode === "INLINE") {
    const runs = inlineRuns(state, outcomes, items);
    return {
      ends: endsOfRuns(runs, failuresOf([outcomes])),
      inside: { runs: [run], times: items, items, childType: null },
    };
  }
  const size = batchSizeOf(state, said, context.stand);
  const children = childrenOf(items, size);
  const { spent, failureShare } = distributedRuns(state, outcomes, { items, size, children });
  const attempt = inSequence(spent, { ...NOTHING_SPENT, historyEvents: point(3) });
  const failed: AttemptEnd = {
    error: "States.ExceedToleratedFailureThreshold",
    mass: failureShare,
    spent: attempt,
  };
  const ends: AttemptEnd[] = [
    { error: null, mass: 1 - failureShare, spent: attempt },
    ...(failureShare > 0 ? [failed] : []),
  ];
  return { ends, inside: { runs: [run], times: children, items, childType: state.executionType } };
}

/** MapStateStarted or ParallelStateStarted, then all that runs. */
function endsOfRuns(
  { ok, failed }: RunsSpent,
  failures: readonly (readonly [string, number])[],
): readonly AttemptEnd[] {
  const started: Spent = { ...NOTHING_SPENT, historyEvents: point(1) };
  const success: AttemptEnd[] =
    ok === null ? [] : [{ error: null, mass: ok.mass, spent: inSequence(started, ok.of) }];
  if (failed === null) return success;
  return [
    ...success,
    ...failures.map(([error, part]) => ({
      error,
      mass: failed.mass * part,
      spent: inSequence(started, failed.of),
    })),
  ];
}
