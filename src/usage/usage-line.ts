/** A usage line is one metered quantity: so many units of a usage type, because of one state or of the execution itself. */

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

/** Each usage type stepfare meters, in the price list's own units. */
export type UsageType = WorkflowUsageType | NeighbourUsageType;

/** Billed by Step Functions itself. */
export type WorkflowUsageType = "StateTransition" | "StepFunctions-Request" | "StepFunctions-GB-Second";

/** Billed by the services a workflow calls or writes to. */
export type NeighbourUsageType =
  | "Lambda-Request"
  | "Lambda-GB-Second"
  | "Lambda-GB-Second-ARM"
  | "Logs-Ingest-GB"
  | "XRay-Trace"
  | "S3-Put"
  | "S3-Get"
  | "SQS-Request"
  | "SQS-FIFO-Request"
  | "SNS-Publish"
  | "DynamoDB-Read"
  | "DynamoDB-Write"
  | "EventBridge-Event";
