/** Bills that others have published, as far as they are price × quantity: each row names the rates it was computed with. */
import { describe, expect, test } from "vitest";
import { priceListOf } from "../../src/cost/known-price-lists.ts";
import type { TieredPrice } from "../../src/cost/price-list.ts";
import { priceQuantity } from "../../src/cost/tiered-price.ts";

const { prices } = priceListOf("us-east-1")!;
const transition = prices.StateTransition!;
const request = prices["StepFunctions-Request"]!;
/** "price list": USD per GB-second, as billed. */
const gbSecond = prices["StepFunctions-GB-Second"]!;
/** "pricing page": USD per GB-hour, rounded by AWS for reading. */
const gbHour: TieredPrice = {
  ...gbSecond,
  tiers: [
    { upTo: 1000, unitPrice: 0.06 },
    { upTo: 5000, unitPrice: 0.03 },
    { upTo: null, unitPrice: 0.01642 },
  ],
};

function cents(cost: number | null): string | null {
  return cost === null ? null : cost.toFixed(2);
}

describe("Standard: transitions at the us-east-1 price list's 0.000025", () => {
  test.each([
    { bill: "Infracost's test, no free tier", transitions: 10_000, free: 0, cost: 0.25 },
    {
      bill: "a calculator figure: 1 M executions of 6, free tier once",
      transitions: 6_000_000,
      free: 4000,
      cost: 149.9,
    },
    {
      bill: "AWS workshop: 3 transitions saved in 1,000 executions",
      transitions: 3000,
      free: 0,
      cost: 0.075,
    },
    { bill: "AWS workshop: 1,000 Standard children of 1 + 1", transitions: 2000, free: 0, cost: 0.05 },
    { bill: "AWS workshop: 1,000 Standard children of 5 + 1", transitions: 6000, free: 0, cost: 0.15 },
    { bill: "AWS workshop: 500,000 Standard children of 2 + 1", transitions: 1_500_000, free: 0, cost: 37.5 },
    { bill: "the same with the free tier, printed as $37.4", transitions: 1_500_000, free: 4000, cost: 37.4 },
    { bill: "a Map of 2 items with 1 state each", transitions: 3, free: 0, cost: 0.000075 },
    { bill: "AWS Lambda Power Tuning, 6 + N, N = 6", transitions: 12, free: 0, cost: 0.0003 },
    { bill: "AWS Lambda Power Tuning, 6 + 3N, N = 6", transitions: 24, free: 0, cost: 0.0006 },
    { bill: "a workflow of 10 states", transitions: 10, free: 0, cost: 0.00025 },
    { bill: "an order workflow, 3 entered a million times", transitions: 3_000_000, free: 0, cost: 75 },
    { bill: "the same with the start", transitions: 4_000_000, free: 0, cost: 100 },
    { bill: "the same with start and end, free tier once", transitions: 5_000_000, free: 4000, cost: 124.9 },
  ])("$bill", ({ transitions, free, cost }) => {
    expect(priceQuantity(transition, transitions, { free }).cost).toBe(cost);
  });
});

describe("Express: requests and GB-seconds at the us-east-1 price list's rates", () => {
  test.each([
    { bill: "Infracost, one tier", requests: 100_000, gbSeconds: 1250, tiers: [0.0208375], total: 0.1208375 },
    { bill: "Infracost, two tiers", requests: 1e7, gbSeconds: 4e6, tiers: [60.012, 3.332], total: 73.344 },
    {
      bill: "Infracost, three tiers",
      requests: 1e8,
      gbSeconds: 106_875_000,
      tiers: [60.012, 119.952, 405.27],
      total: 685.234,
    },
    {
      bill: "AWS pricing page, example 4, in GB-seconds",
      requests: 1e8,
      gbSeconds: 62_500_000,
      tiers: [60.012, 119.952, 202.92],
      total: 482.884,
    },
    {
      bill: "an order workflow of 1 s at 64 MB",
      requests: 1e6,
      gbSeconds: 62_500,
      tiers: [1.041875],
      total: 2.041875,
    },
    {
      bill: "AWS workshop: 1,000 children of 100 s",
      requests: 1000,
      gbSeconds: 6250,
      tiers: [0.1041875],
      total: 0.1051875,
    },
    {
      bill: "AWS workshop: 1,000 children of 30 s",
      requests: 1000,
      gbSeconds: 1875,
      tiers: [0.03125625],
      total: 0.03225625,
    },
    {
      bill: "AWS workshop: 500,000 children of 1 s",
      requests: 5e5,
      gbSeconds: 31_250,
      tiers: [0.5209375],
      total: 1.0209375,
    },
    {
      bill: "AWS workshop: 1,000 of 11.3 s",
      requests: 1000,
      gbSeconds: 706.25,
      tiers: [0.0117731875],
      total: 0.0127731875,
    },
  ])("$bill", ({ requests, gbSeconds, tiers, total }) => {
    const duration = priceQuantity(gbSecond, gbSeconds);
    expect(duration.parts.map((part) => part.cost)).toEqual(tiers);
    expect(priceQuantity(request, requests).cost! + duration.cost!).toBeCloseTo(total, 12);
  });

  test("100 ms at 64 MB, which AWS's texts round to 0.0000001042", () => {
    expect(priceQuantity(gbSecond, 0.1 * (64 / 1024)).cost).toBe(0.0000001041875);
  });
});

test("AWS pricing page, example 4, at the page's own GB-hour rates: $382.97 where the price list gives $382.88", () => {
  const { parts, cost } = priceQuantity(gbHour, 62_500_000 / 3600);
  expect(parts.map((part) => cents(part.cost))).toEqual(["60.00", "120.00", "202.97"]);
  expect(cents(cost)).toBe("382.97");
  expect(cents(priceQuantity(gbSecond, 62_500_000).cost)).toBe("382.88");
  expect(cents(priceQuantity(request, 1e8).cost)).toBe("100.00");
});

/** "AWS workshop": USD per 100 ms at 64 MB, rounded from the price list's 0.0000001041875. */
const per100Ms: TieredPrice = { ...gbSecond, tiers: [{ upTo: null, unitPrice: 0.0000001042 }] };

describe("AWS workshop, 50 M items in batches: at the workshop's rate per 100 ms, printed to the cent", () => {
  test.each([
    [500_000, 28, "37.50", "27.59"],
    [250_000, 32, "18.75", "14.84"],
    [125_000, 62, "9.38", "11.33"],
    [100_000, 74, "7.50", "10.31"],
    [83_333, 90, "6.25", "9.98"],
    [62_500, 120, "4.69", "9.44"],
    [50_000, 150, "3.75", "9.12"],
  ])("%d children of %d s: Standard $%s, Express $%s", (children, seconds, standard, express) => {
    expect(cents(priceQuantity(transition, children * 3, { free: 0 }).cost)).toBe(standard);
    const started = priceQuantity(transition, children, { free: 0 }).cost!;
    const requests = priceQuantity(request, children).cost!;
    const duration = priceQuantity(per100Ms, children * seconds * 10).cost!;
    expect(cents(started + requests + duration)).toBe(express);
  });
});
