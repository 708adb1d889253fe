/** A reconciliation is what AWS billed for Step Functions, beside what CloudWatch counted and what the definitions let expect, with the gap explained. */
import type { Diagnostic } from "../../diagnostic.ts";
import type { TransitionRule } from "../../usage/usage-line.ts";
import type { BillSource } from "../../usage/billed-usage.ts";

/** Money is in `currency`; null is "not known", never 0. */
export interface ReconciliationReport {
  readonly schemaVersion: "1";
  readonly kind: "reconciliation";
  /** `2026-10`. */
  readonly month: string;
  readonly currency: string;
  /** The rule that expectations are made with. */
  readonly transitionRule: TransitionRule;
  /** Machines where the bill names them, else accounts and regions. */
  readonly per: "machine" | "account and region";
  readonly sources: readonly BillSource[];
  readonly totals: ReconciledCosts;
  /** The largest gap first. */
  readonly items: readonly ReconciledItem[];
  readonly startRule: StartRuleEvidence;
  /** Rows of the bill that are no usage, by what they are; they are in `billed`. */
  readonly charges: readonly { readonly lineType: string; readonly cost: number; readonly rows: number }[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReconciledCosts {
  /** Of all rows, credits, refunds and taxes included. Null when the bill's currency is not the price list's. */
  readonly billed: number | null;
  readonly measured: number | null;
  readonly predicted: number | null;
  /** Billed less predicted. */
  readonly gap: number | null;
}

export interface ReconciledItem extends ReconciledCosts {
  readonly account: string;
  readonly region: string;
  /** Null for an account and region as a whole. */
  readonly machine: string | null;
  readonly arn: string | null;
  readonly quantities: Readonly<Record<"transitions" | "requests" | "gbSeconds", ReconciledQuantity>>;
  /** Adds up to the gap. */
  readonly because: readonly GapReason[];
}

export interface ReconciledQuantity {
  /** Free units included. */
  readonly billed: number;
  readonly measured: number | null;
  readonly predicted: number | null;
}

export interface GapReason {
  readonly cause:
    | "start-rule"
    /** Billed, but not in the fleet. */
    | "missing-machine"
    /** Billed and in the fleet, but its definition could not be read. */
    | "unread-machine"
    /** In the fleet, but not in the bill. */
    | "missing-from-bill"
    /** In the fleet, but CloudWatch said nothing of it. */
    | "missing-from-cloudwatch"
    /** AWS counted other quantities than the definition lets expect. */
    | "expectation"
    /** AWS billed other quantities than it counted: executions at the month's edges, or not counted at all. */
    | "counting"
    /** The price changed within the month. */
    | "price-change"
    | "price"
    | "free-tier"
    | "credit"
    | "refund"
    | "tax"
    | "discount"
    | "other-charge"
    | "rest";
  readonly text: string;
  readonly cost: number;
}

export interface StartRuleEvidence {
  readonly used: TransitionRule;
  /** The rule that the figures speak for; null when they do not decide. */
  readonly supported: TransitionRule | null;
  readonly votes: readonly RuleVote[];
  readonly text: string;
}

export interface RuleVote {
  readonly from: "bill" | "CloudWatch";
  /** Executions of the machines, or places, whose transitions fit each rule, and of those that fit none. */
  readonly executions: Readonly<Record<TransitionRule | "none", number>>;
}
