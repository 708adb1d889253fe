import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDuration, parseDurationMs } from "../../../src/workflow/workload/duration.ts";
import { meanOfPercentiles } from "../../../src/workflow/percentile-curve.ts";

describe("parseDurationMs", () => {
  it.each([
    ["300ms", 300],
    ["1.5s", 1500],
    ["0.3s", 300],
    ["5m", 300_000],
    ["5min", 300_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
    ["1h30m", 5_400_000],
    ["1m 2s 3ms", 62_003],
    ["1_000 ms", 1000],
    ["0", 0],
    [0, 0],
  ])("reads %j as %d ms", (written, ms) => {
    expect(parseDurationMs(written)).toStrictEqual({ ok: true, value: ms });
  });

  it.each([
    [300, /300 has no unit: write 300ms or 300s/],
    [1e21, /has no unit/],
    [5e-324, /has no unit/],
    ["00", /write a duration/],
    [-1, /negative/],
    ["300", /write 300ms or 300s/],
    ["-3s", /negative/],
    [Number.NaN, /not understood/],
    ["3 fortnights", /write a duration with its unit/],
    ["s", /write a duration/],
    [true, /true is not a number/],
  ])("refuses %j", (written, reason) => {
    const parsed = parseDurationMs(written);
    expect(parsed.ok ? null : parsed.problem).toMatch(reason);
  });

  it("adds up the parts it is given", () => {
    fc.assert(
      fc.property(fc.nat(999), fc.nat(59), fc.nat(59), (ms, s, m) => {
        expect(parseDurationMs(`${m}m${s}s${ms}ms`)).toStrictEqual({
          ok: true,
          value: m * 60_000 + s * 1000 + ms,
        });
      }),
    );
  });

  it("takes linear time on long nonsense", () => {
    const started = performance.now();
    expect(parseDurationMs(`${"1".repeat(50_000)}ms ${"1 ".repeat(50_000)}`).ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe("parseDuration", () => {
  it("reads percentiles in any order", () => {
    const mean = meanOfPercentiles([
      [0.5, 300],
      [0.99, 2000],
    ]);
    expect(parseDuration({ p99: "2s", p50: "300ms" })).toStrictEqual({
      ok: true,
      value: {
        ms: { value: mean, low: mean, high: mean },
        percentiles: [
          [0.5, 300],
          [0.99, 2000],
        ],
      },
    });
  });

  it("reads one number and a range as a duration that does not vary between attempts", () => {
    expect(parseDuration("1s")).toMatchObject({
      ok: true,
      value: { ms: { value: 1000 }, percentiles: null },
    });
    expect(parseDuration({ low: "1s", likely: "2s", high: "1m" })).toMatchObject({
      ok: true,
      value: { ms: { value: 2000, low: 1000, high: 60_000 }, percentiles: null },
    });
  });

  it.each([
    [{ p50: "2s", p99: "1s" }, /fall/],
    [{ p50: "2s", p50_: "1s" }, /"p50_" does not go with percentiles/],
    [{ p50: "2s", likely: "1s" }, /"likely" does not go/],
    [{ p50: 3 }, /p50: 3 has no unit/],
    [{}, /\{ p50: 300ms, p99: 2s \}/],
    [[1], /\{ low, likely, high \}/],
  ])("refuses %j", (written, reason) => {
    const parsed = parseDuration(written);
    expect(parsed.ok ? null : parsed.problem).toMatch(reason);
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.anything(), (written) => typeof parseDuration(written).ok === "boolean"));
  });
});
