import stringWidth from "string-width";
import { expect, it } from "vitest";
import type { PriceListReport } from "../../src/report/price-list-report.ts";
import { renderPriceListTable } from "../../src/render/price-list-table.ts";

const source = "AWS Price List AmazonStates version 20260911124511, \u001b[31mkept\u001b[0m elsewhere";
const report: PriceListReport = {
  schemaVersion: "1",
  kind: "prices",
  region: "us-east-1",
  currency: "USD",
  date: "2026-09-11",
  prices: [
    {
      usageType: "StateTransition",
      freePerMonth: 4000,
      tiers: [
        { upTo: 15_000_000_000, unitPrice: 0.000025, borrowedFrom: null },
        { upTo: null, unitPrice: null, borrowedFrom: null },
      ],
      date: "2026-09-11",
      source,
      confidence: "high",
      adjustments: [],
    },
  ],
};
const OPTIONS = { colour: false, verbose: true, top: Infinity };

it("shows prices whole, their source beside them or under them", () => {
  expect(renderPriceListTable(report, { ...OPTIONS, columns: 140 }).split("\n")[3]).toMatch(
    /up to 15,000,000,000 +\$0\.000025 +2026-09-11 +AWS Price List/,
  );
  const narrow = renderPriceListTable(report, { ...OPTIONS, columns: 80 });
  expect(narrow).toMatch(/ {2}up to 15,000,000,000 +\$0\.000025 +2026-09-11\n {6}AWS Price List/);
  expect(narrow).toMatch(/ {2}beyond +unknown\n$/);
  expect(narrow).not.toMatch(/(?!\n)\p{Cc}/u);
  for (const line of narrow.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(80);
});
