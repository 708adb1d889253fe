/**
 * A payload template is JSON whose keys ending in `.$` hold a path or an intrinsic call, as Parameters, ResultSelector,
 * ItemSelector and Assign of JSONPath states do. It is compiled once; what a template leaves constant is kept as it is.
 */
import { isJsonObject } from "../../workflow/text/json-value.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";
import { evaluateIntrinsic, parseIntrinsicCall } from "./intrinsic-call.ts";
import { parseJsonPath } from "./json-path.ts";
import type { PathData } from "./json-path.ts";
import type { RandomDraw } from "./random-draw.ts";
import { raiseRuntime } from "../states-error.ts";

export type Template = (data: PathData, draw: RandomDraw) => JsonValue;

export function compileTemplate(template: JsonValue): Template {
  if (!isDynamic(template)) return () => template;
  if (!isJsonObject(template)) {
    const items = (template as readonly JsonValue[]).map(compileTemplate);
    return (data, draw) => items.map((item) => item(data, draw));
  }
  const entries = Object.entries(template).map(([key, value]): [string, Template] =>
    key.endsWith(".$") ? [key.slice(0, -2), compileReference(value, key)] : [key, compileTemplate(value)],
  );
  return (data, draw) => Object.fromEntries(entries.map(([key, value]) => [key, value(data, draw)]));
}

function isDynamic(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => isDynamic(item as JsonValue));
  return Object.entries(value).some(([key, inner]) => key.endsWith(".$") || isDynamic(inner));
}

/** A path or an intrinsic call; text that is neither fails when it is evaluated, as AWS would refuse the definition. */
export function compileReference(source: JsonValue, field: string): Template {
  if (typeof source !== "string") {
    return () => raiseRuntime(`The value of the field '${field}' must be a string that holds a path.`);
  }
  try {
    if (source.startsWith("States.")) {
      const call = parseIntrinsicCall(source);
      return (data, draw) => evaluateIntrinsic(call, data, draw);
    }
    const path = parseJsonPath(source);
    return (data) => {
      const value = path.read(data);
      return value === undefined ? raiseMissing(source, field, data) : value;
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return () => raiseRuntime(`The value of the field '${field}' is no valid path: ${reason}`);
  }
}

function raiseMissing(path: string, field: string, data: PathData): never {
  const input = JSON.stringify(data.input);
  return raiseRuntime(
    `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${input}'`,
  );
}
