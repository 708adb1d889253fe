/** The headline is a workflow's first screen: what it costs, which type it should be and why, what to declare first. */
import type {
  AnalysisReport,
  AssumptionReport,
  Estimate,
  Reason,
  WorkflowReport,
} from "../report/analysis-report.ts";
import {
  assumptionCostWords,
  breakEvenWords,
  executionsWords,
  figureWords,
  monthlyRangeWords,
  perMillionRangeWords,
  savingWords,
  spreadWords,
  typeWords,
} from "./analysis-words.ts";
import { severityCounts } from "./diagnostic-text.ts";
import { countedWords, moneyWords, perMillionWords, quantityWords, UNKNOWN } from "./number-words.ts";
import type { Paint } from "./palette.ts";
import { terminalText } from "./safe-text.ts";
import type { Sheet } from "./sheet.ts";
import { layoutColumns } from "./text-columns.ts";
import { fitText, textWidth, wrapText } from "./text-width.ts";

const LABEL_WIDTH = 9;
/** Beyond these, the sections below tell the rest. */
const REASONS_SHOWN = 3;
const FIGURES_SHOWN = 3;
const LIMITS_SHOWN = 2;
const NAME_LINES = 2;

export function workflowHeadline(
  sheet: Sheet,
  workflow: WorkflowReport,
  report: AnalysisReport,
): readonly string[] {
  return [
    ...titleLines(sheet, workflow),
    "",
    ...labelled(sheet, "Cost", costLines(sheet, workflow, report)),
    ...labelled(sheet, "Type", typeLines(sheet, workflow)),
    ...labelled(sheet, "Limits", limitLines(sheet, workflow)),
    ...labelled(sheet, "Declare", declareLines(sheet, workflow)),
  ];
}

function titleLines(sheet: Sheet, workflow: WorkflowReport): readonly string[] {
  const { palette, width } = sheet;
  const type = typeWords(workflow.type);
  const room = width - textWidth(type) - 2;
  const name = fitText(terminalText(workflow.name), room);
  const place = `${terminalText(workflow.at.file)}:${String(workflow.at.line)}`;
  const facts = `${place} · ${executionsWords(workflow)}`;
  const counts = severityCounts(workflow.diagnostics.filter(({ severity }) => severity !== "info"));
  return [
    `${palette.bold(palette.name(name))}  ${type}`,
    ...wrapText(facts, width).slice(0, NAME_LINES).map(palette.dim),
    ...(counts === "" ? [] : [palette.warn(fitText(`${counts}: see Diagnostics below`, width))]),
  ];
}

/** A label, and its lines beside it. Lines are at most `room(sheet)` wide. */
function labelled(sheet: Sheet, label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => {
    const lead = index === 0 ? sheet.palette.bold(label.padEnd(LABEL_WIDTH)) : " ".repeat(LABEL_WIDTH);
    return `${lead}${line}`;
  });
}

function room(sheet: Sheet): number {
  return sheet.width - LABEL_WIDTH;
}

function wrapped(sheet: Sheet, text: string, paint: Paint = (plain) => plain): readonly string[] {
  return wrapText(text, room(sheet)).map(paint);
}

function costLines(sheet: Sheet, workflow: WorkflowReport, report: AnalysisReport): readonly string[] {
  const declared = workflow.estimates[workflow.type];
  const { mean } = workflow.transitions;
  const transitions = `${quantityWords(mean)} transitions per execution (${terminalText(spreadWords(workflow))})`;
  return [
    ...wrapped(sheet, moneyLine(sheet, declared), sheet.palette.bold),
    ...wrapped(sheet, transitions),
    ...wrapped(sheet, otherTypesWords(sheet, workflow)),
    ...wrapped(sheet, downstreamWords(sheet, report)).filter((line) => line !== ""),
  ];
}

function moneyLine(sheet: Sheet, estimate: Estimate): string {
  const { currency } = sheet;
  const type = typeWords(estimate.type);
  const million = perMillionWords(estimate.costPerExecution, currency);
  const millions = aside(million, perMillionRangeWords(estimate, currency));
  if (estimate.monthlyCost === null) return `${millions} per million executions as ${type}`;
  const month = aside(moneyWords(estimate.monthlyCost, currency), monthlyRangeWords(estimate, currency));
  return `${month} a month as ${type} · ${million} per million executions`;
}

/** Adds a range where it says more than the value. */
function aside(value: string, range: string): string {
  return range === value || range === UNKNOWN ? value : `${value} (${range})`;
}

function otherTypesWords(sheet: Sheet, workflow: WorkflowReport): string {
  const { STANDARD, EXPRESS, SPLIT } = workflow.estimates;
  const others = [STANDARD, EXPRESS, SPLIT].filter(
    (estimate): estimate is Estimate => estimate !== null && estimate.type !== workflow.type,
  );
  return others
    .map((estimate) => {
      const cost = aside(
        perMillionWords(estimate.costPerExecution, sheet.currency),
        perMillionRangeWords(estimate, sheet.currency),
      );
      const blocked = estimate.type === "EXPRESS" && !workflow.eligibility.EXPRESS.eligible;
      return `${typeWords(estimate.type)}${blocked ? ", were it allowed," : ""}: ${cost} per million`;
    })
    .join(" · ");
}

function downstreamWords(sheet: Sheet, report: AnalysisReport): string {
  const { withDownstream, monthlyCost } = report.totals;
  if (report.workflows.length !== 1 || withDownstream === null || withDownstream === monthlyCost) return "";
  return `${moneyWords(withDownstream, sheet.currency)} a month with the neighbouring services it calls`;
}

function typeLines(sheet: Sheet, workflow: WorkflowReport): readonly string[] {
  const { recommendation, eligibility } = workflow;
  const { palette } = sheet;
  const changes = recommendation.type !== workflow.type;
  const verdict = changes
    ? `Change to ${typeWords(recommendation.type)}: saves ${savingWords(workflow, sheet.currency)}`
    : `Keep ${typeWords(workflow.type)}`;
  const breakEven = breakEvenWords(workflow);
  const { blockers, cautions } = eligibility.EXPRESS;
  return [
    ...wrapped(sheet, `${verdict} (confidence: ${recommendation.confidence})`, (text) =>
      palette.bold(changes ? palette.good(text) : text),
    ),
    ...wrapped(sheet, terminalText(recommendation.text)).slice(0, 3),
    ...(blockers.length === 0 ? [] : wrapped(sheet, "Express is blocked by")),
    ...reasonLines(sheet, blockers, palette.bad),
    ...(blockers.length > 0 || cautions.length === 0 ? [] : wrapped(sheet, "Before changing, mind")),
    ...(blockers.length > 0 ? [] : reasonLines(sheet, cautions, palette.warn)),
    ...(breakEven === "" ? [] : wrapped(sheet, `Breaks even at ${breakEven}`)),
  ];
}

function reasonLines(sheet: Sheet, reasons: readonly Reason[], paint: Paint): readonly string[] {
  const shown = reasons.slice(0, reasons.length - REASONS_SHOWN <= 1 ? reasons.length : REASONS_SHOWN);
  const rows = shown.map((reason) => [
    { text: terminalText(reason.state ?? reason.code), paint },
    `${terminalText(reason.at.file)}:${String(reason.at.line)}`,
    terminalText(reason.text),
  ]);
  const left = reasons.length - shown.length;
  const lines = layoutColumns({
    columns: [
      { head: "", align: "left", shrinkTo: 12 },
      { head: "", align: "left", shrinkTo: 14 },
      { head: "", align: "left", shrinkTo: 20, lines: 2 },
    ],
    rows,
    width: room(sheet),
    indent: 2,
    paintHead: sheet.palette.dim,
  });
  return left === 0 ? lines : [...lines, sheet.palette.dim(`  … ${countedWords(left, "more reason")} below`)];
}

/** Limits that an execution can pass; those merely near are told further down. */
function limitLines(sheet: Sheet, workflow: WorkflowReport): readonly string[] {
  const passed = workflow.limits.filter(
    ({ mean, p99, worst, limit }) => Math.max(mean ?? 0, p99 ?? 0, worst ?? 0) > limit,
  );
  const left = passed.length - LIMITS_SHOWN;
  return [
    ...passed
      .slice(0, LIMITS_SHOWN)
      .map(({ text }) => sheet.palette.warn(fitText(terminalText(text), room(sheet)))),
    ...(left > 0 ? [sheet.palette.dim(`… ${countedWords(left, "more limit")} below`)] : []),
  ];
}

function declareLines(sheet: Sheet, workflow: WorkflowReport): readonly string[] {
  const executions = workflow.executionsPerMonth === null ? ["executionsPerMonth"] : [];
  const sharpening = workflow.recommendation.assumptions.slice(0, FIGURES_SHOWN - executions.length);
  if (executions.length + sharpening.length === 0) return [];
  const rows = [
    ...executions.map((key) => [key, UNKNOWN, "makes these figures a monthly cost"]),
    ...sharpening.map((assumption) => declareRow(sheet, assumption)),
  ];
  const title = fitText(`in stepfare.yml, under workflows: ${terminalText(workflow.name)}:`, room(sheet) - 1);
  const lines = layoutColumns({
    columns: [
      { head: "", align: "left", shrinkTo: 20 },
      { head: "", align: "left", shrinkTo: 8 },
      { head: "", align: "left", shrinkTo: 12 },
    ],
    rows,
    width: room(sheet),
    indent: 2,
    paintHead: sheet.palette.dim,
  });
  return [title, ...lines];
}

function declareRow(sheet: Sheet, assumption: AssumptionReport): readonly string[] {
  const cost = assumptionCostWords(assumption, sheet.currency);
  return [
    terminalText(assumption.key),
    `${figureWords(assumption)}, ${assumption.figure.basis}`,
    cost === UNKNOWN ? "" : `${cost} per million`,
  ];
}
