/** Visits attempt by attempt: all that may be seen, each by its chance, are what shares of attempts say of them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meanOf, point } from "../../src/graph/distribution.ts";
import {
  type AttemptEnd,
  type Attempts,
  type VisitEnds,
  followAttempts,
} from "../../src/graph/retry-chain.ts";
import { followSeen } from "../../src/graph/seen-visits.ts";
import type { Spent } from "../../src/graph/spent.ts";
import type { Catcher, Retrier } from "../../src/workflow/state-machine.ts";

function spending(seconds: number): Spent {
  return { transitions: point(seconds % 3), durationMs: point(seconds * 1000), historyEvents: point(3) };
}

const PER_RETRY: Spent = { transitions: point(1), durationMs: point(0), historyEvents: point(0) };

const errorEquals = fc.constantFrom(["A"], ["B"], ["B", "A"], ["States.ALL"]);
const retriers: fc.Arbitrary<Retrier[]> = fc.array(
  fc.record({
    pointer: fc.constant("/Retry"),
    errorEquals,
    intervalSeconds: fc.constantFrom(1, 3),
    maxAttempts: fc.nat(2),
    backoffRate: fc.constantFrom(1, 2),
    maxDelaySeconds: fc.constantFrom(null, 4),
    jitterStrategy: fc.constantFrom("NONE", "FULL"),
  }),
  { maxLength: 2 },
);
const catchers: fc.Arbitrary<Catcher[]> = fc.array(
  fc.record({ pointer: fc.constant("/Catch"), errorEquals, next: fc.constant("Caught") }),
  { maxLength: 2 },
);
const ends: fc.Arbitrary<AttemptEnd[]> = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.nat(5), fc.nat(5))
  .map(([success, a, b]) =>
    [
      { error: null, mass: success, spent: spending(8) },
      { error: "A", mass: a, spent: spending(1) },
      { error: "B", mass: b, spent: spending(5) },
    ].map((end) => ({ ...end, mass: end.mass / (success + a + b) })),
  );
const visits: fc.Arbitrary<Attempts> = fc.record({
  ends,
  retry: retriers,
  catch: catchers,
  perRetry: fc.constant(PER_RETRY),
});

/** More attempts than any visit makes: what comes after its end is not looked at. */
function sequencesOf(possible: readonly AttemptEnd[], length: number) {
  let all: { readonly attempts: readonly (string | null)[]; readonly share: number }[] = [
    { attempts: [], share: 1 },
  ];
  for (let i = 0; i < length; i++)
    all = all.flatMap(({ attempts, share }) =>
      possible.map(({ error, mass }) => ({ attempts: [...attempts, error], share: share * mass })),
    );
  return all;
}

const key = ({ error, catcher }: VisitEnds["ends"][number]): string =>
  catcher === null ? String(error) : `caught ${catcher}`;

function expectAlike(one: VisitEnds, other: VisitEnds): void {
  expect(one.attempts).toBeCloseTo(other.attempts, 9);
  const byKey = new Map(other.ends.map((end) => [key(end), end]));
  expect(one.ends.map(key).sort()).toEqual([...byKey.keys()].sort());
  for (const end of one.ends) {
    const same = byKey.get(key(end))!;
    expect(end.mass).toBeCloseTo(same.mass, 9);
    expect(end.retries).toBeCloseTo(same.retries, 9);
    for (const metric of ["transitions", "durationMs", "historyEvents"] as const)
      expect(meanOf(end.spent[metric])).toBeCloseTo(meanOf(same.spent[metric]), 6);
  }
}

describe("seen visits", () => {
  test("of which all are seen, each by its chance, say what shares of attempts do", () => {
    fc.assert(
      fc.property(visits, (visit) => {
        const longest = visit.retry.reduce((sum, { maxAttempts }) => sum + maxAttempts, 1);
        expectAlike(followSeen(visit, sequencesOf(visit.ends, longest)), followAttempts(visit));
      }),
      { numRuns: 60 },
    );
  });

  const retriedAtMost = (maxAttempts: number): Attempts => ({
    ends: [{ error: "A", mass: 1, spent: spending(2) }],
    retry: [
      {
        pointer: "/Retry",
        errorEquals: ["States.ALL"],
        intervalSeconds: 1,
        maxAttempts,
        backoffRate: 1,
        maxDelaySeconds: null,
        jitterStrategy: "NONE",
      },
    ],
    catch: [],
    perRetry: PER_RETRY,
  });

  test("go on as they last did, for as long as they are retried", () => {
    const seen = [
      { attempts: ["A"], share: 0.5 },
      { attempts: [], share: 0.5 },
    ];
    const { ends: found, attempts } = followSeen(retriedAtMost(3), seen);
    expect(attempts).toBe(0.5 * 4 + 0.5 * 1);
    expect(found.map(({ error, retries }) => [error, retries])).toEqual([
      ["A", 3],
      [null, 0],
    ]);
    expect(meanOf(found[0]!.spent.durationMs)).toBe(4 * 2000 + 3 * 1000);
  });

  test("are followed for two thousand retries", () => {
    const seen = [{ attempts: ["A"], share: 1 }];
    expect(followSeen(retriedAtMost(1_999), seen).attempts).toBe(2_000);
    expect(followSeen(retriedAtMost(99_999_999), seen).attempts).toBe(2_001);
  });

  const said = [
    { error: null, mass: 0.7, spent: spending(8) },
    { error: "A", mass: 0.1, spent: spending(1) },
    { error: "B", mass: 0.2, spent: spending(5) },
  ];

  test.each([
    ["the likeliest failure for an error that none is said of", said, "C", 5],
    ["the only failure that is said of", said.slice(0, 2), "C", 1],
    ["the likeliest end of all, where none fails", said.slice(0, 1), "C", 8],
    ["the likeliest end of all, where all fail", said.slice(1), null, 5],
    ["nothing, where nothing is said", [], "C", 0],
  ])("spend what is spent by %s", (_, possible, error, seconds) => {
    const visit = { ends: possible, retry: [], catch: [], perRetry: PER_RETRY };
    const { ends: found } = followSeen(visit, [{ attempts: [error], share: 1 }]);
    expect(found).toHaveLength(1);
    expect(meanOf(found[0]!.spent.durationMs)).toBe(seconds * 1000);
  });
});
