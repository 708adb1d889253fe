/** The analysis as JSON is the report itself, with numbers at the precision that arithmetic on doubles can bear. */
import type { AnalysisReport } from "../report/analysis-report.ts";
import { jsonText } from "./safe-text.ts";

/** Sums of many terms differ in the last digits from machine order alone; twelve digits are the same everywhere. */
const SIGNIFICANT_DIGITS = 12;

export function renderAnalysisJson(report: AnalysisReport): string {
  return reportJson(report);
}

/** Any report. */
export function reportJson(report: object): string {
  return `${jsonText(JSON.stringify(report, (_, value: unknown) => roundNumber(value), 2))}\n`;
}

function roundNumber(value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(SIGNIFICANT_DIGITS)) : value;
}
