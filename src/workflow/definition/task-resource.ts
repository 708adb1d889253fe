/**
 * The parts of a Task's `Resource`: which service it calls, which action, and whether it waits.
 * Forms: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
 */
import type { TaskResource } from "../state-machine.ts";

/** `aws`, `aws-cn`, `aws-us-gov`, `aws-iso*`, `aws-eusc`, or a placeholder such as `${AWS::Partition}`. */
const ARN = /^arn:((?:aws(?:-[a-z]+)*)|\$\{[^{}]*\}):(.*)$/s;
const INTEGRATION = /^([A-Za-z0-9-]+):([A-Za-z0-9]+)(.*)$/s;
const SUFFIXES: ReadonlyMap<string, TaskResource["pattern"]> = new Map([
  ["", "REQUEST_RESPONSE"],
  [".sync", "RUN_JOB"],
  [".sync:2", "RUN_JOB"],
  [".waitForTaskToken", "WAIT_FOR_TASK_TOKEN"],
]);

/** As nearly all are written. */
const INTEGRATIONS = "arn:aws:states:::";

export function parseTaskResource(arn: string): TaskResource {
  if (arn.startsWith(INTEGRATIONS)) return parseIntegration(arn, arn.slice(INTEGRATIONS.length));
  const [, , rest] = ARN.exec(arn) ?? [];
  if (rest === undefined) return looksLikeLambda(arn) ? lambdaFunction(arn) : unknownResource(arn);
  const [service = "", region = "", account = "", ...tail] = splitArn(rest);
  if (service === "lambda") return lambdaFunction(arn);
  if (service === "states" && region === "" && account === "") return parseIntegration(arn, tail.join(":"));
  if (service === "states" && tail[0] === "activity") {
    return { ...unknownResource(arn), kind: "activity", service: "states", action: "activity" };
  }
  return unknownResource(arn);
}

/** Waits for a job, a token or an activity's worker: for work that nothing bounds but a timeout. */
export function waitsForWork({ pattern, kind }: Pick<TaskResource, "pattern" | "kind">): boolean {
  return pattern !== "REQUEST_RESPONSE" || kind === "activity";
}

/** Splits at colons outside placeholders: `${AWS::Region}` is one part. */
function splitArn(text: string): string[] {
  const parts = text.match(/(?:\$\{[^{}]*\}|[^:])*(?::|$)/g) ?? [];
  return parts.slice(0, text.endsWith(":") ? undefined : -1).map((part) => part.replace(/:$/, ""));
}

function parseIntegration(arn: string, name: string): TaskResource {
  const sdk = name.startsWith("aws-sdk:");
  const [, service, action, suffix] = INTEGRATION.exec(sdk ? name.slice("aws-sdk:".length) : name) ?? [];
  const pattern = suffix === undefined ? undefined : SUFFIXES.get(suffix);
  if (service === undefined || action === undefined || pattern === undefined) return unknownResource(arn);
  return {
    arn,
    kind: sdk ? "sdk" : "optimized",
    service: service.toLowerCase(),
    action,
    pattern,
    suffix: suffix ?? "",
  };
}

/** An unresolved resource whose name says that it is a function: `${ScoreFunctionArn}`, `${MyLambda}`. */
function looksLikeLambda(arn: string): boolean {
  return /^\$\{[^{}]*\}$/.test(arn.trim()) && /function|lambda/i.test(arn);
}

function lambdaFunction(arn: string): TaskResource {
  return { ...unknownResource(arn), kind: "lambda", service: "lambda", action: "invoke" };
}

function unknownResource(arn: string): TaskResource {
  return { arn, kind: "unknown", service: "", action: "", pattern: "REQUEST_RESPONSE", suffix: "" };
}
