import fc from "fast-check";
import { expect, test } from "vitest";
import { normalQuantile } from "../../src/workflow/normal-quantile.ts";
import { atomsOfPercentiles, meanOfPercentiles } from "../../src/workflow/percentile-curve.ts";

test("the normal quantile agrees with tables", () => {
  expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963985, 8);
  expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306, 7);
});

test("two percentiles make a log-normal, whose mean is exp(mu + sigma² / 2) within 1 %", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 1e5, noNaN: true }),
      fc.double({ min: 1.1, max: 8, noNaN: true }),
      (p50, ratio) => {
        const sigma = Math.log(ratio) / normalQuantile(0.99);
        const mean = meanOfPercentiles([
          [0.5, p50],
          [0.99, p50 * ratio],
        ]);
        expect(Math.abs(mean / (p50 * Math.exp(sigma ** 2 / 2)) - 1)).toBeLessThan(0.01);
      },
    ),
  );
});

test("its atoms have the percentiles it was made of, within one atom", () => {
  const atoms = atomsOfPercentiles([
    [0.5, 100],
    [0.9, 400],
    [0.99, 2000],
  ]);
  for (const [share, value] of [
    [0.5, 100],
    [0.9, 400],
    [0.99, 2000],
  ] as const) {
    const below = atoms.reduce((sum, [at, mass]) => sum + (at <= value ? mass : 0), 0);
    expect(Math.abs(below - share)).toBeLessThan(0.026);
  }
});

test("one percentile, or none that can be used, is a constant", () => {
  expect(atomsOfPercentiles([[0.5, 70]])).toEqual([[70, 1]]);
  expect(meanOfPercentiles([[1, 70]])).toBe(70);
});
