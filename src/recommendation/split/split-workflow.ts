/** A split workflow is a workflow with its plan carried out: definitions written, cost estimated, and whether it is worth it. */
import type { CostBasis } from "../../cost/cost-estimate.ts";
import type { WorkflowEstimates } from "../../cost/workflow-estimates.ts";
import type { ExecutionProfile } from "../../graph/execution-profile.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { type SplitEstimate, estimateSplit } from "./split-estimate.ts";
import { type SplitPlan, planSplit } from "./split-plan.ts";
import { type WrittenSplit, writeSplit } from "./write-split.ts";

export interface SplitWorkflow {
  readonly plan: SplitPlan;
  readonly written: WrittenSplit;
  readonly estimate: SplitEstimate;
}

export interface Splitting {
  readonly workflow: Workflow;
  readonly estimates: WorkflowEstimates;
  /** Per month; null = not known. */
  readonly executions: number | null;
  readonly basis: CostBasis;
}

/** States of one machine that are planned for: every pair of a part's ends is looked at, so the time grows with their square. */
export const MOST_PLANNED_STATES = 2500;

export function isTooManyStates({ states }: ExecutionProfile): boolean {
  return states.length > MOST_PLANNED_STATES;
}

/** Null when no cut saves anything, a price is not known, or there are too many states to plan for. */
export function splitWorkflow(splitting: Splitting): SplitWorkflow | null {
  const { workflow, estimates, basis } = splitting;
  const { profile } = estimates.likely;
  if (workflow.type === "EXPRESS" || isTooManyStates(profile) || !mayPay(profile)) return null;
  const plan = planFor(splitting);
  if (plan.cuts.length === 0) return null;
  const { name, stateMachine } = workflow;
  const written = writeSplit({ name, stateMachine, plan });
  const named = written.children.map(({ cut, name: child, task }) => ({ cut, child, task }));
  return { plan, written, estimate: estimateSplit(named, estimates, basis) };
}

export function planFor({ workflow, estimates, executions, basis }: Splitting): SplitPlan {
  const { stateMachine, workload } = workflow;
  const { profile } = estimates.likely;
  return planSplit({ profile, stateMachine, workload, executions, basis });
}

/** A call takes two transitions at least, so where fewer than three states run in a Standard execution there is nothing to plan. */
function mayPay({ states }: ExecutionProfile): boolean {
  const own = states.filter(({ visits, childOf }) => visits > 0 && childOf?.executionType !== "EXPRESS");
  return own.reduce((sum, { visits, retries }) => sum + visits + retries, 0) > 2 * leastVisits(own);
}

function leastVisits(states: ExecutionProfile["states"]): number {
  return states.reduce((least, { visits }) => Math.min(least, visits), 1);
}
