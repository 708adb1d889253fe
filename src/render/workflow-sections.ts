/** The workflow sections are the detail of one workflow, what is asked for most first, in the order every format tells it. */
import type { WorkflowReport } from "../report/analysis-report.ts";
import { assumptionSection, limitSection, reasonSection } from "./basis-sections.ts";
import { workflowScale } from "./cost-scale.ts";
import type { ListOptions } from "./list-cut.ts";
import { ledgerSections, typesSection } from "./money-sections.ts";
import { branchSection, pathSections, stateSection } from "./path-sections.ts";
import { findingSection, opportunitySection, passedSection } from "./review-sections.ts";
import { shownSections } from "./report-section.ts";
import type { ReportSection } from "./report-section.ts";
import { scenarioSection } from "./scenario-section.ts";

export function workflowSections(
  workflow: WorkflowReport,
  currency: string,
  options: ListOptions,
): readonly ReportSection[] {
  return [...answerSections(workflow, currency), ...detailSections(workflow, currency, options)];
}

/** What answers the question of the type. */
export function answerSections(workflow: WorkflowReport, currency: string): readonly ReportSection[] {
  return shownSections([typesSection(workflow, workflowScale(workflow, currency))]);
}

/** All that stands beneath the answer. */
export function detailSections(
  workflow: WorkflowReport,
  currency: string,
  options: ListOptions,
): readonly ReportSection[] {
  const scale = workflowScale(workflow, currency);
  return shownSections([
    opportunitySection(workflow, currency, options),
    findingSection(workflow, options),
    ...pathSections(workflow, scale, options),
    scenarioSection(workflow, scale, options),
    branchSection(workflow, scale, options),
    stateSection(workflow, scale, options),
    reasonSection(workflow, options),
    limitSection(workflow, options),
    assumptionSection(workflow, scale, options),
    ...ledgerSections(workflow, scale, options),
    passedSection(workflow, options),
  ]);
}
