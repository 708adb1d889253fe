/** The month of an account: tiers met by the sum, free units shared by use, unknown prices left unknown. */
import { describe, expect, test } from "vitest";
import { accountPricing, listedCost, timesExecutions } from "../../src/cost/account-month.ts";
import type { PriceList, TieredPrice } from "../../src/cost/price-list.ts";

const priced = (tiers: TieredPrice["tiers"], freePerMonth = 0): TieredPrice => ({
  ...{ tiers, freePerMonth, date: "2026-01-01", source: "a list", confidence: "high" },
});

const list: PriceList = {
  ...{ region: "us-east-1", currency: "USD", date: "2026-01-01" },
  prices: {
    StateTransition: priced([{ upTo: null, unitPrice: 0.5 }], 100),
    "StepFunctions-GB-Second": priced([
      { upTo: 1000, unitPrice: 4 },
      { upTo: null, unitPrice: 2 },
    ]),
    "S3-Put": priced([{ upTo: null, unitPrice: null }]),
  },
};

describe("a machine's part of an account's month", () => {
  const account = new Map([
    ["StateTransition", 400],
    ["StepFunctions-GB-Second", 4000],
  ] as const);
  const price = accountPricing(list, account);

  test("is priced at the average of the tiers that all reach together", () => {
    // 1,000 at 4 and 3,000 at 2: 2.5 each.
    const month = price(new Map([["StepFunctions-GB-Second", 10]]));
    expect(month).toEqual({
      ...{ cost: 25, free: 0 },
      parts: [{ usageType: "StepFunctions-GB-Second", quantity: 10, paid: 2.5, listed: 4 }],
    });
  });

  test("has the share of the free units that it has of the use", () => {
    // A quarter of all is free.
    expect(price(new Map([["StateTransition", 200]]))).toMatchObject({ cost: 75, free: -25 });
  });

  test("is free where all of it is", () => {
    const small = accountPricing(list, new Map([["StateTransition", 60]]));
    expect(small(new Map([["StateTransition", 60]]))).toMatchObject({ cost: 0, free: -30 });
    expect(small(new Map([["StateTransition", 0]]))).toMatchObject({ cost: 0 });
    // More than the account is said to use: then that is what it uses.
    expect(small(new Map([["StateTransition", 400]]))).toMatchObject({ cost: 150, free: -50 });
    expect(accountPricing(list, new Map())(new Map([["StateTransition", 0]]))).toMatchObject({ cost: 0 });
  });

  test("is not known where a price is not", () => {
    for (const usageType of ["S3-Put", "S3-Get"] as const) {
      const month = price(
        new Map([
          [usageType, 3],
          ["StepFunctions-GB-Second", 10],
        ]),
      );
      expect(month.cost).toBe(null);
      expect(month.parts.map(({ paid, listed }) => [paid, listed])).toEqual([
        [null, null],
        [2.5, 4],
      ]);
    }
  });
});

test("at list price the first tier holds, nothing is free, and what is not priced is not known", () => {
  const used = new Map([
    ["StateTransition", 10],
    ["StepFunctions-GB-Second", 5000],
  ] as const);
  expect(listedCost(used, list)).toBe(20_005);
  expect(listedCost(new Map([...used, ["S3-Put", 1] as const]), list)).toBe(null);
  expect(listedCost(new Map([...used, ["S3-Get", 1] as const]), list)).toBe(null);
  expect(listedCost(new Map(), list)).toBe(0);
});

test("a month is an execution times executions", () => {
  expect(timesExecutions(new Map([["StateTransition", 2.5]]), 40)).toEqual(
    new Map([["StateTransition", 100]]),
  );
});
