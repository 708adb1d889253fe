/** The reconciliation table is a reconciliation for the terminal. */
import type { ReconciliationReport } from "../../report/reconcile/reconciliation-report.ts";
import { diagnosticSection } from "../diagnostic-section.ts";
import type { RenderOptions } from "../list-cut.ts";
import { sectionLines } from "../section-text.ts";
import { layOutSheet, prose } from "../sheet.ts";
import { reconciliationHeadline, reconciliationSections } from "./reconciliation-sections.ts";

export function renderReconciliationTable(report: ReconciliationReport, options: RenderOptions): string {
  const sheet = layOutSheet(options);
  const [first = "", ...others] = reconciliationHeadline(report);
  const lines = [
    ...prose(sheet, first, 0).map(sheet.palette.bold),
    ...others.flatMap((line) => prose(sheet, line, 0)),
    ...reconciliationSections(report, options).flatMap((section) => sectionLines(sheet, section)),
    ...diagnosticSection(sheet, report.diagnostics),
  ];
  return `${lines.join("\n")}\n`;
}
