/** New prices beside those of lists that are known. */
import { describe, expect, test } from "vitest";
import type { PriceList, PriceTier } from "../../src/cost/price-list.ts";
import { requirePlausible } from "../../src/cost/price-plausibility.ts";

const flat = (unitPrice: number | null): PriceTier[] => [{ upTo: null, unitPrice }];
const tiered = (...prices: (number | null)[]): PriceTier[] =>
  prices.map((unitPrice, i) => ({ upTo: i + 1 < prices.length ? 1000 * (i + 1) : null, unitPrice }));

function listOf(region: string, tiers: readonly PriceTier[], currency = "USD"): PriceList {
  const price = { tiers, freePerMonth: 0, date: null, source: null, confidence: "high" } as const;
  return { region, currency, date: null, prices: { StateTransition: price } };
}

/** The reason against them; null where there is none. */
function refusal(tiers: readonly PriceTier[], ...resembling: readonly PriceList[]): string | null {
  try {
    requirePlausible("StateTransition", tiers, { currency: "USD", resembling });
    return null;
  } catch (error) {
    return /cannot be right: (.*)\.$/s.exec((error as Error).message)![1]!;
  }
}

describe("prices are refused", () => {
  test.each<[PriceTier[], string]>([
    [[], "there is no price for StateTransition"],
    [flat(0), "StateTransition costs nothing in tier 1"],
    [flat(-1), "StateTransition costs nothing in tier 1"],
    [tiered(3, null), "StateTransition costs nothing in tier 2"],
    [tiered(3, 2, 2.5), "the price for StateTransition rises in tier 3 (2, then 2.5)"],
  ])("that are none, or rise: %j", (tiers, reason) => {
    expect(refusal(tiers)).toBe(reason);
  });

  test("as flat where another region has tiers", () => {
    const [one, two] = [listOf("a", flat(3)), listOf("b", tiered(3, 2))];
    expect(refusal(flat(3), one, two)).toBe("StateTransition has one tier, where b has more");
    expect(refusal(flat(3), one)).toBe(null);
    expect(refusal(tiered(3, 2), one, two)).toBe(null);
  });

  test.each([
    [16, "StateTransition costs 16 each, where a has 3 (5.33 times as much)"],
    [0.5, "StateTransition costs 0.5 each, where a has 3 (1/6 of it)"],
    [3000, "StateTransition costs 3000 each, where a has 3 (a price per thousand?)"],
    [10_800, "StateTransition costs 10800 each, where a has 3 (a price per hour?)"],
    [3_000_000, "StateTransition costs 3000000 each, where a has 3 (a price per million?)"],
    [3 / 1024, "StateTransition costs 0.0029296875 each, where a has 3 (memory in KB or MB instead of GB?)"],
  ])("of another size: %d", (price, reason) => {
    expect(refusal(flat(price), listOf("a", flat(3)))).toBe(reason);
  });

  test("whose tiers end elsewhere by far", () => {
    const known = listOf("a", tiered(3, 2));
    const ending = (upTo: number): PriceTier[] => [{ upTo, unitPrice: 3 }, ...flat(2)];
    expect(refusal(ending(20_001), known)).toBe("a tier of StateTransition ends at 20001, where a has 1000");
    expect(refusal(ending(49), known)).toBe("a tier of StateTransition ends at 49, where a has 1000");
    expect(refusal(ending(20_000), known)).toBe(null);
    expect(refusal(ending(50), known)).toBe(null);
  });
});

describe("prices are believed", () => {
  test("up to five times as large or as small in the same currency", () => {
    expect([0.6, 15].map((price) => refusal(flat(price), listOf("a", flat(3))))).toEqual([null, null]);
  });

  test("up to sixty times in another", () => {
    const yuan = listOf("cn", flat(3), "CNY");
    expect([0.05, 180].map((price) => refusal(flat(price), yuan))).toEqual([null, null]);
    expect(refusal(flat(181), yuan)).toContain("where cn has 3");
  });

  test("beside the same currency before another, and the first that knows the tier", () => {
    const lists = [
      listOf("unknown", flat(null)),
      listOf("cn", flat(100), "CNY"),
      listOf("b", flat(3)),
      listOf("c", flat(90)),
    ];
    expect(refusal(flat(4), ...lists)).toBe(null);
    expect(refusal(flat(90), ...lists)).toContain("where b has 3");
  });

  test("where nobody knows this price or tier", () => {
    expect(refusal(flat(4), listOf("a", flat(null)))).toBe(null);
    expect(refusal(tiered(4, 1e-9), listOf("a", flat(4)))).toBe(null);
  });
});
