/** The money sections of a workflow: types side by side, and the ledger of line items each total is made of. */
import type { Estimate, LineItemReport, WorkflowReport } from "../report/analysis-report.ts";
import { monthlyRangeWords, perMillionRangeWords, shownEstimates, typeWords } from "./analysis-words.ts";
import { cutList } from "./list-cut.ts";
import {
  durationWords,
  moneyWords,
  perMillionWords,
  quantityWords,
  unitPriceWords,
  UNKNOWN,
} from "./number-words.ts";
import { terminalText } from "./safe-text.ts";
import { moreLine, section, table } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";
import type { TextCell, TextColumn } from "./text-columns.ts";

export function typesSection(sheet: Sheet, workflow: WorkflowReport): readonly string[] {
  const estimates = shownEstimates(workflow);
  const columns: readonly TextColumn[] = [
    { head: "", align: "left", shrinkTo: 14 },
    ...estimates.map((estimate): TextColumn => ({
      head: `${typeWords(estimate.type)}${estimate.type === workflow.type ? " (declared)" : ""}`,
      align: "right",
      shrinkTo: 10,
    })),
  ];
  const rows = typeRows(sheet, workflow)
    .map(([label, words]): readonly TextCell[] => [label, ...estimates.map(words)])
    .filter((row) => row.slice(1).some((cell) => cell !== ""));
  return section(sheet, { text: "Types side by side" }, table(sheet, columns, rows));
}

type TypeRow = readonly [label: string, words: (estimate: Estimate) => TextCell];

function typeRows(sheet: Sheet, workflow: WorkflowReport): readonly TypeRow[] {
  const { currency, palette } = sheet;
  const { eligibility, recommendation, executionsPerMonth } = workflow;
  const monthly = (words: (estimate: Estimate) => string) => (estimate: Estimate) =>
    executionsPerMonth === null ? "" : words(estimate);
  return [
    ["per month", monthly(({ monthlyCost }) => moneyWords(monthlyCost, currency))],
    [
      "  range",
      (estimate) => rangeBeside(monthlyRangeWords(estimate, currency), estimate.monthlyCost, currency),
    ],
    ["per million executions", (estimate) => perMillionWords(estimate.costPerExecution, currency)],
    [
      "  range",
      (estimate) =>
        rangeBeside(
          perMillionRangeWords(estimate, currency),
          estimate.costPerExecution === null ? null : estimate.costPerExecution * 1e6,
          currency,
        ),
    ],
    ["per execution", (estimate) => moneyWords(estimate.costPerExecution, currency)],
    ["transitions a month", ({ transitionsPerMonth }) => quantity(transitionsPerMonth)],
    ["requests a month", ({ requestsPerMonth }) => quantity(requestsPerMonth)],
    ["GB-seconds a month", ({ gbSeconds }) => quantity(gbSeconds)],
    ["billed memory", (estimate) => expressOnly(estimate, `${quantityWords(estimate.billedMemoryMB)} MB`)],
    ["billed duration", (estimate) => expressOnly(estimate, durationWords(estimate.billedDurationMs))],
    [
      "allowed",
      ({ type }) =>
        type !== "EXPRESS" || eligibility.EXPRESS.eligible ? "yes" : { text: "no", paint: palette.bad },
    ],
    ["recommended", ({ type }) => (type === recommendation.type ? { text: "yes", paint: palette.good } : "")],
    [
      "neighbours, apart",
      monthly(({ downstream, downstreamMonthlyCost }) =>
        downstream.length === 0 ? "" : moneyWords(downstreamMonthlyCost, currency),
      ),
    ],
  ];
}

/** Empty where the range is the value itself, or nobody knows it. */
function rangeBeside(range: string, value: number | null, currency: string): string {
  return range === UNKNOWN || range === moneyWords(value, currency) ? "" : range;
}

/** A quantity of zero or unknown is one that this type does not bill by. */
function quantity(value: number | null): string {
  return value === null || value === 0 ? "" : quantityWords(value);
}

function expressOnly(estimate: Estimate, words: string): string {
  return estimate.type === "STANDARD" ? "" : words;
}

/** The declared type's ledger and the recommended one's; with --verbose every type's. */
export function ledgerSections(sheet: Sheet, workflow: WorkflowReport): readonly string[] {
  return shownEstimates(workflow)
    .filter(
      ({ type }) => sheet.options.verbose || type === workflow.type || type === workflow.recommendation.type,
    )
    .flatMap((estimate) => [
      ...ledgerSection(
        sheet,
        `Ledger, ${typeWords(estimate.type)}`,
        estimate.lineItems,
        estimate.monthlyCost,
      ),
      ...ledgerSection(
        sheet,
        `Neighbouring services, ${typeWords(estimate.type)}`,
        estimate.downstream,
        estimate.downstreamMonthlyCost,
      ),
    ]);
}

function ledgerSection(
  sheet: Sheet,
  title: string,
  items: readonly LineItemReport[],
  total: number | null,
): readonly string[] {
  const first = items[0];
  if (first === undefined) return [];
  const { palette, currency } = sheet;
  const cut = cutList([...items].sort(byCost), "line items", sheet.options);
  const rows = cut.shown.map((item): readonly TextCell[] => [
    terminalText(item.text),
    terminalText(item.state ?? ""),
    quantityWords(item.quantity),
    terminalText(item.unit) + (item.per === first.per ? "" : ` per ${item.per}`),
    unitPriceWords(item.unitPrice, currency),
    moneyWords(item.cost, currency),
  ]);
  const totalRow: readonly TextCell[] = [
    { text: "total", paint: palette.bold },
    "",
    "",
    "",
    "",
    { text: moneyWords(total, currency), paint: palette.bold },
  ];
  const columns: readonly TextColumn[] = [
    { head: "what", align: "left", shrinkTo: 16 },
    { head: "state", align: "left", shrinkTo: 8 },
    { head: "quantity", align: "right", shrinkTo: 8 },
    { head: "unit", align: "left", shrinkTo: 6 },
    { head: "unit price", align: "right", shrinkTo: 10 },
    { head: "cost", align: "right", shrinkTo: 8 },
  ];
  const withTotal = first.per === "month" ? [...rows, totalRow] : rows;
  return section(sheet, { text: title, aside: `per ${first.per}` }, [
    ...table(sheet, columns, withTotal),
    ...moreLine(sheet, cut.more),
  ]);
}

/** Unknown costs come first, because nothing says that they are small. */
function byCost(one: LineItemReport, other: LineItemReport): number {
  return (other.cost ?? Infinity) - (one.cost ?? Infinity) || 0;
}
