/**
 * A distribution is a random quantity (transitions, milliseconds, events) as atoms: ascending values with their shares.
 *
 * Exact while it has at most MAX_ATOMS atoms or lies on whole numbers within DENSE_SPAN. Beyond that, atoms
 * that agree in their leading CELL_BITS bits are merged at their common mean, so the mean stays exact and every
 * quantile is off by at most 2^-CELL_BITS (0.1 %). Tails lighter than TAIL are cut. No operation mutates its arguments.
 */
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

const MAX_ATOMS = 2048;
const DENSE_SPAN = 1 << 15;
const CELL_BITS = 10;
const TAIL = 1e-13;

export const ZERO: Distribution = point(0);

export function point(value: number): Distribution {
  return { values: Float64Array.of(value), shares: Float64Array.of(1) };
}

export function isPoint(distribution: Distribution): boolean {
  return distribution.values.length === 1;
}

/** Atoms in any order, of any positive total, made a distribution. */
export function fromAtoms(atoms: readonly (readonly [value: number, mass: number])[]): Distribution {
  const total = atoms.reduce((sum, [, mass]) => sum + mass, 0);
  const sink = sinkFor(atoms.length, atoms);
  for (const [value, mass] of atoms) if (mass > 0) sink.add(value, mass / total);
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

export function shifted({ values, shares }: Distribution, by: number): Distribution {
  return by === 0 ? { values, shares } : { values: values.map((value) => value + by), shares };
}

/** Sum of two independent quantities. */
export function convolve(a: Distribution, b: Distribution): Distribution {
  if (isPoint(a)) return shifted(b, a.values[0]!);
  if (isPoint(b)) return shifted(a, b.values[0]!);
  const low = a.values[0]! + b.values[0]!;
  const high = a.values[a.values.length - 1]! + b.values[b.values.length - 1]!;
  const sink = newSink(a.values.length * b.values.length, low, high, onWholeNumbers(a) && onWholeNumbers(b));
  for (let i = 0; i < a.values.length; i++) {
    const value = a.values[i]!;
    const share = a.shares[i]!;
    for (let j = 0; j < b.values.length; j++) sink.add(value + b.values[j]!, share * b.shares[j]!);
  }
  return trimmed(sink.settle());
}

/** Sum of n independent copies; n a whole number. O(log n) convolutions. */
export function convolvePower(base: Distribution, n: number): Distribution {
  if (isPoint(base)) return point(base.values[0]! * n);
  return powerBy(base, n, ZERO, convolve);
}

/** The larger of two independent quantities: distribution functions multiply. */
export function maximum(a: Distribution, b: Distribution): Distribution {
  const values = new Float64Array(a.values.length + b.values.length);
  values.set(a.values);
  values.set(b.values, a.values.length);
  values.sort();
  let [i, j, below, cumulativeA, cumulativeB] = [0, 0, 0, 0, 0];
  const atoms: [number, number][] = [];
  for (const value of values) {
    while (i < a.values.length && a.values[i]! <= value) cumulativeA += a.shares[i++]!;
    while (j < b.values.length && b.values[j]! <= value) cumulativeB += b.shares[j++]!;
    const upTo = cumulativeA * cumulativeB;
    if (upTo > below) atoms.push([value, upTo - below]);
    below = Math.max(below, upTo);
  }
  return fromAtoms(atoms);
}

/** A mixture of parts; its mass is the sum of theirs. Null when there is no mass. */
export function mix(parts: readonly Weighted[]): Weighted | null {
  const live = parts.filter((part) => part.mass > 0);
  if (live.length <= 1) return live[0] ?? null;
  const mass = live.reduce((sum, part) => sum + part.mass, 0);
  const first = live[0]!.of;
  if (live.every(({ of }) => isPoint(of) && of.values[0] === first.values[0])) return { mass, of: first };
  const atoms = live.reduce((sum, { of }) => sum + of.values.length, 0);
  const low = Math.min(...live.map(({ of }) => of.values[0]!));
  const high = Math.max(...live.map(({ of }) => of.values[of.values.length - 1]!));
  const sink = newSink(
    atoms,
    low,
    high,
    live.every(({ of }) => onWholeNumbers(of)),
  );
  for (const part of live) {
    for (let i = 0; i < part.of.values.length; i++) {
      sink.add(part.of.values[i]!, (part.of.shares[i]! * part.mass) / mass);
    }
  }
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

interface Sink {
  add(value: number, share: number): void;
  settle(): Distribution;
}

function sinkFor(atomCount: number, atoms: readonly (readonly [number, number])[]): Sink {
  let [low, high, whole] = [Infinity, -Infinity, true];
  for (const [value] of atoms) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    whole &&= Number.isInteger(value);
  }
  return newSink(atomCount, low, high, whole);
}

function newSink(atomCount: number, low: number, high: number, whole: boolean): Sink {
  if (whole && high - low < DENSE_SPAN) return denseSink(low, high - low + 1);
  return atomCount <= MAX_ATOMS ? exactSink() : cellSink();
}

/** Whole numbers in a short span: one slot each. */
function denseSink(low: number, span: number): Sink {
  const slots = new Float64Array(span);
  return {
    add: (value, share) => void (slots[value - low]! += share),
    settle: () => {
      const values: number[] = [];
      const shares: number[] = [];
      slots.forEach((share, slot) => {
        if (share <= 0) return;
        values.push(low + slot);
        shares.push(share);
      });
      return { values: Float64Array.from(values), shares: Float64Array.from(shares) };
    },
  };
}

/** Few atoms: sorted, equal values merged. */
function exactSink(): Sink {
  const atoms: [number, number][] = [];
  return {
    add: (value, share) => void atoms.push([value, share]),
    settle: () => {
      atoms.sort((a, b) => a[0] - b[0]);
      const values: number[] = [];
      const shares: number[] = [];
      for (const [value, share] of atoms) {
        const last = values.length - 1;
        if (last >= 0 && value - values[last]! <= 1e-9 * Math.abs(value)) {
          shares[last]! += share;
        } else {
          values.push(value);
          shares.push(share);
        }
      }
      return { values: Float64Array.from(values), shares: Float64Array.from(shares) };
    },
  };
}

/** Many atoms: merged where their leading bits agree, at the mean of what was merged. */
function cellSink(): Sink {
  const cells = new Map<number, { share: number; moment: number }>();
  const number = new Float64Array(1);
  const words = new Uint32Array(number.buffer);
  return {
    add: (value, share) => {
      number[0] = value;
      const cell = words[1]! >>> (20 - CELL_BITS);
      const known = cells.get(cell);
      if (known === undefined) {
        cells.set(cell, { share, moment: share * value });
      } else {
        known.share += share;
        known.moment += share * value;
      }
    },
    settle: () => {
      const sorted = [...cells].sort((a, b) => a[0] - b[0]).filter(([, { share }]) => share > 0);
      return {
        values: Float64Array.from(sorted, ([, { share, moment }]) => moment / share),
        shares: Float64Array.from(sorted, ([, { share }]) => share),
      };
    },
  };
}

function onWholeNumbers({ values }: Distribution): boolean {
  return values.every((value) => Number.isInteger(value));
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
