/** The monthly page is a month's report as one file to look at: totals and trend, every machine in a table that can be searched, what to do first. */
import type { MonthlyReport } from "../../report/monthly/monthly-report.ts";
import { monthlyHeadline } from "../monthly/monthly-headline.ts";
import { monthlySections } from "../monthly/monthly-sections.ts";
import {
  countedWords,
  moneyWords,
  quantityWords,
  rangeWords,
  shareWords,
  signedMoney,
} from "../number-words.ts";
import { priceListWords } from "../price-list-words.ts";
import type { ReportSection } from "../report-section.ts";
import { drawColumnChart } from "./column-chart.ts";
import { compactMoney } from "./compact-words.ts";
import { diagnosticsMarkup } from "./diagnostic-parts.ts";
import { type Html, html } from "./html.ts";
import { ROWS_AT_ONCE, machineTable } from "./machine-rows.ts";
import { pageDocument } from "./page-document.ts";
import { frameMarkup, partId } from "./page-frame.ts";
import { type Fact, badge, factsMarkup, type PagePart } from "./page-parts.ts";
import { reconciliationParts } from "./reconciliation-page.ts";
import { sectionTable } from "./page-table.ts";

/** What is further down is found in the table of all machines. */
const LIST = { verbose: false, top: 15, rest: ", among the machines below" } as const;

export function renderMonthlyPage(report: MonthlyReport, scripts: readonly string[]): string {
  const { month, accounts, regions, machines, currency, months } = report;
  const { reconciliation } = report;
  const sections = monthlySections({ ...report, reconciliation: null }, LIST).filter(
    ({ title }) => title !== "Machines",
  );
  const monthly = [
    ...sections.filter(({ title }) => FIRST.has(title)),
    "machines" as const,
    ...sections.filter(({ title }) => !FIRST.has(title)),
  ].map((part, index) => (part === "machines" ? machinePart(report) : sectionPart(part, index, report)));
  const parts = [...monthly, ...(reconciliation === null ? [] : reconciliationParts(reconciliation))];
  const body = frameMarkup({
    heading: `Step Functions in ${month}`,
    where: `${countedWords(machines.length, "machine")} · ${accounts.join(", ")} · ${regions.join(", ")}`,
    lead: leadMarkup(report),
    parts,
    end: diagnosticsMarkup(report.diagnostics, 2),
    notes: notesOf(report),
  });
  return pageDocument({
    title: `Step Functions in ${month} – stepfare`,
    body,
    data: {
      kind: "fleet-report",
      monthly: { currency, months: months.map((each) => ({ month: each.month })), machines },
    },
    scripts,
  });
}

const FIRST: ReadonlySet<string> = new Set(["Months", "Savings", "Movers", "Not compared"]);

function leadMarkup(report: MonthlyReport): Html {
  const [first, ...others] = monthlyHeadline(report);
  const { verdict } = report;
  return html`<div class="verdict ${verdict.passed ? "changes" : "keeps"}">
      <p class="sentence">${first} ${!verdict.passed && badge("✕ over budget", "bad")}</p>
      ${others.map((line) => html`<p>${line}</p>`)}
      ${verdict.reasons.map((reason) => html`<p class="warn"><span aria-hidden="true">✕</span> ${reason}</p>`)}
      ${verdict.warnings.map((reason) => html`<p class="warn"><span aria-hidden="true">▲</span> ${reason}</p>`)}
    </div>
    ${factsMarkup(factsOf(report))}`;
}

function factsOf({ totals, change, forecast, currency, period }: MonthlyReport): readonly Fact[] {
  return [
    {
      label: period.partial ? "Cost of the month, at its rate so far" : "Cost of the month",
      words: moneyWords(totals.monthlyCost, currency),
      exact: totals.monthlyCost,
      note: `${moneyWords(totals.withDownstream, currency)} with neighbouring services`,
    },
    ...(change === null
      ? []
      : [
          {
            label: `Against ${change.month}`,
            words: signedMoney(change.difference, currency),
            exact: change.difference,
            note: `${moneyWords(change.before, currency)} before`,
          },
        ]),
    {
      label: "Possible saving a month",
      words: moneyWords(totals.saving, currency),
      exact: totals.saving,
      note: "by the other type, where AWS accepts it",
    },
    ...(forecast === null
      ? []
      : [
          {
            label: "At the month's end",
            words: moneyWords(forecast.monthlyCost, currency),
            exact: forecast.monthlyCost,
            note: `${rangeWords(moneyWords(forecast.low, currency), moneyWords(forecast.high, currency))}, ${shareWords(forecast.coverage)}`,
          },
        ]),
    {
      label: "What the cost rests on",
      words: `${quantityWords(totals.bases.counted)} counted`,
      note: `${quantityWords(totals.bases.sampled)} sampled, ${quantityWords(totals.bases.expected)} by definition, ${quantityWords(totals.unknown)} unknown`,
    },
  ];
}

function sectionPart(section: ReportSection, index: number, report: MonthlyReport): PagePart {
  const { title, aside } = section;
  return {
    id: partId(title, index),
    title,
    aside,
    body: html`${title === "Months" && trendMarkup(report)} ${sectionTable(section)}`,
  };
}

function trendMarkup({ months, currency }: MonthlyReport): Html {
  return drawColumnChart({
    title: "Cost by month",
    columns: months.map(({ month, monthlyCost }) => ({ label: month, value: monthlyCost })),
    words: (value) => compactMoney(value, currency),
  });
}

/** The first rows stand in the page; its script draws the others as they are asked for. */
function machinePart(report: MonthlyReport): PagePart {
  const { machines } = report;
  const shown = machines.slice(0, ROWS_AT_ONCE);
  const more = machines.length - shown.length;
  return {
    id: "machines",
    title: "Machines",
    aside: `${quantityWords(machines.length)}, dearest first`,
    body: html`<div class="sieve" hidden></div>
      <div data-machines>${machineTable(shown, report)}</div>
      <p class="more paging" data-paging>
        ${more > 0 && `The ${quantityWords(shown.length)} dearest of ${quantityWords(machines.length)}.`}
      </p>`,
  };
}

function notesOf(report: MonthlyReport): readonly string[] {
  const { transitionRule, period } = report;
  return [
    `Counted as transitions: ${transitionRule}.`,
    `Prices: ${priceListWords(report)}.`,
    `Read: ${instantWords(period.from)} to ${instantWords(period.until)}${period.partial ? ", a month that is not over" : ""}.`,
    "One machine in detail: stepfare analyze, with the fleet file and --format html.",
  ];
}

/** A day's first instant is the day. */
function instantWords(instant: string): string {
  return instant.replace("T00:00:00.000Z", "");
}
