/** Default figures stand where nobody has declared, observed or inferred anything; all of them are here. */
import type { Figure } from "./figure.ts";

function defaultFigure(value: number, low: number, high: number, note: string): Figure {
  return { value, low, high, basis: "default", note };
}

/** One attempt of a Task that answers at once (Lambda, DynamoDB, an API), ms. */
export const TASK_DURATION_MS = defaultFigure(500, 50, 30_000, "no duration declared");

/** One attempt of a Task that waits for a job, a callback or an activity worker, ms. */
export const JOB_DURATION_MS = defaultFigure(60_000, 1_000, 86_400_000, "no duration declared");

/** A Wait whose time is computed when it runs, ms. */
export const WAIT_DURATION_MS = defaultFigure(
  60_000,
  1_000,
  86_400_000,
  "computed at run time, no duration declared",
);

/** Items of an inline Map. */
export const INLINE_ITEMS = defaultFigure(10, 1, 100, "no items declared");

/** Items of a Distributed Map. */
export const DISTRIBUTED_ITEMS = defaultFigure(1_000, 10, 100_000, "no items declared");

/** One item of a Map, KB of 1,000 bytes, where it decides how many make a batch. */
export const ITEM_KB = defaultFigure(1, 0.1, 10, "no item size declared");

/** Items of a batch whose limits are computed when it runs. */
export const BATCH_ITEMS = defaultFigure(10, 1, 100, "computed at run time, no batchItems declared");

/** Data that flows between states, KB of 1,000 bytes. */
export const PAYLOAD_KB = defaultFigure(2, 0.2, 50, "no payload size declared");

/** Bytes that CloudWatch Logs takes in for one history event, its payload apart. */
export const LOG_EVENT_BYTES = defaultFigure(500, 300, 1_000, "typical size of a logged event");

/** Memory of a Lambda function nobody has described, MB (AWS's own default). */
export const LAMBDA_MEMORY_MB = defaultFigure(128, 128, 1_024, "no memory declared; 128 MB is AWS's default");

/** An undeclared branch has the share its rules would have if all were alike; its range is a fifth of its odds either way. */
export function defaultShare(share: number): Figure {
  return defaultFigure(share, share / 5, 1 - (1 - share) / 5, "no share declared: all rules alike");
}
