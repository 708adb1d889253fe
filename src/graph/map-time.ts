/**
 * Map time is how long the runs of a Map take together: `width` at once, a new one as soon as one ends, dispatched one
 * after another. It is bounded from above in two ways, and each percentile is that of the tighter one:
 *
 * - In turns: each slot has its runs dealt out beforehand, so no slot helps another. Exact where all runs take equally
 *   long, or all start at once.
 * - List scheduling: what there is to do, spread over all slots, and the longest run once more
 *   (R. L. Graham, "Bounds on Multiprocessing Timing Anomalies", SIAM Journal on Applied Mathematics 17, 1969).
 *
 * With n runs of a atoms each it takes O(log n) convolutions.
 */
import {
  type Distribution,
  ZERO,
  convolve,
  convolvePower,
  fromAtoms,
  isPoint,
  maximum,
  point,
  powerBy,
  shifted,
} from "./distribution.ts";

export interface MapShape {
  /** A whole number. */
  readonly runs: number;
  /** Runs at once, at least 1. */
  readonly width: number;
  /** Between the starts of two runs, ms; 0 inline. */
  readonly dispatchMs: number;
}

/** `each` is one run's duration, ms. */
export function mapTime(each: Distribution, shape: MapShape): Distribution {
  if (shape.runs === 0) return ZERO;
  const turns = inTurns(each, shape);
  return sooner(turns, listScheduled(each, shape));
}

/** Slot i starts i dispatches late and keeps that lag, unless dispatching is what takes the time. */
function inTurns(each: Distribution, { runs, width, dispatchMs }: MapShape): Distribution {
  const slots = Math.min(width, runs);
  const turn = maximum(each, point(slots * dispatchMs));
  const turns = Math.ceil(runs / slots);
  const late = (runs - 1) % slots;
  const slot = (before: number): Distribution => convolve(convolvePower(turn, before), each);
  const last = shifted(powerBy(slot(turns - 1), late + 1, ZERO, maximum), late * dispatchMs);
  const others = slots - late - 1;
  if (others === 0) return last;
  const done = shifted(powerBy(slot(turns - 2), others, ZERO, maximum), (slots - 1) * dispatchMs);
  return maximum(last, done);
}

/** Null where it bounds nothing that turns do not. */
export function listScheduled(
  each: Distribution,
  { runs, width, dispatchMs }: MapShape,
): Distribution | null {
  if (runs <= width || isPoint(each)) return null;
  const work = convolvePower(each, runs);
  const longest = powerBy(each, runs, ZERO, maximum);
  // What takes long in all has a long run in it: the two rise together.
  return shifted(risingTogether(work, 1 / width, longest, 1 - 1 / width), (runs - 1) * dispatchMs);
}

/** The weighted sum of two quantities that have the same percentile at the same time. */
function risingTogether(a: Distribution, ofA: number, b: Distribution, ofB: number): Distribution {
  const atoms: [value: number, mass: number][] = [];
  let [i, j, leftA, leftB] = [0, 0, a.shares[0]!, b.shares[0]!];
  while (i < a.values.length && j < b.values.length) {
    const mass = Math.min(leftA, leftB);
    if (mass > 0) atoms.push([ofA * a.values[i]! + ofB * b.values[j]!, mass]);
    leftA -= mass;
    leftB -= mass;
    if (leftA <= 0) leftA = a.shares[++i] ?? 0;
    else leftB = b.shares[++j] ?? 0;
  }
  return fromAtoms(atoms);
}

/** Two bounds of one duration: the larger of both distribution functions. */
export function sooner(a: Distribution, b: Distribution | null): Distribution {
  if (b === null) return a;
  const values = Float64Array.from([...a.values, ...b.values]).toSorted();
  const atoms: [value: number, mass: number][] = [];
  let [i, j, inA, inB, below] = [0, 0, 0, 0, 0];
  for (const value of values) {
    while (i < a.values.length && a.values[i]! <= value) inA += a.shares[i++]!;
    while (j < b.values.length && b.values[j]! <= value) inB += b.shares[j++]!;
    const upTo = Math.max(below, inA, inB);
    if (upTo > below) atoms.push([value, upTo - below]);
    below = upTo;
    // One of them is sure to be over: what is left of the other, above, is its rounding.
    if (i === a.values.length || j === b.values.length) break;
  }
  return fromAtoms(atoms);
}
