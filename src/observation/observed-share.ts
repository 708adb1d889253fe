/**
 * Observed shares are weighted over executions, with the number of independent observations that would tell as much
 * (Kish's design effect; variance of a ratio by linearisation, the execution being the unit drawn).
 * Kish, "Survey Sampling" (1965), §8.2; Särndal, Swensson, Wretman, "Model Assisted Survey Sampling" (1992), §5.6.
 */

/** What one execution adds to the shares. */
export interface ShareCluster {
  readonly weight: number;
  /** By name: as seen, and scaled to what was not looked at. */
  readonly counts: ReadonlyMap<string, { readonly count: number; readonly scaled: number }>;
  readonly total: number;
  readonly scaledTotal: number;
}

export interface WeighedShares {
  /** By falling count. They sum to 1 when the counts sum to the total. */
  readonly shares: readonly { readonly name: string; readonly count: number; readonly share: number }[];
  readonly seen: number;
  readonly effective: number;
}

/** With fewer executions their spread says too little of how alike visits are. */
const LEAST_CLUSTERS = 8;

export function weighShares(clusters: readonly ShareCluster[]): WeighedShares {
  const used = clusters.filter(({ scaledTotal }) => scaledTotal > 0);
  const seen = used.reduce((sum, { total }) => sum + total, 0);
  const whole = used.reduce((sum, { weight, scaledTotal }) => sum + weight * scaledTotal, 0);
  const counts = new Map<string, { count: number; scaled: number }>();
  for (const { weight, counts: own } of used) {
    for (const [name, { count, scaled }] of own) {
      const known = counts.get(name) ?? { count: 0, scaled: 0 };
      counts.set(name, { count: known.count + count, scaled: known.scaled + weight * scaled });
    }
  }
  const shares = [...counts]
    .map(([name, { count, scaled }]) => ({
      name,
      count,
      share: whole === 0 ? 0 : Math.min(1, scaled / whole),
    }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  return { shares, seen, effective: effectiveSize(used, shares, { seen, whole }) };
}

function effectiveSize(
  used: readonly ShareCluster[],
  shares: WeighedShares["shares"],
  { seen, whole }: { readonly seen: number; readonly whole: number },
): number {
  const weights = used.reduce((sum, { weight }) => sum + weight, 0);
  const squares = used.reduce((sum, { weight }) => sum + weight * weight, 0);
  if (seen === 0 || squares === 0) return 0;
  const byWeight = (seen * weights * weights) / (used.length * squares);
  if (used.length < LEAST_CLUSTERS) return byWeight;
  let variance = 0;
  let spread = 0;
  for (const { name, share } of shares) {
    spread += share * (1 - share);
    for (const { weight, counts, scaledTotal } of used) {
      variance += (weight * ((counts.get(name)?.scaled ?? 0) - share * scaledTotal)) ** 2;
    }
  }
  variance *= used.length / (used.length - 1) / (whole * whole);
  return variance === 0 || spread === 0 ? byWeight : Math.min(byWeight, spread / variance);
}
