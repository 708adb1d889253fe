/**
 * A runaway is an execution in a loop that nothing in the definition bounds: it goes round until AWS ends it, at 25,000
 * history events or when its time is over. How far it gets at most is what such a loop can cost at worst: every retry
 * is spent where that gains, Waits take the least they can, all else takes no time, and all that a Map or Parallel runs
 * it runs at once. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (executions)
 */
import { applicableRetriers } from "../graph/applicable-retriers.ts";
import type { Standpoint } from "../graph/assumption.ts";
import { type WalkBound, type WalkVisit, longestWalk } from "../graph/longest-walk.ts";
import type { Inside, ScopeRun } from "../graph/run-context.ts";
import { waitDuration } from "../graph/task-visit.ts";
import { eventsOfVisit, mostRetries, worstCase } from "../graph/worst-case.ts";
import { backoffDelayMs } from "../workflow/backoff-delay.ts";
import type { State, StateMachine, WorkflowType } from "../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import { ITERATION_EVENTS, OWN_EVENTS } from "./history-growth.ts";
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

/** Null when the run is bounded. It is to be made at the bounds of its figures. */
export function runawayOf(run: ScopeRun, { stateMachine, workload, type }: RunawayContext): Runaway | null {
  if (worstCase(run).transitions !== null) return null;
  const byHistory = type === "EXPRESS" ? Infinity : most(run, { ...BY_HISTORY, workload });
  const byTime = most(run, { ...BY_TIME, workload, budget: milliseconds(stateMachine, type) });
  const inTime = milliseconds(stateMachine, "STANDARD");
  const events = most(run, { ...BY_TIME, gain: "historyEvents", workload, budget: inTime });
  const transitions = Math.min(byHistory, byTime);
  return {
    transitions: transitions === Infinity ? null : transitions,
    endedBy: byHistory <= byTime ? "history-events" : endOfTime(stateMachine, type),
    historyEvents: events <= BY_HISTORY.budget ? events : null,
  };
}

function longestSeconds(type: WorkflowType): number {
  return type === "EXPRESS" ? HARD_QUOTAS.expressDurationSeconds : HARD_QUOTAS.standardDurationSeconds;
}

function milliseconds({ timeoutSeconds }: StateMachine, type: WorkflowType): number {
  return Math.min(timeoutSeconds ?? Infinity, longestSeconds(type)) * 1000;
}

function endOfTime({ timeoutSeconds }: StateMachine, type: WorkflowType): Runaway["endedBy"] {
  return (timeoutSeconds ?? Infinity) < longestSeconds(type) ? "TimeoutSeconds" : "execution-duration";
}

/** What is counted, and what it is counted against. */
interface Counting {
  readonly gain: "transitions" | "historyEvents";
  readonly spend: "historyEvents" | "milliseconds";
  readonly budget: number;
  readonly workload: Workload;
}

const BY_HISTORY = {
  gain: "transitions",
  spend: "historyEvents",
  budget: HARD_QUOTAS.historyEvents - OWN_EVENTS,
} as const;
const BY_TIME = { gain: "transitions", spend: "milliseconds" } as const;

/** What rounding may take from a whole number. */
const ROUNDING = 1e-6;

function most(run: ScopeRun, counting: Counting): number {
  const bound = boundOf(run, counting);
  if (bound === null) return Infinity;
  return Math.floor(Math.max(0, bound.rate * counting.budget + bound.heaviest) + ROUNDING);
}

/** Null where a loop spends nothing. */
function boundOf({ graph, unrolled, stateVisits, solved }: ScopeRun, counting: Counting): WalkBound | null {
  const visits = new Map<number, readonly WalkVisit[]>();
  let leastRate = 0;
  for (const { state: index } of unrolled.situations) {
    if (visits.has(index)) continue;
    const state = graph.nodes[index]!;
    const inside = ranInside(stateVisits[index]!.inside, counting);
    if (inside === null) return null;
    leastRate = Math.max(leastRate, inside.rate);
    visits.set(index, visitsOf(state, { inside, counting }));
  }
  return longestWalk({
    successors: solved.chain.arcs.map((arcs) => arcs.flatMap(({ to }) => (to < 0 ? [] : [to]))),
    visits: unrolled.situations.map(({ state }) => visits.get(state)!),
    leastRate,
  });
}

/** Of one attempt of a Map or Parallel. */
interface RanInside {
  readonly gained: number;
  /** At least, by what is bounded. */
  readonly spent: number;
  /** Gained for all that is spent by what nothing bounds, `gained` apart. */
  readonly rate: number;
}

/** Null where a loop spends nothing. */
function ranInside(inside: Inside | null, counting: Counting): RanInside | null {
  let [gained, spent, rate] = [0, 0, 0];
  for (const run of inside === null || inside.times === 0 ? [] : inside.runs) {
    const times = Math.ceil(inside!.times);
    const ran =
      inside!.childType === null ? ranBeside(run, counting) : ranAsChild(run, inside!.childType, counting);
    if (ran === null) return null;
    const around =
      inside!.items !== null && inside!.childType === null && counting.gain === "historyEvents"
        ? ITERATION_EVENTS
        : 0;
    gained += times * (ran.gained + around);
    spent += times * ran.spent;
    // They share one history; their time passes together.
    rate = counting.spend === "historyEvents" ? Math.max(rate, ran.rate) : rate + times * ran.rate;
  }
  return { gained, spent, rate };
}

function ranBeside(run: ScopeRun | null, counting: Counting): RanInside | null {
  if (run === null) return { gained: 0, spent: 0, rate: 0 };
  const gained = worstCase(run)[counting.gain];
  if (gained === null) {
    const bound = boundOf(run, counting);
    return bound === null ? null : { gained: Math.max(0, bound.heaviest), spent: 0, rate: bound.rate };
  }
  const spent = counting.spend === "historyEvents" ? gained / densest(run, counting) : 0;
  return { gained, spent, rate: 0 };
}

/** The most gained for an event in any state of the run or inside it. */
function densest({ graph, unrolled, stateVisits }: ScopeRun, counting: Counting): number {
  let most = 0;
  for (const index of new Set(unrolled.situations.map(({ state }) => state))) {
    const { inside } = stateVisits[index]!;
    // What children gain leaves no event here.
    if (inside !== null && inside.childType !== null) return Infinity;
    const state = graph.nodes[index]!;
    for (const retries of [0, mostRetries(state)]) {
      const { gained, spent } = ownVisit(state, retries, counting);
      most = Math.max(most, gained / spent);
    }
    for (const run of inside?.runs ?? []) if (run !== null) most = Math.max(most, densest(run, counting));
  }
  return most;
}

/** A child execution has a history and a time of its own, and is a transition itself. */
function ranAsChild(run: ScopeRun | null, type: WorkflowType, counting: Counting): RanInside | null {
  if (counting.gain === "historyEvents") return { gained: 0, spent: 0, rate: 0 };
  if (run === null || type === "EXPRESS") return { gained: 1, spent: 0, rate: 0 };
  const bounded = worstCase(run).transitions;
  const own = { ...counting, ...BY_HISTORY };
  return { gained: 1 + (bounded ?? most(run, own)), spent: 0, rate: 0 };
}

/** At the first attempt, and with all retries spent; what lies between is no better than both. */
function visitsOf(
  state: State,
  { inside, counting }: { readonly inside: RanInside; readonly counting: Counting },
): readonly WalkVisit[] {
  return [0, mostRetries(state)].map((retries) => {
    const own = ownVisit(state, retries, counting);
    const attempts = 1 + retries;
    return {
      gained: own.gained + attempts * inside.gained,
      spent: own.spent + attempts * inside.spent,
      spentBefore: own.spentBefore + attempts * inside.spent,
    };
  });
}

function ownVisit(state: State, retries: number, { gain, spend, workload }: Counting): WalkVisit {
  const events = eventsOfVisit(state, retries);
  const gained = gain === "transitions" ? 1 + retries : events;
  if (spend === "historyEvents")
    return { gained, spent: events, spentBefore: 1 + events - eventsOfVisit(state, 0) };
  const delays = retries * leastDelay(state);
  return { gained, spent: leastWait(state, workload) + delays, spentBefore: delays };
}

/** The low end of what somebody said; of a default, nothing. */
const atLeast: Standpoint = ({ figure }) => (figure.basis === "default" ? 0 : figure.low);

function leastWait(state: State, workload: Workload): number {
  if (state.type !== "Wait") return 0;
  return waitDuration(state, workloadOfState(workload, state), atLeast).values[0] ?? 0;
}

/** Delays grow, so that the first is the least; jitter can make it none. */
function leastDelay(state: State): number {
  const retriers = "retry" in state ? applicableRetriers(state.retry) : [];
  const delays = retriers.map((retrier) =>
    retrier.jitterStrategy === "FULL" ? 0 : backoffDelayMs(retrier, 0),
  );
  return delays.length === 0 ? 0 : Math.min(...delays);
}
