/** Change factors are what each cost is a product of: executions, prices, and the quantity per execution with its causes. */
import type { UsageType } from "../usage/usage-line.ts";
import type { StatePair } from "../workflow/workload/matched-states.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { ChangeCause } from "./change-ledger.ts";
import type { FlowOwners } from "./flow-owners.ts";
import type { PricedState, PricedWorkflow, UnitPrice } from "./priced-workflow.ts";
import type { ChangedFactor } from "./product-shares.ts";
import { type StateChains, type StateFactor, attemptFactor } from "./state-chain.ts";
import type { UsagePair } from "./usage-pairs.ts";

export const MILLION = 1e6;

/** Two workflows side by side. */
export interface Comparing {
  readonly before: PricedWorkflow;
  readonly after: PricedWorkflow;
  readonly per: "month" | "million executions";
  readonly pairs: readonly StatePair<PricedState>[];
  readonly chains: StateChains;
  readonly owners: FlowOwners;
}

export function executionFactor({ before, after, per }: Comparing): readonly ChangedFactor<ChangeCause>[] {
  const of = ({ executions }: PricedWorkflow): number => (per === "month" ? (executions ?? 0) : MILLION);
  return [{ cause: { kind: "executions", key: "" }, before: of(before), after: of(after) }];
}

/** The list's price, and how far below it the account's month comes; a list that is not known is taken for the same one where its terms are. */
export function priceFactors(
  { before, after }: Comparing,
  type: WorkflowType,
  usageType: UsageType,
): readonly ChangedFactor<ChangeCause>[] {
  const [old, now] = [before.byType[type].prices.get(usageType), after.byType[type].prices.get(usageType)];
  const paid = [old?.paid ?? now?.paid ?? 0, now?.paid ?? old?.paid ?? 0] as const;
  const { region, date, discountPercent } = before.terms;
  const isSame =
    region === after.terms.region &&
    date === after.terms.date &&
    (discountPercent ?? 0) === (after.terms.discountPercent ?? 0);
  const listedOf = (side: UnitPrice | undefined, other: UnitPrice | undefined): number | null =>
    side?.listed ?? (side === undefined || isSame ? (other?.listed ?? null) : null);
  const listed = [listedOf(old, now), listedOf(now, old)] as const;
  const list = { cause: { kind: "prices", key: "" } as const };
  const tier = { cause: { kind: "tier", key: "" } as const };
  if (listed[0] === null || listed[1] === null || listed[0] === 0 || listed[1] === 0) {
    return [{ ...(isSame ? tier : list), before: paid[0], after: paid[1] }];
  }
  return [
    { ...list, before: listed[0], after: listed[1] },
    { ...tier, before: paid[0] / listed[0], after: paid[1] / listed[1] },
  ];
}

/** The state's own transitions, and the child executions it starts. */
export function transitionFactors(
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
export function usageFactors(usage: UsagePair, comparing: Comparing): readonly ChangedFactor<ChangeCause>[] {
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
