import fc from "fast-check";
import { expect, test } from "vitest";
import { paceOf } from "../../src/aws/api-pace.ts";
import { type Clock, tokenBucket } from "../../src/aws/token-bucket.ts";

/** Time that passes only when somebody sleeps: what is due first wakes first. */
function virtualClock(): Clock & { run(): Promise<void> } {
  let now = 0;
  const sleeping: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms) => new Promise((wake) => sleeping.push({ at: now + ms, wake })),
    run: async () => {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        const next = sleeping.sort((a, b) => a.at - b.at).shift();
        if (next === undefined) return;
        now = next.at;
        next.wake();
      }
    },
  };
}

test("never lets through more than bucket and refill, and wastes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 200 }),
      async (size, perSecond, calls) => {
        const clock = virtualClock();
        const bucket = tokenBucket({ size, perSecond }, clock);
        const times: number[] = [];
        for (let call = 0; call < calls; call++) void bucket.take().then(() => times.push(clock.now()));
        await clock.run();
        expect(times).toHaveLength(calls);
        times.forEach((time, index) => {
          // So many have gone by this time, this one included.
          expect(index + 1).toBeLessThanOrEqual(size + (time / 1000) * perSecond + 1e-6);
        });
        expect(times.at(-1)).toBeCloseTo(Math.max(0, ((calls - size) / perSecond) * 1000), 6);
      },
    ),
    { numRuns: 50 },
  );
});

test("after a refusal nothing is left in the bucket", async () => {
  const clock = virtualClock();
  const bucket = tokenBucket({ size: 100, perSecond: 2 }, clock);
  bucket.drain();
  let at = -1;
  void bucket.take().then(() => (at = clock.now()));
  await clock.run();
  expect(at).toBe(500);
});

test("paces are the published ones, by region, times the part that may be used", () => {
  expect(paceOf("states:ListExecutions", "us-east-1", 1)).toStrictEqual({ size: 200, perSecond: 5 });
  expect(paceOf("states:ListExecutions", "eu-central-1", 0.5)).toStrictEqual({ size: 50, perSecond: 1 });
  expect(paceOf("states:GetExecutionHistory", "eu-central-1", 0.5)).toStrictEqual({
    size: 200,
    perSecond: 10,
  });
  expect(paceOf("cloudwatch:GetMetricData", "eu-west-1", 1)).toStrictEqual({ size: 50, perSecond: 50 });
  expect(paceOf("states:DescribeMapRun", "eu-west-1", 0.001).size).toBe(1);
});
