/** Rules are exhaustive when two of them test one thing and its opposite, so that one always matches. */
import type { JsonObject, JsonValue } from "../workflow/text/json-value.ts";
import { isJsonObject, ownValue } from "../workflow/text/json-value.ts";
import type { ChoiceState } from "../workflow/state-machine.ts";

/** What one rule tests, as text that is the same for the same test, and the texts of its opposite. */
interface RuleTest {
  readonly text: string;
  readonly opposites: readonly string[];
}

/** As far as the rules' texts show it: data of a type that none of them means is left out of account. */
export function matchesAlways({ choices }: ChoiceState): boolean {
  const tests = choices.map(({ fields }) => testOf(fields));
  const written = new Set(tests.map(({ text }) => text));
  return tests.some(
    ({ text, opposites }) => text === "true" || opposites.some((opposite) => written.has(opposite)),
  );
}

/** In JSONata the condition; in JSONPath the rule as JSON, what does not test left out. */
function testOf({
  Next: _next,
  Comment: _comment,
  Assign: _assign,
  Output: _output,
  ...test
}: JsonObject): RuleTest {
  const condition = ownValue(test, "Condition");
  if (condition === undefined) return { text: canonical(test), opposites: oppositesOfPathTest(test) };
  return testOfCondition(typeof condition === "string" ? condition : JSON.stringify(condition));
}

function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`).join(",")}}`;
}

const OPPOSITE: ReadonlyMap<string, string> = new Map([
  ["=", "!="],
  ["!=", "="],
  ["<", ">="],
  [">=", "<"],
  [">", "<="],
  ["<=", ">"],
]);
const PATH_OPPOSITE: ReadonlyMap<string, string> = new Map([
  ["GreaterThan", "LessThanEquals"],
  ["LessThanEquals", "GreaterThan"],
  ["LessThan", "GreaterThanEquals"],
  ["GreaterThanEquals", "LessThan"],
]);

/** One comparison of two operands without blanks can be turned around: any other operator needs blanks, or marks left out here. */
const COMPARISON = /^([^\s<>=!?]+)\s*(<=|>=|!=|=|<|>)\s*([^\s<>=!?:]+)$/;

function testOfCondition(written: string): RuleTest {
  const condition = written.replace(/^\{%/, "").replace(/%\}$/, "").trim();
  const text = condition.replaceAll(/\s+/g, "");
  const [, left, operator, right] = COMPARISON.exec(condition) ?? [];
  const turned = operator === undefined ? [] : [`${left}${OPPOSITE.get(operator)}${right}`];
  const flag = operator === "=" && right === "true" ? [`${left}=false`, `$not(${left})`] : [];
  return { text, opposites: [`$not(${text})`, ...turned, ...flag] };
}

function oppositesOfPathTest(test: JsonObject): readonly string[] {
  const opposites: JsonValue[] = [{ Not: test }];
  for (const [name, value] of Object.entries(test)) {
    const { [name]: _, ...rest } = test;
    if (typeof value === "boolean") opposites.push({ ...rest, [name]: !value });
    const [, type, operator, path] = /^(Numeric|String|Timestamp)([A-Za-z]+?)(Path)?$/.exec(name) ?? [];
    const turned = PATH_OPPOSITE.get(operator ?? "");
    if (turned !== undefined) opposites.push({ ...rest, [`${type}${turned}${path ?? ""}`]: value });
  }
  return opposites.map(canonical);
}
