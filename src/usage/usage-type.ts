/** A usage type is what AWS meters and prices apart. */

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
