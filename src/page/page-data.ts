/** Page data is what a page was drawn from, as it stands in the page, for its script to draw from again. */
import type { GraphLayout } from "../render/page/graph-layout.ts";
import type { MonthlyData } from "./machine-view.ts";
import type { AnalysisReport } from "../report/analysis-report.ts";

/** What other pages than the analysis hold is theirs alone. */
export interface PageData {
  readonly kind: string;
  readonly report?: AnalysisReport;
  /** By workflow of the report. */
  readonly layouts?: readonly (GraphLayout | null)[];
  readonly whatIf?: unknown;
  readonly monthly?: MonthlyData;
}

export function readPageData(): PageData {
  const text = document.getElementById("page-data")?.textContent ?? "{}";
  return JSON.parse(text) as PageData;
}
