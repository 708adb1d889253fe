/**
 * Flow figures are what each state of a flow is expected to spend in one run of its scope, and what each way out of
 * it spends. A way into doomed states counts as a failure, with all that follows on it: so the figures of a region
 * are sums over its states. Exact, like the chain they are taken from.
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

/** By state; all expected per run of the scope. */
export interface FlowFigures {
  readonly visits: readonly number[];
  /** Of anything that a visit of each state, doomed ones too, is expected to add: what the run adds at each. */
  readonly spread: (ofVisit: readonly number[]) => Float64Array;
  /** As a Standard workflow is billed: entries, retries, and what runs inside. */
  readonly transitions: Float64Array;
  readonly durationMs: Float64Array;
  readonly failures: Float64Array;
  readonly ways: readonly (readonly FlowWay[])[];
  /** Visits that come from states that the state dominates: rounds of loops. */
  readonly returns: readonly (readonly { readonly from: number; readonly count: number }[])[];
  /** States that constants or counted rounds tell apart into several situations: their ways are means over these. */
  readonly isSituated: readonly boolean[];
}

/** A way out of a state, taken with this share of its visits. */
export interface FlowWay {
  /** A state, the flow's end, or FAILS. */
  readonly to: number;
  readonly share: number;
  readonly durationMs: Distribution;
  /** The first of the doomed states that follow; null elsewhere. Their time is not in `durationMs`. */
  readonly doom: number | null;
}

export const FAILS = -1;

/** How often a region is entered from outside: its entry's visits, less those that come from inside of it. */
export function entriesOf(region: Region, { tree }: RegionFamily, { visits, returns }: FlowFigures): number {
  const { entry, less } = region;
  return returns[entry]!.reduce(
    (sum, { from, count }) => (less !== null && dominates(tree, less, from) ? sum : sum - count),
    visits[entry]!,
  );
}

export function figuresOfFlow(run: ScopeRun, flow: FlowGraph, { tree }: RegionFamily): FlowFigures {
  const { solved, unrolled, graph, visits } = run;
  const spent = (metric: keyof Spent): Float64Array => spreadOver(spentBySituation(metric, run), run, flow);
  const failures = new Float64Array(graph.nodes.length);
  const situations = graph.nodes.map((): number[] => []);
  unrolled.situations.forEach(({ state }, situation) => situations[state]!.push(situation));
  unrolled.situations.forEach(({ state }, situation) => {
    for (const arc of solved.chain.arcs[situation]!)
      if (targetOf(arc, run, flow).to === FAILS) failures[state]! += solved.visits[situation]! * arc.share;
  });
  const ways = situations.map((own, state) => (flow.doomed[state] ? [] : waysOf(own, run, flow)));
  const returns = graph.nodes.map((): { from: number; count: number }[] => []);
  ways.forEach((out, from) => {
    for (const { to, share } of out) {
      const isReturn = to >= 0 && to !== flow.end && tree.depth[from] !== -1 && dominates(tree, to, from);
      if (isReturn) returns[to]!.push({ from, count: visits[from]! * share });
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
    ways,
    returns,
    isSituated: situations.map((own) => own.length > 1),
  };
}

/** Where an arc leads in the flow. */
export function targetOf(
  arc: Arc,
  { unrolled }: Pick<ScopeRun, "unrolled">,
  flow: FlowGraph,
): Pick<FlowWay, "to" | "doom"> {
  if (arc.to === END) return { to: flow.end, doom: null };
  if (arc.to < 0) return { to: FAILS, doom: null };
  const { state } = unrolled.situations[arc.to]!;
  return flow.doomed[state] ? { to: FAILS, doom: arc.to } : { to: state, doom: null };
}

function spentBySituation(metric: keyof Spent, { solved }: ScopeRun): readonly number[] {
  const means = new Map<Distribution, number>();
  const mean = (spent: Spent): number => {
    const known = means.get(spent[metric]) ?? meanOf(spent[metric]);
    means.set(spent[metric], known);
    return known;
  };
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

/** A state's ways over all its situations, weighted by their visits; all alike where it is never visited. */
function waysOf(situations: readonly number[], run: ScopeRun, flow: FlowGraph): readonly FlowWay[] {
  const { chain, visits } = run.solved;
  const total = situations.reduce((sum, situation) => sum + visits[situation]!, 0);
  const ways: FlowWay[] = [];
  for (const situation of situations) {
    const weight = total > 0 ? visits[situation]! / total : 1 / situations.length;
    for (const arc of chain.arcs[situation]!) {
      const target = targetOf(arc, run, flow);
      const { durationMs } = arc.spent;
      const alike = ways.findIndex(
        (way) => way.to === target.to && way.doom === target.doom && way.durationMs === durationMs,
      );
      const known = ways[alike];
      if (known === undefined) ways.push({ ...target, share: weight * arc.share, durationMs });
      else ways[alike] = { ...known, share: known.share + weight * arc.share };
    }
  }
  return ways;
}
