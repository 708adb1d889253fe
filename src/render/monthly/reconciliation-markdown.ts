/** A reconciliation as Markdown, for a ticket or a wiki. */
import monthlyTemplate from "../../../templates/monthly.md.hbs";
import type { ReconciliationReport } from "../../report/reconcile/reconciliation-report.ts";
import { diagnosticsView } from "../analysis-markdown.ts";
import type { ListOptions } from "../list-cut.ts";
import { markdownTemplate } from "../markdown-template.ts";
import { sectionView } from "../section-view.ts";
import { reconciliationHeadline, reconciliationSections } from "./reconciliation-sections.ts";

const template = markdownTemplate(monthlyTemplate);

export function renderReconciliationMarkdown(report: ReconciliationReport, options: ListOptions): string {
  const [first = "", ...others] = reconciliationHeadline(report);
  return template({
    title: `State machines and their bill in ${report.month}`,
    first,
    others,
    reasons: [],
    sections: reconciliationSections(report, options).map(sectionView),
    ...diagnosticsView(report.diagnostics, options),
  });
}
