/**
 * An atom sink gathers atoms, values with shares, into a distribution's arrays: one slot per whole number where they
 * lie close together, each value by itself where there are few, else one cell per CELL_BITS leading bits of the value,
 * with what falls into a cell merged at its mean.
 */
export interface AtomSink {
  /** Adds values shifted by `shift`, with their shares times `factor`. */
  add(values: Float64Array, shares: Float64Array, by: Scaling): void;
  /** Ascending values with positive shares. */
  settle(): Atoms;
}

interface Atoms {
  readonly values: Float64Array;
  readonly shares: Float64Array;
}

interface Scaling {
  readonly shift: number;
  readonly factor: number;
}

const MAX_ATOMS = 512;
const DENSE_SPAN = 1 << 12;
const CELL_BITS = 9;

/** A sink for so many atoms between two values; `whole` says that all are whole numbers. */
export function atomSink(
  atoms: number,
  range: { readonly low: number; readonly high: number; readonly whole: boolean },
): AtomSink {
  if (range.whole && range.high - range.low < DENSE_SPAN)
    return denseSink(range.low, range.high - range.low + 1);
  return atoms <= MAX_ATOMS ? exactSink() : cellSink(range.low, range.high);
}

function denseSink(low: number, span: number): AtomSink {
  const slots = new Float64Array(span);
  return {
    add: (values, shares, { shift, factor }) =>
      addToSlots(slots, { values, shares }, { shift: shift - low, factor }),
    settle: () => kept(slots, (slot) => low + slot),
  };
}

function addToSlots(slots: Float64Array, { values, shares }: Atoms, { shift, factor }: Scaling): void {
  for (let i = 0; i < values.length; i++) slots[values[i]! + shift]! += shares[i]! * factor;
}

function exactSink(): AtomSink {
  const atoms: [number, number][] = [];
  return {
    add: (values, shares, { shift, factor }) => {
      for (let i = 0; i < values.length; i++) {
        const share = shares[i]! * factor;
        if (share > 0) atoms.push([values[i]! + shift, share]);
      }
    },
    settle: () => {
      atoms.sort((a, b) => a[0] - b[0]);
      const values: number[] = [];
      const shares: number[] = [];
      for (const [value, share] of atoms) {
        const last = values.length - 1;
        // Sums of the same terms in another order differ in their last bits: they are one value.
        if (last >= 0 && value - values[last]! <= 1e-12 * Math.abs(value)) shares[last]! += share;
        else {
          values.push(value);
          shares.push(share);
        }
      }
      return { values: Float64Array.from(values), shares: Float64Array.from(shares) };
    },
  };
}

function cellSink(low: number, high: number): AtomSink {
  const offset = leadingBits(low);
  const shareOf = new Float64Array(leadingBits(high) - offset + 1);
  const momentOf = new Float64Array(shareOf.length);
  return {
    add: (values, shares, by) => addToCells({ shareOf, momentOf, offset }, { values, shares }, by),
    settle: () => kept(shareOf, (cell) => momentOf[cell]! / shareOf[cell]!),
  };
}

interface Cells {
  readonly shareOf: Float64Array;
  readonly momentOf: Float64Array;
  /** Leading bits of the first. */
  readonly offset: number;
}

/** Here most of the time of distributions goes: written out, without a call or a closure in it, it is several times as fast. */
function addToCells(
  { shareOf, momentOf, offset }: Cells,
  { values, shares }: Atoms,
  { shift, factor }: Scaling,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! + shift;
    const part = shares[i]! * factor;
    FLOAT[0] = value < SMALLEST ? SMALLEST : value > LARGEST ? LARGEST : value;
    const slot = (WORDS[1]! >>> DROPPED_BITS) - offset;
    shareOf[slot]! += part;
    momentOf[slot]! += part * value;
  }
}

/** All below is one cell, and so is all above: between 0 and 2^-10 lie as many cells as between there and 10^300. */
const SMALLEST = 2 ** -10;
const LARGEST = 2 ** 100;

const FLOAT = new Float64Array(1);
const WORDS = new Uint32Array(FLOAT.buffer);
const DROPPED_BITS = 20 - CELL_BITS;

/** Exponent and leading bits of a value that is not negative: rises with the value. (Little-endian, as every platform of Node is.) */
function leadingBits(value: number): number {
  FLOAT[0] = Math.min(Math.max(value, SMALLEST), LARGEST);
  return WORDS[1]! >>> DROPPED_BITS;
}

function kept(shareOf: Float64Array, valueOf: (slot: number) => number): Atoms {
  let count = 0;
  for (const share of shareOf) if (share > 0) count++;
  const values = new Float64Array(count);
  const shares = new Float64Array(count);
  let next = 0;
  for (let slot = 0; slot < shareOf.length; slot++) {
    if (!(shareOf[slot]! > 0)) continue;
    values[next] = valueOf(slot);
    shares[next++] = shareOf[slot]!;
  }
  return { values, shares };
}
