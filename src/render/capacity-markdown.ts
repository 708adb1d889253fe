/** A capacity report as Markdown, for reviews and wikis. */
import { markdownTemplate } from "./markdown-template.ts";
import capacityTemplate from "../../templates/capacity.md.hbs";
import type { CapacityReport } from "../report/capacity-report.ts";
import { capacityNotes, capacitySections } from "./capacity-sections.ts";
import type { ListOptions } from "./list-cut.ts";
import { cellText } from "./report-section.ts";
import type { ReportSection } from "./report-section.ts";

const template = markdownTemplate(capacityTemplate);

export function renderCapacityMarkdown(report: CapacityReport, options: ListOptions): string {
  return template({
    name: report.name,
    type: report.type,
    notes: capacityNotes(report),
    reasons: report.verdict.reasons,
    sections: capacitySections(report, options).map(sectionView),
  });
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
