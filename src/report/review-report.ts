/** The review report is all that `review` has to say: of each workflow its findings, opportunities and passed checks, and which undos ran. */
import type { Diagnostic, Place } from "../diagnostic.ts";
import { type InjectedFault, injectFaults } from "../recommendation/fault-injection.ts";
import { everyState } from "../recommendation/placed-state.ts";
import { findSagas } from "../recommendation/saga.ts";
import type { TraceOptions } from "../scenario/execution-trace.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { AnalysisReport, CheckSummary, FindingReport, OpportunityReport } from "./analysis-report.ts";

export type { InjectedFault } from "../recommendation/fault-injection.ts";

export interface ReviewReport {
  readonly schemaVersion: "1";
  readonly kind: "review";
  readonly region: string;
  readonly currency: string;
  /** As in the analysis: the most expensive first. */
  readonly workflows: readonly ReviewedWorkflow[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReviewedWorkflow {
  readonly name: string;
  readonly type: "STANDARD" | "EXPRESS";
  readonly at: Place;
  readonly findings: readonly FindingReport[];
  readonly opportunities: readonly OpportunityReport[];
  readonly checks: CheckSummary;
  /** Null when no faults were injected. */
  readonly faults: readonly InjectedFault[] | null;
}

export interface FaultRequest {
  readonly workflows: readonly Workflow[];
  /** Instead of made-up data, the same for every workflow. */
  readonly given: Pick<TraceOptions, "input" | "results">;
}

/** `request` null: no faults are injected. */
export async function buildReview(
  analysis: AnalysisReport,
  request: FaultRequest | null,
): Promise<ReviewReport> {
  const reviewed: ReviewedWorkflow[] = [];
  const diagnostics: Diagnostic[] = [...analysis.diagnostics];
  for (const { name, type, at, findings, opportunities, checks, diagnostics: own } of analysis.workflows) {
    const workflow = request?.workflows.find((each) => each.name === name && each.at.file === at.file);
    const faults = workflow === undefined ? null : await faultsOf(workflow, request!.given);
    if (faults !== null && faults.leftOut > 0) diagnostics.push(leftOut(workflow!, faults.leftOut));
    diagnostics.push(
      ...own.filter(({ code, severity }) => severity === "error" || OF_THE_REVIEW.has(code)),
      ...checks.failed,
    );
    reviewed.push({ name, type, at, findings, opportunities, checks, faults: faults?.faults ?? null });
  }
  const { region, currency } = analysis;
  return { schemaVersion: "1", kind: "review", region, currency, workflows: reviewed, diagnostics };
}

/** Besides what AWS refuses a definition for; other notes are of its price. */
const OF_THE_REVIEW = new Set(["unknown-rule-in-workload", "advice-withheld"]);

async function faultsOf(workflow: Workflow, given: FaultRequest["given"]) {
  const { stateMachine, type } = workflow;
  return injectFaults({
    workflow,
    states: everyState(stateMachine, type ?? "STANDARD"),
    sagas: findSagas(stateMachine),
    given,
  });
}

function leftOut({ name, at }: Workflow, count: number): Diagnostic {
  return {
    code: "faults-left-out",
    severity: "warning",
    message: `${count} more faults of ${name} were not injected: it has too many Tasks`,
    at,
    hint: null,
  };
}
