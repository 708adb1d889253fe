/** The price list as a table for the terminal: one line per tier, with the day and source of each price. */
import type { PriceListReport, PriceReport, PriceTierReport } from "../report/price-list-report.ts";
import type { RenderOptions } from "./list-cut.ts";
import { quantityWords, unitPriceWords } from "./number-words.ts";
import type { ReportSection, SectionCell } from "./report-section.ts";
import { terminalText } from "./safe-text.ts";
import { sectionTable } from "./section-text.ts";
import { layOutSheet } from "./sheet.ts";

export function renderPriceListTable(report: PriceListReport, options: RenderOptions): string {
  const sheet = layOutSheet(options);
  const section: ReportSection = {
    title: `Prices in ${report.region}, in ${report.currency}`,
    aside: "",
    columns: [
      { head: "usage type", align: "left" },
      { head: "units per month", align: "left" },
      { head: "price each", align: "right" },
      { head: "date", align: "left" },
      { head: "source", align: "left", shrinkTo: 20, lines: 4, beneath: true },
    ],
    rows: report.prices.flatMap((price) => priceRows(price, report.currency)),
    more: null,
  };
  const title = sheet.palette.bold(terminalText(section.title));
  return [title, ...sectionTable(sheet, section), ""].join("\n");
}

function priceRows(price: PriceReport, currency: string): readonly (readonly SectionCell[])[] {
  const free: SectionCell[][] =
    price.freePerMonth > 0 ? [["", `first ${quantityWords(price.freePerMonth)}`, "free", "", ""]] : [];
  const paid = price.tiers.map((tier, at): SectionCell[] => {
    const sourceBefore = at > 0 ? sourceOf(price, price.tiers[at - 1]) : null;
    const source = sourceOf(price, tier);
    const words = unitPriceWords(tier.unitPrice, currency);
    return [
      "",
      tierWords(price, at),
      tier.unitPrice === null ? { text: words, tone: "warn" } : words,
      source === sourceBefore
        ? ""
        : (tier.borrowedFrom?.date ?? (tier.unitPrice === null ? "" : (price.date ?? ""))),
      source === sourceBefore ? "" : source,
    ];
  });
  const [first = [], ...rest] = [...free, ...paid];
  return [[price.usageType, ...first.slice(1)], ...rest];
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
