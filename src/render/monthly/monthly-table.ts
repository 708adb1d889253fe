/** The monthly table is a monthly report for the terminal. */
import type { MonthlyReport } from "../../report/monthly/monthly-report.ts";
import { diagnosticSection } from "../diagnostic-section.ts";
import type { RenderOptions } from "../list-cut.ts";
import { sectionLines } from "../section-text.ts";
import { layOutSheet, prose } from "../sheet.ts";
import { monthlyHeadline } from "./monthly-headline.ts";
import { monthlySections } from "./monthly-sections.ts";

export function renderMonthlyTable(report: MonthlyReport, options: RenderOptions): string {
  const sheet = layOutSheet(options);
  const [first = "", ...others] = monthlyHeadline(report);
  const lines = [
    ...prose(sheet, first, 0).map(sheet.palette.bold),
    ...others.flatMap((line) => prose(sheet, line, 0)),
    ...monthlySections(report, options).flatMap((section) => sectionLines(sheet, section)),
    ...diagnosticSection(sheet, report.diagnostics),
    ...report.verdict.reasons.flatMap((reason) => [
      "",
      ...prose(sheet, `failed: ${reason}`, 0).map(sheet.palette.bad),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}
