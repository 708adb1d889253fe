/** The capacity table is a capacity report for the terminal. */
import type { CapacityReport } from "../report/capacity-report.ts";
import { capacityNotes, capacitySections } from "./capacity-sections.ts";
import { diagnosticSection } from "./diagnostic-section.ts";
import type { RenderOptions } from "./list-cut.ts";
import { terminalText } from "./safe-text.ts";
import { sectionLines } from "./section-text.ts";
import { layOutSheet, prose } from "./sheet.ts";

export function renderCapacityTable(report: CapacityReport, options: RenderOptions): string {
  const sheet = layOutSheet(options);
  const lines = [
    `${sheet.palette.bold(terminalText(report.name))}  ${sheet.palette.dim(report.type)}`,
    ...capacityNotes(report).flatMap((note) => prose(sheet, note)),
    ...capacitySections(report, options).flatMap((section) => sectionLines(sheet, section)),
    ...diagnosticSection(sheet, report.diagnostics),
    ...report.verdict.reasons.flatMap((reason) => [
      "",
      ...prose(sheet, `failed: ${reason}`, 0).map(sheet.palette.bad),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}
