/** Reports scenarios as ways through a workflow: each with the price of just what it did. */
import type { CostEstimate } from "../cost/cost-estimate.ts";
import type { ScenarioRun } from "../scenario/scenario-run.ts";
import { billedMemoryMB, billedMs, gbSeconds } from "../usage/express-billing.ts";
import { childDefinitionBytes } from "../usage/meter-workflow.ts";
import { PAYLOAD_KB } from "../workflow/default-figures.ts";
import { innerScopes, statesWithin } from "../workflow/state-identity.ts";
import type { MapState, Scope } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { ScenarioReport } from "./analysis-report.ts";
import type { PathPricing } from "./path-report.ts";

export interface ScenarioPricing extends PathPricing {
  readonly workflow: Workflow;
}

export function reportScenarios(
  runs: readonly ScenarioRun[],
  pricing: ScenarioPricing,
): readonly ScenarioReport[] {
  return runs.map((run) => reportScenario(run, pricing));
}

function reportScenario(run: ScenarioRun, pricing: ScenarioPricing): ScenarioReport {
  const { scenario, trace, failures } = run;
  const children = trace.children.transitions;
  const transitions = trace.entered.length + trace.retries + pricing.ruleTransitions + children;
  const visits = visitsOf(run);
  const childCost = expressChildren(run, pricing);
  return {
    name: scenario.name,
    weight: scenario.weight,
    status: trace.status,
    error: trace.error?.error ?? null,
    passed: failures.length === 0,
    states: [...visits.keys()],
    visits: [...visits.values()],
    transitions,
    retries: trace.retries,
    historyEvents: trace.historyEvents,
    durationMs: trace.durationMs,
    standardCost: sumOf([times(pricing.transitionPrice, transitions), childCost]),
    expressCost: sumOf([ownExpress(run, pricing), times(pricing.transitionPrice, children), childCost]),
    at: scenario.at,
  };
}

function visitsOf({ trace }: ScenarioRun): ReadonlyMap<string, number> {
  const visits = new Map<string, number>();
  const add = (name: string, count: number) => visits.set(name, (visits.get(name) ?? 0) + count);
  for (const { name, entered } of trace.states) add(name, entered);
  for (const { name, count } of trace.children.entered) add(name, count);
  return visits;
}

/** The request and the time of the execution itself, as Express. */
function ownExpress(run: ScenarioRun, { workflow, express }: ScenarioPricing): number | null {
  const { stateMachine, workload } = workflow;
  const memoryMB = billedMemoryMB({
    definitionBytes: stateMachine.definitionBytes,
    payloadKB: (workload.payloadKB ?? PAYLOAD_KB).value,
    parallelSteps: parallelSteps(stateMachine, run),
  });
  const seconds = gbSeconds(billedMs(run.trace.durationMs), memoryMB);
  return requestsAndTime(express, { requests: 1, seconds });
}

/** What EXPRESS children of Distributed Maps are billed beside their starts; 0 without any. */
function expressChildren(run: ScenarioRun, { workflow, express }: ScenarioPricing): number | null {
  if (run.trace.children.express === 0) return 0;
  const payloadKB = (workflow.workload.payloadKB ?? PAYLOAD_KB).value;
  const costs = statesWithin(workflow.stateMachine).map((state): number | null => {
    const started = run.tally.get(state.pointer)?.iterations ?? 0;
    if (state.type !== "Map" || !startsExpress(state) || started === 0) return 0;
    const memoryMB = billedMemoryMB({
      definitionBytes: childDefinitionBytes(state),
      payloadKB,
      parallelSteps: parallelSteps(state.processor, run) / started,
    });
    const billed = run.tally.get(state.pointer)?.childBilledMs ?? 0;
    return requestsAndTime(express, { requests: started, seconds: gbSeconds(billed, memoryMB) });
  });
  return sumOf(costs);
}

function startsExpress({ mode, executionType }: MapState): boolean {
  return mode === "DISTRIBUTED" && executionType === "EXPRESS";
}

function requestsAndTime(
  { perExecution }: CostEstimate,
  { requests, seconds }: { readonly requests: number; readonly seconds: number },
): number | null {
  const priceOf = (usageType: string): number | null =>
    perExecution.find((item) => item.usageType === usageType)?.unitPrice ?? null;
  return sumOf([
    times(priceOf("StepFunctions-Request"), requests),
    times(priceOf("StepFunctions-GB-Second"), seconds),
  ]);
}

/** Map iterations and Parallel branches of a run of the scope, children apart. */
function parallelSteps(scope: Scope, { tally }: ScenarioRun): number {
  let steps = 0;
  const scopes = [scope];
  for (let next = scopes.pop(); next !== undefined; next = scopes.pop()) {
    for (const state of next.states) {
      if (state.type === "Map" && state.mode === "DISTRIBUTED") continue;
      const begun = tally.get(state.pointer)?.iterations ?? 0;
      steps += state.type === "Parallel" ? begun * state.branches.length : begun;
      scopes.push(...innerScopes(state));
    }
  }
  return steps;
}

function times(price: number | null, quantity: number): number | null {
  return price === null ? null : price * quantity;
}

function sumOf(costs: readonly (number | null)[]): number | null {
  return costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0 as number | null);
}
