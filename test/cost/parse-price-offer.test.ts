import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownRegions, priceListOf } from "../../src/cost/known-price-lists.ts";
import { parsePriceOffer } from "../../src/cost/parse-price-offer.ts";
import { parsePriceList } from "../../src/cost/price-list-schema.ts";
import { UserError } from "../../src/user-error.ts";
import { offeredUsages, priceOffer, term, type OfferUsage, type OfferWorld } from "./price-offer-fixture.ts";

const east = priceListOf("us-east-1")!;
const expected = {
  region: "eu-central-1",
  currency: "USD",
  resembling: [priceListOf("eu-central-1")!, east],
};

function refusal(offer: unknown, expectation = expected): string {
  try {
    parsePriceOffer(offer, expectation);
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}

/** An offer in which one usage is changed. */
function changed(at: 0 | 1 | 2, change: (usage: OfferUsage) => Partial<OfferUsage>, world: OfferWorld = {}) {
  const usages = offeredUsages();
  usages[at] = { ...usages[at], ...change(usages[at]) };
  return priceOffer({ ...world, usages });
}

function scaled(factor: number) {
  return ({ tiers }: OfferUsage) => ({
    tiers: tiers.map((tier) => ({ ...tier, price: (Number(tier.price) * factor).toFixed(12) })),
  });
}

describe("an offer of the region", () => {
  test("gives three prices, tiers in order, free units from the packaged list, the day it was published", () => {
    const noted = {
      date: "2026-10-01",
      source: "AWS Price List AmazonStates version 20261001124511",
      confidence: "high",
    };
    expect(parsePriceOffer(priceOffer(), expected)).toEqual({
      region: "eu-central-1",
      currency: "USD",
      date: "2026-10-01",
      prices: {
        StateTransition: { tiers: [{ upTo: null, unitPrice: 0.000025 }], freePerMonth: 4000, ...noted },
        "StepFunctions-Request": { tiers: [{ upTo: null, unitPrice: 0.000001 }], freePerMonth: 0, ...noted },
        "StepFunctions-GB-Second": {
          tiers: [
            { upTo: 3_600_000, unitPrice: 0.00001667 },
            { upTo: 18_000_000, unitPrice: 0.00000833 },
            { upTo: null, unitPrice: 0.00000456 },
          ],
          freePerMonth: 0,
          ...noted,
        },
      },
    });
  });

  test("of a region that no list is known for has no free units but its own", () => {
    const { prices } = parsePriceOffer(priceOffer(), { ...expected, resembling: [] });
    expect(Object.values(prices).map(({ freePerMonth }) => freePerMonth)).toEqual([0, 0, 0]);
  });

  test("fits the shape of a list that is kept", () => {
    const list = parsePriceOffer(priceOffer(), expected);
    expect(parsePriceList(JSON.parse(JSON.stringify(list)), "it")).toEqual(list);
  });

  test("may change a price as AWS does", () => {
    const list = parsePriceOffer(changed(0, scaled(1.2)), expected);
    expect(list.prices.StateTransition!.tiers[0]!.unitPrice).toBe(0.00003);
  });

  test("may name usage types without a region before them", () => {
    const bare = changed(0, (usage) => ({ ...usage, usageType: "StateTransition" }));
    expect(parsePriceOffer(bare, expected).prices.StateTransition!.tiers[0]!.unitPrice).toBe(0.000025);
  });

  test("with free units inside tiers ends each so many earlier", () => {
    const tiers = [
      { begin: "0", end: "4000", price: "0.0000000000" },
      { begin: "4000", end: "10000", price: "0.0000250000" },
      { begin: "10000", end: "Inf", price: "0.0000200000" },
    ];
    const list = parsePriceOffer(
      changed(0, () => ({ tiers })),
      expected,
    );
    expect(list.prices.StateTransition).toMatchObject({
      freePerMonth: 4000,
      tiers: [
        { upTo: 6000, unitPrice: 0.000025 },
        { upTo: null, unitPrice: 0.00002 },
      ],
    });
  });

  test("with a first tier at price 0 has that many free units", () => {
    const tiers = [
      { begin: "0", end: "4000", price: "0.0000000000" },
      { begin: "4000", end: "Inf", price: "0.0000250000" },
    ];
    const list = parsePriceOffer(
      changed(0, () => ({ tiers })),
      expected,
    );
    expect(list.prices.StateTransition).toMatchObject({
      freePerMonth: 4000,
      tiers: [{ upTo: null, unitPrice: 0.000025 }],
    });
  });

  test("takes the term in force: not an older one, not one that is yet to begin", () => {
    const offer = priceOffer();
    const at = (effectiveDate: string, price: string) =>
      term(effectiveDate, {
        tiers: [{ begin: "0", end: "Inf", price }],
        unit: "StateTransitions",
        currency: "USD",
        effectiveDate,
      });
    offer.terms.OnDemand.SKU0 = {
      ...at("2025-01-01T00:00:00Z", "0.00002"),
      ...at("2026-09-01T00:00:00Z", "0.000026"),
      ...at("2026-12-01T00:00:00Z", "0.00003"),
    };
    expect(parsePriceOffer(offer, expected).prices.StateTransition!.tiers[0]!.unitPrice).toBe(0.000026);
  });

  test("sets apart the free tier's own product", () => {
    const offer = priceOffer({
      usages: [
        ...offeredUsages(),
        {
          ...offeredUsages()[0],
          usageType: "Global-StateTransition",
          tiers: [{ begin: "0", end: "Inf", price: "0.0" }],
        },
      ],
    });
    expect(parsePriceOffer(offer, expected).prices.StateTransition!.tiers[0]!.unitPrice).toBe(0.000025);
  });

  test.each(knownRegions())("would be accepted for %s", (region) => {
    const own = priceListOf(region)!;
    const factor = own.currency === "CNY" ? 7.5 : 1;
    const usages = offeredUsages().map((usage) => ({ ...usage, ...scaled(factor)(usage) }));
    const list = parsePriceOffer(priceOffer({ region, currency: own.currency, usages }), {
      region,
      currency: own.currency,
      resembling: [own, east],
    });
    expect(list.currency).toBe(own.currency);
  });
});

describe("mistakes that others have made are refused", () => {
  test("a price per thousand taken for a price each", () => {
    expect(refusal(changed(0, scaled(1000)))).toMatch(
      /price-offer-implausible: .*0\.025 each.*a price per thousand\?/,
    );
  });

  test("a price per million requests", () => {
    expect(refusal(changed(1, scaled(1_000_000)))).toMatch(
      /price-offer-implausible: .*a price per million\?/,
    );
  });

  test("the Express request charge left out", () => {
    const [transitions, , duration] = offeredUsages();
    expect(refusal(priceOffer({ usages: [transitions, duration] }))).toMatch(
      /price-offer-incomplete: .*no price for StepFunctions-Request/,
    );
  });

  test("memory 1,024 times too small", () => {
    expect(refusal(changed(2, scaled(1 / 1024)))).toMatch(/price-offer-implausible: .*memory in KB or MB/);
  });

  test("a wrong later tier, though the region's own list knows only the first", () => {
    const paris = { ...expected, region: "eu-west-3", resembling: [priceListOf("eu-west-3")!, east] };
    const offer = changed(
      2,
      ({ tiers }) => ({
        tiers: tiers.map((tier) => (tier.end === "Inf" ? { ...tier, price: "0.0000000046" } : tier)),
      }),
      { region: "eu-west-3" },
    );
    expect(refusal(offer, paris)).toMatch(/price-offer-implausible: .*us-east-1 has 0\.00000456 .*KB or MB/);
  });

  test("GB-hours taken for GB-seconds: prices", () => {
    expect(refusal(changed(2, scaled(3600)))).toMatch(/price-offer-implausible: .*a price per hour\?/);
    expect(refusal(changed(2, () => ({ unit: "GB-Hours" })))).toMatch(/price-offer-unit: .*"GB-Hours"/);
  });

  test("GB-hours taken for GB-seconds: bounds", () => {
    const hours = new Map([
      ["3600000", "1000"],
      ["18000000", "5000"],
    ]);
    const inHours = (bound: string) => hours.get(bound) ?? bound;
    const offer = changed(2, ({ tiers }) => ({
      tiers: tiers.map((tier) => ({ ...tier, begin: inHours(tier.begin), end: inHours(tier.end) })),
    }));
    expect(refusal(offer)).toMatch(/price-offer-implausible: .*ends at 1000, where us-east-1 has 3600000/);
  });

  test("the service code AWSStepFunctions, which does not exist", () => {
    expect(refusal(priceOffer({ offerCode: "AWSStepFunctions" }))).toMatch(
      /price-offer-service: .*"AWSStepFunctions", not AmazonStates/,
    );
  });

  test("one tier only: cut off, or made flat", () => {
    const first = offeredUsages()[2].tiers.filter((tier) => tier.begin === "0");
    expect(refusal(changed(2, () => ({ tiers: first })))).toMatch(
      /price-offer-tiers: .*3600000 and nothing follows/,
    );
    const flat = first.map((tier) => ({ ...tier, end: "Inf" }));
    expect(refusal(changed(2, () => ({ tiers: flat })))).toMatch(/price-offer-implausible: .*has one tier/);
  });

  test("China's CNY taken for USD", () => {
    expect(refusal(priceOffer({ currency: "CNY" }))).toMatch(/price-offer-currency: .*"CNY", not in USD/);
    const china = { region: "cn-north-1", currency: "CNY", resembling: [priceListOf("cn-north-1")!, east] };
    expect(refusal(priceOffer({ region: "cn-north-1", currency: "USD" }), china)).toMatch(
      /"USD", not in CNY/,
    );
  });
});

describe("what does not hold together is refused", () => {
  const [, , duration] = offeredUsages();
  const withTiers = (tiers: OfferUsage["tiers"]) => changed(2, () => ({ tiers }));

  test.each([
    [
      "a gap",
      [
        { begin: "0", end: "3600000", price: "0.00001667" },
        { begin: "3600001", end: "Inf", price: "0.0000083" },
      ],
    ],
    [
      "an overlap",
      [
        { begin: "0", end: "3600000", price: "0.00001667" },
        { begin: "5", end: "Inf", price: "0.0000083" },
      ],
    ],
    ["a start above 0", [{ begin: "1", end: "Inf", price: "0.00001667" }]],
    [
      "two ends",
      [
        { begin: "0", end: "Inf", price: "0.00001667" },
        { begin: "0", end: "Inf", price: "0.000008" },
      ],
    ],
    ["no tiers", []],
    [
      "an empty tier",
      [
        { begin: "0", end: "0", price: "0.00001667" },
        { begin: "0", end: "Inf", price: "0.000008" },
      ],
    ],
  ])("tiers with %s", (_, tiers) => {
    expect(refusal(withTiers(tiers))).toMatch(/^price-offer-tiers/);
  });

  test("prices that rise with the tier", () => {
    const rising = duration.tiers.map((tier) => (tier.end === "Inf" ? { ...tier, price: "0.00001" } : tier));
    expect(refusal(withTiers(rising))).toMatch(/price-offer-implausible: .*rises in tier 3/);
  });

  test.each(["0.0000000000", "-0.000025", "", "free", "NaN", "Infinity"])("a price of %j", (price) => {
    const offer = changed(0, () => ({ tiers: [{ begin: "0", end: "Inf", price }] }));
    expect(refusal(offer)).toMatch(/^price-offer-(shape|implausible)/);
  });

  test("what is not there is called nothing", () => {
    const offer = priceOffer();
    Reflect.deleteProperty(offer, "publicationDate");
    expect(refusal(offer)).toMatch(/price-offer-shape: .*a date is nothing, not an ISO date/);
  });

  test("another region's file", () => {
    expect(refusal(priceOffer({ region: "us-east-1" }))).toMatch(
      /price-offer-region: .*"us-east-1", not eu-central-1/,
    );
  });

  test("two products for one price", () => {
    const [transitions] = offeredUsages();
    expect(refusal(priceOffer({ usages: [...offeredUsages(), transitions] }))).toMatch(
      /^price-offer-ambiguous/,
    );
  });

  test("a term that is not in force yet", () => {
    expect(refusal(priceOffer({ effectiveDate: "2027-01-01T00:00:00Z" }))).toMatch(
      /price-offer-incomplete: .*in force/,
    );
  });

  test("an unknown day of publication", () => {
    expect(refusal(priceOffer({ publicationDate: "soon" }))).toMatch(/^price-offer-shape/);
  });

  test("a SKU that only a prototype knows", () => {
    const offer = priceOffer();
    const first = { ...offer.products.SKU0!, sku: "constructor" };
    const products = { ...offer.products, constructor: first };
    Reflect.deleteProperty(products, "SKU0");
    expect(refusal({ ...offer, products })).toMatch(/^price-offer-shape: .*terms of constructor/);
  });

  test("any JSON at all: refused with a reason, never a crash", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(refusal(json)).toMatch(/^price-offer-/);
      }),
    );
  });

  test("an offer with any one part replaced: accepted or refused with a reason, never a crash", () => {
    const whole = priceOffer();
    const paths = leafPaths(whole);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, json) => {
        expect(refusal(replaced(whole, path, json))).toMatch(/^(price-offer-|accepted)/);
      }),
      { numRuns: 500 },
    );
  });
});

function leafPaths(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  const deeper = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [path, ...deeper.flatMap(([key, inner]) => leafPaths(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  const fields = value as Record<string, unknown>;
  return { ...fields, [key]: replaced(fields[key], rest, put) };
}
