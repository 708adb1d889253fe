/** Rewards to go: what a chain is expected to collect from each node on, given what one visit of each node collects. Exact, like the visits. */
import type { SolvedChain } from "./markov-chain.ts";

export function rewardsToGo(
  { chain, components, loops }: SolvedChain,
  rewards: readonly number[],
): Float64Array {
  const total = new Float64Array(chain.arcs.length);
  for (let component = components.members.length - 1; component >= 0; component--) {
    const members = components.members[component]!;
    const own = members.map((node) =>
      chain.arcs[node]!.reduce(
        (sum, arc) =>
          arc.to >= 0 && components.of[arc.to] !== component ? sum + arc.share * total[arc.to]! : sum,
        rewards[node]!,
      ),
    );
    const solved = loops[component]?.solution.rewardsOf(own) ?? own;
    members.forEach((node, i) => (total[node] = solved[i]!));
  }
  return total;
}
