/** A capacity report as Markdown, for reviews and wikis. */
import { markdownTemplate } from "./markdown-template.ts";
import capacityTemplate from "../../templates/capacity.md.hbs";
import type { CapacityReport } from "../report/capacity-report.ts";
import { capacityNotes, capacitySections } from "./capacity-sections.ts";
import type { ListOptions } from "./list-cut.ts";
import { sectionView } from "./section-view.ts";

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
