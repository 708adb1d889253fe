import { describe, expect, test } from "vitest";
import { borrowedUsageTypes, borrowPrices, priceSourceOf } from "../../src/cost/borrowed-price.ts";
import { knownRegions, priceListOf } from "../../src/cost/known-price-lists.ts";
import type { PriceList, PriceTier, TieredPrice } from "../../src/cost/price-list.ts";
import { priceQuantity } from "../../src/cost/tiered-price.ts";

const lender = list("us-east-1", { tiers: [tier(10, 3), tier(20, 2), tier(null, 1)], freePerMonth: 5 });

function list(region: string, price?: Pick<TieredPrice, "tiers" | "freePerMonth">): PriceList {
  const noted = { date: "2026-01-01", source: `list of ${region}`, confidence: "high" as const };
  return {
    region,
    currency: "USD",
    date: "2026-01-01",
    prices: price === undefined ? {} : { "StepFunctions-GB-Second": { ...price, ...noted } },
  };
}

function tier(upTo: number | null, unitPrice: number | null): PriceTier {
  return { upTo, unitPrice };
}

function borrowedTiers(tiers: readonly PriceTier[]) {
  const borrowed = borrowPrices(list("eu-south-1", { tiers, freePerMonth: 7 }), lender);
  const price = borrowed.prices["StepFunctions-GB-Second"]!;
  expect(price.freePerMonth).toBe(7);
  return price.tiers.map(({ upTo, unitPrice, borrowedFrom }) => [
    upTo,
    unitPrice,
    borrowedFrom?.region ?? null,
  ]);
}

describe("what a region does not know is borrowed, and only that", () => {
  test("later tiers", () => {
    expect(borrowedTiers([tier(10, 4), tier(20, null), tier(null, null)])).toEqual([
      [10, 4, null],
      [20, 2, "us-east-1"],
      [null, 1, "us-east-1"],
    ]);
  });

  test("a gap in the middle", () => {
    expect(borrowedTiers([tier(10, 4), tier(20, null), tier(null, 0.5)])).toEqual([
      [10, 4, null],
      [20, 2, "us-east-1"],
      [null, 0.5, null],
    ]);
  });

  test("an unknown flat price takes the lender's tiers", () => {
    expect(borrowedTiers([tier(null, null)])).toEqual([
      [10, 3, "us-east-1"],
      [20, 2, "us-east-1"],
      [null, 1, "us-east-1"],
    ]);
  });

  test("own bounds stay where they differ", () => {
    expect(borrowedTiers([tier(15, 4), tier(null, null)])).toEqual([
      [15, 4, null],
      [20, 2, "us-east-1"],
      [null, 1, "us-east-1"],
    ]);
  });

  test("a usage type that is missing altogether, free units with it", () => {
    const { prices } = borrowPrices(list("eu-south-1"), lender);
    expect(prices["StepFunctions-GB-Second"]).toMatchObject({ freePerMonth: 5 });
    expect(
      prices["StepFunctions-GB-Second"]!.tiers.every((one) => one.borrowedFrom?.region === "us-east-1"),
    ).toBe(true);
  });

  test("nothing the lender does not know itself", () => {
    const poor = list("us-east-1", { tiers: [tier(null, null)], freePerMonth: 0 });
    const { prices } = borrowPrices(list("eu-south-1"), poor);
    expect(prices["StepFunctions-GB-Second"]!.tiers).toEqual([{ upTo: null, unitPrice: null }]);
  });
});

test("never across currencies", () => {
  const yuan = { ...list("cn-north-1"), currency: "CNY" };
  expect(borrowPrices(yuan, lender)).toBe(yuan);
});

test("a list that knows all is unchanged, and borrowing twice is borrowing once", () => {
  const east = priceListOf("us-east-1")!;
  expect(borrowPrices(east, east)).toBe(east);
  for (const region of knownRegions()) {
    const once = borrowPrices(priceListOf(region)!, east);
    expect(borrowPrices(once, east)).toEqual(once);
    if (once.currency === "USD") expect(Object.keys(once.prices)).toEqual(Object.keys(east.prices));
  }
});

test("every USD region can price everything after borrowing, and known prices stay", () => {
  const east = priceListOf("us-east-1")!;
  for (const region of knownRegions()) {
    const own = priceListOf(region)!;
    if (own.currency !== "USD") continue;
    const borrowed = borrowPrices(own, east);
    for (const price of Object.values(borrowed.prices)) expect(priceQuantity(price, 1e9).cost).not.toBeNull();
    const known = own.prices.StateTransition!.tiers[0]!.unitPrice;
    const now = borrowed.prices.StateTransition!.tiers[0]!;
    expect([now.unitPrice, now.borrowedFrom === undefined]).toEqual([known ?? 0.000025, known !== null]);
  }
});

describe("a line item can say where its price came from", () => {
  const borrowed = borrowPrices(
    list("eu-south-1", { tiers: [tier(10, 4), tier(20, null), tier(null, null)], freePerMonth: 0 }),
    lender,
  );
  const price = borrowed.prices["StepFunctions-GB-Second"]!;
  const sourceOf = (quantity: number) =>
    priceSourceOf(borrowed, "StepFunctions-GB-Second", priceQuantity(price, quantity).parts);

  test("borrowed only when a borrowed tier was reached", () => {
    expect(sourceOf(10)).toEqual({
      region: "eu-south-1",
      date: "2026-01-01",
      source: "list of eu-south-1",
      borrowed: false,
    });
    expect(sourceOf(11)).toMatchObject({ region: "us-east-1", source: "list of us-east-1", borrowed: true });
  });

  test("unknown where nothing is known", () => {
    expect(priceSourceOf(borrowed, "S3-Put")).toEqual({
      region: "eu-south-1",
      date: null,
      source: null,
      borrowed: false,
    });
  });

  test("and which usage types were borrowed at all", () => {
    expect(borrowedUsageTypes(borrowed)).toEqual(["StepFunctions-GB-Second"]);
    expect(borrowedUsageTypes(lender)).toEqual([]);
  });
});
