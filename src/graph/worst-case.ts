/**
 * The worst case is the longest way through a run: every retry spent, loops at their declared or inferred bound,
 * else unbounded, with the loop that makes it so. Runs are to be made at the bounds of their figures (`atBound`).
 */
import type { State } from "../workflow/state-machine.ts";
import { applicableRetriers } from "./applicable-retriers.ts";
import type { ScopeRun, StateVisit } from "./run-context.ts";

export interface WorstCase {
  /** Transitions besides the start rule; null = unbounded. */
  readonly transitions: number | null;
  readonly historyEvents: number | null;
  /** States of the loop that nothing bounds; empty when there is none. */
  readonly unboundedBy: readonly string[];
}

/** Of one visit, or of a way: both at their most. */
interface LongestVisit {
  readonly transitions: number;
  readonly historyEvents: number;
}

const NONE: LongestVisit = { transitions: 0, historyEvents: 0 };

/** Longest path over the condensed situations. O(situations + arcs). */
export function worstCase(run: ScopeRun): WorstCase {
  const { solved, unrolled, graph } = run;
  const loop = solved.loops.find((candidate) => candidate !== null);
  if (loop !== undefined && loop !== null) {
    const names = new Set(loop.members.map((node) => graph.nodes[unrolled.situations[node]!.state]!.name));
    return { transitions: null, historyEvents: null, unboundedBy: [...names] };
  }
  const reached = new Set(unrolled.situations.map(({ state }) => state));
  const perState = graph.nodes.map((_, index) =>
    reached.has(index) ? worstVisit(graph.nodes[index]!, run.stateVisits[index]!) : NONE,
  );
  const unbounded = perState.find((visit) => "unboundedBy" in visit);
  if (unbounded !== undefined && "unboundedBy" in unbounded) {
    return { transitions: null, historyEvents: null, unboundedBy: unbounded.unboundedBy };
  }
  const longest = solved.chain.arcs.map((): LongestVisit => NONE);
  for (const [node] of solved.components.members.toReversed()) {
    const own = perState[unrolled.situations[node!]!.state] as LongestVisit;
    const onward = solved.chain.arcs[node!]!.map((arc) => (arc.to < 0 ? NONE : longest[arc.to]!));
    longest[node!] = {
      transitions: own.transitions + Math.max(0, ...onward.map((way) => way.transitions)),
      historyEvents: own.historyEvents + Math.max(0, ...onward.map((way) => way.historyEvents)),
    };
  }
  return { ...longest[0]!, unboundedBy: [] };
}

/** With every retry spent. */
function worstVisit(
  state: State,
  { inside }: Pick<StateVisit, "inside">,
): LongestVisit | { readonly unboundedBy: readonly string[] } {
  const retries = mostRetries(state);
  const events = eventsOfVisit(state, retries);
  if (inside === null) return { transitions: 1 + retries, historyEvents: events };
  let [transitions, historyEvents] = [0, 0];
  for (const inner of inside.times > 0 ? inside.runs : []) {
    const worst = inner === null ? { ...NONE, unboundedBy: [] } : worstCase(inner);
    if (worst.transitions === null || worst.historyEvents === null) return { unboundedBy: worst.unboundedBy };
    const times = Math.ceil(inside.times);
    const billed = inside.childType === "EXPRESS" ? 0 : worst.transitions;
    transitions += times * (billed + (inside.childType === null ? 0 : 1));
    const iteration = inside.items === null ? 0 : 2;
    if (inside.childType === null) historyEvents += times * (worst.historyEvents + iteration);
  }
  return {
    transitions: 1 + retries + (1 + retries) * transitions,
    historyEvents: events + (1 + retries) * historyEvents,
  };
}

/** Every Retrier has a counter of its own, so the worst visit spends all that can apply. */
export function mostRetries(state: State): number {
  if (!("retry" in state)) return 0;
  return applicableRetriers(state.retry).reduce((sum, retrier) => sum + retrier.maxAttempts, 0);
}

/** History events of one visit, what runs inside it apart. */
export function eventsOfVisit(state: State, retries: number): number {
  switch (state.type) {
    case "Fail":
      return 1;
    case "Task":
      return 2 + (retries + 1) * (state.resource.pattern === "REQUEST_RESPONSE" ? 3 : 4);
    case "Parallel":
      return 4 + retries;
    case "Map":
      return state.mode === "INLINE" ? 4 + retries : 6 + 3 * retries;
    default:
      return 2;
  }
}
