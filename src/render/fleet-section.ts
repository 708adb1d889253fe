/** The fleet section tells many workflows in one table, most expensive first, and what they come to together. */
import type { AnalysisReport, WorkflowReport } from "../report/analysis-report.ts";
import { typeWords } from "./analysis-words.ts";
import { severityCounts } from "./diagnostic-text.ts";
import { countedWords, moneyWords, perMillionWords, quantityWords } from "./number-words.ts";
import { cellText } from "./report-section.ts";
import type { ReportSection, SectionCell, SectionColumn } from "./report-section.ts";
import type { ListOptions } from "./list-cut.ts";

const COLUMNS: readonly SectionColumn[] = [
  { head: "workflow", align: "left", shrinkTo: 18, lines: 2, keepWords: true },
  { head: "type", align: "left" },
  { head: "transitions", align: "right" },
  { head: "per million", align: "right" },
  { head: "per month", align: "right" },
  { head: "better as", align: "left" },
  { head: "saving", align: "right" },
  { head: "note", align: "left", shrinkTo: 12 },
  { head: "where", align: "left" },
];

/**
 * `narrow` puts recommendation, saving and note into one column of words, so that no number need be cut; `full` has
 * room for where each workflow stands.
 */
export function fleetSection(
  report: AnalysisReport,
  options: ListOptions,
  room: "narrow" | "wide" | "full",
): ReportSection {
  const total = report.workflows.length;
  // All of them are told in one table by --top; --verbose would tell each in detail besides.
  const limit = options.verbose ? total : Math.max(1, Math.floor(options.topWorkflows ?? options.top));
  const left = total - limit <= 1 ? 0 : total - limit;
  const shown = report.workflows.slice(0, total - left);
  const isSummed = report.workflows.slice(total - left).every(isInSum);
  const rows = [...shown.map((workflow) => fleetRow(workflow, report.currency)), ...totalRows(report)];
  return {
    title: countedWords(total, "workflow"),
    aside: "most expensive first",
    columns: { narrow: NARROW_COLUMNS, wide: COLUMNS.slice(0, -1), full: COLUMNS }[room],
    rows: { narrow: rows.map(narrowRow), wide: rows.map((row) => row.slice(0, -1)), full: rows }[room],
    more:
      left === 0
        ? null
        : `… ${countedWords(left, "more workflow")}${report.totals.monthlyCost === null ? "" : isSummed ? ", in the total above" : ", in the total above as far as their cost is known"}: --top ${String(total)} shows all`,
  };
}

function isInSum({ type, estimates }: WorkflowReport): boolean {
  return estimates[type].monthlyCost !== null;
}

function fleetRow(workflow: WorkflowReport, currency: string): readonly SectionCell[] {
  const estimate = workflow.estimates[workflow.type];
  const { file, line } = workflow.at;
  const { type } = workflow.recommendation;
  const changes = type !== workflow.type;
  return [
    workflow.name,
    typeWords(workflow.type),
    quantityWords(workflow.transitions.mean),
    perMillionWords(estimate.costPerExecution, currency),
    workflow.executionsPerMonth === null ? "" : moneyWords(estimate.monthlyCost, currency),
    changes ? { text: typeWords(type), tone: "good" } : "",
    changes ? { text: savingCell(workflow, currency), tone: "good" } : "",
    noteWords(workflow),
    `${file}:${String(line)}`,
  ];
}

const NARROW_COLUMNS: readonly SectionColumn[] = [
  { head: "workflow", align: "left", shrinkTo: 14, lines: 2, keepWords: true },
  { head: "type", align: "left" },
  { head: "trans.", align: "right" },
  { head: "per million", align: "right" },
  { head: "per month", align: "right" },
  { head: "advice", align: "left", shrinkTo: 19 },
];

/** `Express −$2.90`: what to change to, and what that does to the cost. */
function narrowRow(row: readonly SectionCell[]): readonly SectionCell[] {
  const [better = "", saving = "", note = ""] = row.slice(5);
  const amount = cellText(saving);
  if (amount === "") return [...row.slice(0, 5), note];
  const change = amount.startsWith("-") ? `+${amount.slice(1)}` : `−${amount}`;
  const tone = typeof saving === "string" ? "good" : saving.tone;
  return [...row.slice(0, 5), { text: `${cellText(better)} ${change}`.trim(), tone }];
}

/** A saving per month, or per million executions where nobody knows how many there are. */
function savingCell(workflow: WorkflowReport, currency: string): string {
  const { saving, savingPerMillion } = workflow.recommendation;
  if (saving === null && savingPerMillion !== null) return `${moneyWords(savingPerMillion, currency)}/M`;
  return moneyWords(saving, currency);
}

/** The sum of those whose month is known; without any there is nothing to add up. */
function totalRows({ totals, workflows, currency }: AnalysisReport): readonly (readonly SectionCell[])[] {
  if (totals.monthlyCost === null) return [];
  const total = (text: string): SectionCell => (text === "" ? "" : { text, tone: "total" });
  const saving = totals.saving === null || totals.saving === 0 ? "" : moneyWords(totals.saving, currency);
  const known = workflows.length - totals.unknown;
  const label = totals.unknown === 0 ? "total" : `total of ${quantityWords(known)}`;
  return [
    [total(label), "", "", "", total(moneyWords(totals.monthlyCost, currency)), "", total(saving), "", ""],
  ];
}

/** The one thing most worth knowing beside the numbers. */
function noteWords(workflow: WorkflowReport): string {
  const errors = workflow.diagnostics.filter(({ severity }) => severity === "error").length;
  if (errors > 0) return countedWords(errors, "error");
  const [blocker] = workflow.eligibility.EXPRESS.blockers;
  const blockedBy = blocker?.state ?? blocker?.code;
  if (workflow.type === "EXPRESS" && blockedBy !== undefined) return `not allowed as Express: ${blockedBy}`;
  if (workflow.transitions.worst === null) return "loop without bound";
  if (blockedBy !== undefined) return `no Express: ${blockedBy}`;
  return workflow.recommendation.confidence === "low" ? "rests on assumptions" : "";
}

/** Which workflows are in none of the sums, and why. */
export function unsummedWords({ workflows, totals }: AnalysisReport): readonly string[] {
  const silent = workflows.filter(({ executionsPerMonth }) => executionsPerMonth === null).length;
  const unpriced = totals.unknown - silent;
  return [
    silent === 0
      ? ""
      : `${countedWords(silent, "workflow")} without executions, in none of the sums: --executions 1M, or executionsPerMonth in stepfare.yml`,
    unpriced <= 0
      ? ""
      : `${countedWords(unpriced, "workflow")} at prices that are unknown, in none of the sums`,
  ].filter((line) => line !== "");
}

/** What the fleet comes to, and what is missing from that. */
export function fleetSummary(report: AnalysisReport): readonly string[] {
  const { currency, workflows } = report;
  const { monthlyCost, recommendedMonthlyCost, saving, withDownstream } = report.totals;
  const money = (amount: number | null): string => moneyWords(amount, currency);
  const saves = recommendedMonthlyCost !== null && saving !== null && saving !== 0;
  const toExpress = workflows.some(
    ({ type, recommendation }) => type !== recommendation.type && recommendation.type === "EXPRESS",
  );
  const logs = toExpress ? ", the logs that Express needs paid" : "";
  const diagnostics = severityCounts(workflows.flatMap((workflow) => workflow.diagnostics));
  return [
    monthlyCost === null ? "" : `${money(monthlyCost)} a month as declared`,
    saves
      ? `${money(recommendedMonthlyCost)} with every change of type taken, ${money(saving)} less${logs}`
      : "",
    withDownstream === null || withDownstream === monthlyCost
      ? ""
      : `${money(withDownstream)} with the neighbouring services they call`,
    ...unsummedWords(report),
    diagnostics === "" ? "" : `${diagnostics} within these workflows`,
  ].filter((line) => line !== "");
}
