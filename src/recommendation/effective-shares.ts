/** Effective shares are how often each way out of a Choice is taken in the estimate, by the Choice's pointer and the target's name. */
import type { ExecutionProfile } from "../graph/execution-profile.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import { type Figure, exactFigure } from "../workflow/figure.ts";

export type EffectiveShares = ReadonlyMap<string, ReadonlyMap<string, Figure>>;

/** Depth first through the nesting, which the reader bounds. */
export function effectiveShares({ run }: ExecutionProfile): EffectiveShares {
  const shares = new Map<string, ReadonlyMap<string, Figure>>();
  const open: ScopeRun[] = [run];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { graph, choiceShares, stateVisits } = next;
    for (const [index, choice] of choiceShares) {
      const byTarget = graph.edges[index]!.map(({ to }, at): readonly [string, Figure] => {
        const { basis = "inferred", note = null } = choice.figures[at] ?? {};
        return [graph.nodes[to]?.name ?? "", exactFigure(choice.shares[at]!, basis, note)];
      });
      shares.set(graph.nodes[index]!.pointer, new Map(byTarget));
    }
    for (const { inside } of stateVisits)
      for (const inner of inside?.runs ?? []) if (inner !== null) open.push(inner);
  }
  return shares;
}
