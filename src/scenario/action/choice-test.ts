/**
 * A choice test is the data test of a JSONPath Choice rule, compiled to a predicate.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html#amazon-states-language-choice-state-rules
 */
import { isJsonObject, ownValue } from "../../workflow/text/json-value.ts";
import type { JsonObject, JsonValue } from "../../workflow/text/json-value.ts";
import { shownText } from "../data/json-text.ts";
import { parseJsonPath } from "../data/json-path.ts";
import type { JsonPath, PathData } from "../data/json-path.ts";
import { raiseRuntime } from "../states-error.ts";
import { parseTimestamp } from "../data/timestamp.ts";
import { matchPattern } from "../data/wildcard-pattern.ts";

export type ChoiceTest = (data: PathData) => boolean;
type Comparison = (left: JsonValue, right: JsonValue) => boolean;

/** And, Or and Not within one another: deeper rules are refused. */
const MAX_DEPTH = 100;

const ORDER: Readonly<Record<string, (difference: number) => boolean>> = {
  Equals: (difference) => difference === 0,
  LessThan: (difference) => difference < 0,
  GreaterThan: (difference) => difference > 0,
  LessThanEquals: (difference) => difference <= 0,
  GreaterThanEquals: (difference) => difference >= 0,
};

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ["BooleanEquals", (left, right) => typeof left === "boolean" && left === right],
  ["StringMatches", (left, right) => typeof left === "string" && matchPattern(left, shownText(right))],
  ...Object.entries(ORDER).flatMap(([name, holds]): [string, Comparison][] => [
    [`Numeric${name}`, (left, right) => bothNumbers(left, right) && holds(Number(left) - Number(right))],
    [`String${name}`, (left, right) => bothTexts(left, right) && holds(compareText(left, right))],
    [`Timestamp${name}`, (left, right) => holds(timeOf(left) - timeOf(right))],
  ]),
]);

const TYPE_TESTS: ReadonlyMap<string, (value: JsonValue) => boolean> = new Map<
  string,
  (value: JsonValue) => boolean
>([
  ["IsNull", (value) => value === null],
  ["IsNumeric", (value) => typeof value === "number"],
  ["IsString", (value) => typeof value === "string"],
  ["IsBoolean", (value) => typeof value === "boolean"],
  ["IsTimestamp", (value) => Number.isFinite(timeOf(value))],
]);

function bothNumbers(left: JsonValue, right: JsonValue): boolean {
  return typeof left === "number" && typeof right === "number";
}

function bothTexts(left: JsonValue, right: JsonValue): boolean {
  return typeof left === "string" && typeof right === "string";
}

/** By UTF-16 code units, as Java compares strings. */
function compareText(left: JsonValue, right: JsonValue): number {
  if (left === right) return 0;
  return shownText(left) < shownText(right) ? -1 : 1;
}

/** NaN, which compares with nothing, for what is no timestamp. */
function timeOf(value: JsonValue): number {
  return typeof value === "string" ? (parseTimestamp(value) ?? Number.NaN) : Number.NaN;
}

export function compileChoiceTest(rule: JsonObject, depth = 0): ChoiceTest {
  if (depth > MAX_DEPTH) return () => raiseRuntime("A Choice rule nests too deep.");
  const all = ownValue(rule, "And");
  if (Array.isArray(all)) {
    const tests = testsOf(all, depth);
    return (data) => tests.every((test) => test(data));
  }
  const any = ownValue(rule, "Or");
  if (Array.isArray(any)) {
    const tests = testsOf(any, depth);
    return (data) => tests.some((test) => test(data));
  }
  const not = ownValue(rule, "Not");
  if (isJsonObject(not)) {
    const test = compileChoiceTest(not, depth + 1);
    return (data) => !test(data);
  }
  return compileDataTest(rule);
}

function testsOf(rules: readonly JsonValue[], depth: number): readonly ChoiceTest[] {
  return rules.map((rule) => compileChoiceTest(isJsonObject(rule) ? rule : {}, depth + 1));
}

function compileDataTest(rule: JsonObject): ChoiceTest {
  const variable = ownValue(rule, "Variable");
  const operator = Object.keys(rule).find((key) => isOperator(key));
  if (typeof variable !== "string" || operator === undefined) {
    return () => raiseRuntime("A Choice rule lacks a Variable or a comparison.");
  }
  const path = pathOrRefusal(variable);
  const operand = rule[operator] as JsonValue;
  if (operator === "IsPresent") return (data) => isPresent(path().read(data)) === operand;
  const typeTest = TYPE_TESTS.get(operator);
  if (typeTest !== undefined) return (data) => typeTest(readVariable(path(), data)) === operand;
  return compileComparison(path, operator, operand);
}

function compileComparison(path: () => JsonPath, operator: string, operand: JsonValue): ChoiceTest {
  const literal = COMPARISONS.get(operator);
  if (literal !== undefined) return (data) => literal(readVariable(path(), data), operand);
  const comparison = COMPARISONS.get(operator.slice(0, -"Path".length)) as Comparison;
  const other = pathOrRefusal(typeof operand === "string" ? operand : "");
  return (data) => comparison(readVariable(path(), data), readVariable(other(), data));
}

function isOperator(key: string): boolean {
  if (key === "IsPresent" || COMPARISONS.has(key) || TYPE_TESTS.has(key)) return true;
  return key.endsWith("Path") && key !== "StringMatchesPath" && COMPARISONS.has(key.slice(0, -"Path".length));
}

function pathOrRefusal(text: string): () => JsonPath {
  try {
    const path = parseJsonPath(text);
    return () => path;
  } catch {
    return () => raiseRuntime(`Invalid path '${text}'`);
  }
}

/** A path with wildcards is present when it finds something. */
function isPresent(value: JsonValue | undefined): boolean {
  return value !== undefined;
}

function readVariable(path: JsonPath, data: PathData): JsonValue {
  const value = path.read(data);
  if (value !== undefined) return value;
  return raiseRuntime(
    `Invalid path '${path.text}': The choice state's condition path references an invalid value.`,
  );
}
