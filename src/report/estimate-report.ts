/** Reports one type's cost estimate: totals, ranges and the ledger they are the sum of. */
import { quantityOf } from "../cost/cost-estimate.ts";
import type { LineItem } from "../cost/line-item.ts";
import type { RangedEstimate } from "../cost/workflow-estimates.ts";
import { lazyFields } from "../once.ts";
import type { Figure } from "../workflow/figure.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { Estimate, LineItemReport } from "./analysis-report.ts";

export function reportEstimate(
  range: RangedEstimate<WorkflowType | "SPLIT">,
  figure: Figure | null,
): Estimate {
  const { likely } = range;
  const executions = figure?.value ?? null;
  const { metered, monthlyCost, costPerExecution } = likely;
  const perMonth = (usageType: Parameters<typeof quantityOf>[1]): number | null =>
    executions === null
      ? null
      : quantityOf(metered.lines, usageType) * executions + quantityOf(metered.carried, usageType);
  // What the free tier takes off the likely month it takes off the range's ends too, as far as it goes.
  const free =
    executions === null || monthlyCost === null || costPerExecution === null
      ? 0
      : monthlyCost - costPerExecution * executions;
  const month = (cost: number | null, end: "low" | "high"): number | null =>
    cost === null || figure === null || monthlyCost === null ? null : Math.max(0, cost * figure[end] + free);
  return lazyFields<Estimate>({
    type: () => likely.type,
    monthlyCost: () => monthlyCost,
    low: () => month(range.lowPerExecution, "low"),
    high: () => month(range.highPerExecution, "high"),
    costPerExecution: () => costPerExecution,
    lowPerExecution: () => range.lowPerExecution,
    highPerExecution: () => range.highPerExecution,
    transitionsPerMonth: () => perMonth("StateTransition"),
    requestsPerMonth: () => perMonth("StepFunctions-Request"),
    gbSeconds: () => perMonth("StepFunctions-GB-Second"),
    billedMemoryMB: () => metered.billedMemoryMB,
    billedDurationMs: () => metered.billedDurationMs,
    lineItems: () => (likely.monthly ?? likely.perExecution).map((item) => reportItem(item, executions)),
    downstream: () => likely.downstream.map((item) => reportItem(item, executions)),
    downstreamMonthlyCost: () => (executions === null ? null : likely.downstreamCost),
  });
}

function reportItem(
  { usageType, state, text, quantity, unit, unitPrice, cost, price }: LineItem,
  executions: number | null,
): LineItemReport {
  return {
    usageType,
    state,
    text,
    quantity,
    per: executions === null ? "execution" : "month",
    unit,
    unitPrice,
    cost,
    price,
  };
}
