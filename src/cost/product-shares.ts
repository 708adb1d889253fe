/**
 * Product shares tell how much of a product's change each of its factors made: the Shapley value of every factor, which
 * favours none by the order of telling, is the negative of itself when before and after are swapped, and adds up.
 * A product's Shapley values are its partial derivatives integrated along the diagonal (Owen, Multilinear extensions of
 * games, 1972); Gauss–Legendre quadrature of n points is exact up to degree 2n − 1.
 */

export interface ChangedFactor<Cause> {
  readonly cause: Cause;
  readonly before: number;
  readonly after: number;
}

export interface FactorShare<Cause> {
  readonly cause: Cause;
  readonly share: number;
}

/** Points in [0, 1] with their weights; five are exact for ten factors that change. */
const POINTS: readonly (readonly [at: number, weight: number])[] = [
  [(1 - 0.906179845938664) / 2, 0.23692688505618908 / 2],
  [(1 - 0.5384693101056831) / 2, 0.47862867049936647 / 2],
  [0.5, 0.5688888888888889 / 2],
  [(1 + 0.5384693101056831) / 2, 0.47862867049936647 / 2],
  [(1 + 0.906179845938664) / 2, 0.23692688505618908 / 2],
];
const MOST_CHANGED = 2 * POINTS.length;

/** One share for each factor that changed; together they are the product after less the product before. */
export function shareOut<Cause>(factors: readonly ChangedFactor<Cause>[]): readonly FactorShare<Cause>[] {
  const changed = factors.filter(({ before, after }) => before !== after);
  const constant = factors.reduce(
    (product, { before, after }) => (before === after ? product * before : product),
    1,
  );
  const told = foldBeyond(changed);
  return told.map(({ cause, before, after }, own) => ({
    cause,
    share: constant * (after - before) * meanOfOthers(told, own),
  }));
}

function meanOfOthers<Cause>(factors: readonly ChangedFactor<Cause>[], own: number): number {
  if (factors.length === 1) return 1;
  if (factors.length === 2) {
    const other = factors[1 - own]!;
    return (other.before + other.after) / 2;
  }
  return POINTS.reduce((sum, [at, weight]) => {
    const others = factors.reduce(
      (product, { before, after }, i) => (i === own ? product : product * (before * (1 - at) + after * at)),
      1,
    );
    return sum + weight * others;
  }, 0);
}

/** Factors beyond the tenth are told as one with it. */
function foldBeyond<Cause>(factors: readonly ChangedFactor<Cause>[]): readonly ChangedFactor<Cause>[] {
  const last = factors.slice(MOST_CHANGED - 1);
  const [tenth] = last;
  if (tenth === undefined) return factors;
  const product = (side: "before" | "after"): number => last.reduce((all, each) => all * each[side], 1);
  return [
    ...factors.slice(0, MOST_CHANGED - 1),
    { cause: tenth.cause, before: product("before"), after: product("after") },
  ];
}
