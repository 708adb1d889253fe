/** The path sections of a workflow: the ways through it, what each Choice leads to, and what each state adds. */
import type { PathReport, WorkflowReport } from "../report/analysis-report.ts";
import { pathCountWords, pathWords } from "./analysis-words.ts";
import { cutList } from "./list-cut.ts";
import type { ListOptions } from "./list-cut.ts";
import { durationWords, perMillionWords, quantityWords, shareWords } from "./number-words.ts";
import type { ReportSection, SectionColumn } from "./report-section.ts";

/** Terminal lines a path's states may take unless everything is shown. */
const PATH_LINES = 6;

export function pathSections(
  workflow: WorkflowReport,
  currency: string,
  options: ListOptions,
): readonly ReportSection[] {
  const { shown, failurePaths } = workflow.paths;
  return [
    {
      title: "Paths",
      aside: `${pathCountWords(workflow)}; costs per million`,
      ...pathTable(shown, currency, options),
    },
    {
      title: "Failure paths",
      aside: "an error that nothing catches ends the execution",
      ...pathTable(failurePaths, currency, options),
    },
  ];
}

function pathTable(
  paths: readonly PathReport[],
  currency: string,
  options: ListOptions,
): Omit<ReportSection, "title" | "aside"> {
  const cut = cutList(paths, "paths", options);
  const columns: readonly SectionColumn[] = [
    { head: "share", align: "right" },
    { head: "transitions", align: "right" },
    { head: "events", align: "right" },
    { head: "duration", align: "right" },
    { head: "Standard", align: "right" },
    { head: "Express", align: "right" },
    {
      head: "states",
      align: "left",
      shrinkTo: 16,
      lines: options.verbose ? Infinity : PATH_LINES,
      beneath: true,
    },
  ];
  const rows = cut.shown.map((path) => [
    shareWords(path.share),
    quantityWords(path.transitions),
    quantityWords(path.historyEvents),
    durationWords(path.durationMs),
    perMillionWords(path.standardCost, currency),
    perMillionWords(path.expressCost, currency),
    pathWords(path, options.verbose),
  ]);
  return { columns, rows, more: cut.more };
}

export function branchSection(
  workflow: WorkflowReport,
  currency: string,
  options: ListOptions,
): ReportSection {
  const cut = cutList(workflow.branches, "branches", options);
  const rows = cut.shown.map((branch, index) => [
    cut.shown[index - 1]?.state === branch.state ? "" : branch.state,
    branch.rule,
    branch.to,
    shareWords(branch.share),
    branch.basis,
    quantityWords(branch.transitions),
    perMillionWords(branch.standardCost, currency),
  ]);
  const columns: readonly SectionColumn[] = [
    { head: "Choice", align: "left", shrinkTo: 8 },
    { head: "rule", align: "right" },
    { head: "goes to", align: "left", shrinkTo: 8 },
    { head: "share", align: "right" },
    { head: "basis", align: "left" },
    { head: "transitions", align: "right" },
    { head: "Standard", align: "right" },
  ];
  const aside = "what follows, and its cost per million that go there";
  return { title: "Branches", aside, columns, rows, more: cut.more };
}

export function stateSection(
  workflow: WorkflowReport,
  currency: string,
  options: ListOptions,
): ReportSection {
  const busiest = [...workflow.states].sort((one, other) => other.transitions - one.transitions);
  const cut = cutList(busiest, "states", options);
  const rows = cut.shown.map((state) => [
    state.name,
    state.type,
    quantityWords(state.visits),
    state.retries === 0 ? "" : quantityWords(state.retries),
    quantityWords(state.transitions),
    quantityWords(state.historyEvents),
    perMillionWords(state.standardCost, currency),
    options.verbose ? state.pointer : "",
  ]);
  const columns: readonly SectionColumn[] = [
    { head: "state", align: "left", shrinkTo: 10 },
    { head: "type", align: "left" },
    { head: "visits", align: "right" },
    { head: "retries", align: "right" },
    { head: "transitions", align: "right" },
    { head: "events", align: "right" },
    { head: "Standard", align: "right" },
    { head: "pointer", align: "left", shrinkTo: 8, lines: Infinity, beneath: true },
  ];
  const aside = "per execution, most transitions first; cost per million";
  return { title: "States", aside, columns, rows, more: cut.more };
}
