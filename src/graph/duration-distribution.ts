/**
 * A duration declared by percentiles becomes a distribution: the logarithm of the duration is interpolated over
 * the normal quantile (two percentiles make a log-normal), and drawn as atoms that thin out into the tail.
 */
import type { DurationFigure } from "../workflow/workload.ts";
import { type Distribution, fromAtoms, point } from "./distribution.ts";
import { normalQuantile } from "./normal-quantile.ts";

/** Cumulative shares between which one atom stands: even in the bulk, finer in the tail. */
const BOUNDS: readonly number[] = [
  ...Array.from({ length: 38 }, (_, i) => i * 0.025),
  ...[0.95, 0.96, 0.97, 0.98, 0.985, 0.9875, 0.99, 0.9925, 0.995, 0.9975, 0.999, 0.9995, 0.9999, 1],
];

/** Duration of one attempt, ms, with its whole scaled so that `ms` stands where `duration.ms.value` stood. */
export function distributionOf(duration: DurationFigure, ms: number): Distribution {
  const percentiles = (duration.percentiles ?? []).filter(([share, at]) => share > 0 && share < 1 && at > 0);
  if (percentiles.length < 2) return point(ms);
  const scale = duration.ms.value > 0 ? ms / duration.ms.value : 1;
  const knots = percentiles.map(([share, at]) => [normalQuantile(share), Math.log(at * scale)] as const);
  const atoms = BOUNDS.slice(0, -1).map((from, i): [number, number] => {
    const to = BOUNDS[i + 1]!;
    return [Math.round(Math.exp(interpolate(knots, normalQuantile((from + to) / 2)))), to - from];
  });
  return fromAtoms(atoms);
}

/** Linear between the knots, continued straight beyond them. */
function interpolate(knots: readonly (readonly [number, number])[], x: number): number {
  const after = knots.findIndex(([knot]) => knot >= x);
  const right = after < 0 ? knots.length - 1 : Math.max(1, after);
  const [x0, y0] = knots[right - 1]!;
  const [x1, y1] = knots[right]!;
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}
