import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseCount,
  parseMemoryMB,
  parseRange,
  parseRate,
  parseShare,
  parseSizeKB,
} from "../../../src/workflow/workload/quantity.ts";
import type { Parsed } from "../../../src/workflow/workload/quantity.ts";

function valueOf<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

function problemOf(parsed: Parsed<unknown>): string {
  if (parsed.ok) throw new Error(`expected a problem, got ${JSON.stringify(parsed.value)}`);
  return parsed.problem;
}

describe("parseCount", () => {
  it.each([
    ["12", 12],
    ["1_000_000", 1_000_000],
    ["2.5k", 2500],
    ["1.1M", 1_100_000],
    ["4.35M", 4_350_000],
    ["1.5B", 1_500_000_000],
    ["1e6", 1_000_000],
    [" 3 ", 3],
    [0, 0],
    [-0, 0],
    [7.5, 7.5],
  ])("reads %j as %d", (written, value) => {
    expect(parseCount(written)).toStrictEqual({ ok: true, value });
  });

  it.each([
    ["-5", /negative/],
    [-5, /negative/],
    [Number.NaN, /not understood/],
    [Number.POSITIVE_INFINITY, /without end/],
    ["1e999", /without end/],
    ["1,000", /write .*1_000_000/],
    ["1m", /write .*1M/],
    ["lots", /"lots" is not understood: write 12/],
    ["", /not understood/],
    [null, /null is not a number/],
    [[1], /a list is not a number/],
    ["1__0", /not understood/],
    ["0x10", /not understood/],
  ])("refuses %j", (written, reason) => {
    expect(problemOf(parseCount(written))).toMatch(reason);
  });

  it("reads back every whole number it is given, with and without separators", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), (count) => {
        expect(valueOf(parseCount(String(count)))).toBe(count);
        expect(valueOf(parseCount(count.toLocaleString("en-US").replaceAll(",", "_")))).toBe(count);
        expect(valueOf(parseCount(`${count}k`))).toBe(count * 1000);
      }),
    );
  });
});

describe("parseRate", () => {
  it.each([
    ["1M", 1_000_000],
    [250, 250],
    ["1000000/month", 1_000_000],
    ["1M/month", 1_000_000],
    ["50/s", 50 * 2_628_000],
    ["10/min", 438_000],
    ["3/h", 2190],
    ["1200/day", 36_500],
    ["12 / year", 1],
    ["24 per day", 730],
    ["2k/hour", 1_460_000],
  ])("reads %j as %d a month", (written, value) => {
    expect(valueOf(parseRate(written))).toBeCloseTo(value, 6);
  });

  it.each(["50/fortnight", "/s", "50/", "-1/s", "50//s", "s"])(
    "refuses %j and says what to write",
    (written) => {
      expect(problemOf(parseRate(written))).toMatch(/write .*50\/s/);
    },
  );
});

describe("parseShare", () => {
  it.each([
    ["2%", 0.02],
    ["0.1%", 0.001],
    ["100%", 1],
    [".5", 0.5],
    [0.008, 0.008],
    ["1e-3", 0.001],
    [1, 1],
  ])("reads %j as %d", (written, value) => {
    expect(valueOf(parseShare(written))).toBe(value);
  });

  it("refuses more than the whole, and says how percent are written", () => {
    expect(problemOf(parseShare(2))).toMatch(/write 2% if you mean percent/);
    expect(problemOf(parseShare("101%"))).toMatch(/between 0 and 1/);
    expect(problemOf(parseShare("-2%"))).toMatch(/negative/);
  });
});

describe("sizes", () => {
  it.each([
    [8, 8],
    ["8KB", 8],
    ["500B", 0.5],
    ["1.5MB", 1500],
  ])("reads a size of %j as %d KB", (written, value) => {
    expect(valueOf(parseSizeKB(written))).toBe(value);
  });

  it.each([
    [512, 512],
    ["512MB", 512],
    ["2GB", 2048],
  ])("reads a memory of %j as %d MB", (written, value) => {
    expect(valueOf(parseMemoryMB(written))).toBe(value);
  });

  it("refuses no memory at all", () => {
    expect(problemOf(parseMemoryMB(0))).toMatch(/512MB/);
  });
});

describe("parseRange", () => {
  it("reads one number as a range without width", () => {
    expect(parseRange("1k", parseCount)).toStrictEqual({
      ok: true,
      value: { value: 1000, low: 1000, high: 1000 },
    });
  });

  it("takes likely for the ends that are not given", () => {
    expect(valueOf(parseRange({ likely: 5, high: 9 }, parseCount))).toStrictEqual({
      value: 5,
      low: 5,
      high: 9,
    });
  });

  it.each([
    [{ low: 3, likely: 2, high: 4 }, /out of order/],
    [{ low: 1, high: 4 }, /needs likely/],
    [{ low: 1, likley: 2, high: 4 }, /"likley" is no part of a range/],
    [{ likely: -2 }, /likely: -2 is negative: write 0 or more, as (?!.*such as .*such as)/],
    [[1, 2, 3], /low, likely, high/],
    [null, /null is not a number/],
  ])("refuses %j", (written, reason) => {
    expect(problemOf(parseRange(written, parseCount))).toMatch(reason);
  });

  it("keeps low ≤ value ≤ high, whatever it is given, and never throws", () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.record({ low: fc.double(), likely: fc.double(), high: fc.double() }, { requiredKeys: [] }),
    );
    fc.assert(
      fc.property(
        anything,
        fc.constantFrom(parseCount, parseRate, parseShare, parseSizeKB),
        (written, parse) => {
          const parsed = parseRange(written, parse);
          if (!parsed.ok) {
            expect(parsed.problem).not.toBe("");
            return;
          }
          expect(parsed.value.low).toBeGreaterThanOrEqual(0);
          expect(parsed.value.low).toBeLessThanOrEqual(parsed.value.value);
          expect(parsed.value.value).toBeLessThanOrEqual(parsed.value.high);
          expect(parsed.value.high).toBeLessThan(Number.POSITIVE_INFINITY);
        },
      ),
    );
  });
});
