/** Of many that may fail, each in its place in a random order: the chance of each that none of the others fails before it. */

/**
 * For each the integral of ∏ (1 - u·p) over u from 0 to 1, p being the chances that the others fail: by Gauss-Legendre
 * quadrature, whose terms are all positive. Exact up to 128 of them, and to the last digits beyond. O(n) for n chances.
 */
export function chancesToBeFirst(failing: readonly number[]): readonly number[] {
  const live = failing.filter((chance) => chance > 0);
  if (live.length < 2) return failing.map(() => 1);
  const nodes = (known ??= legendreNodes());
  const products = nodes.map(({ at, weight }) =>
    live.reduce((product, chance) => product * (1 - at * chance), weight),
  );
  return failing.map((chance) => nodes.reduce((sum, { at }, i) => sum + products[i]! / (1 - at * chance), 0));
}

interface QuadratureNode {
  /** Between 0 and 1, both apart. */
  readonly at: number;
  readonly weight: number;
}

let known: readonly QuadratureNode[] | null = null;

const NODES = 64;

/** Zeros of the Legendre polynomial by Newton's method, on the interval from 0 to 1. */
function legendreNodes(): readonly QuadratureNode[] {
  return Array.from({ length: NODES }, (_, i): QuadratureNode => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (NODES + 0.5));
    let { value, slope } = legendreAt(x);
    for (let step = 0; step < 8; step++) {
      x -= value / slope;
      ({ value, slope } = legendreAt(x));
    }
    return { at: (x + 1) / 2, weight: 1 / ((1 - x * x) * slope * slope) };
  });
}

function legendreAt(x: number): { readonly value: number; readonly slope: number } {
  let [before, value] = [1, x];
  for (let degree = 2; degree <= NODES; degree++)
    [before, value] = [value, ((2 * degree - 1) * x * value - (degree - 1) * before) / degree];
  return { value, slope: (NODES * (before - x * value)) / (1 - x * x) };
}
