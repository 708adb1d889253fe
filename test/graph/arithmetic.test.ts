/** Laws of the arithmetic below the chains, each against the plainest reference. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { binomialAbove } from "../../src/graph/binomial-tail.ts";
import {
  convolve,
  convolvePower,
  fromAtoms,
  maximum,
  meanOf,
  mix,
  point,
} from "../../src/graph/distribution.ts";
import { geometricSum } from "../../src/graph/geometric-sum.ts";
import { type AttemptEnd, followAttempts } from "../../src/graph/retry-chain.ts";
import { NOTHING_SPENT } from "../../src/graph/spent.ts";
import { eliminate } from "../../src/graph/state-elimination.ts";
import { stronglyConnected } from "../../src/graph/strongly-connected.ts";

const atoms = (values: fc.Arbitrary<number>) =>
  fc.array(fc.tuple(values, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 12 });
const small = atoms(fc.nat(50)).map(fromAtoms);
const wide = atoms(fc.double({ min: 0, max: 1e9, noNaN: true })).map(fromAtoms);
const near = (actual: number, expected: number): void =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(expected)));

test("sums, maxima and mixtures of whole numbers are those of all pairs", () => {
  fc.assert(
    fc.property(small, small, (a, b) => {
      const pairs = (of: (x: number, y: number) => number) =>
        fromAtoms(
          [...a.values].flatMap((x, i) =>
            [...b.values].map((y, j) => [of(x, y), a.shares[i]! * b.shares[j]!] as const),
          ),
        );
      for (const [actual, expected] of [
        [convolve(a, b), pairs((x, y) => x + y)],
        [maximum(a, b), pairs(Math.max)],
      ] as const) {
        expect([...actual.values]).toEqual([...expected.values]);
        actual.shares.forEach((share, i) => near(share, expected.shares[i]!));
      }
      near(
        meanOf(
          mix([
            { mass: 1, of: a },
            { mass: 3, of: b },
          ])!.of,
        ),
        (meanOf(a) + 3 * meanOf(b)) / 4,
      );
    }),
  );
});

test("however wide and however often, sums keep mass, mean and order", () => {
  fc.assert(
    fc.property(wide, fc.integer({ min: 0, max: 300 }), (base, n) => {
      const sum = convolvePower(base, n);
      near(meanOf(sum), n * meanOf(base));
      near(
        sum.shares.reduce((total, share) => total + share, 0),
        1,
      );
      // Shares too small for a full double do not keep the mean of their cell.
      const values = sum.values.filter((_, i) => sum.shares[i]! > 1e-290);
      values.forEach((value, i) => expect(value).toBeGreaterThanOrEqual((values[i - 1] ?? 0) * (1 - 1e-12)));
    }),
    { numRuns: 60 },
  );
});

test("a geometric sum has the mean of its rounds, however many", () => {
  fc.assert(
    fc.property(
      wide,
      fc.constantFrom(0.5, 0.1, 1e-3, 1e-6, 1e-9),
      fc.option(fc.integer({ min: 1, max: 50 })),
      (round, leaving, terms) => {
        const spent = { ...NOTHING_SPENT, durationMs: round };
        const sum = geometricSum({ mass: 1 - leaving, of: spent }, leaving, terms ?? Infinity);
        let [mass, rounds] = [1 / leaving, (1 - leaving) / leaving];
        if (terms !== null) {
          const powers = Array.from({ length: terms }, (_, k) => (1 - leaving) ** k);
          mass = powers.reduce((total, power) => total + power, 0);
          rounds = powers.reduce((total, power, k) => total + k * power, 0) / mass;
        }
        expect(sum.mass / mass).toBeCloseTo(1, 6);
        expect(Math.abs(meanOf(sum.of.durationMs) - rounds * meanOf(round))).toBeLessThanOrEqual(
          1e-6 * rounds * meanOf(round) + 1e-9,
        );
      },
    ),
    { numRuns: 40 },
  );
});

test("the binomial tail is the sum of its terms", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: -1, max: 61 }),
      (n, p, k) => {
        let above = 0;
        let ways = 1;
        for (let i = 0; i <= n; i++) {
          if (i > k) above += ways * p ** i * (1 - p) ** (n - i);
          ways *= (n - i) / (i + 1);
        }
        expect(Math.abs(binomialAbove(n, p, k) - above)).toBeLessThan(1e-10);
      },
    ),
    { numRuns: 500 },
  );
  expect(binomialAbove(1e8, 0.01, 1e6)).toBeCloseTo(0.5, 3);
});

const chains = fc.integer({ min: 1, max: 14 }).chain((n) =>
  fc.array(fc.array(fc.constantFrom<number>(0, 0, 1, 2, 5), { minLength: n + 1, maxLength: n + 1 }), {
    minLength: n,
    maxLength: n,
  }),
);

test("elimination, sparse or dense, gives the visits and rewards that walking the chain gives", () => {
  fc.assert(
    fc.property(chains, (weights) => {
      const rows = weights.map((row) => {
        const sum = row.reduce((total, weight) => total + weight, 0) + 1;
        return row.map((weight, i) => (weight + (i === row.length - 1 ? 1 : 0)) / sum);
      });
      const inside = rows.map((row) => {
        const positive = row.slice(0, -1).map((share, to): [number, number] => [to, share]);
        return new Map(positive.filter(([, share]) => share > 0));
      });
      const solved = eliminate({ inside, leaving: rows.map((row) => row.at(-1)!) })!;
      const arrivals = rows.map((_, i) => (i % 3) + 1);
      const rewards = rows.map((_, i) => (i % 4) / 2);
      const visits = rows.map(() => 0);
      let now = arrivals;
      for (let round = 0; round < 5_000 && now.some((mass) => mass > 1e-14); round++) {
        now.forEach((mass, i) => (visits[i]! += mass));
        now = rows.map((_, to) =>
          now.reduce((sum, mass, from) => sum + mass * (inside[from]!.get(to) ?? 0), 0),
        );
      }
      solved.visitsFrom(arrivals).forEach((visit, i) => near(visit, visits[i]!));
      const total = (of: readonly number[], by: readonly number[]): number =>
        of.reduce((sum, value, i) => sum + value * by[i]!, 0);
      near(total(solved.rewardsOf(rewards), arrivals), total(visits, rewards));
    }),
    { numRuns: 60 },
  );
});

test("components are mutual reachability, numbered along the edges", () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 9 })
        .chain((n) =>
          fc.array(fc.uniqueArray(fc.nat(n - 1), { maxLength: 3 }), { minLength: n, maxLength: n }),
        ),
      (successors) => {
        const reach = successors.map((_, from) => {
          const seen = new Set([from]);
          for (const node of seen) for (const to of successors[node]!) seen.add(to);
          return seen;
        });
        const { of, members } = stronglyConnected(successors);
        successors.forEach((targets, a) => {
          successors.forEach((_, b) => expect(of[a] === of[b]).toBe(reach[a]!.has(b) && reach[b]!.has(a)));
          for (const to of targets) expect(of[to]).toBeGreaterThanOrEqual(of[a]!);
          expect(members[of[a]!]).toContain(a);
        });
      },
    ),
    { numRuns: 300 },
  );
});

const retrier = (errorEquals: string[], maxAttempts: number) =>
  ({
    pointer: "",
    errorEquals,
    maxAttempts,
    intervalSeconds: 1,
    backoffRate: 2,
    maxDelaySeconds: null,
    jitterStrategy: "NONE",
  }) as const;
const attempt = (error: string | null, mass: number): AttemptEnd => ({ error, mass, spent: NOTHING_SPENT });

test("one Retrier takes Σ fᵏ attempts", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 40 }), (f, most) => {
      const visit = {
        ends: [attempt(null, 1 - f), attempt("A", f)],
        retry: [retrier(["A"], most)],
        catch: [],
        perRetry: NOTHING_SPENT,
      };
      const expected = Array.from({ length: most + 1 }, (_, k) => f ** k).reduce(
        (sum, power) => sum + power,
        0,
      );
      near(followAttempts(visit).attempts, expected);
    }),
  );
});

test("each attempt but the first is a retry of the end it leads to", () => {
  const most = fc.integer({ min: 0, max: 40 });
  const failing = fc.double({ min: 0, max: 0.5, noNaN: true });
  fc.assert(
    fc.property(failing, failing, most, most, (a, b, mostA, mostB) => {
      const { ends, attempts } = followAttempts({
        ends: [attempt(null, 1 - a - b), attempt("A", a), attempt("B", b)],
        retry: [retrier(["A"], mostA), retrier(["B"], mostB)],
        catch: [],
        perRetry: NOTHING_SPENT,
      });
      near(
        ends.reduce((sum, { mass, retries }) => sum + mass * retries, 0),
        attempts - 1,
      );
    }),
  );
});

test("two Retriers, six and two attempts at shares 0.10 and 0.01, take what their counters' chain says", () => {
  const [a, b] = [0.1, 0.01];
  const from = (left: number, right: number): { attempts: number; failed: number } => {
    const onA = left > 0 ? from(left - 1, right) : { attempts: 0, failed: 1 };
    const onB = right > 0 ? from(left, right - 1) : { attempts: 0, failed: 1 };
    return { attempts: 1 + a * onA.attempts + b * onB.attempts, failed: a * onA.failed + b * onB.failed };
  };
  const retry = [retrier(["RateLimit"], 6), retrier(["States.Timeout"], 2)];
  const ends = [attempt(null, 1 - a - b), attempt("RateLimit", a), attempt("States.Timeout", b)];
  const visit = followAttempts({ ends, retry, catch: [], perRetry: NOTHING_SPENT });
  const expected = from(6, 2);
  near(visit.attempts, expected.attempts);
  const failed = visit.ends.filter(({ error }) => error !== null).reduce((sum, { mass }) => sum + mass, 0);
  expect(failed / expected.failed).toBeCloseTo(1, 9);
});

test("a maximum with nothing is the other", () => {
  fc.assert(
    fc.property(wide, (a) => {
      near(meanOf(maximum(a, point(0))), meanOf(a));
    }),
  );
});
