/** The reconciliation page is a month's bill beside what was counted and what was expected, as one file to look at. */
import type { ReconciledItem, ReconciliationReport } from "../../report/reconcile/reconciliation-report.ts";
import {
  gapCauses,
  itemWords,
  reconciledNames,
  reconciliationHeadline,
  reconciliationDetails,
} from "../monthly/reconciliation-sections.ts";
import { countedWords, moneyWords, signedMoney } from "../number-words.ts";
import { changeBars } from "./bars.ts";
import { diagnosticsMarkup } from "./diagnostic-parts.ts";
import { type Html, html } from "./html.ts";
import { pageDocument } from "./page-document.ts";
import { frameMarkup, partId } from "./page-frame.ts";
import { type Fact, exactSpan, factsMarkup, type PagePart } from "./page-parts.ts";
import { type PageCell, sectionTable, tableMarkup } from "./page-table.ts";

export function renderReconciliationPage(report: ReconciliationReport, scripts: readonly string[]): string {
  const { month, items, transitionRule, currency, sources } = report;
  const [first = "", ...others] = reconciliationHeadline(report);
  const body = frameMarkup({
    heading: `Step Functions and their bill in ${month}`,
    where: `${itemWords(items)} · ${sources.map(({ name }) => name).join(", ")}`,
    lead: html`<div class="verdict">
        <p class="sentence">${first}</p>
        ${others.map((line) => html`<p>${line}</p>`)}
      </div>
      ${factsMarkup(factsOf(report))}`,
    parts: reconciliationParts(report),
    end: diagnosticsMarkup(report.diagnostics, 2),
    notes: [`Counted as transitions: ${transitionRule}.`, `Money: ${currency}.`],
  });
  return pageDocument({
    title: `Step Functions and their bill in ${month} – stepfare`,
    body,
    data: { kind: "reconciliation" },
    scripts,
  });
}

function factsOf({ totals, currency }: ReconciliationReport): readonly Fact[] {
  const { billed, measured, predicted, gap } = totals;
  return [
    {
      label: "Billed",
      words: moneyWords(billed, currency),
      exact: billed,
      note: "credits and taxes included",
    },
    {
      label: "Measured",
      words: moneyWords(measured, currency),
      exact: measured,
      note: "by what CloudWatch counted",
    },
    {
      label: "Predicted",
      words: moneyWords(predicted, currency),
      exact: predicted,
      note: "by the definitions",
    },
    { label: "Gap", words: signedMoney(gap, currency), exact: gap, note: "billed less predicted" },
  ];
}

/** A month's report has them too, where it is given the bill. */
export function reconciliationParts(report: ReconciliationReport): readonly PagePart[] {
  const sections = reconciliationDetails(report, DETAILS);
  return [
    ...causePart(report),
    gapPart(report),
    ...sections.map((section, index) => ({
      id: partId(`bill ${section.title}`, index),
      title: section.title,
      aside: section.aside,
      body:
        section.rows.length <= OPEN_ROWS
          ? sectionTable(section)
          : html`<details>
              <summary>${section.rows.length} rows</summary>
              ${sectionTable(section)}
            </details>`,
    })),
  ];
}

/** A longer table waits until somebody asks. */
const OPEN_ROWS = 25;

/** Of the sections that have no table of the page's own. */
const DETAILS = {
  verbose: false,
  top: 100,
  rest: ": stepfare reconcile --format json has them all",
} as const;

function causePart({ items, currency }: ReconciliationReport): readonly PagePart[] {
  const causes = gapCauses(items);
  if (causes.length === 0) return [];
  const rows = causes.map(({ text, cost }) => ({
    label: text,
    change: cost,
    words: exactSpan(signedMoney(cost, currency), cost),
  }));
  return [
    {
      id: "bill-causes",
      title: "Why the bill differs",
      aside: "billed less predicted, over all items",
      body: changeBars(rows, "Causes of the gap"),
    },
  ];
}

/** More would be slow to open; the largest gaps come first, and the CSV has them all. */
const GAPS = 1000;

function gapPart({ items, currency }: ReconciliationReport): PagePart {
  const left = items.length - GAPS;
  const nameOf = reconciledNames(items);
  const money = (value: number | null, words: typeof moneyWords = moneyWords): PageCell =>
    value === null ? { body: "" } : { body: words(value, currency), value };
  return {
    id: "bill-gaps",
    title: "Gaps to the bill",
    aside: "billed less predicted, the largest first",
    body: tableMarkup({
      caption: "Gaps to the bill",
      isStacked: true,
      columns: [
        { head: "what", align: "left", isSorted: true },
        { head: "billed", align: "right", isSorted: true },
        { head: "measured", align: "right", isSorted: true },
        { head: "predicted", align: "right", isSorted: true },
        { head: "gap", align: "right", isSorted: true },
        { head: "because", align: "left" },
      ],
      rows: items.slice(0, GAPS).map((item) => ({
        cells: [
          { body: nameOf(item) },
          money(item.billed),
          money(item.measured),
          money(item.predicted),
          money(item.gap, signedMoney),
          { body: becauseMarkup(item, currency), tone: "way-states" },
        ],
      })),
      more:
        left > 0
          ? `… ${countedWords(left, "smaller gap")} more: stepfare reconcile --format csv has them all`
          : null,
    }),
  };
}

function becauseMarkup({ because }: ReconciledItem, currency: string): Html {
  return html`<span
    >${because.map(({ text, cost }) => html`<span class="reason">${signedMoney(cost, currency)} ${text}</span>`)}</span
  >`;
}
