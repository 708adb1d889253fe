/**
 * Flow figures are what each state of a flow is expected to spend in one run of its scope. A way into doomed states
 * counts as a failure, with all that follows on it: so the figures of a region are sums over its states. Exact, like
 * the chain they are taken from.
 */
import { type Distribution, meanOf } from "../distribution.ts";
import type { Arc } from "../markov-chain.ts";
import { rewardsToGo } from "../rewards-to-go.ts";
import type { ScopeRun } from "../run-context.ts";
import type { Spent } from "../spent.ts";
import { END } from "../state-graph.ts";
import { dominates } from "./dominator-tree.ts";
import type { FlowGraph } from "./flow-graph.ts";
import type { Region, RegionFamily } from "./single-exit-regions.ts";
import { keptIn } from "../../once.ts";

/** By state; all expected per run of the scope. */
export interface FlowFigures {
  readonly visits: readonly number[];
  /** Of anything that a visit of each state, doomed ones too, is expected to add: what the run adds at each. */
  readonly spread: (ofVisit: readonly number[]) => Float64Array;
  /** As a Standard workflow is billed: entries, retries, and what runs inside. */
  readonly transitions: Float64Array;
  readonly durationMs: Float64Array;
  readonly failures: Float64Array;
  /** Visits that come from states that the state dominates, by these: rounds of loops. */
  readonly returns: readonly ReadonlyMap<number, number>[];
  /** Several where constants or counted rounds tell them apart. */
  readonly situations: readonly (readonly number[])[];
}

/** Where an arc leads in a flow. */
export interface FlowTarget {
  /** A state, the flow's end, or FAILS. */
  readonly to: number;
  /** The first of the doomed situations that follow; null elsewhere. */
  readonly doom: number | null;
}

export const FAILS = -1;

/** How often a region is entered from outside: its entry's visits, less those that come from inside of it. */
export function entriesOf(region: Region, { tree }: RegionFamily, { visits, returns }: FlowFigures): number {
  const { entry, less } = region;
  let entries = visits[entry]!;
  for (const [from, count] of returns[entry]!)
    if (less === null || !dominates(tree, less, from)) entries -= count;
  return entries;
}

export function figuresOfFlow(run: ScopeRun, flow: FlowGraph, { tree }: RegionFamily): FlowFigures {
  const { solved, unrolled, graph, visits } = run;
  const spent = (metric: keyof Spent): Float64Array => spreadOver(spentBySituation(metric, run), run, flow);
  const failures = new Float64Array(graph.nodes.length);
  const returns = graph.nodes.map(() => new Map<number, number>());
  const situations = graph.nodes.map((): number[] => []);
  unrolled.situations.forEach(({ state }, situation) => {
    situations[state]!.push(situation);
    for (const arc of solved.chain.arcs[situation]!) {
      const { to } = targetOf(arc, run, flow);
      const count = solved.visits[situation]! * arc.share;
      if (to === FAILS) failures[state]! += count;
      else if (dominates(tree, to, state)) returns[to]!.set(state, (returns[to]!.get(state) ?? 0) + count);
    }
  });
  return {
    visits,
    spread: (ofVisit) =>
      spreadOver(
        unrolled.situations.map(({ state }) => ofVisit[state]!),
        run,
        flow,
      ),
    transitions: spent("transitions"),
    durationMs: spent("durationMs"),
    failures,
    returns,
    situations,
  };
}

export function targetOf(arc: Arc, { unrolled }: Pick<ScopeRun, "unrolled">, flow: FlowGraph): FlowTarget {
  if (arc.to === END) return { to: flow.end, doom: null };
  if (arc.to < 0) return { to: FAILS, doom: null };
  const { state } = unrolled.situations[arc.to]!;
  return flow.doomed[state] ? { to: FAILS, doom: arc.to } : { to: state, doom: null };
}

function spentBySituation(metric: keyof Spent, { solved }: ScopeRun): readonly number[] {
  const means = new Map<Distribution, number>();
  const mean = (spent: Spent): number => keptIn(means, spent[metric], () => meanOf(spent[metric]));
  return solved.chain.arcs.map((arcs) => arcs.reduce((sum, arc) => sum + arc.share * mean(arc.spent), 0));
}

/** What doomed states add counts where the flow is left for them. */
function spreadOver(ofVisit: readonly number[], run: ScopeRun, flow: FlowGraph): Float64Array {
  const { solved, unrolled, graph } = run;
  const toGo = flow.doomed.includes(true) ? rewardsToGo(solved, ofVisit) : null;
  const doomedAfter = (situation: number): number =>
    solved.chain.arcs[situation]!.reduce((sum, arc) => {
      const { doom } = targetOf(arc, run, flow);
      return doom === null ? sum : sum + arc.share * toGo![doom]!;
    }, 0);
  const sums = new Float64Array(graph.nodes.length);
  unrolled.situations.forEach(({ state }, situation) => {
    if (flow.doomed[state]) return;
    const after = toGo === null ? 0 : doomedAfter(situation);
    sums[state]! += solved.visits[situation]! * (ofVisit[situation]! + after);
  });
  return sums;
}
