import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countedWords,
  durationWords,
  exactCountWords,
  moneyWords,
  perMillionWords,
  quantityWords,
  rangeWords,
  shareWords,
  unitPriceWords,
} from "../../src/render/number-words.ts";

describe("moneyWords", () => {
  it.each([
    [175.4, "$175.40"],
    [0, "$0"],
    [-0, "$0"],
    [0.000002, "$0.0000020"],
    [0.000002041875, "$0.00000204"],
    [0.000275, "$0.000275"],
    [0.07505, "$0.075"],
    [0.5, "$0.50"],
    [1, "$1.00"],
    [9999.99, "$9,999.99"],
    [12_345.67, "$12,346"],
    [999_999.4, "$999,999"],
    [1_234_000_000, "$1.23B"],
    [1e300, "$1E300"],
    [1e-12, "<$0.000000001"],
    [-1e-12, "-<$0.000000001"],
    [-1234.5, "-$1,234.50"],
  ])("writes %d as %s", (amount, words) => {
    expect(moneyWords(amount, "USD")).toBe(words);
  });

  it("writes other currencies, even one nobody knows", () => {
    expect(moneyWords(12.1, "CNY")).toBe("CN¥12.10");
    expect(moneyWords(12.1, "EUR")).toBe("€12.10");
    expect(moneyWords(12.1, "credits")).toBe("12.10 credits");
  });

  it("never shows unknown as a number", () => {
    expect(moneyWords(null, "USD")).toBe("unknown");
    expect(moneyWords(Number.NaN, "USD")).toBe("unknown");
    expect(perMillionWords(null, "USD")).toBe("unknown");
    expect(unitPriceWords(null, "USD")).toBe("unknown");
  });

  it("stays short and within 1 % (or half a cent) of the amount", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 9e8, noNaN: true }), (amount) => {
        const words = moneyWords(amount, "USD");
        const read = Number(words.replaceAll(/[$,]/g, ""));
        expect(words.length).toBeLessThanOrEqual(14);
        expect(Math.abs(read - amount)).toBeLessThanOrEqual(
          Math.min(0.0050001, amount * 0.05) + amount * 0.0051,
        );
      }),
    );
  });
});

it("keeps a unit price as exact as its list has it", () => {
  expect(unitPriceWords(0.00001667, "USD")).toBe("$0.00001667");
  expect(unitPriceWords(0.000025, "USD")).toBe("$0.000025");
  expect(unitPriceWords(0.0000133334, "USD")).toBe("$0.0000133334");
});

it("tells a cost per execution per million", () => {
  expect(perMillionWords(0.000002041875, "USD")).toBe("$2.04");
});

it.each([
  [7_020_000, "7,020,000"],
  [7.02, "7.02"],
  [0.00012, "0.00012"],
  [1e-9, "<0.000001"],
  [1e12, "1 trillion"],
  [1e200, "1E200"],
  [0, "0"],
  [null, "unknown"],
])("writes the quantity %d as %s", (quantity, words) => {
  expect(quantityWords(quantity)).toBe(words);
});

it.each([
  ["3", "3"],
  ["12345", "12,345"],
  [String(2n ** 200n), "about 1.6 × 10^60"],
  ["nonsense", "unknown"],
])("writes the exact count %s as %s", (count, words) => {
  expect(exactCountWords(count)).toBe(words);
});

it.each([
  [0, "0%"],
  [1, "100%"],
  [0.02, "2%"],
  [1 / 3, "33.3%"],
  [0.99999, ">99.9%"],
  [1e-9, "<0.0001%"],
  [0.0000123, "0.0012%"],
  [null, "unknown"],
])("writes the share %d as %s", (share, words) => {
  expect(shareWords(share)).toBe(words);
});

it("never calls a share that is neither 0 nor 1 impossible or certain", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-15, max: 1 - 1e-8, noNaN: true }), (share) => {
      expect(shareWords(share)).not.toMatch(/^(0|100)%$/);
    }),
  );
});

it.each([
  [0, "0 ms"],
  [0.2, "<1 ms"],
  [500, "500 ms"],
  [999.9, "1 s"],
  [2100, "2.1 s"],
  [59_999, "1 min"],
  [200_000, "3 min 20 s"],
  [7_500_000, "2 h 5 min"],
  [273_600_000, "3 d 4 h"],
  [null, "unknown"],
])("writes %d ms as %s", (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

it("writes ranges and counted things", () => {
  expect(rangeWords("$12.10", "$48.00")).toBe("$12.10 – $48.00");
  expect(rangeWords("$12.10", "$12.10")).toBe("$12.10");
  expect(rangeWords("$12.10", "unknown")).toBe("unknown");
  expect(countedWords(1, "state")).toBe("1 state");
  expect(countedWords(2000, "state")).toBe("2,000 states");
});
