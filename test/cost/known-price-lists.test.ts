import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { knownRegions, nearestRegion, priceListOf } from "../../src/cost/known-price-lists.ts";
import { parsePriceList } from "../../src/cost/price-list-schema.ts";
import { borrowPrices } from "../../src/cost/borrowed-price.ts";
import { requirePlausible } from "../../src/cost/price-plausibility.ts";
import type { PriceList, TieredPrice, UsageType } from "../../src/cost/price-list.ts";

const folder = new URL("../../pricing/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "quotas.json");

function list(region: string): PriceList {
  const found = priceListOf(region);
  if (found === null) throw new Error(`no list for ${region}`);
  return found;
}

test("every file in pricing/ is listed, and nothing else is", () => {
  expect(knownRegions()).toEqual(files.map((name) => name.replace(".json", "")).sort());
  expect(knownRegions()).toHaveLength(39);
});

test.each(files)("%s fits the shape, and its name is its region", (name) => {
  const parsed = parsePriceList(JSON.parse(readFileSync(new URL(name, folder), "utf8")), name);
  expect(`${parsed.region}.json`).toBe(name);
  expect(list(parsed.region)).toEqual(parsed);
});

describe.each(knownRegions())("%s", (region) => {
  const { prices, currency, date } = list(region);

  test("names all three workflow prices, with 4,000 free transitions", () => {
    expect(prices.StateTransition?.freePerMonth).toBe(4000);
    expect(prices["StepFunctions-Request"]?.freePerMonth).toBe(0);
    expect(prices["StepFunctions-GB-Second"]?.tiers.map((tier) => tier.upTo)).toEqual([
      3_600_000,
      18_000_000,
      null,
    ]);
  });

  test("has a source, date and confidence for each price it knows, and none for one it does not", () => {
    for (const price of Object.values(prices)) {
      const known = price.tiers.some((tier) => tier.unitPrice !== null);
      expect([price.date !== null, price.source !== null, price.confidence !== null]).toEqual([
        known,
        known,
        known,
      ]);
      expect(price.tiers.every((tier) => tier.unitPrice !== 0)).toBe(true);
    }
    const dates = Object.values(prices).flatMap((price) => price.date ?? []);
    expect(date).toBe(dates.sort().at(-1) ?? null);
  });

  test("is plausible beside us-east-1", () => {
    for (const [usageType, price] of Object.entries(prices) as [UsageType, TieredPrice][]) {
      const known = {
        ...price,
        tiers: price.tiers.filter((tier) => tier.unitPrice !== null),
      };
      if (known.tiers.length === 0) continue;
      // One known tier of three is no flat price, so only its size is compared.
      const reference = list("us-east-1");
      const first = {
        ...reference.prices[usageType]!,
        tiers: reference.prices[usageType]!.tiers.slice(0, known.tiers.length),
      };
      const resembling = [{ ...reference, prices: { [usageType]: first } }];
      expect(() => requirePlausible(usageType, known.tiers, { currency, resembling })).not.toThrow();
    }
  });
});

test("what is not known is null: 24 Standard prices, 4 Express, all tiers only in us-east-1", () => {
  const knowing = (usageType: UsageType, tier: number) =>
    knownRegions().filter((region) => list(region).prices[usageType]?.tiers[tier]?.unitPrice != null);
  expect(knowing("StateTransition", 0)).toHaveLength(24);
  expect(knowing("StepFunctions-Request", 0)).toEqual([
    "ap-southeast-1",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
  ]);
  expect(knowing("StepFunctions-GB-Second", 0)).toEqual([
    "ap-southeast-1",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
  ]);
  expect(knowing("StepFunctions-GB-Second", 1)).toEqual(["us-east-1"]);
});

test("currencies stay what AWS bills: CNY in China, EUR in the sovereign cloud", () => {
  expect(knownRegions().filter((region) => list(region).currency !== "USD")).toEqual([
    "cn-north-1",
    "cn-northwest-1",
    "eusc-de-east-1",
  ]);
  expect(borrowPrices(list("cn-north-1"), list("us-east-1"))).toEqual(list("cn-north-1"));
});

test("an unknown region is null, whatever it is called", () => {
  for (const name of ["atlantis-1", "", "__proto__", "constructor"]) expect(priceListOf(name)).toBeNull();
});

test.each([
  ["us-esat-1", "us-east-1"],
  ["eu-west1", "eu-west-1"],
  ["US-EAST-1 ", "us-east-1"],
  ["atlantis-99", null],
  ["x".repeat(100_000), null],
])("a mistyped region finds its neighbour", (typed, region) => {
  expect(nearestRegion(typed)).toBe(region);
});

test("every quota is a number above 0, and every rate a bucket with a refill", () => {
  const quotas = JSON.parse(readFileSync(new URL("quotas.json", folder), "utf8")) as {
    hard: Record<string, number>;
    soft: Record<string, number>;
    rates: Record<"largeRegions" | "otherRegions" | "allRegions", { rates: Record<string, object> }>;
  };
  for (const limit of [...Object.values(quotas.hard), ...Object.values(quotas.soft)]) {
    expect(limit).toBeGreaterThan(0);
  }
  const { largeRegions, otherRegions, allRegions } = quotas.rates;
  expect(Object.keys(largeRegions.rates)).toEqual(Object.keys(otherRegions.rates));
  for (const { rates } of [largeRegions, otherRegions, allRegions]) {
    for (const rate of Object.values(rates)) {
      expect(rate).toEqual({ bucket: expect.any(Number), perSecond: expect.any(Number) });
    }
  }
});
