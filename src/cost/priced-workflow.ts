/** A priced workflow is all that is needed of one to say what changed in its cost: its states, its usage and its prices. */
import type { UsageType } from "../usage/usage-line.ts";
import type { Basis } from "../workflow/figure.ts";
import type { MatchableState } from "../workflow/workload/matched-states.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";

export interface PricedWorkflow {
  /** The type it is billed as. */
  readonly type: WorkflowType;
  /** Per month; null = not known: then costs are compared per million executions. */
  readonly executions: number | null;
  /** Transitions that the start rule adds to each execution. */
  readonly ruleTransitions: number;
  readonly states: readonly PricedState[];
  readonly byType: Readonly<Record<WorkflowType, PricedUsage>>;
  /** Of one Express execution. */
  readonly billedDurationMs: number;
  readonly billedMemoryMB: number;
  readonly figures: readonly PricedFigure[];
  readonly terms: PriceTerms;
}

export interface PricedState extends MatchableState {
  /** Per execution. */
  readonly visits: number;
  readonly retries: number;
  /** Visits and retries that a Standard workflow is billed: none in Express child executions. */
  readonly isBilled: boolean;
  /** Runs of what is inside, for each attempt: items or batches of a Map, 1 for a Parallel; null for other states. */
  readonly iterations: number | null;
  /** Child executions it starts per execution; each is one transition. */
  readonly childExecutions: number;
}

export interface PricedUsage {
  /** Per execution; without the state transitions of a Standard workflow, which follow from its states. */
  readonly lines: readonly {
    readonly usageType: UsageType;
    readonly state: string | null;
    readonly quantity: number;
  }[];
  /** By usage type; they depend on the month's volume, so on the type. */
  readonly prices: ReadonlyMap<UsageType, UnitPrice>;
  /** What the free tier takes off the month, below zero, by usage type; empty without executions. */
  readonly free: ReadonlyMap<UsageType, number>;
  /** Null when executions or a price are not known. */
  readonly monthlyCost: number | null;
  /** At list price, before the free tier; null when a price is not known. */
  readonly costPerExecution: number | null;
}

export interface UnitPrice {
  /** Averaged over the tiers that the account's month reaches; null = not known. */
  readonly paid: number | null;
  /** The list's first tier, discount included; null = not known. */
  readonly listed: number | null;
}

/** A figure in use: the key that declares it below the workflow in stepfare.yml, and its likely value. */
export interface PricedFigure {
  readonly key: string;
  readonly text: string;
  readonly basis: Basis;
  readonly unit: "count" | "share" | "ms" | "MB" | "KB";
  readonly value: number;
}

export interface PriceTerms {
  readonly region: string;
  readonly date: string | null;
  /** Null = not known. */
  readonly discountPercent: number | null;
}
