/** AWS's own units: https://aws.amazon.com/step-functions/pricing/ */
import { describe, expect, test } from "vitest";
import { mix, point } from "../../src/graph/distribution.ts";
import { billedMemoryMB, billedMs, gbSeconds, meanBilledMs } from "../../src/usage/express-billing.ts";

describe("Express bills", () => {
  test.each([
    [0, 100],
    [1, 100],
    [100, 100],
    [100.0000000001, 100],
    [100.1, 200],
    [4_270, 4_300],
  ])("%d ms as %d", (ms, billed) => {
    expect(billedMs(ms)).toBe(billed);
  });

  test("each execution's rounded time, never the rounded mean", () => {
    const half = mix([
      { mass: 0.5, of: point(10) },
      { mass: 0.5, of: point(210) },
    ])!.of;
    expect(meanBilledMs(half)).toBe(200);
  });

  test.each([
    // AWS's example: 400 steps of a Map with 32 KB each, 50 KB of definition: 62.85 MB.
    [50_000, 32, 400, 64],
    [0, 0, 0, 64],
    [14_000_000, 0, 9, 64],
    [14_000_001, 0, 9, 128],
    [0, 100, 140, 64],
    [0, 100, 141, 128],
    [2_000_000, 256, 500, 192],
  ])(
    "%d bytes of definition and %d KB in %d steps as %d MB",
    (definitionBytes, payloadKB, parallelSteps, mb) => {
      expect(billedMemoryMB({ definitionBytes, payloadKB, parallelSteps })).toBe(mb);
    },
  );

  test("seconds of 1,000 ms times GB of 1,024 MB", () => {
    expect(gbSeconds(2_000, 512)).toBe(1);
    expect(gbSeconds(10_000, 64)).toBe(0.625);
  });
});
