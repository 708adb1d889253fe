import { expect, test } from "vitest";
import { parsePriceList } from "../../src/cost/price-list-schema.ts";

const price = {
  tiers: [{ upTo: null, unitPrice: 0.000025 }],
  freePerMonth: 4000,
  date: "2026-01-01",
  source: "a list",
  confidence: "high",
};
const list = { region: "us-gov-east-1", currency: "USD", date: "2026", prices: { StateTransition: price } };

test("a price list is read as it is", () => {
  expect(parsePriceList(list, "it")).toEqual(list);
});

test.each([
  ["null", null],
  ["a region that leaves the folder", { ...list, region: "../../etc-1" }],
  ["a currency that is none", { ...list, currency: "usd" }],
  ["a day that is none", { ...list, date: "yesterday" }],
  ["an unknown usage type", { ...list, prices: { Teleport: price } }],
  [
    "a price as text",
    { ...list, prices: { StateTransition: { ...price, tiers: [{ upTo: null, unitPrice: "1" }] } } },
  ],
  [
    "a negative price",
    { ...list, prices: { StateTransition: { ...price, tiers: [{ upTo: null, unitPrice: -1 }] } } },
  ],
  ["no tiers", { ...list, prices: { StateTransition: { ...price, tiers: [] } } }],
  [
    "tiers that end",
    { ...list, prices: { StateTransition: { ...price, tiers: [{ upTo: 5, unitPrice: 1 }] } } },
  ],
  ["an extra field", { ...list, prices: { StateTransition: { ...price, perThousand: true } } }],
])("%s is refused, naming the file", (_, json) => {
  expect(() => parsePriceList(json, "the cached list")).toThrow(/^the cached list is not a price list/);
});
