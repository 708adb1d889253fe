/** The price list as a table for the terminal: one line per tier, with the day and source of each price. */
import type { PriceListReport, PriceReport, PriceTierReport } from "../report/price-list-report.ts";
import type { RenderOptions } from "./list-cut.ts";
import { quantityWords, unitPriceWords } from "./number-words.ts";
import { terminalText } from "./safe-text.ts";
import { layOutSheet } from "./sheet.ts";
import { layoutColumns, type TextCell } from "./text-columns.ts";

export function renderPriceListTable(report: PriceListReport, options: RenderOptions): string {
  const { palette, width } = layOutSheet(options);
  const table = layoutColumns({
    columns: [
      { head: "usage type", align: "left" },
      { head: "units per month", align: "left" },
      { head: "price each", align: "right" },
      { head: "date", align: "left" },
      { head: "source", align: "left", shrinkTo: 20, lines: 4 },
    ],
    rows: report.prices.flatMap((price) => priceRows(price, report.currency, palette.warn)),
    width,
    indent: 2,
    paintHead: palette.dim,
  });
  const heading = `Prices in ${report.region}, in ${report.currency}`;
  return [palette.bold(terminalText(heading)), ...table, ""].join("\n");
}

function priceRows(price: PriceReport, currency: string, warn: (text: string) => string): TextCell[][] {
  const free: TextCell[][] =
    price.freePerMonth > 0 ? [["", `first ${quantityWords(price.freePerMonth)}`, "free", "", ""]] : [];
  const paid = price.tiers.map((tier, at): TextCell[] => {
    const sourceBefore = at > 0 ? sourceOf(price, price.tiers[at - 1]) : null;
    const source = sourceOf(price, tier);
    const words = unitPriceWords(tier.unitPrice, currency);
    return [
      "",
      tierWords(price, at),
      tier.unitPrice === null ? { text: words, paint: warn } : words,
      source === sourceBefore
        ? ""
        : (tier.borrowedFrom?.date ?? (tier.unitPrice === null ? "" : (price.date ?? ""))),
      source === sourceBefore ? "" : terminalText(source),
    ];
  });
  const [first = [], ...rest] = [...free, ...paid];
  return [[terminalText(price.usageType), ...first.slice(1)], ...rest];
}

function tierWords({ tiers, freePerMonth }: PriceReport, at: number): string {
  const upTo = tiers[at]?.upTo ?? null;
  if (upTo !== null) return `up to ${quantityWords(upTo)}`;
  return at > 0 || freePerMonth > 0 ? "beyond" : "all";
}

function sourceOf(price: PriceReport, tier: PriceTierReport | undefined): string {
  if (tier === undefined || tier.unitPrice === null) return "";
  const origin = tier.borrowedFrom;
  const named = origin
    ? `borrowed from ${origin.region}: ${origin.source ?? "source unknown"}`
    : (price.source ?? "");
  return [named, ...price.adjustments].filter((part) => part !== "").join("; ");
}
