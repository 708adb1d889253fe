/** The distribution of a declared duration: a constant, or the curve of its percentiles, in whole milliseconds. */
import { atomsOfPercentiles } from "../workflow/percentile-curve.ts";
import type { DurationFigure } from "../workflow/workload/workload.ts";
import { type Distribution, fromAtoms, point } from "./distribution.ts";

/** Duration of one attempt, ms, with its whole scaled so that `ms` stands where `duration.ms.value` stood. */
export function distributionOf(duration: DurationFigure, ms: number): Distribution {
  if (duration.percentiles === null) return point(ms);
  const scale = duration.ms.value > 0 ? ms / duration.ms.value : 1;
  const atoms = atomsOfPercentiles(duration.percentiles).map(
    ([value, share]) => [Math.round(value * scale), share] as const,
  );
  return fromAtoms(atoms);
}
