/**
 * A makespan is the time from the first child of a Map Run to the end of the last: `width` children at once, a new one
 * dispatched as soon as one ends, no faster than AWS dispatches. A closed form where all children take equally long,
 * else played event by event.
 */
import { type Distribution, isPoint, meanOf, quantileOf } from "../graph/distribution.ts";
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
  const { children, childMs } = shape;
  if (isPoint(childMs)) {
    const ms = equalMakespan(shape, childMs.values[0]!);
    return { meanMs: ms, p99Ms: ms, basis: "exact" };
  }
  if (children > MOST_PLAYED) {
    const ms = makespanBound(shape);
    return { meanMs: ms, p99Ms: ms, basis: "bound" };
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

/** Slot i starts i dispatches late and keeps that lag, unless dispatching is what takes the time. */
function equalMakespan({ children, width, dispatchPerSecond }: MapRunShape, ms: number): number {
  if (children === 0) return 0;
  const between = 1000 / dispatchPerSecond;
  const slots = Math.min(width, children);
  const turn = Math.max(ms, slots * between);
  const waves = Math.ceil(children / slots);
  return (waves - 1) * turn + ((children - 1) % slots) * between + ms;
}

/** Graham's bound for list scheduling, with the slowest child at its 99.9th percentile, and the time to dispatch. */
function makespanBound({ children, width, childMs, dispatchPerSecond }: MapRunShape): number {
  if (children === 0) return 0;
  const slots = Math.min(width, children);
  const mean = meanOf(childMs);
  const slowest = quantileOf(childMs, 0.999);
  const dispatched = (children / dispatchPerSecond) * 1000;
  return Math.max((children * mean) / slots, dispatched) + slowest + (slots / dispatchPerSecond) * 1000;
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
