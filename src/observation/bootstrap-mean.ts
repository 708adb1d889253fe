/**
 * The bootstrap mean is a weighted mean over executions with its 95 % interval: executions are drawn again with
 * replacement, and the percentiles taken a little further out, as small samples need ("expanded percentile").
 * Hesterberg, "What Teachers Should Know About the Bootstrap", The American Statistician 69 (2015), §4.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { ObservedMean } from "../workflow/fleet/fleet.ts";
import { studentQuantile } from "./beta-distribution.ts";
import { normalCumulative } from "./normal-cumulative.ts";

/** What one execution adds: the sum of its values and how many there are, both times its weight; and how many were seen. */
export interface Cluster {
  readonly sum: number;
  readonly count: number;
  readonly seen: number;
}

/** Draws of so many executions; the same for every figure of a sample. */
export interface Resamples {
  readonly size: number;
  readonly draws: readonly Uint32Array[];
}

const DRAWS = 1000;
const SEED = 20261;
const TAIL = 0.025;

export function resamplesOf(size: number): Resamples {
  const generator = xoroshiro128plus(SEED);
  const draws = Array.from({ length: size < 2 ? 0 : DRAWS }, () =>
    Uint32Array.from({ length: size }, () => uniformInt(generator, 0, size - 1)),
  );
  return { size, draws };
}

/** Null when there is no value. `clusters` has an entry for each execution, empty ones too. */
export function bootstrapMean(clusters: readonly Cluster[], { size, draws }: Resamples): ObservedMean | null {
  const total = add(clusters);
  if (total.count === 0) return null;
  const mean = total.sum / total.count;
  const n = total.seen;
  // A single execution shows a value and nothing of its spread.
  if (draws.length === 0) return { mean, low: mean, high: mean, n };
  const sums = Float64Array.from(clusters, ({ sum }) => sum);
  const counts = Float64Array.from(clusters, ({ count }) => count);
  const means: number[] = [];
  for (const draw of draws) {
    let sum = 0;
    let count = 0;
    for (const index of draw) {
      sum += sums[index]!;
      count += counts[index]!;
    }
    if (count > 0) means.push(sum / count);
  }
  means.sort((a, b) => a - b);
  const informative = clusters.filter(({ count }) => count > 0).length;
  const tail = tailOf(Math.min(size, Math.max(2, informative)));
  const at = (p: number): number =>
    means[Math.min(means.length - 1, Math.max(0, Math.round(p * (means.length - 1))))]!;
  return { mean, low: Math.min(mean, at(tail)), high: Math.max(mean, at(1 - tail)), n };
}

/** The share to leave out at either end, smaller than 2.5 % for few executions. */
function tailOf(size: number): number {
  return normalCumulative(-Math.sqrt(size / (size - 1)) * studentQuantile(1 - TAIL, size - 1));
}

function add(clusters: readonly Cluster[]): Cluster {
  return clusters.reduce(
    (total, { sum, count, seen }) => ({
      sum: total.sum + sum,
      count: total.count + count,
      seen: total.seen + seen,
    }),
    { sum: 0, count: 0, seen: 0 },
  );
}
