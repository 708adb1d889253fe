/** The split table is a split report for the terminal. */
import type { SplitReport } from "../report/split-report.ts";
import { diagnosticSection } from "./diagnostic-section.ts";
import type { RenderOptions } from "./list-cut.ts";
import { terminalText } from "./safe-text.ts";
import { sectionLines } from "./section-text.ts";
import { INDENT, block, layOutSheet, prose } from "./sheet.ts";
import { splitNotes, splitSections } from "./split-sections.ts";

export function renderSplitTable(report: SplitReport, options: RenderOptions): string {
  const sheet = layOutSheet(options);
  const resources = (report.resources?.text ?? "")
    .split("\n")
    .map((line) => " ".repeat(INDENT) + terminalText(line));
  const lines = [
    `${sheet.palette.bold(terminalText(report.name))}  ${sheet.palette.dim("split")}`,
    ...splitNotes(report).flatMap((note) => prose(sheet, note)),
    ...splitSections(report, options).flatMap((section) => sectionLines(sheet, section)),
    ...block(
      sheet,
      { text: "To add", aside: "to where the machine is declared" },
      report.resources === null ? [] : resources,
    ),
    ...diagnosticSection(sheet, report.diagnostics),
    ...(report.parent === null
      ? []
      : [
          "",
          ...prose(
            sheet,
            "stepfare split … --write <folder> writes the definitions; --format json holds them, too.",
            0,
          ),
        ]),
  ];
  return `${lines.join("\n")}\n`;
}
