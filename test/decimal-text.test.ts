import fc from "fast-check";
import { expect, it } from "vitest";
import { decimalText, type DecimalDigits } from "../src/decimal-text.ts";

const byIntl = (value: number, digits: DecimalDigits) => new Intl.NumberFormat("en-US", digits).format(value);

it.each([
  [0, {}, "0"],
  [-0, {}, "-0"],
  [4000, {}, "4,000"],
  [1_234_567.8915, {}, "1,234,567.892"],
  [999.9996, {}, "1,000"],
  [0.05, { maximumFractionDigits: 1 }, "0.1"],
  [0.5, { maximumFractionDigits: 0 }, "1"],
  [0.4, { maximumFractionDigits: 0 }, "0"],
  [0.04, { maximumFractionDigits: 0 }, "0"],
  [1.005, { maximumFractionDigits: 2 }, "1.01"],
  [12, { minimumFractionDigits: 2, maximumFractionDigits: 2 }, "12.00"],
  [2e-6, { minimumSignificantDigits: 2, maximumSignificantDigits: 3 }, "0.0000020"],
  [99.96, { maximumSignificantDigits: 3 }, "100"],
  [1e21, { maximumFractionDigits: 0 }, "1,000,000,000,000,000,000,000"],
  [5e-324, { maximumSignificantDigits: 1 }, `0.${"0".repeat(323)}5`],
] as const)("%d by %j is %s", (value, digits, text) => {
  expect(decimalText(value, digits)).toBe(text);
  expect(byIntl(value, digits)).toBe(text);
});

const values = fc.oneof(
  fc.double(),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.integer({ min: -2_000_000, max: 2_000_000 }),
  // Halves, which is where roundings differ.
  fc
    .tuple(fc.integer({ min: -20_000, max: 20_000 }), fc.integer({ min: 0, max: 9 }))
    .map(([n, by]) => Number(`${String(n)}5e-${String(by)}`)),
  fc
    .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: -30, max: 30 }))
    .map(([n, by]) => Number(`${String(n)}e${String(by)}`)),
);

/** A double holds no more than 15 digits for certain; of more, Intl itself does not write what the number is. */
const MOST_DIGITS = 15;

const digitsOf = (least: string, most: string, from: number) =>
  fc
    .tuple(fc.integer({ min: from, max: 9 }), fc.integer({ min: 0, max: 9 }), fc.constantFrom("both", "most"))
    .map(([low, more, which]): DecimalDigits =>
      which === "both"
        ? { [least]: low, [most]: Math.min(MOST_DIGITS, low + more) }
        : { [most]: Math.min(MOST_DIGITS, low + more) },
    );

it("is what Intl.NumberFormat writes, whatever the number and however exact", () => {
  fc.assert(
    fc.property(
      values,
      fc.oneof(
        fc.constant({}),
        digitsOf("minimumFractionDigits", "maximumFractionDigits", 0),
        digitsOf("minimumSignificantDigits", "maximumSignificantDigits", 1),
      ),
      (value, digits) => {
        expect(decimalText(value, digits)).toBe(byIntl(value, digits));
      },
    ),
    { numRuns: 2000 },
  );
});
