/** The analysis as Markdown, for pull requests, wikis and reviews on GitHub, GitLab and Bitbucket. */
import { markdownTemplate } from "./markdown-template.ts";
import analysisTemplate from "../../templates/analysis.md.hbs";
import type { Diagnostic } from "../diagnostic.ts";
import type { AnalysisReport, WorkflowReport } from "../report/analysis-report.ts";
import { footNotes } from "./analysis-words.ts";
import { workflowScale } from "./cost-scale.ts";
import { diagnosticsOf, placeWords, severityCounts, worstDiagnostics } from "./diagnostic-text.ts";
import { fleetSection, fleetSummary } from "./fleet-section.ts";
import { writeHeadline } from "./headline.ts";
import type { ListOptions } from "./list-cut.ts";
import { sectionView } from "./section-view.ts";
import { drawWorkflowMermaid } from "./workflow-mermaid.ts";
import { workflowSections } from "./workflow-sections.ts";

export function renderAnalysisMarkdown(report: AnalysisReport, options: ListOptions): string {
  return template(markdownView(report, options));
}

const template = markdownTemplate(analysisTemplate);

/** Everything the template says, in words; many workflows are told in detail only with `verbose`. */
function markdownView(report: AnalysisReport, options: ListOptions): Readonly<Record<string, unknown>> {
  const { workflows, currency } = report;
  const isFleet = workflows.length > 1;
  const detailed = isFleet && !options.verbose ? [] : workflows;
  return {
    nothingFound: workflows.length === 0,
    fleet: isFleet ? sectionView(fleetSection(report, options, "full")) : null,
    fleetSummary: isFleet ? fleetSummary(report) : [],
    workflows: detailed.map((workflow) => ({
      headline: writeHeadline(workflow, report),
      graph: graphView(workflow, currency),
      sections: workflowSections(workflow, currency, options).map(sectionView),
      diagnostics: diagnosticsView(diagnosticsOf(workflow), options),
    })),
    diagnostics: diagnosticsView(report.diagnostics, options),
    notes: footNotes(report),
  };
}

/** "" where nothing is drawn. Names in it are Mermaid's own entities, and a fence cannot end within. */
function graphView(workflow: WorkflowReport, currency: string): string {
  return drawWorkflowMermaid(workflow, workflowScale(workflow, currency)) ?? "";
}

export function diagnosticsView(
  diagnostics: readonly Diagnostic[],
  options: ListOptions,
): Readonly<Record<string, unknown>> {
  const { shown, more } = worstDiagnostics(diagnostics, options);
  return {
    counts: severityCounts(diagnostics),
    more,
    shown: shown.map(({ at, severity, code, message, hint }) => ({
      place: at === null ? "" : placeWords(at),
      severity,
      code,
      message,
      hint: hint === null ? "" : `hint: ${hint}`,
    })),
  };
}
