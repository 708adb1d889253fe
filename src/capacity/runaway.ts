/**
 * A runaway is an execution in a loop that nothing in the definition bounds: it goes round until AWS ends it, at 25,000
 * history events or when its time is over. How far it gets at most is what such a loop can cost at worst: every retry
 * is spent where that gains, Waits take the least they can, and all else takes no time.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (executions)
 */
import { applicableRetriers } from "../graph/applicable-retriers.ts";
import type { Standpoint } from "../graph/assumption.ts";
import { type WalkVisit, longestWalk } from "../graph/longest-walk.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import { waitDuration } from "../graph/task-visit.ts";
import { type LongestVisit, eventsOfVisit, mostRetries, worstVisit } from "../graph/worst-case.ts";
import { backoffDelayMs } from "../workflow/backoff-delay.ts";
import type { State, StateMachine, WorkflowType } from "../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import { OWN_EVENTS } from "./history-growth.ts";
import { HARD_QUOTAS } from "./quotas.ts";

export interface Runaway {
  /** At most so many, besides the start rule; null = no Wait slows the loop and no history ends it. */
  readonly transitions: number | null;
  readonly endedBy: "history-events" | "TimeoutSeconds" | "execution-duration";
  /** Of a Standard execution, its own two apart: those of its time, where they are fewer than AWS allows; else null. */
  readonly historyEvents: number | null;
}

export interface RunawayContext {
  readonly stateMachine: StateMachine;
  readonly workload: Workload;
  readonly type: WorkflowType;
}

/** Null when the run has no such loop, or one inside a Map or Parallel. The run is to be made at the bounds of its figures. */
export function runawayOf(run: ScopeRun, { stateMachine, workload, type }: RunawayContext): Runaway | null {
  if (run.solved.loops.every((loop) => loop === null)) return null;
  const visited = visitedStates(run, workload);
  if (visited === null) return null;
  const most = (budget: number, visitsOf: (state: Visited) => readonly WalkVisit[]): number => {
    const byState = visited.map((state) => (state === null ? [] : visitsOf(state)));
    const walk = longestWalk({
      successors: run.solved.chain.arcs.map((arcs) => arcs.flatMap(({ to }) => (to < 0 ? [] : [to]))),
      visits: run.unrolled.situations.map(({ state }) => byState[state]!),
      budget,
    });
    return walk === null ? Infinity : Math.floor(walk + ROUNDING);
  };
  const byHistory =
    type === "EXPRESS" ? Infinity : most(HARD_QUOTAS.historyEvents - OWN_EVENTS, transitionsByEvents);
  const byTime = most(milliseconds(stateMachine, type), transitionsByTime);
  const events = most(milliseconds(stateMachine, "STANDARD"), eventsByTime);
  const transitions = Math.min(byHistory, byTime);
  return {
    transitions: transitions === Infinity ? null : transitions,
    endedBy: byHistory <= byTime ? "history-events" : endOfTime(stateMachine, type),
    historyEvents: events <= HARD_QUOTAS.historyEvents - OWN_EVENTS ? events : null,
  };
}

/** What rounding may take from a whole number. */
const ROUNDING = 1e-6;

function longestSeconds(type: WorkflowType): number {
  return type === "EXPRESS" ? HARD_QUOTAS.expressDurationSeconds : HARD_QUOTAS.standardDurationSeconds;
}

function milliseconds({ timeoutSeconds }: StateMachine, type: WorkflowType): number {
  return Math.min(timeoutSeconds ?? Infinity, longestSeconds(type)) * 1000;
}

function endOfTime({ timeoutSeconds }: StateMachine, type: WorkflowType): Runaway["endedBy"] {
  return (timeoutSeconds ?? Infinity) < longestSeconds(type) ? "TimeoutSeconds" : "execution-duration";
}

interface Visited {
  readonly state: State;
  readonly retries: number;
  /** Of all attempts, with what runs inside. */
  readonly longest: LongestVisit;
  /** Transitions inside that leave no event in this execution's history: those of child executions. */
  readonly startsChildren: boolean;
  /** The least that one visit waits, and one retry. */
  readonly waitMs: number;
  readonly delayMs: number;
}

/** By state; null where no situation has it. Null for all where a loop inside has no bound. */
function visitedStates(
  { graph, unrolled, stateVisits }: ScopeRun,
  workload: Workload,
): readonly (Visited | null)[] | null {
  const visited = graph.nodes.map((): Visited | null => null);
  for (const { state: index } of unrolled.situations) {
    if (visited[index] !== null) continue;
    const state = graph.nodes[index]!;
    const longest = worstVisit(state, stateVisits[index]!);
    if ("unboundedBy" in longest) return null;
    const waits =
      state.type === "Wait" ? waitDuration(state, workloadOfState(workload, state), atLeast).values : [];
    visited[index] = {
      ...{ state, longest, retries: mostRetries(state) },
      startsChildren:
        stateVisits[index]!.inside?.runs.some(startsChildren) === true ||
        stateVisits[index]!.inside?.childType != null,
      waitMs: waits[0] ?? 0,
      delayMs: leastDelay(state),
    };
  }
  return visited;
}

function startsChildren(run: ScopeRun | null): boolean {
  return (
    run !== null &&
    run.stateVisits.some(
      ({ inside }) => inside !== null && (inside.childType !== null || inside.runs.some(startsChildren)),
    )
  );
}

/** The low end of what somebody said; of a default, nothing. */
const atLeast: Standpoint = ({ figure }) => (figure.basis === "default" ? 0 : figure.low);

/** Delays grow, so that the first is the least; jitter can make it none. */
function leastDelay(state: State): number {
  const retriers = "retry" in state ? applicableRetriers(state.retry) : [];
  const delays = retriers.map((retrier) =>
    retrier.jitterStrategy === "FULL" ? 0 : backoffDelayMs(retrier, 0),
  );
  return delays.length === 0 ? 0 : Math.min(...delays);
}

/** Entering a state is an event, and whatever runs inside leaves one for each transition, children apart. */
function transitionsByEvents({ state, retries, longest, startsChildren }: Visited): readonly WalkVisit[] {
  const [once, always] = [eventsOfVisit(state, 0), eventsOfVisit(state, retries)];
  const inside = startsChildren ? 0 : longest.transitions - 1 - retries;
  return [
    { gained: 1, spent: once, spentBefore: 1 },
    { gained: longest.transitions, spent: always + inside, spentBefore: 1 + always - once + inside },
  ];
}

function transitionsByTime(visited: Visited): readonly WalkVisit[] {
  return gainedByTime(visited, 1, visited.longest.transitions);
}

function eventsByTime(visited: Visited): readonly WalkVisit[] {
  return gainedByTime(visited, eventsOfVisit(visited.state, 0), visited.longest.historyEvents);
}

function gainedByTime(
  { waitMs, delayMs, retries }: Visited,
  once: number,
  longest: number,
): readonly WalkVisit[] {
  return [
    { gained: once, spent: waitMs, spentBefore: 0 },
    { gained: longest, spent: waitMs + retries * delayMs, spentBefore: retries * delayMs },
  ];
}
