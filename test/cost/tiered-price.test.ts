import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TieredPrice } from "../../src/cost/price-list.ts";
import { priceQuantity, roundToDecimal } from "../../src/cost/tiered-price.ts";

const noted = { date: null, source: null, confidence: null };
const transitions: TieredPrice = {
  tiers: [{ upTo: null, unitPrice: 0.000025 }],
  freePerMonth: 4000,
  ...noted,
};
const gbSeconds: TieredPrice = {
  tiers: [
    { upTo: 3_600_000, unitPrice: 0.00001667 },
    { upTo: 18_000_000, unitPrice: 0.00000833 },
    { upTo: null, unitPrice: 0.00000456 },
  ],
  freePerMonth: 0,
  ...noted,
};
const onlyFirstTierKnown: TieredPrice = {
  ...gbSeconds,
  tiers: gbSeconds.tiers.map((tier, at) => (at === 0 ? tier : { ...tier, unitPrice: null })),
};

describe("a bill's numbers come out as on paper", () => {
  test.each([
    [7_016_000, 0, 175.4],
    [5_996_000, 0, 149.9],
    [6_000_000, 4000, 149.9],
    [4000, 4000, 0],
    [4001, 4000, 0.000025],
    [0, 0, 0],
    [3, 0, 0.000075],
  ])("%d transitions, %d free, cost %d", (quantity, free, cost) => {
    expect(priceQuantity(transitions, quantity, { free }).cost).toBe(cost);
  });

  test("free units stand first among the parts, at price 0", () => {
    expect(priceQuantity(transitions, 10_000).parts).toEqual([
      { quantity: 4000, unitPrice: 0, cost: 0, free: true, borrowedFrom: null },
      { quantity: 6000, unitPrice: 0.000025, cost: 0.15, free: false, borrowedFrom: null },
    ]);
  });

  test("tiers are met in order", () => {
    const { cost, parts } = priceQuantity(gbSeconds, 62_500_000);
    expect(parts.map((part) => [part.quantity, part.cost])).toEqual([
      [3_600_000, 60.012],
      [14_400_000, 119.952],
      [44_500_000, 202.92],
    ]);
    expect(cost).toBe(382.884);
  });

  test("what was consumed before decides the tier: marginal price", () => {
    expect(priceQuantity(gbSeconds, 100, { already: 3_599_950 }).parts.map((part) => part.unitPrice)).toEqual(
      [0.00001667, 0.00000833],
    );
    expect(priceQuantity(transitions, 100, { already: 3_990 }).cost).toBe(0.00225);
    expect(priceQuantity(gbSeconds, 1, { already: 3_600_000 }).cost).toBe(0.00000833);
  });

  test("free units shift the tiers: bounds count paid units", () => {
    const price = { ...gbSeconds, freePerMonth: 400_000 };
    expect(priceQuantity(price, 4_000_000).cost).toBe(60.012);
  });
});

describe("unknown is null", () => {
  test("when a needed tier has no price, and only then", () => {
    expect(priceQuantity(onlyFirstTierKnown, 3_600_000).cost).toBe(60.012);
    const beyond = priceQuantity(onlyFirstTierKnown, 3_600_001);
    expect(beyond).toMatchObject({ cost: null, averageUnitPrice: null });
    expect(beyond.parts.map((part) => part.cost)).toEqual([60.012, null]);
  });

  test("when free units cover all, no price is needed", () => {
    const unknown = { ...transitions, tiers: [{ upTo: null, unitPrice: null }] };
    expect(priceQuantity(unknown, 4000).cost).toBe(0);
    expect(priceQuantity(unknown, 4001).cost).toBeNull();
  });

  test("beyond a last tier that ends", () => {
    const ending = { ...transitions, tiers: [{ upTo: 10, unitPrice: 1 }], freePerMonth: 0 };
    expect(priceQuantity(ending, 10).cost).toBe(10);
    expect(priceQuantity(ending, 11).cost).toBeNull();
  });

  test("average of nothing", () => {
    expect(priceQuantity(transitions, 0).averageUnitPrice).toBeNull();
    expect(priceQuantity(transitions, 8000).averageUnitPrice).toBe(0.0000125);
  });
});

test.each([-1, Number.NaN, Infinity])("a quantity of %d is refused", (quantity) => {
  expect(() => priceQuantity(transitions, quantity)).toThrow(RangeError);
  expect(() => priceQuantity(transitions, 1, { already: quantity })).toThrow(RangeError);
  expect(() => priceQuantity(transitions, 1, { free: quantity })).toThrow(RangeError);
});

describe("laws", () => {
  /** Prices in billionths that fall by tier, bounds that rise. */
  const nanoPrices = fc.uniqueArray(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 5 });
  const bounds = fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000_000 }), { minLength: 4, maxLength: 4 });
  const anyPrice = fc
    .tuple(nanoPrices, bounds, fc.integer({ min: 0, max: 500_000 }))
    .map(([prices, ends, free]) => {
      const falling = [...prices].sort((a, b) => b - a);
      const rising = [...ends].sort((a, b) => a - b);
      const tiers = falling.map((nano, at) => ({
        upTo: at === falling.length - 1 ? null : rising[at]!,
        unitPrice: Number(`${nano}e-9`),
        nano,
      }));
      return { ...noted, freePerMonth: free, tiers };
    });
  const amount = fc.oneof(
    fc.integer({ min: 0, max: 2_000_000_000 }),
    fc.double({ min: 0, max: 2e9, noNaN: true }),
  );
  const whole = fc.integer({ min: 0, max: 2_000_000_000 });
  const near = (value: number) => ({ low: value - 1e-9 - value * 1e-12, high: value + 1e-9 + value * 1e-12 });

  test("whole quantities cost exactly what integers say", () => {
    fc.assert(
      fc.property(anyPrice, whole, (price, quantity) => {
        let left = BigInt(Math.max(0, quantity - price.freePerMonth));
        let from = 0n;
        let nano = 0n;
        for (const tier of price.tiers) {
          const room = tier.upTo === null ? left : BigInt(tier.upTo) - from;
          const taken = room < left ? room : left;
          nano += taken * BigInt(tier.nano);
          left -= taken;
          from += taken;
        }
        // Up to 15 digits there is one nearest double, and it must be that one.
        fc.pre(String(nano).length <= 15);
        expect(priceQuantity(price, quantity).cost).toBe(Number(`${nano}e-9`));
      }),
      { numRuns: 2000 },
    );
  });

  test("parts sum to quantity and cost", () => {
    fc.assert(
      fc.property(anyPrice, amount, amount, (price, quantity, already) => {
        const { parts, cost } = priceQuantity(price, quantity, { already });
        const { low, high } = near(quantity);
        const summed = parts.reduce((sum, part) => sum + part.quantity, 0);
        expect(summed).toBeGreaterThanOrEqual(low);
        expect(summed).toBeLessThanOrEqual(high);
        expect(roundToDecimal(parts.reduce((sum, part) => sum + part.cost!, 0))).toBe(cost);
      }),
    );
  });

  test("two purchases in a row cost what one does", () => {
    fc.assert(
      fc.property(anyPrice, amount, amount, amount, (price, first, second, already) => {
        const one = priceQuantity(price, first + second, { already }).cost!;
        const two =
          priceQuantity(price, first, { already }).cost! +
          priceQuantity(price, second, { already: already + first }).cost!;
        const { low, high } = near(one);
        expect(two).toBeGreaterThanOrEqual(low);
        expect(two).toBeLessThanOrEqual(high);
      }),
    );
  });

  test("more never costs less, and a unit more never more than the dearest unit", () => {
    fc.assert(
      fc.property(
        anyPrice,
        amount,
        fc.double({ min: 0, max: 1000, noNaN: true }),
        (price, quantity, more) => {
          const before = priceQuantity(price, quantity).cost!;
          const after = priceQuantity(price, quantity + more).cost!;
          expect(after).toBeGreaterThanOrEqual(before - before * 1e-14);
          expect(after).toBeLessThanOrEqual(near(before + more * price.tiers[0]!.unitPrice).high);
        },
      ),
    );
  });

  test("doubling the quantity never more than doubles a falling price, and exactly doubles a flat one", () => {
    fc.assert(
      fc.property(anyPrice, whole, (price, quantity) => {
        const once = priceQuantity(price, quantity, { free: 0 }).cost!;
        const twice = priceQuantity(price, 2 * quantity, { free: 0 }).cost!;
        expect(twice).toBeLessThanOrEqual(near(2 * once).high);
        if (price.tiers.length === 1) expect(twice).toBe(roundToDecimal(2 * once));
      }),
    );
  });

  test("scaling price and quantity against each other changes nothing", () => {
    fc.assert(
      fc.property(anyPrice, whole, (price, quantity) => {
        const inThousands = {
          ...price,
          freePerMonth: price.freePerMonth / 1000,
          tiers: price.tiers.map(({ upTo, unitPrice }) => ({
            upTo: upTo === null ? null : upTo / 1000,
            unitPrice: roundToDecimal(unitPrice * 1000),
          })),
        };
        const { low, high } = near(priceQuantity(price, quantity).cost!);
        const scaled = priceQuantity(inThousands, quantity / 1000).cost!;
        expect(scaled).toBeGreaterThanOrEqual(low);
        expect(scaled).toBeLessThanOrEqual(high);
      }),
    );
  });

  test("the order of tiers decides, not their number: splitting a tier in two changes nothing", () => {
    fc.assert(
      fc.property(anyPrice, whole, whole, (price, quantity, cut) => {
        fc.pre(cut > 0);
        const tiers = price.tiers.flatMap((tier, at) => {
          const from = price.tiers[at - 1]?.upTo ?? 0;
          return cut > from && cut < (tier.upTo ?? Infinity) ? [{ ...tier, upTo: cut }, tier] : [tier];
        });
        const { low, high } = near(priceQuantity(price, quantity).cost!);
        const cutCost = priceQuantity({ ...price, tiers }, quantity).cost!;
        expect(cutCost).toBeGreaterThanOrEqual(low);
        expect(cutCost).toBeLessThanOrEqual(high);
      }),
    );
  });
});
