/** Measures an execution by the metrics of its machine. Apart from what it gives, which the library's types name. */
import type { FleetMachine, MachineMetrics } from "../workflow/fleet/fleet.ts";
import { type Percentiles, atomsOfPercentiles } from "../workflow/percentile-curve.ts";
import { billedMs } from "./express-billing.ts";
import type { MeasuredExecution } from "./measured-execution.ts";

/** Null when the machine has no metrics. `share` is the part of the month that was read. */
export function measureExecution(
  { type, metrics }: Pick<FleetMachine, "type" | "metrics">,
  share = 1,
): MeasuredExecution | null {
  if (metrics === null) return null;
  const { started, transitions, expressBilledDurationMs, expressBilledMemoryMB } = metrics;
  const perExecution = (quantity: number | null): number | null =>
    quantity === null || started === null || started === 0 ? null : quantity / started;
  const isExpress = type === "EXPRESS";
  const counted = isExpress ? perExecution(expressBilledDurationMs) : null;
  const durationMs = percentilesOf(metrics.durationMs);
  return {
    transitions: isExpress ? null : perExecution(transitions),
    carriedTransitions: carriedTransitions({ type, metrics }) / share,
    durationMs,
    billedDurationMs:
      counted ?? (durationMs === null ? null : roundedMean(durationMs, metrics.durationMs!.mean)),
    billedMemoryMB: isExpress ? expressBilledMemoryMB : null,
  };
}

/** In the time read: those of a Standard machine of which no execution started in it. */
export function carriedTransitions({ type, metrics }: Pick<FleetMachine, "type" | "metrics">): number {
  return type === "STANDARD" && metrics?.started === 0 ? (metrics.transitions ?? 0) : 0;
}

/** Null where fewer than two are known, or they contradict each other. */
function percentilesOf(durationMs: MachineMetrics["durationMs"]): Percentiles | null {
  if (durationMs === null) return null;
  const points = [
    [0.5, durationMs.p50],
    [0.9, durationMs.p90],
    [0.99, durationMs.p99],
  ] as const;
  const known = points.flatMap(([share, ms]) => (ms === null || ms <= 0 ? [] : [[share, ms] as const]));
  const rises = known.every(([, ms], index) => index === 0 || ms >= known[index - 1]![1]);
  return known.length < 2 || !rises ? null : known;
}

/** Each execution is rounded by itself; the curve is stretched so that its mean is the measured one. */
function roundedMean(percentiles: Percentiles, mean: number): number {
  const atoms = atomsOfPercentiles(percentiles);
  const stretch = mean / atoms.reduce((sum, [ms, share]) => sum + ms * share, 0);
  return atoms.reduce((sum, [ms, share]) => sum + billedMs(ms * stretch) * share, 0);
}
