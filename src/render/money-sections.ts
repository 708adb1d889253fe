/** The money sections of a workflow: types side by side, and the ledger of line items each total is made of. */
import type { Estimate, LineItemReport, WorkflowReport } from "../report/analysis-report.ts";
import { monthlyRangeWords, perMillionRangeWords, shownEstimates, typeWords } from "./analysis-words.ts";
import { cutList } from "./list-cut.ts";
import type { ListOptions } from "./list-cut.ts";
import {
  durationWords,
  moneyWords,
  perMillionWords,
  quantityWords,
  unitPriceWords,
  UNKNOWN,
} from "./number-words.ts";
import type { ReportSection, SectionCell, SectionColumn } from "./report-section.ts";

export function typesSection(workflow: WorkflowReport, currency: string): ReportSection {
  const estimates = shownEstimates(workflow);
  const columns: readonly SectionColumn[] = [
    { head: "", align: "left", shrinkTo: 14 },
    ...estimates.map((estimate): SectionColumn => ({
      head: `${typeWords(estimate.type)}${estimate.type === workflow.type ? " (declared)" : ""}`,
      align: "right",
    })),
  ];
  const rows = [...costRows(workflow, currency), ...usageRows(), ...verdictRows(workflow)]
    .map(([label, words]): readonly SectionCell[] => [label, ...estimates.map(words)])
    .filter((row) => row.slice(1).some((cell) => cell !== ""));
  return { title: "Types side by side", aside: "", columns, rows, more: null };
}

type TypeRow = readonly [label: string, words: (estimate: Estimate) => SectionCell];

function costRows(workflow: WorkflowReport, currency: string): readonly TypeRow[] {
  const monthly = (words: (estimate: Estimate) => string) => (estimate: Estimate) =>
    workflow.executionsPerMonth === null ? "" : words(estimate);
  return [
    ["per month", monthly(({ monthlyCost }) => moneyWords(monthlyCost, currency))],
    [
      "range per month",
      (estimate) =>
        rangeBeside(monthlyRangeWords(estimate, currency), moneyWords(estimate.monthlyCost, currency)),
    ],
    ["per million executions", ({ costPerExecution }) => perMillionWords(costPerExecution, currency)],
    [
      "range per million",
      (estimate) =>
        rangeBeside(
          perMillionRangeWords(estimate, currency),
          perMillionWords(estimate.costPerExecution, currency),
        ),
    ],
    ["per execution", ({ costPerExecution }) => moneyWords(costPerExecution, currency)],
    [
      "neighbours, apart",
      monthly(({ downstream, downstreamMonthlyCost }) =>
        downstream.length === 0 ? "" : moneyWords(downstreamMonthlyCost, currency),
      ),
    ],
  ];
}

function usageRows(): readonly TypeRow[] {
  return [
    ["transitions a month", ({ transitionsPerMonth }) => billedQuantity(transitionsPerMonth)],
    ["requests a month", ({ requestsPerMonth }) => billedQuantity(requestsPerMonth)],
    ["GB-seconds a month", ({ gbSeconds }) => billedQuantity(gbSeconds)],
    ["billed memory", (estimate) => unlessStandard(estimate, `${quantityWords(estimate.billedMemoryMB)} MB`)],
    ["billed duration", (estimate) => unlessStandard(estimate, durationWords(estimate.billedDurationMs))],
  ];
}

function verdictRows({ eligibility, recommendation }: WorkflowReport): readonly TypeRow[] {
  return [
    [
      "allowed",
      ({ type }) =>
        type === "EXPRESS" && !eligibility.EXPRESS.eligible ? { text: "no", tone: "bad" } : "yes",
    ],
    ["recommended", ({ type }) => (type === recommendation.type ? { text: "yes", tone: "good" } : "")],
  ];
}

/** Empty where the range is the value itself, or nobody knows it. */
function rangeBeside(range: string, value: string): string {
  return range === UNKNOWN || range === value ? "" : range;
}

/** A quantity of zero or unknown is one that this type does not bill by. */
function billedQuantity(value: number | null): string {
  return value === null || value === 0 ? "" : quantityWords(value);
}

function unlessStandard(estimate: Estimate, words: string): string {
  return estimate.type === "STANDARD" ? "" : words;
}

/** The declared type's ledger and the recommended one's; with `verbose` every type's. */
export function ledgerSections(
  workflow: WorkflowReport,
  currency: string,
  options: ListOptions,
): readonly ReportSection[] {
  const isShown = ({ type }: Estimate): boolean =>
    options.verbose || type === workflow.type || type === workflow.recommendation.type;
  return shownEstimates(workflow)
    .filter(isShown)
    .flatMap((estimate) => {
      const type = typeWords(estimate.type);
      return [
        { title: `Ledger, ${type}`, items: estimate.lineItems, total: estimate.monthlyCost },
        {
          title: `Neighbouring services, ${type}`,
          items: estimate.downstream,
          total: estimate.downstreamMonthlyCost,
        },
      ].map((ledger) => ledgerSection({ ...ledger, currency, options }));
    });
}

function ledgerSection(ledger: {
  readonly title: string;
  readonly items: readonly LineItemReport[];
  readonly total: number | null;
  readonly currency: string;
  readonly options: ListOptions;
}): ReportSection {
  const { title, items, total, currency, options } = ledger;
  const cut = cutList([...items].sort(byCost), "line items, in the total above", options);
  const per = items[0]?.per ?? "month";
  const rows = cut.shown.map((item): readonly SectionCell[] => [
    itemWords(item),
    quantityWords(item.quantity),
    item.unit + (item.per === per ? "" : ` per ${item.per}`),
    unitPriceWords(item.unitPrice, currency),
    moneyWords(item.cost, currency),
  ]);
  const totalRow: readonly SectionCell[] = [
    { text: "total", tone: "total" },
    "",
    "",
    "",
    { text: moneyWords(total, currency), tone: "total" },
  ];
  const columns: readonly SectionColumn[] = [
    { head: "what", align: "left", shrinkTo: 16, lines: 2 },
    { head: "quantity", align: "right" },
    { head: "unit", align: "left", shrinkTo: 6 },
    { head: "unit price", align: "right" },
    { head: "cost", align: "right" },
  ];
  const withTotal = per === "month" && rows.length > 0 ? [...rows, totalRow] : rows;
  return { title, aside: `per ${per}`, columns, rows: withTotal, more: cut.more };
}

/** The item's text, with its state where the text does not say it. */
function itemWords({ text, state }: LineItemReport): string {
  return state === null || text.includes(state) ? text : `${text}: ${state}`;
}

/** Unknown costs come first, because nothing says that they are small. */
function byCost(one: LineItemReport, other: LineItemReport): number {
  const [first, second] = [one.cost ?? Infinity, other.cost ?? Infinity];
  return first === second ? 0 : second - first;
}
