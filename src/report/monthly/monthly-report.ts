/** The monthly report is what ran in the months of some accounts, what it cost, and what to look at first: plain data, its field names a promise. */
import type { Diagnostic } from "../../diagnostic.ts";
import type { Why } from "../../recommendation/type-choice.ts";
import type { TransitionRule, UsageType } from "../../usage/usage-line.ts";
import type { WorkflowType } from "../../workflow/state-machine.ts";
import type { ReconciliationReport } from "../reconcile/reconciliation-report.ts";
import type { PolicyVerdict } from "../policy-verdict.ts";

/**
 * Money is in `currency`; null is "not known", never 0. "The month" is the newest one given; `monthlyCost` is always a
 * whole month's: of a month that is not over, at its rate so far, as `analyze` has it.
 */
export interface MonthlyReport {
  readonly schemaVersion: "1";
  readonly kind: "fleet-report";
  /** `2026-10`. */
  readonly month: string;
  readonly period: ReportPeriod;
  readonly currency: string;
  readonly priceListDate: string | null;
  /** Percent off the list price that all money has in it. */
  readonly discountPercent: number;
  readonly transitionRule: TransitionRule;
  /** Accounts and regions of the month, sorted. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly totals: MonthTotals;
  /** Against the month before; null when it is not given. */
  readonly change: MonthChange | null;
  /** Null when the month is over. */
  readonly forecast: CostForecast | null;
  /** Every month given, the oldest first; the last one is the report's. */
  readonly months: readonly MonthSummary[];
  /** Dearest first in each. */
  readonly groups: {
    readonly account: readonly CostGroup[];
    readonly region: readonly CostGroup[];
    readonly type: readonly CostGroup[];
    readonly tags: readonly TagGroups[];
  };
  /** Machines of the month, dearest first. */
  readonly machines: readonly MachineReport[];
  /** Machines whose cost changed most, up or down, against the month before; the largest change first. */
  readonly movers: readonly Mover[];
  readonly anomalies: readonly Anomaly[];
  /**
   * Machines of which at least 1 % of the executions failed or timed out, were aborted or throttled, or whose failures
   * cost at least 0.1 % of the month; those whose failures cost most first.
   */
  readonly troubled: readonly TroubledMachine[];
  /** Neighbouring services, in none of the sums but `withDownstream`; dearest first. */
  readonly neighbours: readonly NeighbourCost[];
  readonly sharing: AccountSharing;
  /** Machines of the month that are in no sum, because their definition could not be read. */
  readonly unread: readonly UnreadMachine[];
  /** The month's bill beside it; null when none is given. */
  readonly reconciliation: ReconciliationReport | null;
  readonly verdict: PolicyVerdict;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReportPeriod {
  /** ISO 8601, UTC; `until` is the first instant after it. */
  readonly from: string;
  readonly until: string;
  /** The month was not over when it was collected, or only some of its days were. */
  readonly partial: boolean;
  /** Days read, in parts of a day, and days of the month. */
  readonly days: number;
  readonly daysInMonth: number;
}

/** As `analyze fleet.json` gives them. */
export interface MonthTotals {
  readonly monthlyCost: number | null;
  /** With every change of type that is recommended taken together, as is the saving: not the sum of the machines' own. */
  readonly recommendedMonthlyCost: number | null;
  /** What the logs and traces that differ by type cost is in it. */
  readonly saving: number | null;
  readonly withDownstream: number | null;
  /** Machines whose cost is not known, and so in none of the sums. */
  readonly unknown: number;
  readonly executions: number;
  readonly transitions: number;
  readonly requests: number;
  readonly gbSeconds: number;
  /** Machines that are in the sums by what their cost rests on. */
  readonly bases: Readonly<Record<CostBasisKind, number>>;
}

/**
 * counted: CloudWatch counted all that is billed. sampled: it counted executions, a sample tells what each uses.
 * expected: it counted executions, the definition tells what each uses. unknown: not even executions.
 */
export type CostBasisKind = "counted" | "sampled" | "expected" | "unknown";

export interface MonthSummary extends MonthTotals {
  readonly month: string;
  readonly period: ReportPeriod;
  /** The fleet files it comes from. */
  readonly files: readonly string[];
  readonly machines: number;
  /** What the days read have cost; null when the month is over. */
  readonly costSoFar: number | null;
}

/** Of the machines whose months compare: those of `leftOut` are on neither side. */
export interface MonthChange {
  readonly month: string;
  readonly before: number;
  readonly after: number;
  readonly difference: number;
  /** Sums over one execution of each machine, as `diff` has them. */
  readonly perMillion: { readonly before: number; readonly after: number };
  readonly transitions: { readonly before: number; readonly after: number };
  /** Adds up to the difference over all machines; the largest first. */
  readonly because: readonly ChangeReason[];
  /** The dearest first. */
  readonly leftOut: readonly LeftOutMachine[];
}

/** A machine and what it cost in the two months that are compared; null = not there, or not known. */
export interface MachineSides {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** A machine whose cost is known in one of the two months only, though it may have cost something in both. */
export interface LeftOutMachine extends MachineSides {
  readonly cause:
    | "not-collected"
    /** Its definition could not be read in the other month. */
    | "unread"
    /** Its executions, or a price, are not known in the other month. */
    | "not-known";
  readonly text: string;
}

export interface ChangeReason {
  readonly cause:
    | "executions"
    /** Transitions, requests or GB-seconds of one execution. */
    | "per-execution"
    | "duration"
    | "memory"
    | "type"
    | "prices"
    | "tier"
    | "free-tier"
    /** Counted where none started in the month: executions of the months before. */
    | "carried"
    | "added"
    | "removed"
    | "other";
  readonly text: string;
  readonly cost: number;
}

export interface Mover extends MachineSides {
  readonly difference: number;
  /** Adds up to the difference. */
  readonly because: readonly ChangeReason[];
}

/** Of the whole month, from the days read. */
export interface CostForecast {
  readonly monthlyCost: number;
  readonly low: number;
  readonly high: number;
  /** Share of such forecasts that the interval is made to hold. */
  readonly coverage: number;
  readonly costSoFar: number;
  /** Whole days it rests on, and days left. */
  readonly daysRead: number;
  readonly daysLeft: number;
  /** How it is made, for people. */
  readonly method: string;
}

export interface CostGroup {
  readonly key: string;
  readonly machines: number;
  readonly executions: number;
  readonly monthlyCost: number;
  /** Of the month's total, 0 to 1; null when that is 0. */
  readonly share: number | null;
  /** With the changes of type of its machines taken together, and of no others. */
  readonly saving: number;
  /** The month before, of machines whose months compare, as is the difference; null when it is not given. */
  readonly before: number | null;
  readonly difference: number | null;
}

/** Groups by the values of one tag; machines without it are those of key null. */
export interface TagGroups {
  readonly tag: string;
  readonly groups: readonly (Omit<CostGroup, "key"> & { readonly key: string | null })[];
}

export interface MachineReport {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly type: WorkflowType;
  /** Null when they could not be read. */
  readonly tags: readonly { readonly key: string; readonly value: string }[] | null;
  readonly basis: CostBasisKind;
  /** Of the whole month, as are the quantities. */
  readonly executions: number | null;
  readonly transitions: number | null;
  readonly requests: number | null;
  readonly gbSeconds: number | null;
  readonly monthlyCost: number | null;
  /** At list price, before the free tier. */
  readonly costPerMillion: number | null;
  readonly transitionsPerExecution: number;
  readonly recommendation: MachineRecommendation;
  readonly downstreamMonthlyCost: number | null;
  readonly durationMs: {
    readonly mean: number;
    readonly p50: number | null;
    readonly p99: number | null;
  } | null;
  /** Its monthly cost in each of `months`; null where it was not there, or its cost is not known. */
  readonly costs: readonly (number | null)[];
  /** Against the month before; null when either is not known. */
  readonly difference: number | null;
  /** The month before; null when it was not there, or could not be read. */
  readonly before: MachineFigures | null;
}

/** What budgets are held against. */
export interface MachineFigures {
  readonly monthlyCost: number | null;
  readonly costPerMillion: number | null;
  readonly transitionsPerExecution: number;
}

export interface MachineRecommendation {
  readonly type: WorkflowType;
  readonly why: Why;
  /** What the month costs as the recommended type. */
  readonly monthlyCost: number | null;
  /** Against the type it has, records such as logs included; 0 when it stays. Null = not known. */
  readonly saving: number | null;
  /** Why AWS would reject it as Express; null when it would not. */
  readonly blocker: string | null;
  /** What a switch to Express must weigh. */
  readonly cautions: readonly string[];
}

export interface Anomaly {
  readonly kind: "starts-high" | "starts-low" | "failures";
  readonly arn: string;
  readonly name: string;
  /** `2026-10-17`; null = the month as a whole. */
  readonly day: string | null;
  readonly observed: number;
  readonly expected: number;
  /** Robust z: distance from the median in scaled median absolute deviations. */
  readonly score: number;
  /** What the difference cost; null when the cost of an execution is not known. */
  readonly cost: number | null;
  readonly text: string;
}

export interface TroubledMachine {
  readonly arn: string;
  readonly name: string;
  readonly started: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly aborted: number;
  readonly throttled: number;
  /** Failed and timed out, of those that ended; null when none ended. */
  readonly failedShare: number | null;
  /** What executions that failed or timed out cost, in proportion; null when not known. */
  readonly cost: number | null;
}

export interface NeighbourCost {
  readonly usageType: UsageType;
  readonly unit: string;
  readonly quantity: number;
  readonly cost: number | null;
}

/** Free units and volume tiers belong to an account; under consolidated billing the payer's accounts share them. */
export interface AccountSharing {
  readonly assumption: string;
  readonly free: readonly {
    readonly account: string;
    readonly used: number;
    readonly free: number;
    /** What the free tier took off. */
    readonly worth: number;
  }[];
  /** The month's total if all accounts were one payer's; null when not known or there is one account only. */
  readonly consolidatedMonthlyCost: number | null;
}

export interface UnreadMachine {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly type: WorkflowType;
  readonly why: string;
  readonly executions: number | null;
  /** Of what CloudWatch counted, at list price, in no sum; null when it did not. */
  readonly countedCost: number | null;
}
