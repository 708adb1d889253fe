/** The scenario section of a workflow: each of its scenarios as a way through it, with its own price. */
import type { ScenarioReport, WorkflowReport } from "../report/analysis-report.ts";
import type { CostScale } from "./cost-scale.ts";
import { cutList } from "./list-cut.ts";
import type { ListOptions } from "./list-cut.ts";
import { quantityWords } from "./number-words.ts";
import { wayCells, wayColumns } from "./path-sections.ts";
import type { ReportSection, SectionColumn } from "./report-section.ts";

export function scenarioSection(
  workflow: WorkflowReport,
  scale: CostScale,
  options: ListOptions,
): ReportSection {
  const { scenarios } = workflow;
  const cut = cutList(scenarios, "scenarios", options);
  const columns: readonly SectionColumn[] = [
    { head: "scenario", align: "left", shrinkTo: 10, lines: 2, keepWords: true },
    { head: "weight", align: "right" },
    { head: "ends", align: "left", shrinkTo: 9, lines: 2, keepWords: true },
    { head: "retries", align: "right" },
    ...wayColumns(options),
  ];
  const rows = cut.shown.map((scenario) => [
    scenario.name,
    quantityWords(scenario.weight),
    endWords(scenario),
    scenario.retries === 0 ? "" : quantityWords(scenario.retries),
    ...wayCells(scenario, scale),
    stateWords(scenario),
  ]);
  const aside = `acted out from ${filesOf(scenarios)}; costs ${scale.per}`;
  return { title: "Scenarios", aside, columns, rows, more: cut.more };
}

/** What no longer runs as its file says, says so first. */
function endWords({ status, error, passed }: ScenarioReport): string {
  const end = error === null ? status : `${status}: ${error}`;
  return passed ? end : `not as expected: ${end}`;
}

function stateWords({ states, visits }: ScenarioReport): string {
  return states
    .map((name, index) => ((visits[index] ?? 1) === 1 ? name : `${name} ×${quantityWords(visits[index]!)}`))
    .join(" → ");
}

function filesOf(scenarios: readonly ScenarioReport[]): string {
  return [...new Set(scenarios.map(({ at }) => at.file))].join(", ");
}
