/** Prices proposals: a recommendation's saving is the cost of the workflow as it is less that of the changed workflow. */
import { type CostBasis, type CostEstimate } from "../cost/cost-estimate.ts";
import { type Estimating, type WorkflowEstimates, estimateLikely } from "../cost/workflow-estimates.ts";
import type { UsageType } from "../usage/usage-line.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import { changeWorkflow } from "./changed-workflow.ts";
import type { Proposal, Recommendation } from "./recommendation.ts";
import type { Subject } from "./rule.ts";

export interface Pricing {
  readonly context: Estimating["context"];
  /** Per month; null = not known. */
  readonly executions: number | null;
  readonly basis: CostBasis;
}

interface Recommending {
  readonly subject: Subject;
  readonly pricing: Pricing;
}

/** Null when the change saves nothing, or is no workflow that could be priced. */
export function recommend(
  rule: string,
  proposal: Proposal,
  { subject, pricing }: Recommending,
): Recommendation | null {
  const workflow = changeWorkflow(subject.workflow, proposal);
  const { stateMachine, workload } = workflow;
  // Another type alone has been priced already, by what AWS counted; what it counted says nothing of another definition.
  const isSame = stateMachine === subject.workflow.stateMachine && workload === subject.workflow.workload;
  const before = isSame ? likelyOf(subject.estimates) : subject.estimates.expected;
  const after = isSame ? before : estimateLikely({ stateMachine, workload, ...pricing });
  if (after === null) return null;
  const type = workflow.type ?? "STANDARD";
  const { executions } = pricing;
  const apart = new Set(proposal.paidEitherWay);
  const whole = savingOf({ before: before[subject.type], after: after[type], apart }, executions);
  const saving = lesser(whole, savingGoingOn(proposal, { subject, pricing }));
  if (saving.savingPerMillion !== null && saving.savingPerMillion <= 1e-9) return null;
  return { ...proposal, rule, workflow, ...saving };
}

type Saving = Pick<Recommendation, "estimatedMonthlySavings" | "savingPerMillion" | "ownSavingPerMillion">;

function savingOf({ before, after, apart }: Compared, executions: number | null): Saving {
  const ownSavingPerMillion = difference(before.costPerExecution, after.costPerExecution, MILLION);
  const monthly = sum(
    difference(before.addedMonthlyCost, after.addedMonthlyCost, 1),
    neighbourSaving({ before, after, apart }, executions, executions),
  );
  return {
    estimatedMonthlySavings: executions === null ? null : monthly,
    savingPerMillion: sum(
      ownSavingPerMillion,
      neighbourSaving({ before, after, apart }, executions, MILLION),
    ),
    ownSavingPerMillion,
  };
}

/** With executions going on, before and after; null where the change lets no more of them fail. */
function savingGoingOn(
  { change, goingOn, paidEitherWay }: Proposal,
  { subject, pricing }: Recommending,
): Saving | null {
  if (goingOn === undefined) return null;
  const [before, after] = [goingOn, [...change, ...goingOn]].map((patch) => {
    const { stateMachine, workload } = changeWorkflow(subject.workflow, { change: patch });
    return estimateLikely({ stateMachine, workload, ...pricing })?.[subject.type];
  });
  return before === undefined || after === undefined
    ? null
    : savingOf({ before, after, apart: new Set(paidEitherWay) }, pricing.executions);
}

function lesser(a: Saving, b: Saving | null): Saving {
  return b !== null && (b.savingPerMillion ?? Infinity) < (a.savingPerMillion ?? Infinity) ? b : a;
}

function likelyOf({ byType }: WorkflowEstimates): Readonly<Record<WorkflowType, CostEstimate>> {
  return { STANDARD: byType.STANDARD.likely, EXPRESS: byType.EXPRESS.likely };
}

const MILLION = 1e6;

function difference(before: number | null, after: number | null, times: number): number | null {
  return before === null || after === null ? null : (before - after) * times;
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

interface Compared {
  readonly before: CostEstimate;
  readonly after: CostEstimate;
  readonly apart: ReadonlySet<UsageType>;
}

/** By usage type, so that a price nobody knows does no harm where its quantity stays. `listed`: executions the lines stand for. */
function neighbourSaving(
  { before, after, apart }: Compared,
  listed: number | null,
  times: number | null,
): number | null {
  if (times === null) return null;
  const [old, now] = [byUsageType(before), byUsageType(after)];
  let saving = 0;
  for (const usageType of new Set([...old.keys(), ...now.keys()])) {
    if (apart.has(usageType)) continue;
    const [a, b] = [old.get(usageType) ?? NOTHING, now.get(usageType) ?? NOTHING];
    if (a.quantity === b.quantity) continue;
    if (a.cost === null || b.cost === null) return null;
    saving += ((a.cost - b.cost) / (listed ?? 1)) * times;
  }
  return saving;
}

interface Billed {
  readonly quantity: number;
  readonly cost: number | null;
}

const NOTHING: Billed = { quantity: 0, cost: 0 };

function byUsageType({ downstream }: CostEstimate): ReadonlyMap<UsageType, Billed> {
  const billed = new Map<UsageType, Billed>();
  for (const { usageType, quantity, cost } of downstream) {
    const known = billed.get(usageType) ?? NOTHING;
    billed.set(usageType, { quantity: known.quantity + quantity, cost: sum(known.cost, cost) });
  }
  return billed;
}
