/**
 * The analysis as CSV is one row per workflow for a spreadsheet: bare numbers, an empty field for what is not known.
 * `analysisCsvColumns` says what each column means.
 */
import type { AnalysisReport, Estimate, WorkflowReport } from "../report/analysis-report.ts";
import { type CsvValue, csvTable } from "./csv-table.ts";

export interface CsvColumn {
  readonly name: string;
  readonly meaning: string;
  readonly value: (workflow: WorkflowReport, report: AnalysisReport) => CsvValue;
}

/** At the type it is declared with; the other type has columns of its own. */
function declared(workflow: WorkflowReport): Estimate {
  return workflow.estimates[workflow.type];
}

export const analysisCsvColumns: readonly CsvColumn[] = [
  { name: "workflow", meaning: "Name", value: ({ name }) => name },
  { name: "type", meaning: "Declared type: STANDARD or EXPRESS", value: ({ type }) => type },
  { name: "file", meaning: "File it was found in", value: ({ at }) => at.file },
  { name: "line", meaning: "Line in that file, from 1", value: ({ at }) => at.line },
  { name: "found_in", meaning: "How it was found: asl, sam, cdk, …", value: ({ foundIn }) => foundIn },
  {
    name: "executions_per_month",
    meaning: "Executions per month",
    value: ({ executionsPerMonth }) => executionsPerMonth?.value ?? null,
  },
  {
    name: "executions_basis",
    meaning: "Where that comes from: declared, observed, inferred, default",
    value: ({ executionsPerMonth }) => executionsPerMonth?.basis ?? null,
  },
  {
    name: "transitions_mean",
    meaning: "State transitions per execution, mean",
    value: ({ transitions }) => transitions.mean,
  },
  {
    name: "transitions_p99",
    meaning: "The same, 99th percentile",
    value: ({ transitions }) => transitions.p99,
  },
  {
    name: "transitions_worst",
    meaning: "The same, worst case; empty = without bound",
    value: ({ transitions }) => transitions.worst,
  },
  {
    name: "duration_mean_ms",
    meaning: "Duration of an execution, mean, milliseconds",
    value: ({ durationMs }) => durationMs.mean,
  },
  { name: "currency", meaning: "Currency of all amounts", value: (_, { currency }) => currency },
  { name: "region", meaning: "Region of the prices", value: (_, { region }) => region },
  {
    name: "cost_per_month",
    meaning: "Declared type, per month, after the free tier",
    value: (workflow) => declared(workflow).monthlyCost,
  },
  {
    name: "cost_per_month_low",
    meaning: "Low end of its range",
    value: (workflow) => declared(workflow).low,
  },
  {
    name: "cost_per_month_high",
    meaning: "High end of its range",
    value: (workflow) => declared(workflow).high,
  },
  {
    name: "standard_per_execution",
    meaning: "As Standard, per execution at list price",
    value: ({ estimates }) => estimates.STANDARD.costPerExecution,
  },
  {
    name: "express_per_execution",
    meaning: "As Express, per execution at list price, allowed or not",
    value: ({ estimates }) => estimates.EXPRESS.costPerExecution,
  },
  {
    name: "split_per_execution",
    meaning: "Split into Standard and Express, per execution at list price",
    value: ({ estimates }) => estimates.SPLIT?.costPerExecution ?? null,
  },
  {
    name: "neighbours_per_month",
    meaning: "Neighbouring services of the declared type per month, in no other column",
    value: (workflow) => declared(workflow).downstreamMonthlyCost,
  },
  {
    name: "express_eligible",
    meaning: "Whether AWS would run it as Express: yes or no",
    value: ({ eligibility }) => (eligibility.EXPRESS.eligible ? "yes" : "no"),
  },
  {
    name: "express_blockers",
    meaning: "States that forbid Express, separated by '; '",
    value: ({ eligibility }) =>
      eligibility.EXPRESS.blockers.map(({ state, code }) => state ?? code).join("; "),
  },
  {
    name: "recommended",
    meaning: "Recommended type: STANDARD, EXPRESS or SPLIT",
    value: ({ recommendation }) => recommendation.type,
  },
  {
    name: "saving_per_month",
    meaning: "Saved per month against the declared type",
    value: ({ recommendation }) => recommendation.saving,
  },
  {
    name: "saving_per_million",
    meaning: "Saved per million executions",
    value: ({ recommendation }) => recommendation.savingPerMillion,
  },
  {
    name: "confidence",
    meaning: "How sure the recommendation is: high, medium or low",
    value: ({ recommendation }) => recommendation.confidence,
  },
  {
    name: "errors",
    meaning: "Diagnostics of severity error",
    value: ({ diagnostics }) => diagnostics.filter(({ severity }) => severity === "error").length,
  },
  {
    name: "warnings",
    meaning: "Diagnostics of severity warning",
    value: ({ diagnostics }) => diagnostics.filter(({ severity }) => severity === "warning").length,
  },
];

export function renderAnalysisCsv(report: AnalysisReport): string {
  const head = analysisCsvColumns.map(({ name }) => name);
  const rows = report.workflows.map((workflow) =>
    analysisCsvColumns.map(({ value }) => value(workflow, report)),
  );
  return csvTable(head, rows);
}
