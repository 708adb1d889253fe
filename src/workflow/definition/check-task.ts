/** Checks what a Task calls, and with which role. */
import { didYouMean } from "../did-you-mean.ts";
import type { Reading } from "./field-reader.ts";
import { checkFieldNames, isJsonata, readObject, reportAt, shown } from "./field-reader.ts";
import { ownValue } from "../text/json-value.ts";
import { hasPlaceholder } from "./placeholder.ts";
import { CREDENTIALS_FIELDS } from "./state-fields.ts";
import type { TaskResource } from "../state-machine.ts";

/** Services whose optimized actions are few and settled: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html */
const OPTIMIZED_ACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["batch", ["submitJob"]],
  ["databrew", ["startJobRun"]],
  ["dynamodb", ["getItem", "putItem", "updateItem", "deleteItem"]],
  ["ecs", ["runTask"]],
  ["events", ["putEvents"]],
  ["glue", ["startJobRun"]],
  ["http", ["invoke"]],
  ["lambda", ["invoke"]],
  ["mediaconvert", ["createJob"]],
  ["sns", ["publish"]],
  ["sqs", ["sendMessage"]],
  ["states", ["startExecution"]],
]);

export function checkTaskResource(reading: Reading, resource: TaskResource): void {
  const { arn, kind, service, action } = resource;
  const actions = OPTIMIZED_ACTIONS.get(service);
  if (kind === "optimized" && actions !== undefined && !actions.includes(action)) {
    const message = `${service}:${action} is no optimized integration of Step Functions.`;
    const hint =
      didYouMean(action, actions) ?? `Call the API itself: arn:aws:states:::aws-sdk:${service}:${action}.`;
    reportAt(reading, "Resource", ["unknown-integration", message], hint);
  }
  if (kind === "sdk" && resource.pattern === "RUN_JOB") {
    const message = `AWS SDK integrations cannot wait for a job (${resource.suffix}).`;
    reportAt(
      reading,
      "Resource",
      ["unknown-integration", message],
      "Use the optimized integration, or poll.",
    );
  }
  if (kind !== "unknown" || hasPlaceholder(arn)) return;
  if (arn.startsWith("arn:")) checkIntegrationForm(reading, arn);
  else warnOfName(reading, arn);
}

function checkIntegrationForm(reading: Reading, arn: string): void {
  if (!/^arn:[^:]*:states:::/.test(arn)) return;
  const message = `${reading.subject} calls ${shown(arn)}, which is not the form of a service integration.`;
  const hint = `Forms are arn:aws:states:::service:action, with .sync, .sync:2 or .waitForTaskToken at the end.`;
  reportAt(reading, "Resource", ["invalid-resource", message], hint);
}

/** Often a name to be replaced at deployment, so no more than a warning. */
function warnOfName(reading: Reading, arn: string): void {
  reading.report({
    code: "invalid-resource",
    severity: "warning",
    message: `${reading.subject} has a Resource that is not an ARN: ${shown(arn)}.`,
    pointer: `${reading.pointer}/Resource`,
    hint: "If it is replaced at deployment, nothing is wrong, but what it calls cannot be priced.",
  });
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html */
export function checkCredentials(reading: Reading): void {
  if (reading.queryLanguage === "JSONata" && isJsonata(ownValue(reading.fields, "Credentials"))) return;
  const credentials = readObject(reading, "Credentials", "Credentials");
  if (credentials !== null) checkFieldNames(credentials, CREDENTIALS_FIELDS);
}
