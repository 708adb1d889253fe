/**
 * A makespan is the time from the first child of a Map Run to the end of the last: `width` children at once, a new one
 * dispatched as soon as one ends, no faster than AWS dispatches. Exact where all children take equally long, else played
 * event by event, and bounded as the analysis bounds it where they are too many to be played.
 */
import { type Distribution, isPoint, meanOf, quantileOf } from "../graph/distribution.ts";
import { mapTime } from "../graph/map-time.ts";
import { drawFrom, playEvents, runToEnd, samplerOf } from "./event-loop.ts";

export interface MapRunShape {
  readonly children: number;
  readonly width: number;
  readonly childMs: Distribution;
  readonly dispatchPerSecond: number;
}

export interface Makespan {
  readonly meanMs: number;
  readonly p99Ms: number;
  readonly basis: "exact" | "simulated" | "bound";
}

/** Children past which a run is bounded and no longer played. */
const MOST_PLAYED = 1_000_000;
/** Children played over all repetitions, and how often at least. */
const CHILDREN_PLAYED = 200_000;
const LEAST_RUNS = 10;

export function makespanOf(shape: MapRunShape, seed: number): Makespan {
  const { children, width, childMs, dispatchPerSecond } = shape;
  if (isPoint(childMs) || children > MOST_PLAYED) {
    const time = mapTime(childMs, { runs: children, width, dispatchMs: 1000 / dispatchPerSecond });
    return {
      meanMs: meanOf(time),
      p99Ms: quantileOf(time, 0.99),
      basis: isPoint(childMs) ? "exact" : "bound",
    };
  }
  const runs = Math.max(LEAST_RUNS, Math.min(100, Math.floor(CHILDREN_PLAYED / Math.max(1, children))));
  const draw = drawFrom(seed);
  const played = Array.from({ length: runs }, () => playMapRun(shape, draw)).toSorted((a, b) => a - b);
  return {
    meanMs: played.reduce((sum, ms) => sum + ms, 0) / runs,
    p99Ms: played[Math.ceil(runs * 0.99) - 1]!,
    basis: "simulated",
  };
}

/** One Map Run, ms. */
export function playMapRun(
  { children, width, childMs, dispatchPerSecond }: MapRunShape,
  draw: () => number,
): number {
  const sample = samplerOf(childMs);
  const between = 1000 / dispatchPerSecond;
  let [started, free] = [0, 0];
  const start = (at: number): number => {
    const from = Math.max(at, free);
    free = from + between;
    started++;
    return from + sample(draw);
  };
  const first: [number, number][] = [];
  while (started < Math.min(width, children)) first.push([start(0), started]);
  const played = playEvents(first, (id, at, plan) => {
    if (started < children) plan(id, start(at));
  });
  return runToEnd(played).lastAt;
}
