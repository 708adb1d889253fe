/**
 * A constant expression is one whose value follows from known data alone: JSONPath references, a few intrinsic
 * functions, and the arithmetic of JSONata. Everything else is unknown (undefined), which is always safe.
 */
import { type JsonObject, type JsonValue, isJsonObject } from "../workflow/text/json-value.ts";
import { type KnownData, readKnown, valueAt, wholeInput } from "./known-data.ts";

/** jsonata's parser, handed in where JSONata is used, so that others need not load it. Null when the text does not parse. */
export type ParseJsonata = (expression: string) => unknown;

export interface Evaluation {
  readonly known: KnownData;
  readonly parseJsonata: ParseJsonata | null;
}

/** Value of a payload template; unknown members are left out of objects, an array with one is unknown. */
export function evaluateTemplate(
  template: JsonValue,
  language: "JSONPath" | "JSONata",
  at: Evaluation,
): JsonValue | undefined {
  if (typeof template === "string")
    return language === "JSONata" ? evaluateJsonataText(template, at) : template;
  if (Array.isArray(template)) {
    const items = template.map((item) => evaluateTemplate(item, language, at));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isJsonObject(template)) return template;
  const members: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(template)) {
    const computed = language === "JSONPath" && key.endsWith(".$") && typeof value === "string";
    const result = computed ? evaluateJsonPath(value, at.known) : evaluateTemplate(value, language, at);
    if (result !== undefined) members.push([computed ? key.slice(0, -2) : key, result]);
  }
  return Object.fromEntries(members);
}

const CALL = /^States\.(\w+)\((.*)\)$/s;

/** `$.a.b`, `$variable`, or an intrinsic function over constants. */
export function evaluateJsonPath(text: string, known: KnownData): JsonValue | undefined {
  const call = CALL.exec(text.trim());
  if (call === null) return readKnown(known, text.trim());
  const args = splitArguments(call[2]!).map((argument) => evaluateArgument(argument, known));
  if (args.some((argument) => argument === undefined)) return undefined;
  return callIntrinsic(call[1]!, args as JsonValue[]);
}

function evaluateArgument(text: string, known: KnownData): JsonValue | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  if (/^'[^'\\]*'$/.test(text)) return text.slice(1, -1);
  return evaluateJsonPath(text, known);
}

function callIntrinsic(name: string, args: readonly JsonValue[]): JsonValue | undefined {
  const [first, second] = args;
  if (name === "MathAdd" && typeof first === "number" && typeof second === "number") {
    return Math.round(first) + Math.round(second);
  }
  if (name === "Array") return args;
  if (name === "ArrayLength" && Array.isArray(first)) return first.length;
  if (name === "ArrayGetItem" && Array.isArray(first) && typeof second === "number")
    return first[second] as JsonValue;
  return undefined;
}

/** Splits at commas outside quotes and parentheses. */
function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let [depth, quoted, start] = [0, false, 0];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted && char === "\\") i++;
    else if (char === "'") quoted = !quoted;
    else if (!quoted && char === "(") depth++;
    else if (!quoted && char === ")") depth--;
    else if (!quoted && depth === 0 && char === ",") {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  const last = text.slice(start).trim();
  return last === "" ? parts : [...parts, last];
}

const JSONATA = /^\{%(.*)%\}$/s;

function evaluateJsonataText(text: string, at: Evaluation): JsonValue | undefined {
  const match = JSONATA.exec(text);
  if (match === null) return text;
  return at.parseJsonata === null ? undefined : evaluateNode(at.parseJsonata(match[1]!), at.known, 0);
}

interface JsonataNode {
  readonly type?: string;
  readonly value?: unknown;
  readonly lhs?: unknown;
  readonly rhs?: unknown;
  readonly expression?: unknown;
  readonly expressions?: readonly unknown[];
  readonly steps?: readonly JsonataNode[];
  readonly condition?: unknown;
  readonly then?: unknown;
  readonly else?: unknown;
}

/** What changes the value of a node that has it: predicates, grouping, binding, "[]". */
const CHANGING = ["predicate", "stages", "group", "focus", "index", "keepArray", "keepSingletonArray"];

function isPlain(node: JsonataNode): boolean {
  return CHANGING.every((key) => !Object.hasOwn(node, key));
}

function evaluateNode(raw: unknown, known: KnownData, depth: number): JsonValue | undefined {
  const node = raw as JsonataNode | null;
  if (node === null || typeof node !== "object" || depth > 100 || !isPlain(node)) return undefined;
  const inner = (child: unknown): JsonValue | undefined => evaluateNode(child, known, depth + 1);
  switch (node.type) {
    case "number":
    case "string":
    case "value":
      return node.value as JsonValue;
    case "variable":
      return valueAt(known.variables, [String(node.value)]);
    case "path":
      return evaluatePath(node.steps ?? [], known);
    case "block":
      return node.expressions?.length === 1 ? inner(node.expressions[0]) : undefined;
    case "unary": {
      if (node.value === "[") return listOf(node.expressions ?? [], inner);
      const value = node.value === "-" ? inner(node.expression) : undefined;
      return typeof value === "number" ? -value : undefined;
    }
    case "condition": {
      const test = inner(node.condition);
      return typeof test === "boolean" ? inner(test ? node.then : node.else) : undefined;
    }
    case "binary":
      return applyOperator(String(node.value), inner(node.lhs), inner(node.rhs));
    default:
      return undefined;
  }
}

/** A list in a list stays one; any other list that stands in it gives its items. */
function listOf(
  expressions: readonly unknown[],
  inner: (child: unknown) => JsonValue | undefined,
): JsonValue | undefined {
  const items: JsonValue[] = [];
  for (const expression of expressions) {
    const value = inner(expression);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && (expression as JsonataNode).value !== "[")
      items.push(...(value as JsonValue[]));
    else items.push(value);
  }
  return items;
}

function evaluatePath(steps: readonly JsonataNode[], known: KnownData): JsonValue | undefined {
  if (!steps.every(isPlain)) return undefined;
  const [head, ...rest] = steps;
  if (head?.type !== "variable" || rest.some((step) => step.type !== "name")) return undefined;
  const names = rest.map((step) => String(step.value));
  if (head.value === "states")
    return names[0] === "input" ? valueAt(wholeInput(known), names.slice(1)) : undefined;
  return valueAt(known.variables, [String(head.value), ...names]);
}

function applyOperator(
  operator: string,
  left: JsonValue | undefined,
  right: JsonValue | undefined,
): JsonValue | undefined {
  if (operator === "and" && (left === false || right === false)) return false;
  if (operator === "or" && (left === true || right === true)) return true;
  if (left === undefined || right === undefined) return undefined;
  if (operator === "..") return rangeOf(left, right);
  if (typeof left === "number" && typeof right === "number") return applyNumeric(operator, left, right);
  if (typeof left === "boolean" && typeof right === "boolean") {
    if (operator === "and") return left && right;
    if (operator === "or") return left || right;
  }
  if (operator === "=" && !isJsonObject(left) && !Array.isArray(left)) return left === right;
  if (operator === "!=" && !isJsonObject(left) && !Array.isArray(left)) return left !== right;
  return undefined;
}

/** Of more than this nothing is asked but its length, and that seldom. */
const LONGEST_RANGE = 10_000;

/** Whole numbers from one to the other, inside a list; none where the first is greater. */
function rangeOf(first: JsonValue, last: JsonValue): JsonValue | undefined {
  if (!Number.isInteger(first) || !Number.isInteger(last)) return undefined;
  const length = (last as number) - (first as number) + 1;
  if (length > LONGEST_RANGE) return undefined;
  return Array.from({ length: Math.max(0, length) }, (_, i) => (first as number) + i);
}

function applyNumeric(operator: string, left: number, right: number): JsonValue | undefined {
  const value = NUMERIC.get(operator)?.(left, right);
  return typeof value === "number" && !Number.isFinite(value) ? undefined : value;
}

const NUMERIC: ReadonlyMap<string, (a: number, b: number) => number | boolean> = new Map([
  ["+", (a, b) => a + b],
  ["-", (a, b) => a - b],
  ["*", (a, b) => a * b],
  ["/", (a, b) => a / b],
  ["%", (a, b) => a % b],
  ["<", (a, b) => a < b],
  ["<=", (a, b) => a <= b],
  [">", (a, b) => a > b],
  [">=", (a, b) => a >= b],
  ["=", (a, b) => a === b],
  ["!=", (a, b) => a !== b],
] as [string, (a: number, b: number) => number | boolean][]);

/** Whether a Choice rule holds: true, false, or undefined when known data do not settle it. */
export function evaluateCondition(
  rule: JsonObject,
  language: "JSONPath" | "JSONata",
  at: Evaluation,
): boolean | undefined {
  if (language === "JSONata" || Object.hasOwn(rule, "Condition")) {
    const condition = rule["Condition"];
    const value = condition === undefined ? undefined : evaluateTemplate(condition, "JSONata", at);
    return typeof value === "boolean" ? value : undefined;
  }
  return evaluateRule(rule, at.known, 0);
}

function evaluateRule(rule: JsonObject, known: KnownData, depth: number): boolean | undefined {
  if (depth > 100) return undefined;
  const nested = (value: JsonValue | undefined): (boolean | undefined)[] =>
    Array.isArray(value)
      ? value.map((item) => (isJsonObject(item) ? evaluateRule(item, known, depth + 1) : undefined))
      : [undefined];
  if (Object.hasOwn(rule, "And")) return every(nested(rule["And"]));
  if (Object.hasOwn(rule, "Or")) return not(every(nested(rule["Or"]).map(not)));
  if (Object.hasOwn(rule, "Not")) return not(nested([rule["Not"]!])[0]);
  const variable = rule["Variable"];
  const value = typeof variable === "string" ? readKnown(known, variable) : undefined;
  return value === undefined ? undefined : compare(rule, value, known);
}

function every(results: readonly (boolean | undefined)[]): boolean | undefined {
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
}

function not(result: boolean | undefined): boolean | undefined {
  return result === undefined ? undefined : !result;
}

function compare(rule: JsonObject, value: JsonValue, known: KnownData): boolean | undefined {
  for (const [key, written] of Object.entries(rule)) {
    if (key === "IsPresent") return written === true;
    const path = key.endsWith("Path") && typeof written === "string";
    const match =
      /^(Numeric|String|Boolean)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)(Path)?$/.exec(
        key,
      );
    if (match === null) continue;
    const operand = path ? evaluateJsonPath(written, known) : written;
    if (operand === undefined) return undefined;
    if (
      typeof value !== match[1]!.toLowerCase().replace("numeric", "number") ||
      typeof operand !== typeof value
    )
      return false;
    return COMPARISONS.get(match[2]!)?.(value as never, operand as never);
  }
  return undefined;
}

const COMPARISONS: ReadonlyMap<string, (a: never, b: never) => boolean> = new Map([
  ["Equals", (a, b) => a === b],
  ["LessThan", (a, b) => a < b],
  ["GreaterThan", (a, b) => a > b],
  ["LessThanEquals", (a, b) => a <= b],
  ["GreaterThanEquals", (a, b) => a >= b],
] as [string, (a: never, b: never) => boolean][]);
