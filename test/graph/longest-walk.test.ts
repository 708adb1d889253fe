/** The longest walk, against every walk within a small budget, counted by how much of it is left. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Walking, type WalkVisit, longestWalk as walkBound } from "../../src/graph/longest-walk.ts";

interface Budgeted extends Omit<Walking, "leastRate"> {
  readonly budget: number;
}

function longestWalk({ budget, ...walking }: Budgeted): number | null {
  const bound = walkBound({ ...walking, leastRate: 0 });
  return bound === null ? null : Math.max(0, bound.rate * budget + bound.heaviest);
}

/** The most that any walk gathers; each cycle must spend. */
function mostByCounting({ successors, visits, budget }: Budgeted): number {
  const known = new Map<string, number>();
  const from = (node: number, left: number): number => {
    const key = `${node} ${left}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    let most = 0;
    for (const { gained, spent, spentBefore } of visits[node]!) {
      if (spentBefore > left) continue;
      const onward = spent > left ? [] : successors[node]!.map((to) => from(to, left - spent));
      most = Math.max(most, gained + Math.max(0, ...onward));
    }
    known.set(key, most);
    return most;
  };
  return from(0, budget);
}

const visit = (least: number): fc.Arbitrary<WalkVisit> =>
  fc
    .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: least, max: 6 }), fc.nat(6))
    .map(([gained, spent, before]) => ({ gained, spent, spentBefore: Math.min(before, spent) }));

const walking = (least: number): fc.Arbitrary<Budgeted> =>
  fc
    .integer({ min: 1, max: 6 })
    .chain((nodes) =>
      fc.record({
        successors: fc.array(fc.uniqueArray(fc.nat(nodes - 1), { maxLength: 3 }), {
          minLength: nodes,
          maxLength: nodes,
        }),
        visits: fc.array(fc.array(visit(least), { minLength: 1, maxLength: 3 }), {
          minLength: nodes,
          maxLength: nodes,
        }),
        budget: fc.nat(60),
      }),
    )
    .map(reachable);

/** Without the nodes that node 0 does not lead to. */
function reachable({ successors, visits, budget }: Budgeted): Budgeted {
  const nodes = [0];
  for (const node of nodes) for (const to of successors[node]!) if (!nodes.includes(to)) nodes.push(to);
  return {
    successors: nodes.map((node) => successors[node]!.map((to) => nodes.indexOf(to))),
    visits: nodes.map((node) => visits[node]!),
    budget,
  };
}

describe("the longest walk", () => {
  test("is at least what any walk gathers within the budget", () => {
    fc.assert(
      fc.property(walking(1), (given) => {
        expect(longestWalk(given)).toBeGreaterThanOrEqual(mostByCounting(given) - 1e-6);
      }),
      { numRuns: 1000 },
    );
  });

  test("is little more than the best, whatever the budget: one way round each node at its dearest", () => {
    fc.assert(
      fc.property(walking(1), (given) => {
        const dearest = given.visits.map((ways) => Math.max(...ways.map(({ gained }) => gained)));
        const rates = given.visits.map((ways) =>
          Math.max(...ways.map(({ gained, spent }) => gained / spent)),
        );
        const spent = given.visits.map((ways) => Math.max(...ways.map((way) => way.spent)));
        const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
        // It may turn back once within each loop, and the last round may not fit.
        const slack = 3 * (sum(dearest) + Math.max(...rates) * sum(spent));
        for (const budget of [given.budget, 10 * given.budget])
          expect(
            longestWalk({ ...given, budget })! - mostByCounting({ ...given, budget }),
          ).toBeLessThanOrEqual(slack);
      }),
      { numRuns: 250 },
    );
  });

  test("is exact where whole rounds of a ring fill the budget", () => {
    fc.assert(
      fc.property(
        fc.array(visit(1), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 1000 }),
        (ring, rounds) => {
          const [gained, spent] = [
            ring.reduce((sum, v) => sum + v.gained, 0),
            ring.reduce((sum, v) => sum + v.spent, 0),
          ];
          const most = longestWalk({
            successors: ring.map((_, i) => [(i + 1) % ring.length]),
            visits: ring.map((v) => [{ ...v, spentBefore: v.spent }]),
            budget: rounds * spent,
          });
          expect(most).toBeGreaterThanOrEqual(rounds * gained - 1e-6);
          expect(most).toBeLessThanOrEqual((rounds + 1) * gained + 1e-6);
        },
      ),
    );
  });

  test("is unknown exactly where a cycle gains and spends nothing", () => {
    const free: WalkVisit = { gained: 1, spent: 0, spentBefore: 0 };
    const dear: WalkVisit = { gained: 1, spent: 5, spentBefore: 5 };
    const ring = { successors: [[1], [0]], budget: 100 };
    expect(longestWalk({ ...ring, visits: [[free], [free]] })).toBeNull();
    expect(longestWalk({ ...ring, visits: [[free], [dear]] })).toBeCloseTo(41, 6);
    expect(longestWalk({ ...ring, visits: [[dear, free], [free]] })).toBeNull();
    expect(longestWalk({ successors: [[1], [2], []], visits: [[free], [free], [free]], budget: 0 })).toBe(3);
  });

  test("goes through loops of thousands of nodes", () => {
    const size = 20_000;
    const most = longestWalk({
      successors: Array.from({ length: size }, (_, i) => [(i + 1) % size, (i * 7919) % size]),
      visits: Array.from({ length: size }, (_, i) => [{ gained: 1, spent: 2 + (i % 3), spentBefore: 1 }]),
      budget: 25_000,
    });
    expect(most).toBeGreaterThan(25_000 / 4);
    expect(most).toBeLessThanOrEqual(25_000 / 2 + size);
  });
});
