import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runToEnd } from "../../src/capacity/event-loop.ts";
import { type Storm, attemptsToOutlast, playStorm, stormVariants } from "../../src/capacity/retry-storm.ts";
import { backoffDelayMs } from "../../src/workflow/backoff-delay.ts";
import type { Retrier } from "../../src/workflow/state-machine.ts";

const RETRIER: Retrier = {
  pointer: "/States/Call/Retry/0",
  errorEquals: ["Busy"],
  intervalSeconds: 2,
  maxAttempts: 3,
  backoffRate: 2,
  maxDelaySeconds: null,
  jitterStrategy: "NONE",
};

function play(storm: Partial<Storm> = {}) {
  return runToEnd(
    playStorm({
      executions: 2_000,
      retrier: RETRIER,
      downstreamLimit: null,
      recoveryMs: 60_000,
      requestMs: 100,
      seed: 1,
      ...storm,
    }),
  );
}

describe("two thousand executions that fail together", () => {
  test("without jitter they come back together, at 2, 6 and 14 seconds", () => {
    const outcome = play();
    expect(outcome.bursts).toEqual([
      [2, 2000],
      [6, 2000],
      [14, 2000],
    ]);
    expect(outcome).toMatchObject({
      peakPerSecond: 2000,
      retries: 6000,
      exhaustedShare: 1,
      drainedMs: 14_000,
    });
  });

  test("with FULL jitter the first burst spreads over two seconds: at most about 1,000 a second", () => {
    const { firstPeakPerSecond, peakPerSecond } = play({ retrier: { ...RETRIER, jitterStrategy: "FULL" } });
    expect(firstPeakPerSecond).toBeGreaterThanOrEqual(1000);
    // Binomial(2,000, ½): 1,100 is 4.5 standard deviations above its mean.
    expect(firstPeakPerSecond).toBeLessThan(1100);
    expect(peakPerSecond).toBeLessThan(1_700);
  });

  test("a downstream of 500 at once serves 500 of each burst, and the rest give up", () => {
    const outcome = play({ downstreamLimit: 500, recoveryMs: 0 });
    expect(outcome).toMatchObject({ retries: 2000 + 1500 + 1000, exhaustedShare: 500 / 2000 });
  });

  test("one that recovers after five seconds answers the second burst", () => {
    expect(play({ recoveryMs: 5_000 })).toMatchObject({ retries: 4000, exhaustedShare: 0, drainedMs: 6_100 });
  });

  test("MaxDelaySeconds brings the last burst forward", () => {
    const { bursts } = play({ retrier: { ...RETRIER, maxDelaySeconds: 4 } });
    expect(bursts.map(([second]) => second)).toEqual([2, 6, 10]);
    expect(stormVariants(RETRIER).map(({ what }) => what)).toEqual([
      "as written",
      "JitterStrategy FULL",
      "MaxDelaySeconds 4",
    ]);
  });

  test("equal seeds give equal storms, others another", () => {
    const retrier: Retrier = { ...RETRIER, jitterStrategy: "FULL" };
    expect(play({ retrier, seed: 9 })).toEqual(play({ retrier, seed: 9 }));
    expect(play({ retrier, seed: 9 })).not.toEqual(play({ retrier, seed: 10 }));
  });

  test("a storm that is stopped says that it is partial", () => {
    const storm = playStorm({
      executions: 200_000,
      retrier: RETRIER,
      downstreamLimit: null,
      recoveryMs: 60_000,
      requestMs: 100,
      seed: 1,
    });
    expect(storm.next().done).toBe(false);
    const { done, value } = storm.next(true);
    expect(done).toBe(true);
    expect(value).toMatchObject({ isPartial: true });
  });

  test("every execution is answered or gives up, and none retries oftener than allowed", () => {
    const storms = fc.record({
      executions: fc.integer({ min: 1, max: 300 }),
      downstreamLimit: fc.option(fc.integer({ min: 1, max: 50 })),
      recoveryMs: fc.integer({ min: 0, max: 20_000 }),
      requestMs: fc.integer({ min: 0, max: 3_000 }),
      seed: fc.integer({ min: 0, max: 1_000 }),
      retrier: fc.record({
        maxAttempts: fc.integer({ min: 0, max: 5 }),
        jitterStrategy: fc.constantFrom("FULL" as const, "NONE" as const),
      }),
    });
    fc.assert(
      fc.property(storms, (storm) => {
        const retrier = { ...RETRIER, ...storm.retrier };
        const { retries, exhaustedShare, columns, peakPerSecond } = play({ ...storm, retrier });
        expect(retries).toBeLessThanOrEqual(storm.executions * retrier.maxAttempts);
        expect(retries).toBeGreaterThanOrEqual(
          exhaustedShare * storm.executions * retrier.maxAttempts - 1e-6,
        );
        expect(Math.max(0, ...columns)).toBe(peakPerSecond);
      }),
    );
  });
});

describe("the attempts that outlast an outage", () => {
  test("after 2, 4, 8, 16 s: four for up to 30 s, one for 2 s or nothing, none for what never recovers", () => {
    const attempts = (recoveryMs: number) => attemptsToOutlast(RETRIER, recoveryMs);
    expect([0, 1, 2_000, 2_001, 14_000, 30_000, 30_001].map(attempts)).toEqual([1, 1, 1, 2, 3, 4, 5]);
    expect(attempts(Infinity)).toBeNull();
    expect(attemptsToOutlast({ ...RETRIER, intervalSeconds: 0 }, 1)).toBeNull();
    // Half a year of retries every two seconds is counted, not played.
    expect(attemptsToOutlast({ ...RETRIER, backoffRate: 1 }, 15_768_000_000)).toBe(7_884_000);
    // No MaxAttempts may be larger than 99,999,999.
    const everySecond = { ...RETRIER, intervalSeconds: 1, backoffRate: 1 };
    expect([99_999_999_000, 99_999_999_001].map((ms) => attemptsToOutlast(everySecond, ms))).toEqual([
      99_999_999,
      null,
    ]);
  });

  test("with FULL jitter no number is sure to: what full delays outlast, most do not", () => {
    const jittered: Retrier = { ...RETRIER, maxAttempts: 4, jitterStrategy: "FULL" };
    expect(attemptsToOutlast({ ...jittered, jitterStrategy: "NONE" }, 30_000)).toBe(4);
    expect(play({ executions: 1000, recoveryMs: 30_000, retrier: jittered }).exhaustedShare).toBeGreaterThan(
      0.9,
    );
    expect(attemptsToOutlast(jittered, 30_000)).toBeNull();
    expect(attemptsToOutlast(jittered, 1)).toBeNull();
  });

  test("are as many as adding delay to delay takes", () => {
    const shape = fc.record({
      intervalSeconds: fc.integer({ min: 1, max: 100 }),
      backoffRate: fc.constantFrom(1, 1.0001, 1.01, 1.1, 1.5, 2, 3.7, 1e6),
      maxDelaySeconds: fc.option(fc.integer({ min: 1, max: 200 })),
    });
    fc.assert(
      fc.property(shape, fc.integer({ min: 1, max: 3000 }), fc.boolean(), (given, count, isShort) => {
        const retrier: Retrier = { ...RETRIER, ...given };
        let [sum, last] = [0, 0];
        for (let used = 0; used < count; used++) sum += last = backoffDelayMs(retrier, used);
        // Halfway through the last delay, or halfway through the one after it.
        const recoveryMs = isShort ? sum - last / 2 : sum + backoffDelayMs(retrier, count) / 2;
        expect(attemptsToOutlast(retrier, recoveryMs)).toBe(isShort ? count : count + 1);
      }),
    );
  });

  test("with them nobody gives up, with one fewer everybody does", () => {
    const shape = fc.record({
      intervalSeconds: fc.integer({ min: 1, max: 20 }),
      backoffRate: fc.constantFrom(1, 1.5, 2, 3),
      maxDelaySeconds: fc.option(fc.integer({ min: 21, max: 60 })),
      recoveryMs: fc.integer({ min: 0, max: 600_000 }),
    });
    fc.assert(
      fc.property(shape, ({ recoveryMs, ...given }) => {
        const retrier: Retrier = { ...RETRIER, ...given };
        const maxAttempts = attemptsToOutlast(retrier, recoveryMs)!;
        const share = (attempts: number) =>
          play({ executions: 3, recoveryMs, retrier: { ...retrier, maxAttempts: attempts } }).exhaustedShare;
        expect([share(maxAttempts), share(maxAttempts - 1)]).toEqual([0, 1]);
      }),
    );
  });
});
