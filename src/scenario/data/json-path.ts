/**
 * A JSON path as Step Functions reads it: from the state's data (`$`), the context object (`$$`) or a variable (`$name`).
 * Plain paths are walked here; wildcards, slices, filters and descents are left to json-p3 (RFC 9535).
 * Paths: https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
 */
import { compile as compileQuery } from "json-p3";
import type { JSONValue } from "json-p3";
import { isJsonObject, ownValue } from "../../workflow/text/json-value.ts";
import type { JsonObject, JsonValue } from "../../workflow/text/json-value.ts";
import type { Variables } from "./variables.ts";

/** Where paths and expressions of one state read from. */
export interface PathData {
  readonly input: JsonValue;
  /** Built when a path asks for it: most states never read the context object. */
  readonly context: () => JsonObject;
  readonly variables: Variables;
}

export interface JsonPath {
  readonly text: string;
  /** Undefined when the path leads nowhere; a path that may match many gives the array of its matches. */
  readonly read: (data: PathData) => JsonValue | undefined;
  /** Keys and indexes when the path leads to one place at most. */
  readonly steps: readonly (string | number)[] | null;
  readonly root: "input" | "context" | "variable";
}

const ROOT = /^\$(\$|[\p{ID_Start}_][\p{ID_Continue}]*)?/u;
const STEP = /\.([^\s.[\]()'"*?:,@]+)|\.?\[(-?\d+)\]|\.?\['((?:[^'\\]|\\.)*)'\]|\.?\["((?:[^"\\]|\\.)*)"\]/y;

/** Throws a SyntaxError for text that is no path. */
export function parseJsonPath(text: string): JsonPath {
  const match = ROOT.exec(text);
  if (match === null) throw new SyntaxError(`a path starts with $: ${text}`);
  const name = match[1] ?? "";
  const root = name === "" ? "input" : name === "$" ? "context" : "variable";
  const rest = text.slice(match[0].length);
  const steps = plainSteps(rest);
  const walk = steps === null ? queryOf(rest) : (value: JsonValue) => walkSteps(value, steps);
  return { text, steps, root, read: (data) => readRoot(data, name, walk) };
}

function readRoot(
  data: PathData,
  name: string,
  walk: (value: JsonValue) => JsonValue | undefined,
): JsonValue | undefined {
  if (name === "") return walk(data.input);
  const value = name === "$" ? data.context() : data.variables.read(name);
  return value === undefined ? undefined : walk(value);
}

function plainSteps(rest: string): (string | number)[] | null {
  const steps: (string | number)[] = [];
  STEP.lastIndex = 0;
  let end = 0;
  for (let match = STEP.exec(rest); match !== null; match = STEP.exec(rest)) {
    const [, key, index, single, double] = match;
    steps.push(index === undefined ? (key ?? unescapeKey(single ?? double ?? "")) : Number(index));
    end = STEP.lastIndex;
  }
  return end === rest.length ? steps : null;
}

function unescapeKey(quoted: string): string {
  return quoted.replaceAll(/\\(['\\])/g, "$1");
}

function queryOf(rest: string): (value: JsonValue) => JsonValue | undefined {
  const query = compileQuery(`$${rest}`);
  return (value) => query.query(value as JSONValue).values() as JsonValue[];
}

function walkSteps(value: JsonValue, steps: readonly (string | number)[]): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const step of steps) {
    current = childOf(current, step);
    if (current === undefined) return undefined;
  }
  return current;
}

function childOf(value: JsonValue, step: string | number): JsonValue | undefined {
  if (typeof step === "string") return isJsonObject(value) ? ownValue(value, step) : undefined;
  return Array.isArray(value) ? (value as readonly JsonValue[]).at(step) : undefined;
}

/** Why a path found nothing, in AWS's words: the last step is missing, or one before it. */
export function explainMissing(path: JsonPath, value: JsonValue): string {
  const steps = path.steps ?? [];
  let current: JsonValue | undefined = value;
  for (const [index, step] of steps.entries()) {
    current = current === undefined ? undefined : childOf(current, step);
    if (current !== undefined) continue;
    const shown = steps.slice(0, index + 1).map((key) => `[${typeof key === "number" ? key : `'${key}'`}]`);
    const last = index === steps.length - 1;
    return `Invalid path '${path.text}' : ${last ? "No results for path:" : "Missing property in path"} $${shown.join("")}`;
  }
  return `Invalid path '${path.text}' : No results for path: ${path.text}`;
}

/** A copy of `target` with `value` at the given place; undefined when a step meets what is neither object nor array. */
export function placeValue(
  target: JsonValue,
  steps: readonly (string | number)[],
  value: JsonValue,
): JsonValue | undefined {
  const step = steps[0];
  if (step === undefined) return value;
  if (typeof step === "number") {
    if (!Array.isArray(target) || step < 0 || step >= target.length) return undefined;
    const placed = placeValue(target[step] as JsonValue, steps.slice(1), value);
    return placed === undefined ? undefined : target.with(step, placed);
  }
  if (!isJsonObject(target)) return undefined;
  const placed = placeValue(ownValue(target, step) ?? {}, steps.slice(1), value);
  return placed === undefined ? undefined : { ...target, [step]: placed };
}
