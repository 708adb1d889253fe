import { describe, expect, test } from "vitest";
import { priceSourceOf } from "../../src/cost/borrowed-price.ts";
import { priceListOf } from "../../src/cost/known-price-lists.ts";
import { applyPriceSettings } from "../../src/cost/price-settings.ts";
import { priceQuantity } from "../../src/cost/tiered-price.ts";

const list = priceListOf("us-east-1")!;

describe("a discount", () => {
  const discounted = applyPriceSettings(list, { discountPercent: 9 });

  test("comes off every price of every tier, and leaves free units alone", () => {
    expect(discounted.prices.StateTransition).toMatchObject({
      tiers: [{ upTo: null, unitPrice: 0.00002275 }],
      freePerMonth: 4000,
    });
    for (const [usageType, price] of Object.entries(discounted.prices)) {
      const listed = list.prices[usageType as keyof typeof list.prices]!;
      const full = priceQuantity(listed, 1e12).cost!;
      expect(priceQuantity(price, 1e12).cost! / full).toBeCloseTo(0.91, 12);
    }
  });

  test("is noted with the price", () => {
    expect(priceSourceOf(discounted, "StateTransition").source).toMatch(
      /AWS Price List.*; less 9 % discount$/,
    );
  });

  test("of nothing changes nothing; of 100 % leaves 0, not unknown", () => {
    expect(applyPriceSettings(list, { discountPercent: 0 })).toEqual(list);
    const free = applyPriceSettings(list, { discountPercent: 100 });
    expect(priceQuantity(free.prices.StateTransition!, 1e6).cost).toBe(0);
  });

  test("leaves unknown prices unknown", () => {
    const ohio = applyPriceSettings(priceListOf("us-east-2")!, { discountPercent: 9 });
    expect(ohio.prices["StepFunctions-Request"]!.tiers[0]!.unitPrice).toBeNull();
  });

  test.each([-1, 101, Number.NaN])("of %d percent is refused", (discountPercent) => {
    expect(() => applyPriceSettings(list, { discountPercent })).toThrow(/percentage from 0 to 100/);
  });
});

describe("a price of one's own", () => {
  test("replaces the list's, and the discount leaves it alone", () => {
    const own = applyPriceSettings(list, { discountPercent: 50, overrides: { StateTransition: 0.00002 } });
    expect(priceQuantity(own.prices.StateTransition!, 1_004_000).cost).toBe(20);
    expect(priceSourceOf(own, "StateTransition")).toMatchObject({
      source: "your own price settings",
      borrowed: false,
    });
    expect(own.prices["StepFunctions-Request"]!.tiers[0]!.unitPrice).toBe(0.0000005);
  });

  test("may have tiers and free units", () => {
    const tiers = [
      { upTo: 1000, unitPrice: 0.00002 },
      { upTo: null, unitPrice: 0 },
    ];
    const own = applyPriceSettings(list, { overrides: { StateTransition: { tiers, freePerMonth: 0 } } });
    expect(priceQuantity(own.prices.StateTransition!, 5000).cost).toBe(0.02);
  });

  test.each([
    ["negative", -1],
    ["not a number", Number.NaN],
    [
      "tiers that do not rise",
      {
        tiers: [
          { upTo: 5, unitPrice: 1 },
          { upTo: 5, unitPrice: 1 },
          { upTo: null, unitPrice: 1 },
        ],
      },
    ],
    ["tiers that end", { tiers: [{ upTo: 5, unitPrice: 1 }] }],
    [
      "an end in the middle",
      {
        tiers: [
          { upTo: null, unitPrice: 1 },
          { upTo: null, unitPrice: 1 },
        ],
      },
    ],
    ["no tiers", { tiers: [] }],
  ])("%s is refused", (_, override) => {
    expect(() => applyPriceSettings(list, { overrides: { StateTransition: override } })).toThrow(
      /is not a price/,
    );
  });
});
