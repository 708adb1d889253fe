/** Visits of one Retrier whose delay stays the same, perhaps beside one that is never asked, against a plain sum over the number of its retries. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { meanOf, point } from "../../src/graph/distribution.ts";
import { type Attempts, followAttempts } from "../../src/graph/retry-chain.ts";
import type { Spent } from "../../src/graph/spent.ts";
import type { Retrier } from "../../src/workflow/state-machine.ts";

const spending = (ms: number): Spent => ({
  transitions: point(0),
  durationMs: point(ms),
  historyEvents: point(5),
});

interface Drawn {
  readonly maxAttempts: number;
  /** Attempts of a Retrier of an error that never happens; null = there is none. */
  readonly idle: number | null;
  /** Shares of attempts that are retried, and of those that end the visit. */
  readonly again: number;
  readonly ends: readonly (readonly [error: string | null, share: number, ms: number])[];
}

const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    // Past five hundred they are not followed one by one.
    // What follows 500 attempts is not followed one by one.
    maxAttempts: fc.oneof(
      fc.nat(6),
      fc.constantFrom(499, 500, 501),
      fc.integer({ min: 400, max: 600 }),
      fc.integer({ min: 600, max: 4000 }),
    ),
    again: fc.constantFrom(0.2, 0.9, 0.99, 0.999, 1),
    success: fc.constantFrom(0, 0.3, 1),
    idle: fc.constantFrom(null, 0, 3),
  })
  .map(({ again, success, ...rest }) => ({
    ...rest,
    again,
    ends: [
      [null, (1 - again) * success, 700],
      ["B", (1 - again) * (1 - success), 40],
    ] as const,
  }));

const AGAIN_MS = 300;
const DELAY_MS = 2000;

function retrierOf(error: string, maxAttempts: number): Retrier {
  return {
    pointer: `/Retry/${error}`,
    errorEquals: [error],
    intervalSeconds: DELAY_MS / 1000,
    maxAttempts,
    backoffRate: 1,
    maxDelaySeconds: null,
    jitterStrategy: "NONE",
  };
}

function visitOf({ maxAttempts, idle, again, ends }: Drawn): Attempts {
  return {
    ends: [
      ...ends.map(([error, mass, ms]) => ({ error, mass, spent: spending(ms) })),
      { error: "A", mass: again, spent: spending(AGAIN_MS) },
    ],
    retry: [...(idle === null ? [] : [retrierOf("Z", idle)]), retrierOf("A", maxAttempts)],
    catch: [{ pointer: "/Catch/0", errorEquals: ["B"], next: "Caught" }],
    perRetry: { transitions: point(1), durationMs: point(0), historyEvents: point(0) },
  };
}

interface Sum {
  mass: number;
  retries: number;
  ms: number;
}

/** By how the visit ends: masses, and retries and time weighed by them. */
function summed({ maxAttempts, again, ends }: Drawn) {
  const sums = new Map<string | null, Sum>();
  let [reached, attempts] = [1, 0];
  const end = (error: string | null, mass: number, { retries, ms }: Omit<Sum, "mass">): void => {
    if (mass === 0) return;
    const known = sums.get(error) ?? { mass: 0, retries: 0, ms: 0 };
    sums.set(error, {
      mass: known.mass + mass,
      retries: known.retries + mass * retries,
      ms: known.ms + mass * ms,
    });
  };
  for (let retries = 0; retries <= maxAttempts; retries++) {
    attempts += reached;
    const before = retries * (AGAIN_MS + DELAY_MS);
    for (const [error, share, ms] of ends) end(error, reached * share, { retries, ms: before + ms });
    if (retries === maxAttempts) end("A", reached * again, { retries, ms: before + AGAIN_MS });
    reached *= again;
  }
  return { attempts, sums };
}

test("shares, retries and times are sums over the number of retries, few and many", () => {
  fc.assert(
    fc.property(drawn, (each) => {
      const found = followAttempts(visitOf(each));
      const { attempts, sums } = summed(each);
      expect(found.attempts / attempts).toBeCloseTo(1, 9);
      const likely = [...sums].filter(([, { mass }]) => mass > 1e-12);
      const ends = found.ends.filter(({ mass }) => mass > 1e-12);
      expect(ends.map(({ error }) => error).sort()).toEqual(likely.map(([error]) => error).sort());
      for (const { error, catcher, mass, retries, spent } of ends) {
        const expected = sums.get(error)!;
        expect(catcher).toBe(error === "B" ? 0 : null);
        expect(mass).toBeCloseTo(expected.mass, 10);
        expect(retries).toBeCloseTo(expected.retries / expected.mass, 5);
        expect(meanOf(spent.transitions)).toBeCloseTo(expected.retries / expected.mass, 5);
        expect(meanOf(spent.durationMs) / (expected.ms / expected.mass)).toBeCloseTo(1, 8);
        expect(meanOf(spent.historyEvents)).toBeCloseTo((expected.retries / expected.mass + 1) * 5, 4);
      }
    }),
    { numRuns: 40 },
  );
});
