/** The analysis table is an analysis report for the terminal: the answer on the first screen, the detail after it. */
import type { AnalysisReport, WorkflowReport } from "../report/analysis-report.ts";
import { countingWords, priceListWords } from "./analysis-words.ts";
import { fleetTable } from "./fleet-table.ts";
import type { RenderOptions } from "./list-cut.ts";
import { terminalText } from "./safe-text.ts";
import { layOutSheet, prose } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";
import { diagnosticSection, workflowDetails } from "./workflow-details.ts";
import { workflowHeadline } from "./workflow-headline.ts";
import { ledgerSections, typesSection } from "./workflow-money.ts";

export function renderAnalysisTable(report: AnalysisReport, options: RenderOptions): string {
  const sheet = layOutSheet(report.currency, options);
  const lines = [...bodyLines(sheet, report), ...footLines(sheet, report)];
  return `${lines.join("\n")}\n`;
}

function bodyLines(sheet: Sheet, report: AnalysisReport): readonly string[] {
  const [first, ...others] = report.workflows;
  if (first === undefined) return prose(sheet, "No workflows found.", 0);
  if (others.length === 0) return workflowLines(sheet, first, report);
  if (!sheet.options.verbose) return fleetTable(sheet, report);
  const rule = sheet.palette.dim("─".repeat(sheet.width));
  return [
    ...fleetTable(sheet, report),
    ...report.workflows.flatMap((workflow) => ["", rule, "", ...workflowLines(sheet, workflow, report)]),
  ];
}

function workflowLines(sheet: Sheet, workflow: WorkflowReport, report: AnalysisReport): readonly string[] {
  return [
    ...workflowHeadline(sheet, workflow, report),
    ...typesSection(sheet, workflow),
    ...ledgerSections(sheet, workflow),
    ...workflowDetails(sheet, workflow),
  ];
}

/** What concerns the whole report: its own diagnostics, how it counted, whose prices it used. */
function footLines(sheet: Sheet, report: AnalysisReport): readonly string[] {
  const single = report.workflows.length === 1 ? (report.workflows[0] ?? null) : null;
  const counting = report.workflows.length === 0 ? [] : [countingWords(report.transitionRule, single)];
  const notes = [...counting, priceListWords(report)];
  return [
    ...diagnosticSection(sheet, report.diagnostics),
    "",
    ...notes.flatMap((note) => prose(sheet, terminalText(note), 0).map(sheet.palette.dim)),
  ];
}
