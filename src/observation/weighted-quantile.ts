/** A weighted quantile is the least value at or below which a share of all weight lies. */

/** Pairs of [share, value], in the order of the shares; empty without values. */
export function weightedQuantiles(
  values: readonly (readonly [value: number, weight: number])[],
  shares: readonly number[],
): [share: number, value: number][] {
  const sorted = [...values].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  if (sorted.length === 0 || total <= 0) return [];
  let index = 0;
  let below = sorted[0]![1];
  return shares.map((share) => {
    while (below < share * total && index < sorted.length - 1) below += sorted[++index]![1];
    return [share, sorted[index]![0]];
  });
}
