/** The workflow sections are the detail of one workflow, in the order every format tells it. */
import type { WorkflowReport } from "../report/analysis-report.ts";
import { assumptionSection, limitSection, reasonSection } from "./basis-sections.ts";
import type { ListOptions } from "./list-cut.ts";
import { ledgerSections, typesSection } from "./money-sections.ts";
import { branchSection, pathSections, stateSection } from "./path-sections.ts";
import { dropEmptyColumns } from "./report-section.ts";
import type { ReportSection } from "./report-section.ts";

export function workflowSections(
  workflow: WorkflowReport,
  currency: string,
  options: ListOptions,
): readonly ReportSection[] {
  return [
    typesSection(workflow, currency),
    ...ledgerSections(workflow, currency, options),
    ...pathSections(workflow, currency, options),
    branchSection(workflow, currency, options),
    stateSection(workflow, currency, options),
    reasonSection(workflow, options),
    assumptionSection(workflow, currency, options),
    limitSection(workflow, options),
  ]
    .filter(({ rows }) => rows.length > 0)
    .map(dropEmptyColumns);
}
