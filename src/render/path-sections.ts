/** The path sections of a workflow: the ways through it, what each Choice leads to, and what each state adds. */
import type { PathReport, WorkflowReport } from "../report/analysis-report.ts";
import { barText } from "./bar-text.ts";
import { pathCountWords, pathWords } from "./analysis-words.ts";
import type { CostScale } from "./cost-scale.ts";
import { cutList } from "./list-cut.ts";
import type { ListOptions } from "./list-cut.ts";
import { durationWords, exactCountWords, quantityWords, shareWords } from "./number-words.ts";
import type { ReportSection, SectionColumn } from "./report-section.ts";

/** Terminal lines a path's states may take unless everything is shown. */
const PATH_LINES = 6;

export function pathSections(
  workflow: WorkflowReport,
  scale: CostScale,
  options: ListOptions,
): readonly ReportSection[] {
  const { shown, failurePaths, failureCount } = workflow.paths;
  const paths = pathTable(shown, scale, options);
  // Where nothing says that they happen, a word is enough until somebody asks.
  const told = options.verbose || failurePaths.some(({ share }) => share > 0);
  const count = failureCount === "1" ? "1 way" : `${exactCountWords(failureCount)} ways`;
  return [
    {
      title: "Paths",
      aside: `${pathCountWords(workflow, shown)}; costs ${scale.per}`,
      ...paths,
      more: joinNotes([
        paths.more,
        told || failurePaths.length === 0
          ? null
          : `… and ${count} to fail uncaught, each 0% here: --verbose shows them`,
      ]),
    },
    {
      title: "Failure paths",
      aside: `${count} to fail with nothing that catches it; costs ${scale.per}`,
      ...(told ? pathTable(failurePaths, scale, options) : { columns: [], rows: [], more: null }),
    },
  ];
}

function joinNotes(notes: readonly (string | null)[]): string | null {
  const said = notes.filter((note) => note !== null);
  return said.length === 0 ? null : said.join("; ");
}

function pathTable(
  paths: readonly PathReport[],
  scale: CostScale,
  options: ListOptions,
): Omit<ReportSection, "title" | "aside"> {
  const cut = cutList(paths, "paths", options);
  const columns: readonly SectionColumn[] = [{ head: "share", align: "right" }, ...wayColumns(options)];
  const rows = cut.shown.map((path) => [
    shareWords(path.share),
    ...wayCells(path, scale),
    pathWords(path, options.verbose),
  ]);
  return { columns, rows, more: cut.more };
}

/** What a way through a workflow does and costs, and last its states. */
export function wayColumns({ verbose }: ListOptions): readonly SectionColumn[] {
  return [
    { head: "transitions", align: "right" },
    { head: "events", align: "right" },
    { head: "duration", align: "right" },
    { head: "Standard", align: "right" },
    { head: "Express", align: "right" },
    { head: "states", align: "left", shrinkTo: 16, lines: verbose ? Infinity : PATH_LINES, beneath: true },
  ];
}

type Way = Pick<PathReport, "transitions" | "historyEvents" | "durationMs" | "standardCost" | "expressCost">;

/** The cells of `wayColumns` but the last. */
export function wayCells(way: Way, scale: CostScale): readonly string[] {
  return [
    quantityWords(way.transitions),
    quantityWords(way.historyEvents),
    durationWords(way.durationMs),
    scale.words(way.standardCost),
    scale.words(way.expressCost),
  ];
}

export function branchSection(
  workflow: WorkflowReport,
  scale: CostScale,
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
    scale.words(branch.standardCost),
  ]);
  const columns: readonly SectionColumn[] = [
    { head: "Choice", align: "left", shrinkTo: 8, lines: 2, keepWords: true },
    { head: "rule", align: "right" },
    { head: "goes to", align: "left", shrinkTo: 8, lines: 2, keepWords: true },
    { head: "share", align: "right" },
    { head: "basis", align: "left" },
    { head: "transitions", align: "right" },
    { head: "Standard", align: "right" },
  ];
  const aside = `transitions that follow, and what they cost ${scale.per} that go there`;
  return { title: "Branches", aside, columns, rows, more: cut.more };
}

const STATE_CELLS = 16;

export function stateSection(
  workflow: WorkflowReport,
  scale: CostScale,
  options: ListOptions,
): ReportSection {
  const busiest = [...workflow.states].sort((one, other) => other.transitions - one.transitions);
  const cut = cutList(busiest, "states", options);
  const most = busiest[0]?.transitions ?? 0;
  const rows = cut.shown.map((state) => [
    state.name,
    state.type,
    quantityWords(state.visits),
    state.retries === 0 ? "" : quantityWords(state.retries),
    quantityWords(state.transitions),
    quantityWords(state.historyEvents),
    scale.words(state.standardCost),
    options.verbose ? state.pointer : barText(state.transitions, most, STATE_CELLS),
  ]);
  const columns: readonly SectionColumn[] = [
    { head: "state", align: "left", shrinkTo: 10, lines: 2, keepWords: true },
    { head: "type", align: "left" },
    { head: "visits", align: "right" },
    { head: "retries", align: "right" },
    { head: "transitions", align: "right" },
    { head: "events", align: "right" },
    { head: "Standard", align: "right" },
    options.verbose
      ? { head: "pointer", align: "left", shrinkTo: 8, lines: Infinity, beneath: true }
      : { head: "", align: "left", drawing: true },
  ];
  const aside = `per execution, most transitions first; cost ${scale.per}`;
  return { title: "States", aside, columns, rows, more: cut.more };
}
