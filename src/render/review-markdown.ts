/** The review as Markdown, for pull requests, wikis and design documents. */
import Handlebars from "handlebars";
import diagnosticsTemplate from "../../templates/diagnostics.md.hbs";
import reviewTemplate from "../../templates/review.md.hbs";
import tableTemplate from "../../templates/table.md.hbs";
import type { ReviewReport } from "../report/review-report.ts";
import { diagnosticsView, sectionView } from "./analysis-markdown.ts";
import type { RenderOptions } from "./list-cut.ts";
import { reviewSections } from "./review-table.ts";
import { markdownText, terminalText } from "./safe-text.ts";

export function renderReviewMarkdown(report: ReviewReport, options: RenderOptions): string {
  const handlebars = Handlebars.create();
  handlebars.registerHelper("md", (text: string) => new handlebars.SafeString(markdownText(text)));
  handlebars.registerHelper("code", (text: string) => new handlebars.SafeString(fencedText(text)));
  const compiling: CompileOptions = {
    strict: true,
    knownHelpers: { md: true, code: true },
    knownHelpersOnly: true,
  };
  handlebars.registerPartial("table", handlebars.compile(tableTemplate, compiling));
  handlebars.registerPartial("diagnostics", handlebars.compile(diagnosticsTemplate, compiling));
  const text: string = handlebars.compile(reviewTemplate, compiling)(viewOf(report, options));
  return `${text.replace(/\n{3,}/g, "\n\n").trim()}\n`;
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

/** Lines of a fenced block, which only a fence could end. */
function fencedText(text: string): string {
  return text
    .split("\n")
    .map((line) => terminalText(line).replaceAll("```", "'''"))
    .join("\n");
}
