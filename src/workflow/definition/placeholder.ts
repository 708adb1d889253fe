/** A placeholder stands for a value only the deployment knows: `${FunctionArn}`, or a CloudFormation function. */
import type { JsonValue } from "../text/json-value.ts";
import { isJsonObject } from "../text/json-value.ts";

const PLACEHOLDER = /\$\{[^{}]*\}/;
const WHOLE_PLACEHOLDER = /^\s*\$\{[^{}]*\}\s*$/;

export function hasPlaceholder(text: string): boolean {
  return text.includes("${") && PLACEHOLDER.test(text);
}

/** True when the whole value is unknown until deployment: `"${Seconds}"` or `{ "Ref": "Seconds" }`. */
export function isPlaceholder(value: JsonValue): boolean {
  return typeof value === "string" ? WHOLE_PLACEHOLDER.test(value) : isTemplateFunction(value);
}

/** True for the one-key objects that CloudFormation resolves: `Ref`, `Fn::GetAtt`, … */
export function isTemplateFunction(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  const keys = Object.keys(value);
  const key = keys.length === 1 ? keys[0] : undefined;
  return key !== undefined && (key === "Ref" || key.startsWith("Fn::"));
}
