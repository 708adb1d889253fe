/** A usage line is one metered quantity: so many units of a usage type, because of one state or of the execution itself. */
import type { UsageType } from "./usage-type.ts";

export interface UsageLine {
  readonly usageType: UsageType;
  /** Null: the execution's own start or end, or the workflow as a whole. */
  readonly state: string | null;
  /** What it is, for people: "start of each execution", "retries of Charge". */
  readonly text: string;
  /** Per execution; the month's quantity is this times its executions. */
  readonly quantity: number;
  readonly unit: Unit;
}

export type Unit = "transitions" | "requests" | "GB-seconds" | "GB" | "traces" | "events" | "units";

/** How an execution's own start and end count; public sources differ, see docs/how-it-counts.md. */
export type TransitionRule = "entered" | "start+entered" | "start+entered+end";

/** Transitions that the rule adds to the states' own. */
export const RULE_TRANSITIONS: Readonly<
  Record<TransitionRule, { readonly start: number; readonly end: number }>
> = {
  entered: { start: 0, end: 0 },
  "start+entered": { start: 1, end: 0 },
  "start+entered+end": { start: 1, end: 1 },
};
