/**
 * A synchronous child is the Express execution that a Task starts and waits for, acted out where its definition is
 * known. The call succeeds however the child ends: Status, Error and Cause tell.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
 */
import type { TaskState } from "../../workflow/state-machine.ts";
import { type JsonObject, type JsonValue, isJsonObject, ownValue } from "../../workflow/text/json-value.ts";
import { type ExecutionEnd, runExecution } from "../execution-run.ts";
import { openLog } from "../execution-log.ts";
import type { Execution, Visit } from "../execution-thread.ts";
import type { Flow } from "../flow.ts";
import { readJson, shownText } from "../data/json-text.ts";
import { formatTimestamp } from "../data/timestamp.ts";
import { countSyncChild } from "../map/child-executions.ts";
import type { TaskOutcome } from "./task-outcome.ts";

export function startsSyncChild({ resource }: TaskState): boolean {
  return resource.kind === "sdk" && resource.service === "sfn" && resource.action === "startSyncExecution";
}

/** Null when nothing is known of the machine that it starts. */
export function* runSyncChild(visit: Visit, given: JsonValue): Flow<TaskOutcome | null> {
  const parent = visit.thread.execution;
  const arn = isJsonObject(given) ? ownValue(given, "StateMachineArn") : undefined;
  const machine = typeof arn === "string" ? parent.machines.get(arn) : undefined;
  if (machine === undefined || typeof arn !== "string") return null;
  const written = isJsonObject(given) ? (ownValue(given, "Input") ?? {}) : {};
  // The API takes a string, which an object is turned into.
  const input = typeof written === "string" ? (readJson(written) ?? {}) : written;
  const startedAtMs = parent.startedAtMs + visit.thread.ms;
  const execution: Execution = {
    ...parent,
    type: "EXPRESS",
    log: openLog("EXPRESS"),
    context: contextOf(visit, { arn, input, startedAtMs }),
    startedAtMs,
    // Its states are told by name: their pointers are those of another definition.
    outcomes: { next: (state) => parent.outcomes.next({ ...state, pointer: "" }) },
  };
  const { timeoutSeconds } = machine.stateMachine;
  const end = yield* runExecution(execution, machine.scope, { input, timeoutSeconds });
  countSyncChild(parent.children, {
    succeeded: end.status === "SUCCEEDED",
    durationMs: end.durationMs,
    steps: execution.log.steps,
  });
  return { ...CALLED, durationMs: end.durationMs, output: responseOf(execution, end, { arn, input }) };
}

const CALLED = { failed: false, error: null, cause: null, heartbeatsMs: [] } as const;

interface Started {
  readonly arn: string;
  readonly input: JsonValue;
}

function contextOf(
  { thread, compiled }: Visit,
  { arn, input, startedAtMs }: Started & { readonly startedAtMs: number },
): JsonObject {
  const parent = (thread.execution.context["Execution"] ?? {}) as JsonObject;
  const id = `${shownText(parent["Id"] ?? "")}:express:${compiled.state.name}:${startedAtMs}`;
  return {
    Execution: {
      Id: id,
      Name: id.slice(id.lastIndexOf(":") + 1),
      RoleArn: `${arn}:role`,
      StartTime: formatTimestamp(startedAtMs),
      RedriveCount: 0,
      Input: input,
    },
    StateMachine: { Id: arn, Name: arn.slice(arn.lastIndexOf(":") + 1) },
  };
}

function responseOf(
  { context, startedAtMs }: Execution,
  end: ExecutionEnd,
  { arn, input }: Started,
): JsonObject {
  const { Id = "", Name = "" } = context["Execution"] as JsonObject;
  const { failure, status } = end;
  return {
    ExecutionArn: Id,
    StateMachineArn: arn,
    Name,
    StartDate: formatTimestamp(startedAtMs),
    StopDate: formatTimestamp(startedAtMs + end.durationMs),
    Status: status,
    ...(failure?.error == null ? {} : { Error: failure.error }),
    ...(failure?.cause == null ? {} : { Cause: failure.cause }),
    Input: JSON.stringify(input),
    InputDetails: { Included: true },
    ...(status === "SUCCEEDED"
      ? { Output: JSON.stringify(end.output), OutputDetails: { Included: true } }
      : {}),
  };
}
