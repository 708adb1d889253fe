/** The analysis table is an analysis report for the terminal: the answer on the first screen, the detail after it. */
import type { AnalysisReport, WorkflowReport } from "../report/analysis-report.ts";
import { breakEvenSection } from "./break-even-section.ts";
import { footNotes } from "./analysis-words.ts";
import { diagnosticSection } from "./diagnostic-section.ts";
import { diagnosticsOf } from "./diagnostic-text.ts";
import { fleetSection, fleetSummary } from "./fleet-section.ts";
import { headlineLines } from "./headline-text.ts";
import { writeHeadline } from "./headline.ts";
import type { RenderOptions } from "./list-cut.ts";
import { dropEmptyColumns } from "./report-section.ts";
import { sectionTable, sectionLines } from "./section-text.ts";
import { block, layOutSheet, moreLine, prose } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";
import { answerSections, detailSections } from "./workflow-sections.ts";

/** Below this, the fleet's columns of words are drawn as one. */
const FLEET_WIDTH = 120;

export function renderAnalysisTable(report: AnalysisReport, options: RenderOptions): string {
  const sheet = layOutSheet(options);
  const lines = [...bodyLines(sheet, report), ...footLines(sheet, report)];
  return `${lines.join("\n")}\n`;
}

function bodyLines(sheet: Sheet, report: AnalysisReport): readonly string[] {
  const [first, ...others] = report.workflows;
  if (first === undefined) return prose(sheet, "No workflows found.", 0);
  if (others.length === 0) return workflowLines(sheet, first, report);
  if (!sheet.options.verbose) {
    const hint = "One in detail: stepfare analyze <its file>; all of them: --verbose";
    return [...fleetLines(sheet, report), "", ...prose(sheet, hint, 0).map(sheet.palette.dim)];
  }
  const rule = sheet.palette.dim("─".repeat(sheet.width));
  return [
    ...fleetLines(sheet, report),
    ...report.workflows.flatMap((workflow) => ["", rule, "", ...workflowLines(sheet, workflow, report)]),
    "",
    rule,
  ];
}

function fleetLines(sheet: Sheet, report: AnalysisReport): readonly string[] {
  const { palette } = sheet;
  const fleet = dropEmptyColumns(
    fleetSection(report, sheet.options, sheet.width < FLEET_WIDTH ? "narrow" : "wide"),
  );
  return [
    `${palette.bold(fleet.title)}  ${palette.dim(fleet.aside)}`,
    "",
    ...sectionTable(sheet, fleet),
    ...moreLine(sheet, fleet.more),
    ...block(
      sheet,
      { text: "Together" },
      fleetSummary(report).flatMap((line) => prose(sheet, line)),
    ),
  ];
}

function workflowLines(sheet: Sheet, workflow: WorkflowReport, report: AnalysisReport): readonly string[] {
  const { currency } = report;
  const sections = [
    ...answerSections(workflow, currency),
    breakEvenSection(workflow, currency),
    ...detailSections(workflow, currency, sheet.options),
  ];
  return [
    ...headlineLines(sheet, writeHeadline(workflow, report)),
    ...sections.flatMap((section) => sectionLines(sheet, section)),
    ...diagnosticSection(sheet, diagnosticsOf(workflow)),
  ];
}

/** What concerns the whole report: its own diagnostics, how it counted, whose prices it used. */
function footLines(sheet: Sheet, report: AnalysisReport): readonly string[] {
  return [
    ...diagnosticSection(sheet, report.diagnostics),
    "",
    ...footNotes(report).flatMap((note) => prose(sheet, note, 0).map(sheet.palette.dim)),
  ];
}
