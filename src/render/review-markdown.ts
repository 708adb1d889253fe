/** The review as Markdown, for pull requests, wikis and design documents. */
import { markdownTemplate } from "./markdown-template.ts";
import reviewTemplate from "../../templates/review.md.hbs";
import type { ReviewReport } from "../report/review-report.ts";
import { diagnosticsView } from "./analysis-markdown.ts";
import { sectionView } from "./section-view.ts";
import type { RenderOptions } from "./list-cut.ts";
import { reviewSections } from "./review-table.ts";

const template = markdownTemplate(reviewTemplate);

export function renderReviewMarkdown(report: ReviewReport, options: RenderOptions): string {
  return template(viewOf(report, options));
}

function viewOf(report: ReviewReport, options: RenderOptions): Readonly<Record<string, unknown>> {
  return {
    workflows: report.workflows.map((workflow) => ({
      name: workflow.name,
      type: workflow.type === "EXPRESS" ? "Express" : "Standard",
      place: `${workflow.at.file}:${String(workflow.at.line)}`,
      sections: reviewSections(workflow, report.currency, options).map((section) => ({
        ...sectionView(section),
        nothing: section.more ?? "Nothing found.",
      })),
      additions: workflow.findings.flatMap(({ rule, adds }) => (adds === null ? [] : [{ rule, ...adds }])),
    })),
    diagnostics: diagnosticsView(report.diagnostics, options),
  };
}
