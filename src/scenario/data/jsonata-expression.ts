/**
 * A JSONata expression of a state, compiled once and evaluated many times, with bounds on time and nesting.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import jsonata from "jsonata";
import { isJsonObject } from "../../workflow/text/json-value.ts";
import type { JsonObject, JsonValue } from "../../workflow/text/json-value.ts";
import type { Flow } from "../flow.ts";
import { isShallow } from "./json-text.ts";
import { boundExpression, TOO_MANY_STEPS } from "./jsonata-bounds.ts";
import { jsonataFunctions } from "./jsonata-functions.ts";
import type { RandomDraw } from "./random-draw.ts";
import { raise } from "../states-error.ts";
import type { Variables } from "./variables.ts";

/** What an expression of one state may read. */
export interface QueryData {
  /** `$states`: input, context and, where they exist, result and errorOutput. */
  readonly states: () => JsonObject;
  readonly variables: Variables;
  readonly draw: RandomDraw;
  readonly nowMs: () => number;
  /** Expressions that did not end in this trace: they are not tried again. */
  readonly endless: Set<object>;
}

/** Evaluates to JSON or raises States.QueryEvaluationError. */
export type Query = (data: QueryData) => Flow<JsonValue>;

const WHOLE = /^\{%([\s\S]*)%\}$/;

export function isExpression(value: unknown): value is string {
  return typeof value === "string" && WHOLE.test(value);
}

/** Any JSON in which strings of the form `{% … %}` are expressions. Null when it holds none: it is a constant. */
export function compileQuery(source: JsonValue, field: string): Query | null {
  if (isExpression(source)) return compileExpression(source, field);
  if (typeof source !== "object" || source === null) return null;
  const entries = Object.entries(source).map(([key, value]): [string, JsonValue, Query | null] => [
    key,
    value,
    compileQuery(value, `${field}/${key}`),
  ]);
  if (entries.every(([, , query]) => query === null)) return null;
  const isList = Array.isArray(source);
  return function* (data) {
    const values: [string, JsonValue][] = [];
    for (const [key, value, query] of entries)
      values.push([key, query === null ? value : yield* query(data)]);
    return isList ? values.map(([, value]) => value) : Object.fromEntries(values);
  };
}

/** A field that may be constant or hold expressions. */
export function* evaluateQuery(query: Query | null, constant: JsonValue, data: QueryData): Flow<JsonValue> {
  return query === null ? constant : yield* query(data);
}

function compileExpression(source: string, field: string): Query {
  const text = (WHOLE.exec(source)?.[1] ?? "").trim();
  const place = `The JSONata expression '${text}' specified for the field '${field}'`;
  const compiled = compileText(text);
  return function* (data) {
    if (!("evaluate" in compiled))
      raiseQuery(`${place} threw an error during evaluation. ${compiled.reason}`, field);
    if (data.endless.has(compiled)) raiseQuery(`${place} does not end.`, field);
    let value: unknown;
    try {
      value = yield compiled.evaluate(undefined, bindingsOf(data)) as Promise<unknown>;
    } catch (error) {
      if (codeOf(error) === TOO_MANY_STEPS) data.endless.add(compiled);
      raiseQuery(`${place} threw an error during evaluation. ${explain(error)}`, field);
    }
    if (value === undefined) raiseQuery(`${place} returned nothing (undefined).`, field);
    const result = plainJson(value);
    return result === undefined ? raiseQuery(`${place} returned an unsupported result type.`, field) : result;
  };
}

function compileText(text: string): jsonata.Expression | { readonly reason: string } {
  try {
    return boundExpression(text);
  } catch (error) {
    return { reason: explain(error) };
  }
}

const FROM_MILLIS = jsonata("$fromMillis($ms, $picture, $timezone)");

function bindingsOf(data: QueryData): Record<string, unknown> {
  const now = (picture?: unknown, timezone?: unknown): Promise<unknown> =>
    FROM_MILLIS.evaluate(undefined, { ms: data.nowMs(), picture, timezone });
  return {
    ...Object.fromEntries(data.variables.all()),
    ...jsonataFunctions(data.draw, data.nowMs),
    now,
    states: data.states(),
  };
}

/** JSONata throws plain objects with a code; functions of ours throw Errors. */
function explain(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const code = codeOf(error);
  const { message } = error as { message?: unknown };
  return code === null || code === TOO_MANY_STEPS ? String(message) : `${code}: ${String(message)}`;
}

function codeOf(error: unknown): string | null {
  const code = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : null;
  return typeof code === "string" ? code : null;
}

export function raiseQuery(cause: string, field: string | null): never {
  return raise({
    error: "States.QueryEvaluationError",
    cause,
    alias: null,
    location: field,
    state: null,
    bare: true,
  });
}

/** Raises that an expression gave a value of another type than its field takes, in AWS's words. */
export function raiseType(source: JsonValue, { field, expected, value }: UnexpectedType): never {
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const text =
    typeof source === "string" ? (WHOLE.exec(source)?.[1] ?? source).trim() : JSON.stringify(source);
  return raiseQuery(
    `The JSONata expression '${text}' specified for the field '${field}' returned an unexpected result type. Expected '${expected}', but was '${type}' for value: ${JSON.stringify(value)}`,
    field,
  );
}

interface UnexpectedType {
  readonly field: string;
  readonly expected: string;
  readonly value: JsonValue;
}

/** The result as plain JSON: sequences lose their marks; undefined when it holds functions or numbers JSON lacks. */
function plainJson(value: unknown): JsonValue | undefined {
  if (!isShallow(value)) return undefined;
  return plainCopy(value);
}

function plainCopy(value: unknown): JsonValue | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value)) {
    const items = value.map(plainCopy);
    return items.includes(undefined) ? undefined : (items as JsonValue[]);
  }
  if (!isJsonObject(value) || "_jsonata_function" in value || "_jsonata_lambda" in value) return undefined;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const copies = entries.map(([key, inner]): [string, JsonValue | undefined] => [key, plainCopy(inner)]);
  if (copies.some(([, inner]) => inner === undefined)) return undefined;
  return Object.fromEntries(copies as [string, JsonValue][]);
}
