/** A waiting caller is a Task of another workflow that starts this one and waits for its end: how it does so takes one type alone. */
import type { Place } from "../diagnostic.ts";

export interface WaitingCaller {
  readonly workflow: string;
  readonly state: string;
  /** Null where its definition stands in no file. */
  readonly at: Place | null;
  /**
   * `startExecution.sync` waits for Standard workflows, `startSyncExecution` for Express ones.
   * https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
   * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
   */
  readonly waitsBy: "startExecution.sync" | "startSyncExecution";
}

/** `Call child of parent (parent.asl.json:5)`. */
export function callerWords({ workflow, state, at }: WaitingCaller): string {
  return `${state} of ${workflow}${at === null ? "" : ` (${at.file}:${at.line})`}`;
}
