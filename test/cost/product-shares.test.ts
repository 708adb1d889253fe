/** Shares of a product's change, against the Shapley value over all orders of telling. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChangedFactor, shareOut } from "../../src/cost/product-shares.ts";

const value = fc.constantFrom(0, 0.5, 1, 2, 3, 10);
const factors = (maxLength: number, minLength = 0) =>
  fc
    .array(fc.tuple(value, value), { minLength, maxLength })
    .map((drawn) => drawn.map(([before, after], i): ChangedFactor<number> => ({ cause: i, before, after })));

function ordersOf(causes: readonly number[]): readonly (readonly number[])[] {
  if (causes.length === 0) return [[]];
  return causes.flatMap((first) =>
    ordersOf(causes.filter((cause) => cause !== first)).map((rest) => [first, ...rest]),
  );
}

/** What each factor adds when it changes, averaged over all orders in which they may. */
function shapley(all: readonly ChangedFactor<number>[]): readonly number[] {
  const orders = ordersOf(all.map(({ cause }) => cause));
  const sums = all.map(() => 0);
  for (const order of orders) {
    const changed = new Set<number>();
    const product = () =>
      all.reduce((sum, { cause, before, after }) => sum * (changed.has(cause) ? after : before), 1);
    for (const cause of order) {
      const before = product();
      changed.add(cause);
      sums[cause]! += (product() - before) / orders.length;
    }
  }
  return sums;
}

const product = (all: readonly ChangedFactor<number>[], side: "before" | "after"): number =>
  all.reduce((sum, factor) => sum * factor[side], 1);

describe("shares of a product's change", () => {
  test("are the mean over all orders", () => {
    fc.assert(
      fc.property(factors(5), (all) => {
        const shares = new Map(shareOut(all).map(({ cause, share }) => [cause, share]));
        shapley(all).forEach((expected, cause) => expect(shares.get(cause) ?? 0).toBeCloseTo(expected, 9));
        expect([...shares.keys()]).toEqual(
          all.filter(({ before, after }) => before !== after).map(({ cause }) => cause),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("add up to it, however many factors change: those past the tenth are told with it", () => {
    fc.assert(
      fc.property(factors(14, 10), (all) => {
        const shares = shareOut(all);
        const change = product(all, "after") - product(all, "before");
        const scale = Math.max(1, ...all.map(({ before, after }) => before + after)) ** all.length;
        expect(Math.abs(shares.reduce((sum, { share }) => sum + share, 0) - change)).toBeLessThan(
          1e-9 * scale,
        );
        const changed = all.filter(({ before, after }) => before !== after).map(({ cause }) => cause);
        expect(shares.map(({ cause }) => cause)).toEqual(changed.slice(0, 10));
      }),
      { numRuns: 60 },
    );
  });

  test("of twelve factors alike are a tenth of the way each, and the rest for the tenth", () => {
    const all = Array.from({ length: 12 }, (_, cause) => ({ cause, before: 1, after: 2 }));
    const shares = shareOut(all);
    expect(shares.map(({ cause }) => cause)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const folded = [...all.slice(0, 9), { cause: 9, before: 1, after: 8 }];
    shareOut(folded).forEach(({ share }, i) => expect(shares[i]!.share).toBeCloseTo(share, 9));
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(2 ** 12 - 1, 9);
  });
});
