/**
 * A percentile curve is the distribution that percentiles stand for: the logarithm of the quantity is interpolated
 * linearly over the normal quantile (two percentiles make a log-normal) and continued straight beyond the outer ones.
 */
import { normalQuantile } from "./normal-quantile.ts";

export type Percentiles = readonly (readonly [share: number, value: number])[];

/** Cumulative shares between which one atom stands: even in the bulk, finer in the tail. */
const BOUNDS: readonly number[] = [
  ...Array.from({ length: 38 }, (_, i) => i * 0.025),
  ...[0.95, 0.96, 0.97, 0.98, 0.985, 0.9875, 0.99, 0.9925, 0.995, 0.9975, 0.999, 0.9995, 0.9999, 1],
];

/** Each atom's share, and the normal quantile of its middle. */
const STEPS = BOUNDS.slice(0, -1).map((from, i) => {
  const to = BOUNDS[i + 1]!;
  return { share: to - from, middle: normalQuantile((from + to) / 2) };
});

/** The curve as atoms of [value, share]; one or no usable percentile (positive, strictly between 0 and 1) makes a constant. */
export function atomsOfPercentiles(
  percentiles: Percentiles,
): readonly (readonly [value: number, share: number])[] {
  const usable = percentiles.filter(([share, value]) => share > 0 && share < 1 && value > 0);
  if (usable.length < 2) return [[percentiles.at(-1)?.[1] ?? 0, 1]];
  const knots = usable.map(([share, value]) => [normalQuantile(share), Math.log(value)] as const);
  const atoms: (readonly [value: number, share: number])[] = [];
  let right = 1;
  for (const { share, middle } of STEPS) {
    while (right < knots.length - 1 && knots[right]![0] < middle) right += 1;
    atoms.push([Math.exp(onLine(knots[right - 1]!, knots[right]!, middle)), share]);
  }
  return atoms;
}

export function meanOfPercentiles(percentiles: Percentiles): number {
  return atomsOfPercentiles(percentiles).reduce((sum, [value, share]) => sum + value * share, 0);
}

type Knot = readonly [x: number, y: number];

/** Between two knots and beyond them. */
function onLine([x0, y0]: Knot, [x1, y1]: Knot, x: number): number {
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}
