/** The library: what a program may import from stepfare. */
export type { AnalysisReport } from "./report/analysis-report.ts";
