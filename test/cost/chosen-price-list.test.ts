import { expect, test } from "vitest";
import { choosePriceList } from "../../src/cost/chosen-price-list.ts";
import type { PriceList, TieredPrice } from "../../src/cost/price-list.ts";

function flat(unitPrice: number | null, date: string | null): TieredPrice {
  return { tiers: [{ upTo: null, unitPrice }], freePerMonth: 0, date, source: "a list", confidence: "high" };
}

function list(prices: PriceList["prices"], region = "eu-west-1", currency = "USD"): PriceList {
  return { region, currency, date: "2026-01-01", prices };
}

function chosen(packaged: TieredPrice, cached: TieredPrice) {
  return choosePriceList(list({ "S3-Put": packaged }), list({ "S3-Put": cached }))?.prices["S3-Put"];
}

test("the newer price wins, and on the same day the user's own download", () => {
  expect(chosen(flat(1, "2026-01-01"), flat(2, "2026-02-01"))).toEqual(flat(2, "2026-02-01"));
  expect(chosen(flat(1, "2026-02-01"), flat(2, "2026-01-01"))).toEqual(flat(1, "2026-02-01"));
  expect(chosen(flat(1, "2026-02-01"), flat(2, "2026-02-01"))).toEqual(flat(2, "2026-02-01"));
  expect(chosen(flat(1, "2020-05"), flat(2, "2026-02-01"))).toEqual(flat(2, "2026-02-01"));
  expect(chosen(flat(1, null), flat(2, "2026-02-01"))).toEqual(flat(2, "2026-02-01"));
  expect(chosen(flat(1, "2026-02-01"), flat(2, null))).toEqual(flat(1, "2026-02-01"));
});

test("a known price is better than an unknown one, whatever their dates", () => {
  expect(chosen(flat(null, "2026-09-01"), flat(2, "2026-01-01"))).toEqual(flat(2, "2026-01-01"));
  expect(chosen(flat(1, "2025-01-01"), flat(null, "2026-01-01"))).toEqual(flat(1, "2025-01-01"));
  expect(chosen(flat(null, "2025-01-01"), flat(null, "2026-01-01"))).toEqual(flat(null, "2026-01-01"));
  expect(chosen(flat(null, "2026-01-01"), flat(null, "2025-01-01"))).toEqual(flat(null, "2026-01-01"));
});

test("usage types that only one list has are kept, and the date is the newest of all", () => {
  const packaged = list({ "S3-Put": flat(1, "2026-01-01"), "S3-Get": flat(3, "2026-03-01") });
  const cached = list({ "S3-Put": flat(2, "2026-04-01"), StateTransition: flat(4, "2026-04-01") });
  expect(choosePriceList(packaged, cached)).toEqual({
    region: "eu-west-1",
    currency: "USD",
    date: "2026-04-01",
    prices: {
      "S3-Put": flat(2, "2026-04-01"),
      "S3-Get": flat(3, "2026-03-01"),
      StateTransition: flat(4, "2026-04-01"),
    },
  });
});

test("one list alone is the choice; none is none", () => {
  const only = list({});
  expect([choosePriceList(only, null), choosePriceList(null, only), choosePriceList(null, null)]).toEqual([
    only,
    only,
    null,
  ]);
});

test("another region's or currency's download is left alone", () => {
  const packaged = list({ "S3-Put": flat(1, "2026-01-01") });
  const newer = { "S3-Put": flat(2, "2026-05-01") };
  expect(choosePriceList(packaged, list(newer, "eu-west-2"))).toBe(packaged);
  expect(choosePriceList(packaged, list(newer, "eu-west-1", "EUR"))).toBe(packaged);
});
