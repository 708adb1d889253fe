/** The money sections of a workflow: types side by side, and the ledger of line items each total is made of. */
import type { Estimate, LineItemReport, WorkflowReport } from "../report/analysis-report.ts";
import { monthlyRangeWords, scaledRangeWords, shownEstimates, typeWords } from "./analysis-words.ts";
import type { CostScale } from "./cost-scale.ts";
import { cutList } from "./list-cut.ts";
import type { ListOptions } from "./list-cut.ts";
import { durationWords, moneyWords, quantityWords, unitPriceWords, UNKNOWN } from "./number-words.ts";
import type { ReportSection, SectionCell, SectionColumn } from "./report-section.ts";

export function typesSection(workflow: WorkflowReport, scale: CostScale): ReportSection {
  const estimates = shownEstimates(workflow);
  const columns: readonly SectionColumn[] = [
    { head: "", align: "left", shrinkTo: 14 },
    ...estimates.map((estimate): SectionColumn => ({
      head: typeHead(workflow, estimate),
      align: "right",
    })),
  ];
  const rows = [...costRows(workflow, scale), ...usageRows(), ...verdictRows(workflow)]
    .map(([label, words]): readonly SectionCell[] => [label, ...estimates.map(words)])
    .filter((row) => row.slice(1).some((cell) => cell !== ""));
  return { title: "Types side by side", aside: "", columns, rows, more: null };
}

function typeHead({ type, eligibility }: WorkflowReport, estimate: Estimate): string {
  const blocked = estimate.type === "EXPRESS" && !eligibility.EXPRESS.eligible;
  const remarks = [estimate.type === type ? "declared" : "", blocked ? "not allowed" : ""].filter(
    (remark) => remark !== "",
  );
  return typeWords(estimate.type) + (remarks.length === 0 ? "" : ` (${remarks.join(", ")})`);
}

type TypeRow = readonly [label: string, words: (estimate: Estimate) => SectionCell];

function costRows(workflow: WorkflowReport, scale: CostScale): readonly TypeRow[] {
  const { currency } = scale;
  const monthly = (words: (estimate: Estimate) => string) => (estimate: Estimate) =>
    workflow.executionsPerMonth === null ? "" : words(estimate);
  return [
    ["per month", monthly(({ monthlyCost }) => moneyWords(monthlyCost, currency))],
    [
      "range per month",
      (estimate) =>
        rangeBeside(monthlyRangeWords(estimate, currency), moneyWords(estimate.monthlyCost, currency)),
    ],
    [scale.perExecutions, ({ costPerExecution }) => scale.words(costPerExecution)],
    [
      `range ${scale.per}`,
      (estimate) => rangeBeside(scaledRangeWords(estimate, scale), scale.words(estimate.costPerExecution)),
    ],
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

/** The headline gives the verdict; here it stands again only where it is another type than the declared one. */
function verdictRows({ type: declared, recommendation }: WorkflowReport): readonly TypeRow[] {
  if (recommendation.type === declared) return [];
  return [["recommended", ({ type }) => (type === recommendation.type ? { text: "yes", tone: "good" } : "")]];
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

/**
 * The declared type's ledgers, and what the recommended one bills; with `verbose` those of every type.
 * What the neighbours bill differs by type in logs at most.
 */
export function ledgerSections(
  workflow: WorkflowReport,
  scale: CostScale,
  options: ListOptions,
): readonly ReportSection[] {
  const wanted = ({ type }: Estimate): boolean => options.verbose || type === workflow.type;
  return shownEstimates(workflow).flatMap((estimate) => {
    const type = typeWords(estimate.type);
    const { lineItems, costPerExecution, monthlyCost, downstream, downstreamMonthlyCost } = estimate;
    const isRecommended = estimate.type === workflow.recommendation.type;
    const own = { title: `Ledger, ${type}`, items: lineItems, monthly: monthlyCost, each: costPerExecution };
    const beside = {
      title: `Neighbouring services, ${type}`,
      items: downstream,
      monthly: downstreamMonthlyCost,
      each: null,
    };
    return [...(wanted(estimate) || isRecommended ? [own] : []), ...(wanted(estimate) ? [beside] : [])].map(
      (ledger) => ledgerSection({ ...ledger, scale, options }),
    );
  });
}

function ledgerSection(ledger: {
  readonly title: string;
  readonly items: readonly LineItemReport[];
  /** The total, per month and per execution. */
  readonly monthly: number | null;
  readonly each: number | null;
  readonly scale: CostScale;
  readonly options: ListOptions;
}): ReportSection {
  const { title, items, monthly, each, scale, options } = ledger;
  const { currency } = scale;
  const cut = cutList([...items].sort(byCost), "line items, in the total above", options);
  const isMonthly = items[0]?.per !== "execution";
  const rows = cut.shown.map((item): readonly SectionCell[] => {
    // Of one execution most line items are fractions of a cent; of as many as the scale has, they are money.
    const times = item.per === "month" ? 1 : scale.executions;
    return [
      itemWords(item),
      quantityWords(item.quantity * times),
      item.unit,
      unitPriceWords(item.unitPrice, currency),
      moneyWords(item.cost === null ? null : item.cost * times, currency),
    ];
  });
  const total = isMonthly ? moneyWords(monthly, currency) : each === null ? "" : scale.words(each);
  const totalRow: readonly SectionCell[] = [
    { text: "total", tone: "total" },
    "",
    "",
    "",
    { text: total, tone: "total" },
  ];
  const columns: readonly SectionColumn[] = [
    { head: "what", align: "left", shrinkTo: 16, lines: 2 },
    { head: "quantity", align: "right" },
    { head: "unit", align: "left", shrinkTo: 6 },
    { head: "unit price", align: "right" },
    { head: "cost", align: "right" },
  ];
  const withTotal = rows.length > 0 && total !== "" ? [...rows, totalRow] : rows;
  const aside = isMonthly ? "per month" : scale.perExecutions;
  return { title, aside, columns, rows: withTotal, more: cut.more };
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
