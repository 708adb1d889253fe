/** Measured transitions are what the month is priced by; where the states let expect others, the analysis says so. */
import type { Diagnostic } from "../diagnostic.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { AnalysisReport, WorkflowReport } from "./analysis-report.ts";

/** Below this the two agree: samples, and counting rules of starts and ends, account for it. */
const WORTH_A_WORD = 0.1;

/** Adds a diagnostic to each Standard machine whose measured month is more than 10 % off the expected one. */
export function compareMeasuredTransitions(
  report: AnalysisReport,
  workflows: readonly Workflow[],
): AnalysisReport {
  const byName = new Map(workflows.map((workflow) => [workflow.name, workflow]));
  return {
    ...report,
    workflows: report.workflows.map((each) => {
      const diagnostic = compare(each, byName.get(each.name));
      return diagnostic === null ? each : withDiagnostic(each, diagnostic);
    }),
  };
}

/** Copies the fields without reading them: some are worked out only then. */
function withDiagnostic(report: WorkflowReport, diagnostic: Diagnostic): WorkflowReport {
  const value = [...report.diagnostics, diagnostic];
  return Object.defineProperties({} as WorkflowReport, {
    ...Object.getOwnPropertyDescriptors(report),
    diagnostics: { value, enumerable: true },
  });
}

function compare(report: WorkflowReport, workflow: Workflow | undefined): Diagnostic | null {
  const { transitions = null, started = null } = workflow?.deployed?.machine.metrics ?? {};
  if (report.foundIn !== "aws" || report.type !== "STANDARD") return null;
  if (transitions === null || started === null || started === 0) return null;
  const expected = report.transitions.mean;
  const measured = transitions / started;
  if (Math.abs(measured - expected) <= WORTH_A_WORD * expected) return null;
  const hint =
    workflow?.deployed?.machine.sample == null
      ? "Sample its executions (collect --histories 30) to see which way they go."
      : "More histories (collect --histories 100) show rarer ways; children of Distributed Maps and redrives count too.";
  return {
    code: "measured-transitions",
    severity: "info",
    message: `AWS counted ${round(transitions)} state transitions in the period, ${round(measured)} per execution, which the month is priced by; the states let expect ${round(expected)} per execution`,
    at: report.at,
    hint,
  };
}

function round(value: number): string {
  return String(Number(value.toPrecision(value >= 1000 ? 15 : 4)));
}
