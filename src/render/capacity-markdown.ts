/** A capacity report as Markdown, for reviews and wikis. */
import Handlebars from "handlebars";
import capacityTemplate from "../../templates/capacity.md.hbs";
import tableTemplate from "../../templates/table.md.hbs";
import type { CapacityReport } from "../report/capacity-report.ts";
import { capacityNotes, capacitySections } from "./capacity-sections.ts";
import type { ListOptions } from "./list-cut.ts";
import { cellText } from "./report-section.ts";
import type { ReportSection } from "./report-section.ts";
import { markdownText } from "./safe-text.ts";

export function renderCapacityMarkdown(report: CapacityReport, options: ListOptions): string {
  const handlebars = Handlebars.create();
  handlebars.registerHelper("md", (text: string) => new handlebars.SafeString(markdownText(text)));
  const compiling: CompileOptions = {
    strict: true,
    noEscape: false,
    knownHelpers: { md: true },
    knownHelpersOnly: true,
  };
  handlebars.registerPartial("table", handlebars.compile(tableTemplate, compiling));
  const text = handlebars.compile(
    capacityTemplate,
    compiling,
  )({
    name: report.name,
    type: report.type,
    notes: capacityNotes(report),
    reasons: report.verdict.reasons,
    sections: capacitySections(report, options).map(sectionView),
  });
  // Blocks of a template that came out empty leave blank lines behind.
  return `${text.replace(/\n{3,}/g, "\n\n").trim()}\n`;
}

function sectionView({
  title,
  aside,
  columns,
  rows,
  more,
}: ReportSection): Readonly<Record<string, unknown>> {
  return {
    title,
    aside,
    more,
    columns: columns.map(({ head, align }) => ({ head, isRight: align === "right" })),
    rows: rows.map((row) => row.map((cell) => ({ text: cellText(cell), isTotal: false }))),
  };
}
