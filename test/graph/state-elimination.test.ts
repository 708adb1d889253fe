/** Visits and rewards of loops, against plain Gaussian elimination, whether most states lead to most others or hardly any. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Component, eliminate } from "../../src/graph/state-elimination.ts";

/** Shares of each state's edges into every state, and of what leaves; all of a state sum to 1. */
const components: fc.Arbitrary<readonly (readonly number[])[]> = fc
  .integer({ min: 1, max: 11 })
  .chain((n) => {
    const weight: fc.Arbitrary<number> = fc.constantFrom(0, 0, 0, 1, 2, 5);
    return fc.array(fc.array(weight, { minLength: n, maxLength: n }), { minLength: n, maxLength: n });
  })
  .map((weights) =>
    weights.map((row) => {
      const total = row.reduce((sum, each) => sum + each, 1);
      return [...row, 1].map((each) => each / total);
    }),
  );

function componentOf(rows: readonly (readonly number[])[]): Component {
  return {
    inside: rows.map((row) => new Map([...row.slice(0, -1).entries()].filter(([, share]) => share > 0))),
    leaving: rows.map((row) => row.at(-1)!),
  };
}

/** The same, each of whose edges leads through twelve states more, so that hardly any two are connected. */
function stretched({ inside, leaving }: Component): Component {
  const rows = inside.map(() => new Map<number, number>());
  inside.forEach((row, from) =>
    row.forEach((share, to) => {
      const first = rows.length;
      rows[from]!.set(first, share);
      for (let i = 0; i < 12; i++) rows.push(new Map([[i === 11 ? to : first + i + 1, 1]]));
    }),
  );
  return { inside: rows, leaving: rows.map((_, i) => leaving[i] ?? 0) };
}

/** x of x = constants + matrix · x, by Gauss and Jordan with the largest pivot first. */
function solved(matrix: readonly (readonly number[])[], constants: readonly number[]): readonly number[] {
  const n = constants.length;
  const rows = matrix.map((row, i) => [...row.map((each, j) => (i === j ? 1 : 0) - each), constants[i]!]);
  for (let column = 0; column < n; column++) {
    const candidates = rows.slice(column).map((row) => Math.abs(row[column]!));
    const pivot = column + candidates.indexOf(Math.max(...candidates));
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    rows.forEach((row, i) => {
      if (i === column) return;
      const factor = row[column]! / rows[column]![column]!;
      for (let j = column; j <= n; j++) row[j]! -= factor * rows[column]![j]!;
    });
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}

test("visits and rewards are those of the linear system, of the loop as it is and stretched", () => {
  fc.assert(
    fc.property(components, fc.array(fc.nat(4), { minLength: 11, maxLength: 11 }), (rows, drawn) => {
      const given = drawn.slice(0, rows.length);
      const shares = rows.map((row) => row.slice(0, -1));
      const transposed = shares.map((_, to) => shares.map((row) => row[to]!));
      const [visits, rewards] = [solved(transposed, given), solved(shares, given)];
      const component = componentOf(rows);
      for (const each of [component, stretched(component)]) {
        const padded = each.leaving.map((_, i) => given[i] ?? 0);
        const eliminated = eliminate(each)!;
        const [found, collected] = [eliminated.visitsFrom(padded), eliminated.rewardsOf(padded)];
        visits.forEach((expected, i) => expect(found[i]).toBeCloseTo(expected, 9));
        rewards.forEach((expected, i) => expect(collected[i]).toBeCloseTo(expected, 9));
      }
    }),
    { numRuns: 60 },
  );
});

test("a loop that is left once in 10^12 rounds keeps its digits", () => {
  const rare = 1e-12;
  const pair = { inside: [new Map([[1, 1]]), new Map([[0, 1 - rare]])], leaving: [0, rare] };
  for (const each of [pair, stretched(pair)]) {
    const arrivals = each.leaving.map((_, i) => (i === 0 ? 1 : 0));
    expect(eliminate(each)!.visitsFrom(arrivals)[1]! * rare).toBeCloseTo(1, 13);
  }
});

test.each([1, 3, 12])("nothing is said of %i states that nothing leaves, in full or stretched", (n) => {
  const row = new Map(Array.from({ length: n }, (_, to) => [to, 1 / n]));
  const closed = {
    inside: Array.from({ length: n }, () => row),
    leaving: Array.from({ length: n }, () => 0),
  };
  expect(eliminate(closed)).toBe(null);
  expect(eliminate(stretched(closed))).toBe(null);
});
