/** The fleet table tells many workflows in one table, most expensive first, and what they come to together. */
import type { AnalysisReport, WorkflowReport } from "../report/analysis-report.ts";
import { typeWords } from "./analysis-words.ts";
import { severityCounts } from "./diagnostic-text.ts";
import { cutList } from "./list-cut.ts";
import { countedWords, moneyWords, perMillionWords, quantityWords } from "./number-words.ts";
import { terminalText } from "./safe-text.ts";
import { moreLine, prose, section, table } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";
import type { TextCell, TextColumn } from "./text-columns.ts";

export function fleetTable(sheet: Sheet, report: AnalysisReport): readonly string[] {
  const { palette } = sheet;
  const cut = cutList(report.workflows, "workflows", sheet.options);
  const total = report.workflows.length;
  return [
    `${palette.bold(countedWords(total, "workflow"))}  ${palette.dim("most expensive first")}`,
    "",
    ...table(sheet, COLUMNS, [
      ...cut.shown.map((workflow) => fleetRow(sheet, workflow)),
      totalRow(sheet, report),
    ]),
    ...moreLine(sheet, cut.more),
    ...section(sheet, { text: "Together" }, togetherLines(sheet, report)),
    ...diagnosticCountLines(sheet, report),
    "",
    ...prose(sheet, "One in detail: stepfare analyze <its file>", 0).map(palette.dim),
  ];
}

const COLUMNS: readonly TextColumn[] = [
  { head: "workflow", align: "left", shrinkTo: 14 },
  { head: "type", align: "left" },
  { head: "transitions", align: "right", shrinkTo: 6 },
  { head: "per million", align: "right", shrinkTo: 8 },
  { head: "per month", align: "right", shrinkTo: 8 },
  { head: "better as", align: "left", shrinkTo: 8 },
  { head: "saving", align: "right", shrinkTo: 7 },
  { head: "note", align: "left", shrinkTo: 10 },
];

function fleetRow(sheet: Sheet, workflow: WorkflowReport): readonly TextCell[] {
  const { currency, palette } = sheet;
  const estimate = workflow.estimates[workflow.type];
  const changes = workflow.recommendation.type !== workflow.type;
  return [
    terminalText(workflow.name),
    typeWords(workflow.type),
    quantityWords(workflow.transitions.mean),
    perMillionWords(estimate.costPerExecution, currency),
    moneyWords(estimate.monthlyCost, currency),
    changes ? { text: typeWords(workflow.recommendation.type), paint: palette.good } : "",
    changes ? { text: savingCell(workflow, currency), paint: palette.good } : "",
    terminalText(noteWords(workflow)),
  ];
}

/** A saving per month, or per million executions where nobody knows how many there are. */
function savingCell(workflow: WorkflowReport, currency: string): string {
  const { saving, savingPerMillion } = workflow.recommendation;
  if (saving === null && savingPerMillion !== null) return `${moneyWords(savingPerMillion, currency)}/M`;
  return moneyWords(saving, currency);
}

function totalRow(sheet: Sheet, report: AnalysisReport): readonly TextCell[] {
  const { currency, palette } = sheet;
  const { monthlyCost, saving } = report.totals;
  const bold = (text: string): TextCell => ({ text, paint: palette.bold });
  return [
    bold("total"),
    "",
    "",
    "",
    bold(moneyWords(monthlyCost, currency)),
    "",
    saving === null ? "" : bold(moneyWords(saving, currency)),
    "",
  ];
}

/** The one thing most worth knowing beside the numbers. */
export function noteWords(workflow: WorkflowReport): string {
  const errors = workflow.diagnostics.filter(({ severity }) => severity === "error").length;
  if (errors > 0) return countedWords(errors, "error");
  const [blocker] = workflow.eligibility.EXPRESS.blockers;
  if (workflow.type === "EXPRESS" && blocker !== undefined) return `not allowed as Express: ${blocker.text}`;
  if (workflow.transitions.worst === null) return "loop without bound";
  if (workflow.executionsPerMonth === null) return "executions unknown";
  if (blocker !== undefined) return `Express blocked by ${blocker.state ?? blocker.code}`;
  return workflow.recommendation.confidence === "low" ? "rests on assumptions" : "";
}

function togetherLines(sheet: Sheet, report: AnalysisReport): readonly string[] {
  const { currency } = sheet;
  const { monthlyCost, recommendedMonthlyCost, saving, withDownstream } = report.totals;
  const unknown = report.workflows.filter(({ executionsPerMonth }) => executionsPerMonth === null).length;
  const lines = [
    monthlyCost === null ? [] : `${moneyWords(monthlyCost, currency)} a month as declared`,
    recommendedMonthlyCost === null || saving === null || saving === 0
      ? []
      : `${moneyWords(recommendedMonthlyCost, currency)} with every recommendation taken, ${moneyWords(saving, currency)} less`,
    withDownstream === null || withDownstream === monthlyCost
      ? []
      : `${moneyWords(withDownstream, currency)} with the neighbouring services they call`,
    unknown === 0
      ? []
      : `${countedWords(unknown, "workflow")} without executions: declare executionsPerMonth in stepfare.yml`,
  ].flat();
  return lines.flatMap((line) => prose(sheet, line));
}

function diagnosticCountLines(sheet: Sheet, report: AnalysisReport): readonly string[] {
  const within = report.workflows.flatMap(({ diagnostics }) => diagnostics);
  if (within.length === 0) return [];
  const counts = `${severityCounts(within)} within these workflows`;
  return section(
    sheet,
    { text: "Diagnostics" },
    prose(sheet, sheet.options.verbose ? counts : `${counts}: --verbose shows them`),
  );
}
