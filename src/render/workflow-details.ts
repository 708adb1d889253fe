/** The detail sections of a workflow: its paths, branches, states, assumptions, limits and diagnostics. */
import type { PathReport, WorkflowReport } from "../report/analysis-report.ts";
import { assumptionCostWords, figureWords, pathCountWords, pathSteps } from "./analysis-words.ts";
import { diagnosticLines, placeWords, severityCounts } from "./diagnostic-text.ts";
import { cutList } from "./list-cut.ts";
import { durationWords, perMillionWords, quantityWords, shareWords, UNKNOWN } from "./number-words.ts";
import { mixPalette } from "./palette.ts";
import { terminalText } from "./safe-text.ts";
import { INDENT, moreLine, prose, section, table } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";
import type { TextColumn } from "./text-columns.ts";
import type { Diagnostic } from "../diagnostic.ts";

/** Lines a path's states may take unless everything is shown. */
const PATH_LINES = 2;

export function workflowDetails(sheet: Sheet, workflow: WorkflowReport): readonly string[] {
  const { shown, failurePaths } = workflow.paths;
  return [
    ...pathSection(sheet, { text: "Paths", aside: pathCountWords(workflow) }, shown),
    ...pathSection(
      sheet,
      { text: "Failure paths", aside: "an error that nothing catches ends the execution" },
      failurePaths,
    ),
    ...branchSection(sheet, workflow),
    ...stateSection(sheet, workflow),
    ...reasonSection(sheet, workflow),
    ...assumptionSection(sheet, workflow),
    ...limitSection(sheet, workflow),
    ...diagnosticSection(sheet, workflow.diagnostics),
  ];
}

function pathSection(
  sheet: Sheet,
  title: { readonly text: string; readonly aside: string },
  paths: readonly PathReport[],
): readonly string[] {
  const cut = cutList(paths, "paths", sheet.options);
  const columns: readonly TextColumn[] = [
    { head: "share", align: "right" },
    { head: "transitions", align: "right" },
    { head: "Standard/M", align: "right" },
    { head: "Express/M", align: "right" },
    { head: "duration", align: "right" },
    {
      head: "states",
      align: "left",
      shrinkTo: 16,
      lines: sheet.options.verbose ? Infinity : PATH_LINES,
    },
  ];
  const rows = cut.shown.map((path) => [
    shareWords(path.share),
    quantityWords(path.transitions),
    perMillionWords(path.standardCost, sheet.currency),
    perMillionWords(path.expressCost, sheet.currency),
    durationWords(path.durationMs),
    pathSteps(path).map(terminalText).join(" → "),
  ]);
  return section(sheet, title, [...table(sheet, columns, rows), ...moreLine(sheet, cut.more)]);
}

function branchSection(sheet: Sheet, workflow: WorkflowReport): readonly string[] {
  const cut = cutList(workflow.branches, "branches", sheet.options);
  const rows = cut.shown.map((branch, index) => [
    cut.shown[index - 1]?.state === branch.state ? "" : terminalText(branch.state),
    terminalText(branch.rule),
    terminalText(branch.to),
    shareWords(branch.share),
    branch.basis,
    quantityWords(branch.transitions),
    perMillionWords(branch.standardCost, sheet.currency),
  ]);
  const columns: readonly TextColumn[] = [
    { head: "Choice", align: "left", shrinkTo: 10 },
    { head: "rule", align: "right" },
    { head: "goes to", align: "left", shrinkTo: 10 },
    { head: "share", align: "right" },
    { head: "basis", align: "left" },
    { head: "transitions", align: "right", shrinkTo: 6 },
    { head: "Standard/M", align: "right", shrinkTo: 8 },
  ];
  const aside = "what follows from each Choice: transitions and cost per million executions that go there";
  return section(sheet, { text: "Branches", aside }, [
    ...table(sheet, columns, rows),
    ...moreLine(sheet, cut.more),
  ]);
}

function stateSection(sheet: Sheet, workflow: WorkflowReport): readonly string[] {
  const costliest = [...workflow.states].sort((one, other) => other.transitions - one.transitions);
  const cut = cutList(costliest, "states", sheet.options);
  const rows = cut.shown.map((state) => [
    terminalText(state.name),
    terminalText(state.type),
    quantityWords(state.visits),
    state.retries === 0 ? "" : quantityWords(state.retries),
    quantityWords(state.transitions),
    quantityWords(state.historyEvents),
    perMillionWords(state.standardCost, sheet.currency),
    sheet.options.verbose ? terminalText(state.pointer) : "",
  ]);
  const columns: readonly TextColumn[] = [
    { head: "state", align: "left", shrinkTo: 12 },
    { head: "type", align: "left" },
    { head: "visits", align: "right" },
    { head: "retries", align: "right" },
    { head: "transitions", align: "right" },
    { head: "events", align: "right" },
    { head: "Standard/M", align: "right" },
    { head: "pointer", align: "left", shrinkTo: 8, lines: Infinity },
  ];
  return section(sheet, { text: "States", aside: "per execution, most transitions first" }, [
    ...table(sheet, columns, rows),
    ...moreLine(sheet, cut.more),
  ]);
}

function reasonSection(sheet: Sheet, workflow: WorkflowReport): readonly string[] {
  const { blockers, cautions } = workflow.eligibility.EXPRESS;
  const cut = cutList(
    [
      ...blockers.map((reason) => ({ reason, kind: "blocker", paint: sheet.palette.bad })),
      ...cautions.map((reason) => ({ reason, kind: "caution", paint: sheet.palette.warn })),
    ],
    "reasons",
    sheet.options,
  );
  const rows = cut.shown.map(({ reason, kind, paint }) => [
    { text: kind, paint },
    terminalText(reason.state ?? ""),
    placeWords(reason.at),
    terminalText(reason.text),
  ]);
  const columns: readonly TextColumn[] = [
    { head: "", align: "left" },
    { head: "state", align: "left", shrinkTo: 10 },
    { head: "where", align: "left", shrinkTo: 12 },
    { head: "why", align: "left", shrinkTo: 20, lines: Infinity },
  ];
  return section(sheet, { text: "As Express" }, [
    ...table(sheet, columns, rows),
    ...moreLine(sheet, cut.more),
  ]);
}

function assumptionSection(sheet: Sheet, workflow: WorkflowReport): readonly string[] {
  const cut = cutList(workflow.recommendation.assumptions, "assumptions", sheet.options);
  const rows = cut.shown.map((assumption) => {
    const cost = assumptionCostWords(assumption, sheet.currency);
    return [
      terminalText(assumption.text),
      figureWords(assumption),
      assumption.figure.basis,
      cost === UNKNOWN ? "" : cost,
      terminalText(assumption.figure.note ?? ""),
    ];
  });
  const columns: readonly TextColumn[] = [
    { head: "assumed", align: "left", shrinkTo: 18, lines: 3 },
    { head: "figure", align: "left", shrinkTo: 8, lines: 2 },
    { head: "basis", align: "left" },
    { head: "cost per million", align: "left", shrinkTo: 16, lines: 2 },
    { head: "source", align: "left", shrinkTo: 10, lines: 3 },
  ];
  return section(sheet, { text: "Assumptions", aside: "the one that moves the result most first" }, [
    ...table(sheet, columns, rows),
    ...moreLine(sheet, cut.more),
  ]);
}

function limitSection(sheet: Sheet, workflow: WorkflowReport): readonly string[] {
  const cut = cutList(workflow.limits, "limits", sheet.options);
  const words = (value: number | null): string => (value === null ? "" : quantityWords(value));
  const rows = cut.shown.map((limit) => [
    terminalText(limit.code),
    words(limit.mean),
    words(limit.p99),
    words(limit.worst),
    quantityWords(limit.limit),
    terminalText(limit.text),
  ]);
  const columns: readonly TextColumn[] = [
    { head: "limit", align: "left", shrinkTo: 12 },
    { head: "mean", align: "right" },
    { head: "p99", align: "right" },
    { head: "worst", align: "right" },
    { head: "at most", align: "right" },
    { head: "", align: "left", shrinkTo: 20, lines: Infinity },
  ];
  return section(sheet, { text: "Limits" }, [...table(sheet, columns, rows), ...moreLine(sheet, cut.more)]);
}

export function diagnosticSection(sheet: Sheet, diagnostics: readonly Diagnostic[]): readonly string[] {
  const severe = { error: 0, warning: 1, info: 2 };
  const worst = [...diagnostics].sort((one, other) => severe[one.severity] - severe[other.severity]);
  const cut = cutList(worst, "diagnostics", sheet.options);
  // Wrapped before it could be painted: a colour must not open on one line and close on another.
  const plain = mixPalette(false);
  const lines = cut.shown.flatMap((diagnostic) => {
    const [line = "", hint] = diagnosticLines(diagnostic, plain);
    return [
      ...prose(sheet, line, INDENT, INDENT),
      ...(hint === undefined ? [] : prose(sheet, hint.trim(), 2 * INDENT, INDENT).map(sheet.palette.dim)),
    ];
  });
  return section(sheet, { text: "Diagnostics", aside: severityCounts(diagnostics) }, [
    ...lines,
    ...moreLine(sheet, cut.more),
  ]);
}
