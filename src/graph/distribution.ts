/**
 * A distribution is a random quantity (transitions, milliseconds, events) as atoms: ascending values with their shares.
 *
 * Exact while it has at most MAX_ATOMS atoms or lies on whole numbers within DENSE_SPAN. Beyond that, atoms
 * that agree in their leading CELL_BITS bits are merged at their common mean (atom-sink.ts), so the mean stays exact
 * and a merge moves no quantile by more than 2^-CELL_BITS (0.2 %). Tails lighter than TAIL are cut. Values are not
 * negative. No operation mutates its arguments.
 */
import { atomSink } from "./atom-sink.ts";

export interface Distribution {
  readonly values: Float64Array;
  /** Sum to 1. */
  readonly shares: Float64Array;
}

/** A part of a whole: a distribution that holds with probability `mass`. */
export interface Weighted {
  readonly mass: number;
  readonly of: Distribution;
}

const TAIL = 1e-13;
/** Past so many sums of atoms, both sides of a convolution are first merged to steps of COARSE (0.8 %). */
const MOST_SUMS = 250_000;
const COARSE = 1 + 2 ** -7;

/** All points share it: making an array costs more than all that is done with it. */
const WHOLE = Float64Array.of(1);

/** Points of small whole numbers, made once: most of what states spend is counted in them. */
const SMALL: (Distribution | undefined)[] = Array.from({ length: 1024 });

export function point(value: number): Distribution {
  const known = SMALL[value];
  if (known !== undefined) return known;
  const values = new Float64Array(1);
  values[0] = value;
  const made = { values, shares: WHOLE };
  if (value >= 0 && value < SMALL.length && Number.isInteger(value)) SMALL[value] = made;
  return made;
}

export const ZERO: Distribution = point(0);

export function isPoint(distribution: Distribution): boolean {
  return distribution.values.length === 1;
}

/** Atoms in any order, of any positive total, made a distribution. */
export function fromAtoms(atoms: readonly (readonly [value: number, mass: number])[]): Distribution {
  const total = atoms.reduce((sum, [, mass]) => sum + mass, 0);
  const values = Float64Array.from(atoms, ([value]) => value);
  const shares = Float64Array.from(atoms, ([, mass]) => mass / total);
  const sorted = values.toSorted();
  const range = {
    low: sorted[0]!,
    high: sorted[sorted.length - 1]!,
    whole: onWholeNumbers({ values, shares }),
  };
  const sink = atomSink(atoms.length, range);
  sink.add(values, shares, { shift: 0, factor: 1 });
  return sink.settle();
}

export function meanOf({ values, shares }: Distribution): number {
  return expectationOf({ values, shares }, (value) => value);
}

/** E[f(X)]: the mean of f over the atoms, never f of the mean. */
export function expectationOf({ values, shares }: Distribution, f: (value: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += f(values[i]!) * shares[i]!;
  return sum;
}

/** Smallest value whose cumulative share reaches p (0–1]. */
export function quantileOf({ values, shares }: Distribution, p: number): number {
  let cumulative = 0;
  for (let i = 0; i < values.length; i++) {
    cumulative += shares[i]!;
    if (cumulative >= p - 1e-12) return values[i]!;
  }
  return values[values.length - 1]!;
}

/** Share of the distribution strictly above a value. */
export function shareAbove({ values, shares }: Distribution, value: number): number {
  let sum = 0;
  for (let i = values.length - 1; i >= 0 && values[i]! > value; i--) sum += shares[i]!;
  return sum;
}

export function shifted(distribution: Distribution, by: number): Distribution {
  if (by === 0) return distribution;
  const { values, shares } = distribution;
  if (isPoint(distribution)) return point(values[0]! + by);
  const moved = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) moved[i] = values[i]! + by;
  return { values: moved, shares };
}

/** Sum of two independent quantities. */
export function convolve(a: Distribution, b: Distribution): Distribution {
  if (isPoint(a)) return shifted(b, a.values[0]!);
  if (isPoint(b)) return shifted(a, b.values[0]!);
  const [x, y] = a.values.length * b.values.length > MOST_SUMS ? [coarsened(a), coarsened(b)] : [a, b];
  const [few, many] = x.values.length < y.values.length ? [x, y] : [y, x];
  const range = {
    low: lowestOf(x) + lowestOf(y),
    high: highestOf(x) + highestOf(y),
    whole: onWholeNumbers(x) && onWholeNumbers(y),
  };
  const sink = atomSink(x.values.length * y.values.length, range);
  for (let i = 0; i < few.values.length; i++) {
    sink.add(many.values, many.shares, { shift: few.values[i]!, factor: few.shares[i]! });
  }
  return trimmed(sink.settle());
}

/** Merges atoms that lie within a step of COARSE at their common mean. */
function coarsened({ values, shares }: Distribution): Distribution {
  const merged: [value: number, share: number][] = [];
  for (let from = 0, to = 0; from < values.length; from = to) {
    let [share, moment] = [0, 0];
    for (; to === from || (to < values.length && values[to]! <= values[from]! * COARSE); to++) {
      share += shares[to]!;
      moment += shares[to]! * values[to]!;
    }
    merged.push([moment / share, share]);
  }
  return {
    values: Float64Array.from(merged, ([value]) => value),
    shares: Float64Array.from(merged, ([, share]) => share),
  };
}

/** Sum of n independent copies; n a whole number. O(log n) convolutions. */
export function convolvePower(base: Distribution, n: number): Distribution {
  if (isPoint(base)) return point(base.values[0]! * n);
  return powerBy(base, n, ZERO, convolve);
}

/** The larger of two independent quantities: distribution functions multiply. */
export function maximum(a: Distribution, b: Distribution): Distribution {
  const all = new Float64Array(a.values.length + b.values.length);
  all.set(a.values);
  all.set(b.values, a.values.length);
  all.sort();
  const shares = new Float64Array(all.length);
  let [i, j, below, cumulativeA, cumulativeB] = [0, 0, 0, 0, 0];
  all.forEach((value, k) => {
    while (i < a.values.length && a.values[i]! <= value) cumulativeA += a.shares[i++]!;
    while (j < b.values.length && b.values[j]! <= value) cumulativeB += b.shares[j++]!;
    const upTo = Math.max(below, cumulativeA * cumulativeB);
    shares[k] = upTo - below;
    below = upTo;
  });
  const whole = onWholeNumbers(a) && onWholeNumbers(b);
  const sink = atomSink(all.length, { low: all[0]!, high: all[all.length - 1]!, whole });
  sink.add(all, shares, { shift: 0, factor: 1 / below });
  return trimmed(sink.settle());
}

/** A mixture of parts; its mass is the sum of theirs. Null when there is no mass. */
export function mix(parts: readonly Weighted[]): Weighted | null {
  const live = parts.filter((part) => part.mass > 0);
  if (live.length <= 1) return live[0] ?? null;
  const mass = live.reduce((sum, part) => sum + part.mass, 0);
  const first = live[0]!.of;
  if (live.every(({ of }) => isPoint(of) && of.values[0] === first.values[0])) return { mass, of: first };
  const atoms = live.reduce((sum, { of }) => sum + of.values.length, 0);
  const range = {
    low: live.reduce((low, { of }) => Math.min(low, lowestOf(of)), Infinity),
    high: live.reduce((high, { of }) => Math.max(high, highestOf(of)), 0),
    whole: live.every(({ of }) => onWholeNumbers(of)),
  };
  const sink = atomSink(atoms, range);
  for (const { of, mass: part } of live) sink.add(of.values, of.shares, { shift: 0, factor: part / mass });
  return { mass, of: trimmed(sink.settle()) };
}

/** Exponentiation by squaring of any associative operation. */
export function powerBy<T>(base: T, n: number, neutral: T, combine: (a: T, b: T) => T): T {
  let result: T | null = null;
  let square = base;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result === null ? square : combine(result, square);
    if (rest > 1) square = combine(square, square);
  }
  return result ?? neutral;
}

function lowestOf({ values }: Distribution): number {
  return values[0]!;
}

function highestOf({ values }: Distribution): number {
  return values[values.length - 1]!;
}

function onWholeNumbers({ values }: Distribution): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isInteger(values[i])) return false;
  return true;
}

/** Cuts both tails lighter than TAIL and scales the rest back to 1. */
function trimmed({ values, shares }: Distribution): Distribution {
  if (values.length < 64) return { values, shares };
  let [from, to, below, above] = [0, values.length, 0, 0];
  while (below + shares[from]! < TAIL) below += shares[from++]!;
  while (above + shares[to - 1]! < TAIL) above += shares[--to]!;
  if (from === 0 && to === values.length) return { values, shares };
  const kept = 1 - below - above;
  return { values: values.slice(from, to), shares: shares.slice(from, to).map((share) => share / kept) };
}
