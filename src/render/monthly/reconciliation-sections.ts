/** The reconciliation sections are a reconciliation in plain words, in the order every format tells it. */
import type { ReconciledItem, ReconciliationReport } from "../../report/reconcile/reconciliation-report.ts";
import { namesApart } from "../../report/monthly/machine-names.ts";
import { BENEATH, leftColumn, rightColumn } from "../capacity-columns.ts";
import { type ListOptions, cutList } from "../list-cut.ts";
import { countedWords, moneyWords, quantityWords, signedMoney } from "../number-words.ts";
import { type ReportSection, shownSections } from "../report-section.ts";
import { leadingReasons } from "./leading-reasons.ts";

export function reconciliationHeadline({
  month,
  totals,
  currency,
  items,
  startRule,
}: ReconciliationReport): readonly string[] {
  const { billed, predicted, gap, measured } = totals;
  const counted = measured === null ? "" : `, ${moneyWords(measured, currency)} by what CloudWatch counted`;
  const why = leadingReasons(gapCauses(items), 4, currency);
  return [
    `Bill of ${month}: ${moneyWords(billed, currency)} billed, ${moneyWords(predicted, currency)} predicted${counted}; ${itemWords(items)}.`,
    ...(gap === null ? [] : [`Gap ${signedMoney(gap, currency)}${why === "" ? "" : `: ${why}`}.`]),
    startRule.text,
  ];
}

/** Rows of no machine, such as credits, stand by account and region even where the bill names machines. */
export function itemWords(items: readonly ReconciledItem[]): string {
  const machines = items.filter(({ arn }) => arn !== null).length;
  const places = items.length - machines;
  return [
    ...(machines === 0 ? [] : [countedWords(machines, "machine")]),
    ...(places === 0 && machines > 0
      ? []
      : [countedWords(places, "account and region", "accounts and regions")]),
  ].join(" and ");
}

/** What the gaps of all items come to by cause, the largest first. */
export function gapCauses(
  items: readonly ReconciledItem[],
): readonly { readonly text: string; readonly cost: number }[] {
  const sums = new Map<string, number>();
  for (const { cause, cost } of items.flatMap(({ because }) => because))
    sums.set(cause, (sums.get(cause) ?? 0) + cost);
  return [...sums]
    .map(([cause, cost]) => ({ text: CAUSE_WORDS[cause] ?? cause, cost }))
    .sort((a, b) => Math.abs(b.cost) - Math.abs(a.cost));
}

const CAUSE_WORDS: Readonly<Record<string, string>> = {
  "start-rule": "by another start rule",
  "missing-machine": "of machines that are not in the fleet",
  "unread-machine": "of machines whose definition could not be read",
  "missing-from-bill": "of machines that the bill has no row of",
  "missing-from-cloudwatch": "of machines that CloudWatch said nothing of",
  expectation: "by ways taken other than expected",
  counting: "billed beyond what was counted",
  "price-change": "by a price that changed",
  price: "by prices that are not the list's",
  "free-tier": "by the free tier",
  credit: "credits",
  refund: "refunds",
  tax: "taxes",
  discount: "discounts",
  "other-charge": "other charges",
  rest: "not explained",
};

export function reconciliationSections(
  report: ReconciliationReport,
  options: ListOptions,
): readonly ReportSection[] {
  return [...shownSections([gapSection(report, options)]), ...reconciliationDetails(report, options)];
}

/** What stands beneath the gaps. */
export function reconciliationDetails(
  report: ReconciliationReport,
  options: ListOptions,
): readonly ReportSection[] {
  return shownSections([
    quantitySection(report, options),
    ruleSection(report),
    chargeSection(report),
    sourceSection(report),
  ]);
}

export function reconciledNames(items: readonly ReconciledItem[]): (item: ReconciledItem) => string {
  const nameOf = namesApart(
    items.flatMap(({ machine, arn }) => (machine === null || arn === null ? [] : [{ name: machine, arn }])),
  );
  return ({ machine, arn, account, region }) =>
    machine === null ? `${account}/${region}` : nameOf(arn ?? "", machine);
}

function gapSection({ items, currency }: ReconciliationReport, options: ListOptions): ReportSection {
  const { shown, more } = cutList(items, "items", options);
  const nameOf = reconciledNames(items);
  return {
    title: "Gaps to the bill",
    aside: "billed less predicted, the largest first",
    columns: [
      leftColumn(""),
      rightColumn("billed"),
      rightColumn("measured"),
      rightColumn("predicted"),
      rightColumn("gap"),
      BENEATH,
    ],
    rows: shown.map((item) => [
      nameOf(item),
      moneyWords(item.billed, currency),
      item.measured === null ? "" : moneyWords(item.measured, currency),
      moneyWords(item.predicted, currency),
      item.gap === null
        ? ""
        : { text: signedMoney(item.gap, currency), tone: Math.abs(item.gap) < 0.005 ? "good" : "warn" },
      item.because.map(({ text, cost }) => `${signedMoney(cost, currency)} ${text}`).join("; "),
    ]),
    more,
  };
}

function quantitySection({ items }: ReconciliationReport, options: ListOptions): ReportSection {
  const nameOf = reconciledNames(items);
  const rows = items.flatMap((item) =>
    (["transitions", "requests", "gbSeconds"] as const).flatMap((kind) => {
      const { billed, measured, predicted } = item.quantities[kind];
      if (billed === 0 && (predicted ?? 0) === 0) return [];
      return [
        [
          nameOf(item),
          kind === "gbSeconds" ? "GB-seconds" : kind,
          quantityWords(billed),
          measured === null ? "" : quantityWords(measured),
          predicted === null ? "" : quantityWords(predicted),
        ],
      ];
    }),
  );
  const { shown, more } = cutList(rows, "quantities", options);
  return {
    title: "Quantities of the bill",
    aside: "",
    columns: [
      leftColumn(""),
      leftColumn("what"),
      rightColumn("billed"),
      rightColumn("measured"),
      rightColumn("predicted"),
    ],
    rows: shown,
    more,
  };
}

function ruleSection({ startRule }: ReconciliationReport): ReportSection {
  return {
    title: "Start rule",
    aside: "executions whose transitions fit each rule",
    columns: [
      leftColumn("by"),
      rightColumn("entered"),
      rightColumn("start+entered"),
      rightColumn("start+entered+end"),
      rightColumn("none"),
    ],
    rows: startRule.votes
      .filter(({ executions }) => Object.values(executions).some((count) => count > 0))
      .map(({ from, executions }) => [
        from,
        quantityWords(executions.entered),
        quantityWords(executions["start+entered"]),
        quantityWords(executions["start+entered+end"]),
        quantityWords(executions.none),
      ]),
    more: null,
  };
}

function chargeSection({ charges, currency }: ReconciliationReport): ReportSection {
  return {
    title: "Rows of the bill that are no usage",
    aside: "in what is billed",
    columns: [leftColumn("what"), rightColumn("rows"), rightColumn("cost")],
    rows: charges.map(({ lineType, rows, cost }) => [
      lineType === "" ? "of no kind" : lineType,
      quantityWords(rows),
      signedMoney(cost, currency),
    ]),
    more: null,
  };
}

function sourceSection({ sources }: ReconciliationReport): ReportSection {
  return {
    title: "Bill read from",
    aside: "",
    columns: [leftColumn("bill"), leftColumn("format"), rightColumn("rows, all services")],
    rows: sources.map(({ name, format, rows }) => [name, format, rows === null ? "" : quantityWords(rows)]),
    more: null,
  };
}
