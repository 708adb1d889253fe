/** A saved side is one side of a diff taken from an analysis report of an earlier run. */
import type {
  PriceTerms,
  PricedFigure,
  PricedUsage,
  PricedWorkflow,
  UnitPrice,
} from "../cost/priced-workflow.ts";
import type { UsageType } from "../usage/usage-line.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { AnalysisReport, Estimate, LineItemReport, WorkflowReport } from "./analysis-report.ts";
import type { DiffMachine, DiffSide } from "./diff-machine.ts";

export function savedSide(report: AnalysisReport, name: string): DiffSide {
  return {
    name,
    region: report.region,
    currency: report.currency,
    machines: report.workflows.map((workflow) => savedMachine(workflow, report)),
    unread: [],
    diagnostics: [],
  };
}

function savedMachine(workflow: WorkflowReport, report: AnalysisReport): DiffMachine {
  const { name, at, foundIn, contentIds, diagnostics, limits, findings } = workflow;
  // Reports of earlier versions have no findings.
  const details = () =>
    findings === undefined ? { diagnostics, limits } : { diagnostics, limits, findings };
  return {
    name,
    at,
    file: at.file,
    foundIn,
    contentIds,
    priced: pricedAgain(workflow, report),
    details,
    startedTypes: null,
    workflow: null,
    priceAs: null,
  };
}

/** The numbers of a report, taken apart again into executions, quantities per execution and prices. */
export function pricedAgain(workflow: WorkflowReport, report: AnalysisReport): PricedWorkflow {
  const { type, estimates, transitions, recommendation } = workflow;
  const executions = workflow.executionsPerMonth?.value ?? null;
  return {
    type,
    executions,
    ruleTransitions: transitions.start + transitions.end,
    states: workflow.states.map((state) => ({
      name: state.name,
      pointer: state.pointer,
      type: state.type,
      ids: state.ids,
      visits: state.visits,
      retries: state.retries,
      isBilled: state.transitions > 0 || state.visits + state.retries === 0,
      iterations: state.iterations,
      childExecutions: state.childExecutions,
    })),
    byType: {
      STANDARD: usageOf("STANDARD", estimates.STANDARD, executions),
      EXPRESS: usageOf("EXPRESS", estimates.EXPRESS, executions),
    },
    billedDurationMs: estimates.EXPRESS.billedDurationMs,
    billedMemoryMB: estimates.EXPRESS.billedMemoryMB,
    figures: recommendation.assumptions.map(({ key, text, unit, figure }): PricedFigure => ({
      key,
      text,
      unit,
      value: figure.value,
      basis: figure.basis,
    })),
    terms: termsOf(report),
  };
}

/** Reports of earlier versions do not say their discount. */
function termsOf({
  region,
  priceListDate,
  discountPercent = null,
}: Omit<AnalysisReport, "discountPercent"> & { readonly discountPercent?: number | null }): PriceTerms {
  return { region, date: priceListDate, discountPercent };
}

function usageOf(type: WorkflowType, estimate: Estimate, executions: number | null): PricedUsage {
  const isOwn = ({ usageType }: LineItemReport): boolean =>
    type === "EXPRESS" || usageType !== "StateTransition";
  const free = new Map<UsageType, number>();
  for (const { usageType, quantity, cost } of estimate.lineItems) {
    if (quantity < 0) free.set(usageType, (free.get(usageType) ?? 0) + (cost ?? 0));
  }
  const used = estimate.lineItems.filter((item) => item.quantity >= 0 && isOwn(item));
  return {
    lines:
      executions === 0 ? usageOfNone(type, estimate) : used.map((item) => perExecution(item, executions)),
    prices: pricesOf(estimate),
    free,
    monthlyCost: estimate.monthlyCost,
    costPerExecution: estimate.costPerExecution,
  };
}

function perExecution({ usageType, state, quantity, per }: LineItemReport, executions: number | null) {
  return { usageType, state, quantity: per === "month" ? quantity / (executions ?? 1) : quantity };
}

/** A month without executions shows no quantities; an Express execution's own are known all the same. */
function usageOfNone(
  type: WorkflowType,
  { billedDurationMs, billedMemoryMB }: Estimate,
): PricedUsage["lines"] {
  if (type === "STANDARD") return [];
  const gbSeconds = (billedDurationMs / 1000) * (billedMemoryMB / 1024);
  return [
    { usageType: "StepFunctions-Request", state: null, quantity: 1 },
    { usageType: "StepFunctions-GB-Second", state: null, quantity: gbSeconds },
  ];
}

/** A report holds the prices paid; what the list says it does not. */
function pricesOf({ lineItems }: Estimate): ReadonlyMap<UsageType, UnitPrice> {
  return new Map(lineItems.map(({ usageType, unitPrice }) => [usageType, { paid: unitPrice, listed: null }]));
}
