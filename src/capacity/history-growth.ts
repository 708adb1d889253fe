/** History growth is what fills an execution's history: inline Maps by items, loops by rounds, and the count at which it is full. */
import { meanOf } from "../graph/distribution.ts";
import { type ExecutionProfile, totalOf } from "../graph/execution-profile.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import { componentsOf, isLoop } from "../graph/situation-graph.ts";
import { HARD_QUOTAS } from "./quotas.ts";

/** ExecutionStarted and what ends it. */
export const OWN_EVENTS = 2;
/** MapIterationStarted and MapIterationSucceeded. */
export const ITERATION_EVENTS = 2;

export interface HistoryGrowth {
  readonly state: string;
  readonly unit: "items" | "rounds";
  /** Events that each further item or round adds. */
  readonly eventsEach: number;
  /** Most whole items or rounds whose events stay within the quota, all else at its mean. */
  readonly fullAt: number;
  /** Expected items or rounds. */
  readonly expected: number;
}

/** Of one execution, its nested inline Maps and loops included; the one that is nearest to filling it first. */
export function historyGrowths(
  profile: Pick<ExecutionProfile, "run" | "historyEvents">,
): readonly HistoryGrowth[] {
  const total = meanOf(profile.historyEvents) + OWN_EVENTS;
  const growths: HistoryGrowth[] = [];
  const pending: { readonly run: ScopeRun; readonly times: number }[] = [{ run: profile.run, times: 1 }];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const { run, times } = at;
    for (const loop of loopsOf(run, { times, total })) growths.push(loop);
    run.graph.nodes.forEach((state, index) => {
      const { inside, attempts } = run.stateVisits[index]!;
      if (inside === null || inside.childType !== null) return;
      const entered = times * run.visits[index]! * attempts;
      if (state.type === "Map" && entered > 0) {
        const inner = inside.runs[0];
        const eventsEach =
          ITERATION_EVENTS + (inner == null ? 0 : meanOf(totalOf(inner.outcomes, "historyEvents")));
        growths.push(
          growthOf({ state: state.name, unit: "items", eventsEach, expected: inside.times, entered, total }),
        );
      }
      for (const inner of inside.runs) {
        if (inner !== null) pending.push({ run: inner, times: entered * inside.times });
      }
    });
  }
  return growths.toSorted((a, b) => b.expected / b.fullAt - a.expected / a.fullAt);
}

interface Growing {
  readonly state: string;
  readonly unit: HistoryGrowth["unit"];
  readonly eventsEach: number;
  readonly expected: number;
  /** How often an execution enters it; at least once, for where it is entered at all. */
  readonly entered: number;
  readonly total: number;
}

function growthOf({ entered, total, ...growing }: Growing): HistoryGrowth {
  const elsewhere = Math.max(0, total - entered * growing.expected * growing.eventsEach);
  const room = Math.max(0, HARD_QUOTAS.historyEvents - elsewhere);
  const fullAt = Math.floor(room / (growing.eventsEach * Math.max(1, entered)) + 1e-9);
  return { ...growing, fullAt };
}

function loopsOf(
  run: ScopeRun,
  { times, total }: { readonly times: number; readonly total: number },
): readonly HistoryGrowth[] {
  const { graph, visits } = run;
  const components = componentsOf(graph);
  return components.members.flatMap((members, component): readonly HistoryGrowth[] => {
    if (!isLoop(components, graph, component)) return [];
    const busiest = members.reduce(
      (most, node) => (visits[node]! > visits[most]! ? node : most),
      members[0]!,
    );
    const rounds = visits[busiest]!;
    if (rounds === 0) return [];
    const events = members.reduce((sum, node) => sum + visits[node]! * eventsOf(run, node), 0);
    const eventsEach = events / rounds;
    const state = graph.nodes[busiest]!.name;
    return [growthOf({ state, unit: "rounds", eventsEach, expected: rounds, entered: times, total })];
  });
}

/** Mean events of one visit, with all that runs inside it; a Choice's ends have their shares elsewhere and are all alike. */
function eventsOf(run: ScopeRun, node: number): number {
  const ends = run.stateVisits[node]!.ends.filter(({ share }) => share > 0);
  const whole = ends.reduce((sum, { share }) => sum + share, 0);
  return ends.reduce((sum, { share, spent }) => sum + (share / whole) * meanOf(spent.historyEvents), 0);
}
