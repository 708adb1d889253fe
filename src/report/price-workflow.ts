/** Prices one workflow for comparing: the same estimate as the analysis makes, without its ranges, paths and advice. */
import { type CostBasis, type CostEstimate, estimateCost } from "../cost/cost-estimate.ts";
import type { PricedFigure, PricedUsage, PricedWorkflow } from "../cost/priced-workflow.ts";
import { type Assumption, atLikely } from "../graph/assumption.ts";
import { type ExecutionProfile, profileExecution } from "../graph/execution-profile.ts";
import type { RunContext } from "../graph/run-context.ts";
import { DURATION_ONLY } from "../graph/spent.ts";
import { keptIn, once } from "../once.ts";
import { RULE_TRANSITIONS, type UsageType } from "../usage/usage-line.ts";
import { PAYLOAD_KB } from "../workflow/default-figures.ts";
import { type StateIds, identifyStates } from "../workflow/state-identity.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";

export interface WorkflowPricing {
  readonly workflow: Workflow;
  readonly context: Pick<RunContext, "parseJsonata" | "childEnds" | "taskDuration">;
  /** Per month; null = not known. */
  readonly executions: number | null;
  readonly basis: CostBasis;
  /** What profiles of it in this context are made of, where some were made already. */
  readonly kept?: RunContext["kept"];
  /**
   * Its profile at the likely figures, where all is known already that it costs as the type it is: then its figures and
   * states' ids are not gathered.
   */
  readonly profile: ExecutionProfile | null;
}

/** Null when StartAt names no state. */
export function priceWorkflow(pricing: WorkflowPricing): PricedWorkflow | null {
  const { workflow, executions, basis } = pricing;
  const { stateMachine, workload } = workflow;
  const used = new Map<string, Assumption>();
  const profile = pricing.profile ?? profileUsing(pricing, used);
  if (profile === null) return null;
  const timed = once(() => (pricing.profile === null ? profile : profileUsing(pricing, used)!));
  const input = {
    workload,
    definitionBytes: stateMachine.definitionBytes,
    payloadKB: (workload.payloadKB ?? PAYLOAD_KB).value,
    executions,
  };
  // Each type's estimate is made once, when it is asked for: of what did not change, the other type's never is.
  const own = workflow.type ?? "STANDARD";
  const estimateAs = onceEach((type) =>
    estimateCost(type, { ...input, profile: type === own ? profile : timed() }, basis),
  );
  const useAs = onceEach((type) => usageOf(type, estimateAs(type), basis));
  const { start, end } = RULE_TRANSITIONS[basis.transitionRule];
  return {
    type: own,
    executions,
    ruleTransitions: start + end,
    states: statesOf(profile, pricing.profile === null ? identifyStates(stateMachine) : null),
    byType: {
      get STANDARD() {
        return useAs("STANDARD");
      },
      get EXPRESS() {
        return useAs("EXPRESS");
      },
    },
    get billedDurationMs() {
      return estimateAs("EXPRESS").metered.billedDurationMs;
    },
    get billedMemoryMB() {
      return estimateAs("EXPRESS").metered.billedMemoryMB;
    },
    figures: figuresOf(used, workflow),
    terms: {
      region: basis.priceList.region,
      date: basis.priceList.date,
      discountPercent: basis.priceList.discountPercent ?? 0,
    },
  };
}

function onceEach<T extends object | null>(make: (type: WorkflowType) => T): (type: WorkflowType) => T {
  const made = new Map<WorkflowType, T>();
  return (type) => keptIn(made, type, () => make(type));
}

function profileUsing(
  { workflow: { stateMachine, workload }, context, kept }: WorkflowPricing,
  used: Map<string, Assumption>,
): ExecutionProfile | null {
  return profileExecution(stateMachine, {
    ...context,
    workload,
    stand: (assumption) => {
      used.set(assumption.id, assumption);
      return atLikely(assumption);
    },
    measure: DURATION_ONLY,
    kept: kept ?? new Map(),
  });
}

function figuresOf(used: ReadonlyMap<string, Assumption>, { workload }: Workflow): readonly PricedFigure[] {
  const payload = workload.payloadKB ?? PAYLOAD_KB;
  return [
    ...[...used.values()].map(({ key, text, unit, figure: { value, basis } }) => ({
      key,
      text,
      unit,
      value,
      basis,
    })),
    {
      key: "payloadKB",
      text: "data that flows between states",
      unit: "KB",
      value: payload.value,
      basis: payload.basis,
    },
  ];
}

/** Of a workflow that is the same on both sides no state needs to be recognised by anything but its name. */
const UNIDENTIFIED: StateIds = ["", "", ""];

function statesOf(
  profile: ExecutionProfile,
  ids: ReadonlyMap<string, StateIds> | null,
): PricedWorkflow["states"] {
  const started = new Map(profile.children.map(({ state, count }) => [state, count]));
  return profile.states.map(({ state, visits, retries, iterations, childOf }) => ({
    name: state.name,
    pointer: state.pointer,
    type: state.type,
    ids: ids?.get(state.pointer) ?? UNIDENTIFIED,
    visits,
    retries,
    isBilled: childOf?.executionType !== "EXPRESS",
    iterations,
    childExecutions: (state.type === "Map" ? started.get(state) : undefined) ?? 0,
  }));
}

function usageOf(
  type: WorkflowType,
  { metered, perExecution, monthly, monthlyCost, costPerExecution }: CostEstimate,
  { priceList }: CostBasis,
): PricedUsage {
  const lines = metered.lines.filter(
    ({ usageType }) => type === "EXPRESS" || usageType !== "StateTransition",
  );
  const free = new Map<UsageType, number>();
  for (const { usageType, quantity, cost } of monthly ?? []) {
    if (quantity < 0) free.set(usageType, (free.get(usageType) ?? 0) + (cost ?? 0));
  }
  const listed = (usageType: UsageType): number | null =>
    priceList.prices[usageType]?.tiers[0]?.unitPrice ?? null;
  const prices = new Map(
    perExecution.map(({ usageType, unitPrice }) => [
      usageType,
      { paid: unitPrice, listed: listed(usageType) },
    ]),
  );
  return { lines, prices, free, monthlyCost, costPerExecution };
}
