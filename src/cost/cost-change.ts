/**
 * A cost change is one estimate less another, and what each part of it is due to. A recommendation's saving and a pull
 * request's difference are this same subtraction.
 *
 * Laws: nothing changes between a workflow and itself; swapping the two negates every line; the lines add up to the
 * difference, in money and in transitions; a state's name is worth nothing.
 *
 * Cost is executions × price × quantity per execution, summed over usage types and states, so each product's change is
 * shared out among its factors (`product-shares.ts`). A switch of type is set apart first, half by the usage before and
 * half by the usage after, and everything else is then the mean of what it is as the one type and as the other.
 */
import type { UsageType } from "../usage/usage-line.ts";
import { matchStates } from "../workflow/workload/matched-states.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { BecauseLine } from "./because-line.ts";
import { type ChangeAmount, type ChangeCause, type ChangeLedger, openLedger } from "./change-ledger.ts";
import {
  type Comparing,
  MILLION,
  executionFactor,
  priceFactors,
  transitionFactors,
  usageFactors,
} from "./change-factors.ts";
import { type ChangeWords, wordChanges } from "./change-words.ts";
import { findFlowOwners } from "./flow-owners.ts";
import type { PricedWorkflow } from "./priced-workflow.ts";
import { type ChangedFactor, shareOut } from "./product-shares.ts";
import { chainStates } from "./state-chain.ts";
import { pairUsage } from "./usage-pairs.ts";

export interface CostChange {
  readonly before: CostSummary | null;
  readonly after: CostSummary | null;
  /** What `cost` of the lines is per: a month, or a million executions where executions or a monthly price are not known. */
  readonly per: "month" | "million executions";
  /** Per month; null = not known. */
  readonly difference: number | null;
  readonly differencePerMillion: number | null;
  /** The dearest first. Their `transitions` add up to those of one execution, their `cost` to the difference. */
  readonly because: readonly BecauseLine[];
}

export interface CostSummary {
  readonly type: WorkflowType;
  readonly monthlyCost: number | null;
  /** At list price, per million executions. */
  readonly costPerMillion: number | null;
  /** Per execution, as a Standard workflow is billed. */
  readonly transitions: number;
  readonly executionsPerMonth: number | null;
}

export function changeCost(before: PricedWorkflow | null, after: PricedWorkflow | null): CostChange {
  // Most workflows of a repository are the same on both sides.
  if (before !== null && before === after) return unchanged(before);
  const pairs = matchStates(before?.states ?? [], after?.states ?? []);
  const [old, now] = [summarize(before), summarize(after)];
  const difference = subtract(old, now, "monthlyCost");
  const differencePerMillion = subtract(old, now, "costPerMillion");
  const per = difference === null ? "million executions" : "month";
  const cost = per === "month" ? difference : differencePerMillion;
  const transitions = (now?.transitions ?? 0) - (old?.transitions ?? 0);
  const ledger = openLedger();
  if (before === null || after === null) {
    ledger.add(
      { kind: before === null ? "workflow-added" : "workflow-removed", key: "" },
      { cost: cost ?? 0, transitions },
    );
  } else {
    const comparing: Comparing = {
      before,
      after,
      per,
      pairs,
      chains: chainStates(pairs),
      owners: findFlowOwners(before, after, pairs),
    };
    addTransitions(ledger, comparing);
    if (cost !== null) addCosts(ledger, comparing);
  }
  const entries = ledger.settle({ cost: cost ?? 0, transitions }, scaleOf(before, after, per));
  const words: ChangeWords = { before, after };
  return {
    before: old,
    after: now,
    per,
    difference,
    differencePerMillion,
    because: wordChanges(entries, words).map((line) => (cost === null ? { ...line, cost: null } : line)),
  };
}

/**
 * The same change where the two are the same workflow at other prices, so that no state has a part in it: all states
 * together are taken for one. Most workflows of a repository are so: of the account's tiers each has a part.
 */
export function changePrices(before: PricedWorkflow, after: PricedWorkflow): CostChange {
  return changeCost(inOneState(before), inOneState(after));
}

function inOneState(workflow: PricedWorkflow): PricedWorkflow {
  const childExecutions = workflow.states.reduce((sum, state) => sum + state.childExecutions, 0);
  const visits = transitionsOf(workflow) - workflow.ruleTransitions - childExecutions;
  const all = { name: "", pointer: "/States/", type: "Pass", ids: ["", "", ""] as const };
  return {
    type: workflow.type,
    executions: workflow.executions,
    ruleTransitions: workflow.ruleTransitions,
    states: [{ ...all, visits, retries: 0, isBilled: true, iterations: null, childExecutions }],
    byType: workflow.byType,
    get billedDurationMs() {
      return workflow.billedDurationMs;
    },
    get billedMemoryMB() {
      return workflow.billedMemoryMB;
    },
    figures: workflow.figures,
    terms: workflow.terms,
  };
}

function unchanged(workflow: PricedWorkflow): CostChange {
  const summary = summarize(workflow);
  const difference = subtract(summary, summary, "monthlyCost");
  return {
    before: summary,
    after: summary,
    per: difference === null ? "million executions" : "month",
    difference,
    differencePerMillion: subtract(summary, summary, "costPerMillion"),
    because: [],
  };
}

/** Transitions per execution, as a Standard workflow is billed. */
export function transitionsOf({ states, ruleTransitions }: PricedWorkflow): number {
  return states.reduce(
    (sum, { visits, retries, isBilled, childExecutions }) =>
      sum + (isBilled ? visits + retries : 0) + childExecutions,
    ruleTransitions,
  );
}

function summarize(workflow: PricedWorkflow | null): CostSummary | null {
  if (workflow === null) return null;
  const { monthlyCost, costPerExecution } = workflow.byType[workflow.type];
  return {
    type: workflow.type,
    monthlyCost,
    costPerMillion: costPerExecution === null ? null : costPerExecution * MILLION,
    transitions: transitionsOf(workflow),
    executionsPerMonth: workflow.executions,
  };
}

/** A side that is not there costs nothing; one whose cost is not known makes the difference unknown. */
function subtract(
  before: CostSummary | null,
  after: CostSummary | null,
  what: "monthlyCost" | "costPerMillion",
): number | null {
  return subtractCosts(before === null ? 0 : before[what], after === null ? 0 : after[what]);
}

/** Null when either is not known; what rounding alone leaves is nothing. */
export function subtractCosts(before: number | null, after: number | null): number | null {
  if (before === null || after === null) return null;
  const difference = after - before;
  return Math.abs(difference) <= 1e-12 * Math.max(Math.abs(before), Math.abs(after)) ? 0 : difference;
}

/** What is compared before the free tier takes its part: amounts that cancel out leave no less noise. */
function scaleOf(
  before: PricedWorkflow | null,
  after: PricedWorkflow | null,
  per: CostChange["per"],
): ChangeAmount {
  const types = [...new Set([before?.type ?? [], after?.type ?? []].flat())];
  const costOf = (side: PricedWorkflow | null): number => {
    if (side === null) return 0;
    const most = Math.max(...types.map((type) => side.byType[type].costPerExecution ?? 0));
    return most * (per === "month" ? (side.executions ?? 0) : MILLION);
  };
  return {
    cost: Math.max(costOf(before), costOf(after)),
    transitions: Math.max(...[before, after].map((side) => (side === null ? 0 : transitionsOf(side)))),
  };
}

function addTransitions(ledger: ChangeLedger, comparing: Comparing): void {
  const { before, after } = comparing;
  const rule = after.ruleTransitions - before.ruleTransitions;
  ledger.add({ kind: "rule", key: "" }, { cost: 0, transitions: rule });
  for (const pair of comparing.pairs) {
    for (const factors of transitionFactors(pair, comparing)) {
      for (const { cause, share } of shareOut(factors)) ledger.add(cause, { cost: 0, transitions: share });
    }
  }
}

function addCosts(ledger: ChangeLedger, comparing: Comparing): void {
  const { before, after } = comparing;
  if (before.type === after.type) return addCostsAs(ledger, comparing, { type: before.type, weight: 1 });
  const half = 0.5;
  const switched = (side: PricedWorkflow): number =>
    costAs(side, after.type, comparing) - costAs(side, before.type, comparing);
  ledger.add(
    { kind: "type", key: "" },
    { cost: half * (switched(before) + switched(after)), transitions: 0 },
  );
  for (const type of [before.type, after.type]) addCostsAs(ledger, comparing, { type, weight: half });
}

function costAs({ byType }: PricedWorkflow, type: WorkflowType, { per }: Comparing): number {
  const { monthlyCost, costPerExecution } = byType[type];
  return per === "month" ? (monthlyCost ?? 0) : (costPerExecution ?? 0) * MILLION;
}

function addCostsAs(
  ledger: ChangeLedger,
  comparing: Comparing,
  { type, weight }: { type: WorkflowType; weight: number },
): void {
  const { before, after, per } = comparing;
  const common = (usageType: UsageType) => [
    ...executionFactor(comparing),
    ...priceFactors(comparing, type, usageType),
  ];
  const add = (factors: readonly ChangedFactor<ChangeCause>[]): void => {
    for (const { cause, share } of shareOut(factors))
      ledger.add(cause, { cost: weight * share, transitions: 0 });
  };
  if (type === "STANDARD") {
    const transition = common("StateTransition");
    const rule = {
      cause: { kind: "rule", key: "" } as const,
      before: before.ruleTransitions,
      after: after.ruleTransitions,
    };
    add([...transition, rule]);
    for (const pair of comparing.pairs) {
      for (const factors of transitionFactors(pair, comparing)) add([...transition, ...factors]);
    }
  }
  for (const usage of pairUsage(comparing, type))
    add([...common(usage.usageType), ...usageFactors(usage, comparing)]);
  if (per === "million executions") return;
  const [old, now] = [before.byType[type].free, after.byType[type].free];
  for (const usageType of new Set([...old.keys(), ...now.keys()])) {
    const cost = (now.get(usageType) ?? 0) - (old.get(usageType) ?? 0);
    ledger.add({ kind: "free-tier", key: "" }, { cost: weight * cost, transitions: 0 });
  }
}
