/** By which error a Parallel fails, against every order in which its branches can fail. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { failuresOf } from "../../src/graph/map-runs.ts";
import type { Outcome } from "../../src/graph/spent-by-outcome.ts";
import { NOTHING_SPENT } from "../../src/graph/spent.ts";

const outcome = (error: string | null, mass: number): Outcome => ({ error, mass, spent: NOTHING_SPENT });

/** A branch that fails by errors of these chances, named for the branch and their place. */
const branch = (errors: readonly number[], at: number): readonly Outcome[] => [
  outcome(null, 1 - errors.reduce((sum, mass) => sum + mass, 0)),
  ...errors.map((mass, i) => outcome(`E${at}.${i}`, mass)),
];

function ordersOf(branches: readonly number[]): number[][] {
  if (branches.length === 0) return [[]];
  return branches.flatMap((first) =>
    ordersOf(branches.filter((each) => each !== first)).map((rest) => [first, ...rest]),
  );
}

function byOrders(branches: readonly (readonly number[])[]): Map<string, number> {
  const failing = branches.map((errors) => errors.reduce((sum, mass) => sum + mass, 0));
  const orders = ordersOf(branches.map((_, at) => at));
  const chances = new Map<string, number>();
  for (const order of orders) {
    let left = 1 / orders.length;
    for (const at of order) {
      branches[at]!.forEach((mass, i) =>
        chances.set(`E${at}.${i}`, (chances.get(`E${at}.${i}`) ?? 0) + left * mass),
      );
      left *= 1 - failing[at]!;
    }
  }
  const whole = 1 - failing.reduce((product, chance) => product * (1 - chance), 1);
  return new Map([...chances].map(([error, chance]) => [error, chance / whole]));
}

test("is the first failure in a random order of the branches", () => {
  // 0.2 and 0.1: both fail in 2 of 100, and half of these count for each.
  expect(failuresOf([branch([0.2], 0), branch([0.1], 1)])).toEqual([
    ["E0.0", expect.closeTo(0.19 / 0.28, 12)],
    ["E1.0", expect.closeTo(0.09 / 0.28, 12)],
  ]);
  const errors = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 0, maxLength: 2 });
  fc.assert(
    fc.property(fc.array(errors, { minLength: 1, maxLength: 4 }), (percents) => {
      fc.pre(percents.some((each) => each.length > 0));
      const branches = percents.map((each) => each.map((percent) => percent / 100));
      const expected = byOrders(branches);
      const told = failuresOf(branches.map(branch));
      expect(told.map(([error]) => error).toSorted()).toEqual([...expected.keys()].toSorted());
      for (const [error, part] of told) expect(part).toBeCloseTo(expected.get(error)!, 10);
    }),
  );
});

test("is even among many branches that are sure to fail", () => {
  const told = failuresOf(Array.from({ length: 300 }, (_, at) => branch([1], at)));
  for (const [, part] of told) expect(part).toBeCloseTo(1 / 300, 14);
});
