/** A cost scale is how many executions a workflow's costs are told for: a million, or one where a million would be absurd. */
import type { WorkflowReport } from "../report/analysis-report.ts";
import { moneyWords } from "./number-words.ts";

export interface CostScale {
  readonly currency: string;
  readonly executions: number;
  readonly per: "per million" | "per execution";
  /** The same in full, where it stands alone. */
  readonly perExecutions: "per million executions" | "per execution";
  /** A cost per execution, told for as many executions as this scale has. */
  readonly words: (costPerExecution: number | null) => string;
}

/** From here on a single execution costs cents, and is told as it is. */
const DEAR_EXECUTION = 0.01;
const MILLION = 1_000_000;

export function costScaleOf(costPerExecution: number | null, currency: string): CostScale {
  const dear = costPerExecution !== null && costPerExecution >= DEAR_EXECUTION;
  const executions = dear ? 1 : MILLION;
  return {
    currency,
    executions,
    per: dear ? "per execution" : "per million",
    perExecutions: dear ? "per execution" : "per million executions",
    words: (cost) => moneyWords(cost === null ? null : cost * executions, currency),
  };
}

/** One scale for all that is said of a workflow, so that its types can be compared. */
export function workflowScale({ estimates, type }: WorkflowReport, currency: string): CostScale {
  return costScaleOf(estimates[type].costPerExecution, currency);
}
