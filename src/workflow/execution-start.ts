/** An execution start is a Task that starts another workflow: which one, and whether it waits for its end. */
import type { TaskState } from "./state-machine.ts";
import { isJsonObject, ownValue } from "./text/json-value.ts";

/** By the optimized integration or by the SDK's, synchronously or not. */
export function startsExecution({ resource: { service, action } }: Pick<TaskState, "resource">): boolean {
  return (service === "states" || service === "sfn") && /^start(sync)?execution$/i.test(action);
}

/** One synchronous request that is answered when the execution has ended, whose `Status` tells how. */
export function startsSynchronously({ resource: { action } }: Pick<TaskState, "resource">): boolean {
  return /^startsyncexecution$/i.test(action);
}

/** Null where it does not wait, or starts nothing. */
export function waitsBy(task: TaskState): "startExecution.sync" | "startSyncExecution" | null {
  if (!startsExecution(task)) return null;
  if (startsSynchronously(task)) return "startSyncExecution";
  return task.resource.pattern === "RUN_JOB" ? "startExecution.sync" : null;
}

/** The StateMachineArn that it names, "" where none is written; null for other Tasks. */
export function startTarget(task: TaskState): string | null {
  if (!startsExecution(task)) return null;
  const parameters = ownValue(task.fields, "Arguments") ?? ownValue(task.fields, "Parameters");
  if (!isJsonObject(parameters)) return "";
  const arn = ownValue(parameters, "StateMachineArn") ?? ownValue(parameters, "StateMachineArn.$");
  return typeof arn === "string" ? arn : "";
}
