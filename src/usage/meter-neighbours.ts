/**
 * Metering the neighbours says what the services that a workflow calls or writes to bill for one execution. Only
 * what the definition shows and the workload knows: what is missing is named, never taken as nothing.
 */
import { type ExecutionProfile, type ProfiledState, failedShare } from "../graph/execution-profile.ts";
import { LOG_EVENT_BYTES } from "../workflow/default-figures.ts";
import { type JsonObject, isJsonObject, ownValue } from "../workflow/text/json-value.ts";
import type { MapState, TaskResource, TaskState, WorkflowType } from "../workflow/state-machine.ts";
import { type LogLevel, type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import { gbSeconds } from "./express-billing.ts";
import type { UsageLine } from "./usage-line.ts";
import type { UsageType } from "./usage-line.ts";

export interface Neighbours {
  readonly lines: readonly UsageLine[];
  /** Lambda Tasks whose memory or duration nobody told: their GB-seconds are not in the lines. */
  readonly unknownLambdas: readonly string[];
}

export interface Neighbourhood {
  readonly profile: ExecutionProfile;
  readonly workload: Workload;
  readonly payloadKB: number;
}

/** Logs and traces apart: what the Tasks call is the same for either type. */
export function meterCalls({ profile, workload, payloadKB }: Neighbourhood): Neighbours {
  const unknownLambdas: string[] = [];
  const lines = profile.states.flatMap((profiled): readonly UsageLine[] => {
    const { state } = profiled;
    if (state.type === "Map") return storageLines(state, profiled, profile);
    if (state.type !== "Task") return [];
    const calls = profiled.visits + profiled.retries;
    if (calls === 0) return [];
    if (!callsLambda(state.resource)) return serviceLine(state, calls, payloadKB);
    const duration = lambdaSeconds(state, calls, workload);
    if (duration.length === 0) unknownLambdas.push(state.name);
    return [lineOf("Lambda-Request", state, "requests", calls), ...duration];
  });
  return { lines, unknownLambdas };
}

export function callsLambda({ service, action }: TaskResource): boolean {
  return service === "lambda" && action === "invoke";
}

function lineOf(
  usageType: CallUsage,
  { name }: { name: string },
  unit: UsageLine["unit"],
  quantity: number,
): UsageLine {
  return { usageType, state: name, text: `${TEXTS[usageType]} of ${name}`, quantity, unit };
}

const TEXTS = {
  "Lambda-Request": "Lambda requests",
  "Lambda-GB-Second": "Lambda duration",
  "Lambda-GB-Second-ARM": "Lambda duration (arm64)",
  "SQS-Request": "SQS requests",
  "SQS-FIFO-Request": "SQS FIFO requests",
  "SNS-Publish": "SNS publishes",
  "DynamoDB-Read": "DynamoDB reads",
  "DynamoDB-Write": "DynamoDB writes",
  "EventBridge-Event": "EventBridge events",
  "S3-Get": "S3 reads",
  "S3-Put": "S3 writes or lists",
} as const satisfies Partial<Record<UsageType, string>>;

type CallUsage = keyof typeof TEXTS;

/** Empty when memory or duration is not known. https://aws.amazon.com/lambda/pricing/ */
function lambdaSeconds(state: TaskState, calls: number, workload: Workload): readonly UsageLine[] {
  const { lambda, duration } = workloadOfState(workload, state);
  if (lambda?.memoryMB == null || duration === null) return [];
  const usageType = lambda.architecture === "arm64" ? "Lambda-GB-Second-ARM" : "Lambda-GB-Second";
  return [
    lineOf(usageType, state, "GB-seconds", calls * gbSeconds(duration.ms.value, lambda.memoryMB.value)),
  ];
}

const DYNAMO_READS: ReadonlySet<string> = new Set(["getitem"]);
const DYNAMO_WRITES: ReadonlySet<string> = new Set(["putitem", "updateitem", "deleteitem"]);

/** Calls whose number of billed units follows from the call itself; others (queries, batches) stay out. */
function serviceLine(state: TaskState, calls: number, payloadKB: number): readonly UsageLine[] {
  const { service, action } = state.resource;
  const name = action.toLowerCase();
  const line = (usageType: CallUsage, units = 1): readonly UsageLine[] => [
    lineOf(usageType, state, "requests", calls * units),
  ];
  // 4 KB a read unit, half of it when eventually consistent; 1 KB a write unit. https://aws.amazon.com/dynamodb/pricing/on-demand/
  if (service === "dynamodb" && DYNAMO_READS.has(name))
    return line("DynamoDB-Read", Math.max(1, Math.ceil(payloadKB / 4)) / 2);
  if (service === "dynamodb" && DYNAMO_WRITES.has(name))
    return line("DynamoDB-Write", Math.max(1, Math.ceil(payloadKB)));
  // 64 KB a request. https://aws.amazon.com/sqs/pricing/
  if (service === "sqs" && name === "sendmessage")
    return line(isFifo(state) ? "SQS-FIFO-Request" : "SQS-Request", Math.max(1, Math.ceil(payloadKB / 64)));
  if (service === "sns" && name === "publish")
    return line("SNS-Publish", Math.max(1, Math.ceil(payloadKB / 64)));
  if ((service === "events" || service === "eventbridge") && name === "putevents")
    return line("EventBridge-Event", entriesOf(state));
  if (service === "s3" && (name === "getobject" || name === "headobject")) return line("S3-Get");
  if (service === "s3" && (name === "putobject" || name === "copyobject" || name.startsWith("listobjects")))
    return line("S3-Put");
  return [];
}

function argumentsOf(state: TaskState): JsonObject {
  const value = ownValue(state.fields, "Arguments") ?? ownValue(state.fields, "Parameters");
  return isJsonObject(value) ? value : {};
}

function isFifo(state: TaskState): boolean {
  const url = ownValue(argumentsOf(state), "QueueUrl");
  return typeof url === "string" && url.endsWith(".fifo");
}

function entriesOf(state: TaskState): number {
  const entries = ownValue(argumentsOf(state), "Entries");
  return Array.isArray(entries) ? Math.max(1, entries.length) : 1;
}

/** A listing takes a LIST request per 1,000 keys, a file one GET; results end in a manifest. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html */
function storageLines(
  map: MapState,
  { visits, retries }: ProfiledState,
  { children }: ExecutionProfile,
): readonly UsageLine[] {
  const runs = visits + retries;
  if (runs === 0) return [];
  const lists = map.itemReader?.includes("listObjects") === true;
  const items = children.find(({ state }) => state === map)?.items ?? 0;
  const requests = lists ? runs * Math.max(1, Math.ceil(items / KEYS_PER_LIST)) : runs;
  const reads =
    map.itemReader === null ? [] : [lineOf(lists ? "S3-Put" : "S3-Get", map, "requests", requests)];
  const writes =
    map.resultWriter === null
      ? []
      : [lineOf("S3-Put", { name: `the results of ${map.name}` }, "requests", runs)];
  return [...reads, ...writes];
}

const KEYS_PER_LIST = 1000;

export interface Logging {
  readonly level: LogLevel;
  readonly executionData: boolean;
}

/**
 * Logging as declared; where nobody says, a Standard workflow keeps its history and logs nothing, and an Express
 * workflow, which has no other record, logs its errors.
 */
export function loggingOf(type: WorkflowType, workload: Workload): Logging {
  const declared = workload.logLevel;
  return {
    level: declared ?? (type === "EXPRESS" ? "ERROR" : "OFF"),
    executionData: workload.logExecutionData ?? false,
  };
}

/** Logs taken in per execution, GB of 10^9 bytes; level ALL writes every history event. https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
export function meterLogs(logging: Logging, { profile, payloadKB }: Neighbourhood): readonly UsageLine[] {
  const events = loggedEvents(logging.level, profile);
  return events === 0 ? [] : [logLine(events, logging, payloadKB)];
}

export function logLine(events: number, logging: Logging, payloadKB: number): UsageLine {
  const { level, executionData } = logging;
  return {
    usageType: "Logs-Ingest-GB",
    state: null,
    text: `CloudWatch Logs at level ${level}${executionData ? " with execution data" : ""}`,
    quantity: loggedGB(events, logging, payloadKB),
    unit: "GB",
  };
}

/** GB of 10^9 bytes that so many events take in. */
export function loggedGB(events: number, { executionData }: Logging, payloadKB: number): number {
  const payload = executionData ? payloadKB * 1000 * DATA_SHARE : 0;
  return (events * (LOG_EVENT_BYTES.value + payload)) / 1e9;
}

/** Of a Task's five events four carry its data. */
const DATA_SHARE = 0.8;

/** Which events at which level: https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html */
function loggedEvents(level: LogLevel, profile: ExecutionProfile): number {
  if (level === "OFF") return 0;
  // Each execution has a start and an end of its own, a Distributed Map's children too.
  const executions = 1 + profile.children.reduce((sum, { count }) => sum + count, 0);
  if (level === "ALL")
    return profile.states.reduce((sum, { historyEvents }) => sum + historyEvents, 2 * executions);
  // Each execution that fails says so at both levels; what failed inside of it, only at ERROR.
  const failed =
    failedShare(profile.run.outcomes) + profile.children.reduce((sum, child) => sum + child.failed, 0);
  return level === "FATAL"
    ? failed
    : profile.states.reduce((sum, { errorEvents }) => sum + errorEvents, failed);
}

/** One trace per execution: an upper bound, X-Ray samples. https://aws.amazon.com/xray/pricing/ */
export function meterTraces(workload: Workload, executions = 1): readonly UsageLine[] {
  const text = "X-Ray traces, at most";
  return workload.tracing === true
    ? [{ usageType: "XRay-Trace", state: null, text, quantity: executions, unit: "traces" }]
    : [];
}
