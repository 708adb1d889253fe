/** The review on the terminal: workflow by workflow, the worst of each first. */
import type { FindingReport } from "../report/analysis-report.ts";
import type { ReviewReport, ReviewedWorkflow } from "../report/review-report.ts";
import { diagnosticSection } from "./diagnostic-section.ts";
import type { RenderOptions } from "./list-cut.ts";
import { dropEmptyColumns } from "./report-section.ts";
import type { ReportSection } from "./report-section.ts";
import { faultSection, findingSection, opportunitySection, passedSection } from "./review-sections.ts";
import { terminalText } from "./safe-text.ts";
import { sectionLines } from "./section-text.ts";
import { block, layOutSheet } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

export function renderReviewTable(report: ReviewReport, options: RenderOptions): string {
  const sheet = layOutSheet(options);
  const lines = [
    ...report.workflows.flatMap((workflow, index) => [
      ...(index === 0 ? [] : [""]),
      ...workflowLines(sheet, workflow, report.currency),
    ]),
    ...diagnosticSection(sheet, report.diagnostics),
    "",
    sheet.palette.dim("stepfare explain <rule> says more of each rule."),
  ];
  return `${lines.join("\n")}\n`;
}

export function reviewSections(
  workflow: ReviewedWorkflow,
  currency: string,
  options: RenderOptions,
): readonly ReportSection[] {
  const all = [
    findingSection(workflow, options),
    opportunitySection(workflow, currency, options),
    ...(workflow.faults === null ? [] : [faultSection(workflow.faults, options)]),
    passedSection(workflow, options),
  ];
  // The review is told even when nothing was found: how much was checked is an answer.
  return all.filter(({ rows, title }) => rows.length > 0 || title === "Review").map(dropEmptyColumns);
}

function workflowLines(sheet: Sheet, workflow: ReviewedWorkflow, currency: string): readonly string[] {
  const { palette } = sheet;
  const { name, type, at } = workflow;
  return [
    `${palette.bold(palette.name(terminalText(name)))}  ${type === "EXPRESS" ? "Express" : "Standard"}`,
    palette.dim(terminalText(`${at.file}:${String(at.line)}`)),
    ...reviewSections(workflow, currency, sheet.options).flatMap((section) => shownSection(sheet, section)),
    ...workflow.findings.flatMap((finding) => additionLines(sheet, finding)),
  ];
}

/** A title alone when nothing stands beneath it. */
function shownSection(sheet: Sheet, section: ReportSection): readonly string[] {
  if (section.rows.length > 0) return sectionLines(sheet, section);
  const nothing = section.more ?? "Nothing found.";
  return block(sheet, { text: section.title, aside: section.aside }, [`  ${terminalText(nothing)}`]);
}

/** What to add to the template, ready to be copied. */
function additionLines(sheet: Sheet, { rule, adds }: FindingReport): readonly string[] {
  if (adds === null || !sheet.options.verbose) return [];
  const shown = (text: string): readonly string[] =>
    text.split("\n").map((line) => `  ${terminalText(line)}`);
  return [
    ...block(sheet, { text: `For ${rule}, in CloudFormation` }, shown(adds.cloudformation)),
    ...block(sheet, { text: `For ${rule}, in Terraform` }, shown(adds.terraform)),
  ];
}
