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
import { type StatePair, matchStates } from "../workflow/matched-states.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import { type ChangeAmount, type ChangeCause, type ChangeLedger, openLedger } from "./change-ledger.ts";
import { type ChangeWords, wordChanges } from "./change-words.ts";
import { type FlowOwners, findFlowOwners } from "./flow-owners.ts";
import type { PricedState, PricedWorkflow } from "./priced-workflow.ts";
import { type ChangedFactor, shareOut } from "./product-shares.ts";
import { type StateChains, type StateFactor, attemptFactor, chainStates } from "./state-chain.ts";
import { type UsagePair, pairUsage } from "./usage-pairs.ts";

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

export interface BecauseLine {
  readonly text: string;
  /** The state it is about; null = the workflow as a whole. */
  readonly state: string | null;
  /** Per execution. */
  readonly transitions: number;
  /** Null = not known, because a price is not. */
  readonly cost: number | null;
  readonly cause: ChangeCause["kind"];
  /** All states whose visits it moves. */
  readonly states: readonly string[];
}

const MILLION = 1e6;

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

interface Comparing {
  readonly before: PricedWorkflow;
  readonly after: PricedWorkflow;
  readonly per: CostChange["per"];
  readonly pairs: readonly StatePair<PricedState>[];
  readonly chains: StateChains;
  readonly owners: FlowOwners;
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
  const costOf = (side: PricedWorkflow | null): number => {
    if (side === null) return 0;
    const most = Math.max(...Object.values(side.byType).map((usage) => usage.costPerExecution ?? 0));
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

function executionFactor({ before, after, per }: Comparing): readonly ChangedFactor<ChangeCause>[] {
  const of = ({ executions }: PricedWorkflow): number => (per === "month" ? (executions ?? 0) : MILLION);
  return [{ cause: { kind: "executions", key: "" }, before: of(before), after: of(after) }];
}

/** The list's price, and how far below it the account's month comes; a list that is not known is taken for the same one where its terms are. */
function priceFactors(
  { before, after }: Comparing,
  type: WorkflowType,
  usageType: UsageType,
): readonly ChangedFactor<ChangeCause>[] {
  const [old, now] = [before.byType[type].prices.get(usageType), after.byType[type].prices.get(usageType)];
  const paid = [old?.paid ?? now?.paid ?? 0, now?.paid ?? old?.paid ?? 0] as const;
  const listed = [old?.listed ?? now?.listed ?? null, now?.listed ?? old?.listed ?? null] as const;
  const list = { cause: { kind: "prices", key: "" } as const };
  const tier = { cause: { kind: "tier", key: "" } as const };
  if (listed[0] === null || listed[1] === null || listed[0] === 0 || listed[1] === 0) {
    const { region, date, discountPercent } = before.terms;
    const isSame =
      region === after.terms.region &&
      date === after.terms.date &&
      (discountPercent ?? 0) === (after.terms.discountPercent ?? 0);
    return [{ ...(isSame ? tier : list), before: paid[0], after: paid[1] }];
  }
  return [
    { ...list, before: listed[0], after: listed[1] },
    { ...tier, before: paid[0] / listed[0], after: paid[1] / listed[1] },
  ];
}

/** The state's own transitions, and the child executions it starts. */
function transitionFactors(
  pair: StatePair<PricedState>,
  comparing: Comparing,
): readonly (readonly ChangedFactor<ChangeCause>[])[] {
  const { before, after } = pair;
  const chain = chainOf(pair, comparing);
  const isBilled = (side: PricedState | null, other: PricedState | null): boolean =>
    (side ?? other)!.isBilled;
  const [billedBefore, billedAfter] = [isBilled(before, after), isBilled(after, before)];
  const billed =
    billedBefore || billedAfter
      ? [
          [
            ...chain,
            { cause: stateCause("billing", pair), before: billedBefore ? 1 : 0, after: billedAfter ? 1 : 0 },
          ],
        ]
      : [];
  const started = { before: before?.childExecutions ?? 0, after: after?.childExecutions ?? 0 };
  if (started.before === 0 && started.after === 0) return billed;
  return [...billed, [...chain, ...restFactor(chain, started, stateCause("items", pair))]];
}

/** Usage of a state's child executions follows its visits as far as it goes; an Express execution's own is time × memory. */
function usageFactors(usage: UsagePair, comparing: Comparing): readonly ChangedFactor<ChangeCause>[] {
  const { pair, quantity, usageType } = usage;
  if (pair !== null) {
    const chain = chainOf(pair, comparing);
    return [...chain, ...restFactor(chain, quantity, stateCause("children", pair))];
  }
  if (usageType !== "StepFunctions-GB-Second") {
    return [{ cause: { kind: "usage", key: usageType }, ...quantity }];
  }
  const { before, after } = comparing;
  const time = [
    {
      cause: { kind: "duration", key: "" } as const,
      before: before.billedDurationMs,
      after: after.billedDurationMs,
    },
    {
      cause: { kind: "memory", key: "" } as const,
      before: before.billedMemoryMB,
      after: after.billedMemoryMB,
    },
  ];
  return [...time, ...restFactor(time, quantity, { kind: "usage", key: usageType })];
}

/** What the factors leave of a quantity, as a factor. Where they give nothing, the quantity is nothing too. */
function restFactor(
  factors: readonly ChangedFactor<ChangeCause>[],
  quantity: { readonly before: number; readonly after: number },
  cause: ChangeCause,
): readonly ChangedFactor<ChangeCause>[] {
  const rest = (side: "before" | "after"): number | null => {
    const product = factors.reduce((all, each) => all * each[side], 1);
    return product > 0 ? quantity[side] / product : null;
  };
  const [before, after] = [rest("before"), rest("after")];
  const [old, now] = [before ?? after ?? 0, after ?? before ?? 0];
  const isSame = Math.abs(now - old) <= 1e-12 * Math.max(old, now);
  return [{ cause, before: old, after: isSame ? old : now }];
}

/** The factors of a state's transitions, each with what it is due to. */
function chainOf(
  pair: StatePair<PricedState>,
  { chains, owners }: Comparing,
): readonly ChangedFactor<ChangeCause>[] {
  return [...chains.visits(pair), ...attemptFactor(pair)].map((factor: StateFactor) => {
    const { kind, pair: due } = factor.cause;
    const cause = kind === "flow" ? owners.causeOf(due) : { ...stateCause(kind, due), moved: pair };
    return { ...factor, cause };
  });
}

function stateCause(kind: ChangeCause["kind"], pair: StatePair<PricedState>): ChangeCause {
  return { kind, key: (pair.after ?? pair.before)!.pointer, pair };
}
