/** A task's effect is what its call does to the world, as far as its name, its resource and its arguments show. */
import { keptIn } from "../once.ts";
import { isJsonObject, ownValue } from "../workflow/text/json-value.ts";
import type { JsonObject } from "../workflow/text/json-value.ts";
import type { TaskState } from "../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../workflow/workload/workload.ts";

/** Verbs of calls that change nothing, so that running them twice does no harm. */
const READS =
  /^(get|batchget|list|describe|query|scan|head|search|select|lookup|detect|check|validate|test|transactget)/i;
const KEYED =
  /Execution\.(Name|Id)|ClientRequestToken|ClientToken|[Ii]dempoten|MessageDeduplicationId|attribute_not_exists|States\.Hash|\$hash/;

export type Repeatability = "harmless" | "harmful" | "unknown";

/** What comes of running it twice. */
export function repeatabilityOf(task: TaskState, workload: Workload): Repeatability {
  const { idempotent } = workloadOfState(workload, task);
  if (idempotent !== null) return idempotent ? "harmless" : "harmful";
  if (readsOnly(task) || carriesKey(task) || writesTheSame(task)) return "harmless";
  return "unknown";
}

export function readsOnly({ resource }: TaskState): boolean {
  return READS.test(resource.action);
}

/** Calls that put or remove one thing under a name: a second one leaves what the first left. */
const NAMED_WRITES = /^(dynamodb:(put|delete)item|s3:(put|delete|copy)object)$/i;
/** What is another each time. */
const CHANGING =
  /States\.(UUID|MathRandom)|\$(uuid|random|now|millis)\(|EnteredTime|StartTime|attribute_exists|RetryCount/;

function writesTheSame({ resource, fields }: TaskState): boolean {
  return (
    NAMED_WRITES.test(`${resource.service}:${resource.action}`) && !CHANGING.test(JSON.stringify(fields))
  );
}

/** Several rules ask it of the same Task. */
const carryingKey = new WeakMap<TaskState, boolean>();

/** Whether an idempotency key goes with the call, such as the execution's name. */
function carriesKey(task: TaskState): boolean {
  return keptIn(carryingKey, task, () => KEYED.test(JSON.stringify(task.fields)));
}

export function argumentsOf({ fields }: TaskState): JsonObject {
  const value = ownValue(fields, "Arguments") ?? ownValue(fields, "Parameters");
  return isJsonObject(value) ? value : {};
}

/** What it calls, in words that can be taken apart: the function's own name, or the action. */
export function calleeOf(task: TaskState): string {
  const { resource } = task;
  if (resource.kind === "lambda") return lastPart(resource.arn);
  const name = ownValue(argumentsOf(task), "FunctionName") ?? ownValue(argumentsOf(task), "FunctionName.$");
  if (resource.service === "lambda") return typeof name === "string" ? lastPart(name) : "";
  return resource.action;
}

/** The name in an ARN or a placeholder, its version or alias left out. */
function lastPart(name: string): string {
  const inner = /\$\{([^{}]*)\}/.exec(name)?.[1];
  if (inner !== undefined) return inner.replace(/\.?(Arn|arn|invoke_arn|qualified_arn)$/, "");
  const parts = name.split(":");
  const at = parts.indexOf("function");
  return at >= 0 ? (parts[at + 1] ?? "") : (parts[0] ?? "");
}

/** Words of a name in camel case, snake case, kebab case or plain text, in lower case. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])(?=[A-Z][a-z])/g, "$1 ")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

const STORES = new Set([
  "sqs",
  "sns",
  "events",
  "eventbridge",
  "dynamodb",
  "s3",
  "sesv2",
  "ses",
  "cloudwatch",
  "states",
  "sfn",
  "http",
  "ssm-incidents",
  "ssmincidents",
]);
const TELLING =
  /notif|alert|alarm|help|escalat|dead.?letter|dlq|manual|report|incident|page|log|record|ticket|slack|mail/i;

/** Whether it leaves word with somebody: a message, a record, an alarm. */
export function tells(task: TaskState): boolean {
  if (STORES.has(task.resource.service)) return true;
  return TELLING.test(task.name) || TELLING.test(calleeOf(task));
}

const ASKING =
  /^(ask|check|get|describe|list|poll|query|fetch|read|lookup|look|find|is|are|has|have|verify)$/;
const SENDING = /^(notif|remind|send|e?mail|sms|publish|alert|warn|escalat|nudge)/;
const DOING = /^(start|create|process|submit|update|delete|configure|upload|put|write|copy|run|load|save)/;

/** Whether the call only asks something, and does nothing that is wanted each time; null when its name does not say. */
export function asksOnly(task: TaskState): boolean | null {
  const { resource } = task;
  if (resource.service === "http" || resource.service === "apigateway") {
    const method = ownValue(argumentsOf(task), "Method");
    return typeof method === "string" ? method === "GET" : null;
  }
  if (resource.service !== "lambda" && (resource.kind === "sdk" || resource.kind === "optimized"))
    return readsOnly(task);
  const names = [calleeOf(task), task.name].map(wordsOf);
  if (names.some(([verb = ""]) => ASKING.test(verb))) return true;
  const words = names.flat();
  if (words.some((word) => SENDING.test(word))) return false;
  if (words.includes("status")) return true;
  return words.some((word) => DOING.test(word)) ? false : null;
}
