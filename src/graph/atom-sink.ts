/**
 * An atom sink gathers atoms, values with shares, into a distribution's arrays: one slot per whole number where they
 * lie close together, each value by itself where there are few, else one cell per CELL_BITS leading bits of the value,
 * with what falls into a cell merged at its mean.
 */
export interface AtomSink {
  /** Adds values shifted by `shift`, with their shares times `factor`. */
  add(
    values: Float64Array,
    shares: Float64Array,
    by: { readonly shift: number; readonly factor: number },
  ): void;
  /** Ascending values with positive shares. */
  settle(): { readonly values: Float64Array; readonly shares: Float64Array };
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
    add: (values, shares, { shift, factor }) => {
      const offset = shift - low;
      for (let i = 0; i < values.length; i++) slots[values[i]! + offset]! += shares[i]! * factor;
    },
    settle: () => kept(slots, (slot) => low + slot),
  };
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
  const first = cellOf(low);
  const shareOf = new Float64Array(cellOf(high) - first + 1);
  const momentOf = new Float64Array(shareOf.length);
  return {
    // Values come in ascending order but for a few: neighbours mostly share a cell, which is summed up before it is stored.
    add: (values, shares, { shift, factor }) => {
      let [cell, from, until] = [first, -Infinity, -Infinity];
      let [share, moment] = [0, 0];
      for (let i = 0; i < values.length; i++) {
        const value = values[i]! + shift;
        const part = shares[i]! * factor;
        if (value >= until || value < from) {
          shareOf[cell - first]! += share;
          momentOf[cell - first]! += moment;
          cell = cellOf(value);
          from = cell === 0 ? -Infinity : BOUNDS[cell]!;
          until = cell === LAST_CELL ? Infinity : BOUNDS[cell + 1]!;
          [share, moment] = [0, 0];
        }
        share += part;
        moment += part * value;
      }
      shareOf[cell - first]! += share;
      momentOf[cell - first]! += moment;
    },
    settle: () => kept(shareOf, (cell) => momentOf[cell]! / shareOf[cell]!),
  };
}

/** All below is one cell, and so is all above: between 0 and 2^-10 lie as many cells as between there and 10^300. */
const [SMALLEST, LARGEST] = [2 ** -10, 2 ** 100];

const FLOAT = new Float64Array(1);
const WORDS = new Uint32Array(FLOAT.buffer);
const FIRST_BITS = leadingBits(SMALLEST);
const LAST_CELL = leadingBits(LARGEST) - FIRST_BITS;

/** Lower bound of each cell. */
const BOUNDS = Float64Array.from({ length: LAST_CELL + 1 }, (_, cell) => {
  FLOAT[0] = 0;
  WORDS[1] = (FIRST_BITS + cell) << (20 - CELL_BITS);
  return FLOAT[0];
});

function cellOf(value: number): number {
  return leadingBits(Math.min(Math.max(value, SMALLEST), LARGEST)) - FIRST_BITS;
}

/** Sign, exponent and leading bits of a value that is not negative: rises with the value. (Little-endian, as every platform of Node is.) */
function leadingBits(value: number): number {
  FLOAT[0] = value;
  return WORDS[1]! >>> (20 - CELL_BITS);
}

function kept(
  shareOf: Float64Array,
  valueOf: (slot: number) => number,
): { values: Float64Array; shares: Float64Array } {
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
