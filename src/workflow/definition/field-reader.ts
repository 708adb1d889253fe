/** A field reader takes typed values out of one JSON object of a definition and reports what is not as it must be. */
import { didYouMean } from "../did-you-mean.ts";
import type { JsonObject, JsonValue } from "../text/json-value.ts";
import { isJsonObject, ownValue, pointerTo } from "../text/json-value.ts";
import { hasPlaceholder, isPlaceholder, isTemplateFunction } from "./placeholder.ts";
import type { ReportProblem } from "./problem.ts";
import type { FieldTable } from "./state-fields.ts";
import { otherLanguage } from "./state-fields.ts";
import type { QueryLanguage } from "../state-machine.ts";

/** One object of the definition, where it stands, and how to complain about it. */
export interface Reading {
  readonly fields: JsonObject;
  readonly pointer: string;
  readonly queryLanguage: QueryLanguage;
  /** For messages: `State "Pay"`, `This Retrier`. */
  readonly subject: string;
  readonly report: ReportProblem;
}

export interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}

export const POSITIVE: NumberRule = { min: 1, max: 99_999_999, integer: true };
export const COUNT: NumberRule = { min: 0, max: 99_999_999, integer: true };

export function reportAt(
  reading: Reading,
  key: string | null,
  found: readonly [code: string, message: string],
  hint: string | null = null,
): void {
  const [code, message] = found;
  const pointer = key === null ? reading.pointer : pointerTo(reading.pointer, key);
  reading.report({ code, severity: "error", message, pointer, hint });
}

export function hasField(reading: Reading, key: string): boolean {
  return Object.hasOwn(reading.fields, key);
}

export const isJsonata = (value: JsonValue | undefined): value is string =>
  typeof value === "string" && /^\{%.*%\}$/s.test(value);

/** Unknown fields and fields of the other query language. */
export function checkFieldNames(reading: Reading, allowed: FieldTable): void {
  const { queryLanguage, subject } = reading;
  const other = otherLanguage(queryLanguage);
  for (const key of Object.keys(reading.fields)) {
    if (allowed.both.includes(key) || allowed[queryLanguage].includes(key)) continue;
    if (allowed[other].includes(key)) {
      const message = `${subject} has the field "${key}", which belongs to ${other}, but its query language is ${queryLanguage}.`;
      const hint = `Set "QueryLanguage": "${other}", or write the state in ${queryLanguage}.`;
      reportAt(reading, key, ["query-language-mismatch", message], hint);
    } else {
      const known = [...allowed.both, ...allowed[queryLanguage]];
      reportAt(
        reading,
        key,
        ["unknown-field", `${subject} has the unknown field "${key}".`],
        didYouMean(key, known),
      );
    }
  }
}

/** A string; null when absent or wrong. CloudFormation functions are shown as a placeholder. */
export function readString(reading: Reading, key: string, required = false): string | null {
  const value = ownValue(reading.fields, key);
  if (typeof value === "string") return value;
  if (value === undefined) {
    if (required) reportMissing(reading, key);
    return null;
  }
  if (isTemplateFunction(value)) return placeholderText(value);
  reportType(reading, key, "a string");
  return null;
}

export function readOneOf<T extends string>(reading: Reading, key: string, allowed: readonly T[]): T | null {
  const text = readString(reading, key);
  if (text === null || isPlaceholder(text)) return null;
  const match = allowed.find((value) => value === text);
  if (match !== undefined) return match;
  const message = `${reading.subject} has "${key}": ${shown(text)}, which is not one of ${allowed.join(", ")}.`;
  reportAt(reading, key, ["invalid-value", message], didYouMean(text, allowed));
  return null;
}

/** A literal number within its range; null when absent, wrong, or known only at run time or deployment. */
export function readNumber(
  reading: Reading,
  key: string,
  rule: NumberRule,
  expression = false,
): number | null {
  const value = ownValue(reading.fields, key);
  if (value === undefined || isPlaceholder(value)) return null;
  if (expression && reading.queryLanguage === "JSONata" && isJsonata(value))
    return writtenNumber(value, rule);
  if (typeof value === "string" && hasPlaceholder(value)) return null;
  const kind = rule.integer ? "an integer" : "a number";
  if (typeof value !== "number" || (rule.integer && !Number.isInteger(value))) {
    reportType(
      reading,
      key,
      expression && reading.queryLanguage === "JSONata" ? `${kind} or a JSONata string` : kind,
    );
    return null;
  }
  if (value >= rule.min && value <= rule.max) return value;
  const range = value < rule.min ? `at least ${rule.min}` : `at most ${rule.max}`;
  reportAt(reading, key, [
    "value-out-of-range",
    `${reading.subject} has "${key}": ${value}; it must be ${range}.`,
  ]);
  return null;
}

/** An expression that is a number and nothing else, such as `{% 5 %}`; null for all others, and for what does not fit. */
function writtenNumber(expression: string, { integer, min, max }: NumberRule): number | null {
  const text = /^\{%\s*(\d+(?:\.\d+)?)\s*%\}$/.exec(expression)?.[1];
  if (text === undefined) return null;
  const value = Number(text);
  return value >= min && value <= max && !(integer && !Number.isInteger(value)) ? value : null;
}

/** An object to read further; null when absent or wrong. */
export function readObject(reading: Reading, key: string, subject: string): Reading | null {
  const value = ownValue(reading.fields, key);
  if (value === undefined) return null;
  if (isJsonObject(value))
    return { ...reading, fields: value, pointer: pointerTo(reading.pointer, key), subject };
  if (!isPlaceholder(value)) reportType(reading, key, "an object");
  return null;
}

/** The objects of an array, each ready to be read; other items are reported and left out. */
export function readObjects(reading: Reading, key: string, subject: string): readonly Reading[] {
  const value = ownValue(reading.fields, key);
  if (value === undefined || isPlaceholder(value)) return [];
  if (!Array.isArray(value)) {
    reportType(reading, key, "an array");
    return [];
  }
  const items: readonly JsonValue[] = value;
  const list = { ...reading, pointer: pointerTo(reading.pointer, key) };
  return items.flatMap((item, index) => {
    if (isJsonObject(item))
      return [{ ...reading, fields: item, pointer: pointerTo(list.pointer, index), subject }];
    reportAt(list, String(index), ["wrong-type", `${subject} must be an object, not ${kindOf(item)}.`]);
    return [];
  });
}

export function reportMissing(reading: Reading, key: string, hint: string | null = null): void {
  reportAt(reading, null, ["missing-field", `${reading.subject} lacks the field "${key}".`], hint);
}

export function reportType(reading: Reading, key: string, expected: string): void {
  const value = ownValue(reading.fields, key);
  const found = value === undefined ? "nothing" : kindOf(value);
  reportAt(reading, key, ["wrong-type", `"${key}" must be ${expected}, not ${found}.`]);
}

/** Two fields of which at most one may be there. */
export function checkExclusive(reading: Reading, one: string, other: string): void {
  if (!hasField(reading, one) || !hasField(reading, other)) return;
  reportAt(reading, other, [
    "conflicting-fields",
    `${reading.subject} has both "${one}" and "${other}"; only one may be set.`,
  ]);
}

function placeholderText(value: JsonValue): string {
  return `\${${JSON.stringify(value).replaceAll(/[{}]/g, "")}}`;
}

export function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? `the string ${shown(value)}` : `the ${typeof value} ${String(value)}`;
}

/** A name or value of the user's, quoted and cut to what fits a message. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 99)}…` : text);
}
