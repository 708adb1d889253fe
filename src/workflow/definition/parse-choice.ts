/**
 * Choice rules: data tests, possibly nested, or JSONata conditions.
 * Operators: https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 */
import { didYouMean } from "../did-you-mean.ts";
import type { Reading } from "./field-reader.ts";
import {
  hasField,
  isJsonata,
  readObject,
  readObjects,
  readString,
  reportAt,
  reportMissing,
  reportType,
} from "./field-reader.ts";
import type { JsonValue } from "../text/json-value.ts";
import { ownValue } from "../text/json-value.ts";
import { hasPlaceholder, isPlaceholder } from "./placeholder.ts";
import type { ChoiceRule } from "../state-machine.ts";

const COMPARISONS = ["Equals", "GreaterThan", "GreaterThanEquals", "LessThan", "LessThanEquals"];
const comparisonsOf = (type: string, names: readonly string[]) => names.map((name) => `${type}${name}`);

const LITERAL_TESTS: ReadonlyMap<string, "string" | "number" | "boolean"> = new Map([
  ...comparisonsOf("String", COMPARISONS).map((name) => [name, "string"] as const),
  ...comparisonsOf("Numeric", COMPARISONS).map((name) => [name, "number"] as const),
  ...comparisonsOf("Timestamp", COMPARISONS).map((name) => [name, "string"] as const),
  ["BooleanEquals", "boolean"],
  ["StringMatches", "string"],
  ...["Null", "Present", "Numeric", "String", "Boolean", "Timestamp"].map(
    (name) => [`Is${name}`, "boolean"] as const,
  ),
]);
const PATH_TESTS = [...LITERAL_TESTS.keys()]
  .filter((name) => name.includes("Equals") || name.includes("Than"))
  .map((name) => `${name}Path`);
const COMBINERS = ["And", "Or", "Not"];
const TESTS = new Set([...LITERAL_TESTS.keys(), ...PATH_TESTS, ...COMBINERS]);
const RULE_FIELDS = ["Next", "Comment", "Assign"];

export function parseChoices(state: Reading): readonly ChoiceRule[] {
  if (!hasField(state, "Choices")) reportMissing(state, "Choices");
  const value = ownValue(state.fields, "Choices");
  if (Array.isArray(value) && value.length === 0) {
    reportAt(state, "Choices", ["empty-list", `"Choices" must hold at least one rule.`]);
  }
  return readObjects(state, "Choices", `A rule of ${state.subject}`).flatMap((rule) => {
    if (rule.queryLanguage === "JSONata") checkCondition(rule);
    else checkRules(rule);
    const next = readString(rule, "Next", true);
    return next === null ? [] : [{ pointer: rule.pointer, next, fields: rule.fields }];
  });
}

function checkCondition(rule: Reading): void {
  const allowed = [...RULE_FIELDS, "Condition", "Output"];
  for (const key of Object.keys(rule.fields)) if (!allowed.includes(key)) reportRuleField(rule, key, allowed);
  const condition = ownValue(rule.fields, "Condition");
  if (condition === undefined) reportMissing(rule, "Condition");
  else if (typeof condition !== "boolean" && !isJsonata(condition) && !isPlaceholder(condition)) {
    reportType(rule, "Condition", 'a JSONata string such as "{% $x > 1 %}"');
  }
}

/** The rule and all rules nested in it; a stack, not recursion, for rules may nest as deep as they like. */
function checkRules(root: Reading): void {
  const stack: { readonly rule: Reading; readonly nested: boolean }[] = [{ rule: root, nested: false }];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    for (const rule of checkDataTest(item.rule, item.nested)) stack.push({ rule, nested: true });
  }
}

/** Checks one rule by itself and returns those nested in it. */
function checkDataTest(rule: Reading, nested: boolean): readonly Reading[] {
  const keys = Object.keys(rule.fields);
  const tests = keys.filter((key) => TESTS.has(key));
  const [test] = tests;
  for (const key of keys) {
    if (TESTS.has(key) || key === "Variable" || (key !== "Next" && RULE_FIELDS.includes(key))) continue;
    if (key !== "Next") reportRuleField(rule, key, [...TESTS, ...RULE_FIELDS, "Variable"]);
    else if (nested)
      reportAt(rule, "Next", ["misplaced-next", `A rule inside And, Or or Not must not have "Next".`]);
  }
  if (tests.length > 1) {
    reportAt(
      rule,
      null,
      ["conflicting-fields", `A rule must have one test, not ${tests.length}: ${tests.join(", ")}.`],
      `Combine them with "And".`,
    );
  }
  if (test === undefined) {
    reportAt(rule, null, ["missing-test", "A rule has no test, such as StringEquals, or And, Or, Not."]);
    return [];
  }
  if (test === "Not") {
    const inner = readObject(rule, "Not", rule.subject);
    return inner === null ? [] : [inner];
  }
  if (test === "And" || test === "Or") return nestedRules(rule, test);
  if (!hasField(rule, "Variable")) reportMissing(rule, "Variable");
  checkOperand(rule, test);
  return [];
}

function nestedRules(rule: Reading, test: "And" | "Or"): readonly Reading[] {
  const value = ownValue(rule.fields, test);
  if (Array.isArray(value) && value.length === 0)
    reportAt(rule, test, ["empty-list", `"${test}" must hold at least one rule.`]);
  return readObjects(rule, test, rule.subject);
}

function checkOperand(rule: Reading, test: string): void {
  const value = ownValue(rule.fields, test) ?? null;
  const type = LITERAL_TESTS.get(test) ?? "string";
  if (fits(value, type)) return;
  reportType(rule, test, type === "string" ? "a string" : `a ${type}`);
}

function fits(value: JsonValue, type: string): boolean {
  return (
    typeof value === type || isPlaceholder(value) || (typeof value === "string" && hasPlaceholder(value))
  );
}

function reportRuleField(rule: Reading, key: string, known: readonly string[]): void {
  const hint =
    rule.queryLanguage === "JSONPath" && key === "Condition"
      ? `"Condition" needs "QueryLanguage": "JSONata".`
      : didYouMean(key, known);
  reportAt(rule, key, ["unknown-field", `${rule.subject} has the unknown field "${key}".`], hint);
}
