/** What CloudWatch's metrics say of one execution. */
import { describe, expect, test } from "vitest";
import { billedMs } from "../../src/usage/express-billing.ts";
import { measureExecution } from "../../src/usage/measure-execution.ts";
import type { MachineMetrics } from "../../src/workflow/fleet/fleet.ts";
import { atomsOfPercentiles } from "../../src/workflow/percentile-curve.ts";

const metrics: MachineMetrics = {
  ...{ started: 200, succeeded: 190, failed: 5, timedOut: 3, aborted: 2, throttled: 0, transitions: 1500 },
  durationMs: { mean: 620, p50: 480, p90: 1050, p99: 2900 },
  ...{ expressBilledDurationMs: 140_000, expressBilledMemoryMB: 70, startedByDay: [] },
};

const measured = (type: "STANDARD" | "EXPRESS", changed: Partial<MachineMetrics> = {}) =>
  measureExecution({ type, metrics: { ...metrics, ...changed } })!;

describe("one execution", () => {
  test("of an Express machine is billed what was billed of all, shared by those that started", () => {
    expect(measured("EXPRESS")).toMatchObject({
      transitions: null,
      billedDurationMs: 700,
      billedMemoryMB: 70,
    });
  });

  test("of a Standard machine takes the transitions of all, shared by those that started", () => {
    expect(measured("STANDARD")).toMatchObject({ transitions: 7.5, billedMemoryMB: null });
  });

  test("is billed its rounded time, shaped by the percentiles around the measured mean, where nobody counted it", () => {
    const curve = [
      [0.5, 480],
      [0.9, 1050],
      [0.99, 2900],
    ] as const;
    const atoms = atomsOfPercentiles(curve);
    const mean = atoms.reduce((sum, [ms, share]) => sum + ms * share, 0);
    const rounded = atoms.reduce((sum, [ms, share]) => sum + billedMs((ms * 620) / mean) * share, 0);
    for (const each of [measured("STANDARD"), measured("EXPRESS", { expressBilledDurationMs: null })]) {
      expect(each.durationMs).toEqual(curve);
      expect(each.billedDurationMs).toBeCloseTo(rounded, 9);
      expect(each.billedDurationMs! - 620).toBeGreaterThan(0);
      expect(each.billedDurationMs! - 620).toBeLessThan(100);
    }
  });

  test("is not known of a machine that has no metrics, or that did not start", () => {
    expect(measureExecution({ type: "STANDARD", metrics: null })).toBe(null);
    for (const started of [0, null])
      expect(measured("EXPRESS", { started, durationMs: null }).billedDurationMs).toBe(null);
    expect(measured("STANDARD", { transitions: null }).transitions).toBe(null);
  });

  const lasting = (p50: number | null, p90: number | null, p99: number | null) =>
    measured("STANDARD", { durationMs: { mean: 620, p50, p90, p99 } }).durationMs;

  test.each([
    [
      480,
      null,
      2900,
      [
        [0.5, 480],
        [0.99, 2900],
      ],
    ],
    [
      0,
      1050,
      2900,
      [
        [0.9, 1050],
        [0.99, 2900],
      ],
    ],
    [
      480,
      480,
      480,
      [
        [0.5, 480],
        [0.9, 480],
        [0.99, 480],
      ],
    ],
    [null, null, 2900, null],
    [480, 470, 2900, null],
    [480, 1050, 1049, null],
  ])("lasts %j, %j and %j: %j", (p50, p90, p99, known) => {
    expect(lasting(p50, p90, p99)).toEqual(known);
  });
});
