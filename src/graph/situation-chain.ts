/** Weighs a situation graph: each way gets its share and what a visit that leaves by it spends. */
import type { ChoiceShares } from "./choice-shares.ts";
import { stayingEdges } from "./loop-choice.ts";
import type { EdgeArc, MarkovChain } from "./markov-chain.ts";
import type { Situation, SituationGraph, Way } from "./situation-graph.ts";
import { FAILED, type StateGraph } from "./state-graph.ts";
import type { StateVisit } from "./run-context.ts";

export interface Weighing {
  readonly graph: StateGraph;
  readonly unrolled: SituationGraph;
  readonly stateVisits: readonly StateVisit[];
  readonly choiceShares: ReadonlyMap<number, ChoiceShares>;
  readonly rounds: ReadonlyMap<number, number>;
}

export function chainOf(weighing: Weighing): MarkovChain<EdgeArc> {
  return { arcs: weighing.unrolled.situations.map((situation) => arcsOf(situation, weighing)) };
}

function arcsOf(situation: Situation, weighing: Weighing): readonly EdgeArc[] {
  const visit = weighing.stateVisits[situation.state]!;
  const shares = weighing.choiceShares.get(situation.state);
  if (shares === undefined) return arcsOfEnds(situation.ways, visit);
  const weights = choiceWeights(situation, shares, weighing);
  const { spent } = visit.ends[0]!;
  return situation.ways.map((way, i) => ({
    to: way.to,
    share: weights[i]!,
    edge: way.edge,
    error: null,
    spent,
    retries: 0,
  }));
}

/** Of any other state: on each way the visit's ends on its edge, one arc for each error that nobody catches. */
function arcsOfEnds(ways: readonly Way[], visit: StateVisit): readonly EdgeArc[] {
  const arcs: EdgeArc[] = [];
  for (const { to, edge } of ways) {
    for (const { edge: left, share, error, spent, retries } of visit.ends) {
      if (left === edge) arcs.push({ to, share, edge, error: to === FAILED ? error : null, spent, retries });
    }
  }
  return arcs;
}

/** Shares of the ways that a situation leaves open, scaled to 1; declared rounds decide between staying and leaving. */
function choiceWeights(
  { state, ways, round }: Situation,
  { shares }: ChoiceShares,
  { graph, unrolled, rounds }: Weighing,
): readonly number[] {
  const edges = graph.edges[state]!;
  const base = ways.map((way) => shares[edges.indexOf(way.edge)]!);
  const limit = rounds.get(state);
  if (limit === undefined) return scaled(base);
  const inside = stayingEdges(
    ways.map(({ edge }) => edge),
    unrolled.components,
  );
  if (inside === null) return scaled(base);
  const staying = round === null ? 1 - 1 / limit : limit - Math.floor(limit);
  const within = scaled(base.filter((_, i) => inside[i]));
  const without = scaled(base.filter((_, i) => !inside[i]));
  let [w, o] = [0, 0];
  return inside.map((stays) => (stays ? within[w++]! * staying : without[o++]! * (1 - staying)));
}

function scaled(shares: readonly number[]): readonly number[] {
  const sum = shares.reduce((total, share) => total + share, 0);
  return sum > 0 ? shares.map((share) => share / sum) : shares.map(() => 1 / shares.length);
}
