/** Rules are exhaustive when two of them test one thing and its opposite, so that one always matches. */
import type { JsonObject, JsonValue } from "../workflow/text/json-value.ts";
import { isJsonObject, ownValue } from "../workflow/text/json-value.ts";
import type { ChoiceState } from "../workflow/state-machine.ts";

/** As far as the rules' texts show it: data of a type that none of them means is left out of account. */
export function matchesAlways({ choices }: ChoiceState): boolean {
  const tests = choices.map(({ fields }) => testOf(fields));
  const written = new Set(tests);
  return tests.some((test) => test === "true" || oppositesOf(test).some((opposite) => written.has(opposite)));
}

/** In JSONata the condition without blanks; in JSONPath the rule as JSON, what does not test left out. */
function testOf({
  Next: _next,
  Comment: _comment,
  Assign: _assign,
  Output: _output,
  ...test
}: JsonObject): string {
  const condition = ownValue(test, "Condition");
  if (condition === undefined) return canonical(test);
  const text = typeof condition === "string" ? condition : JSON.stringify(condition);
  return text.replace(/^\{%/, "").replace(/%\}$/, "").replaceAll(/\s+/g, "");
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

function oppositesOf(test: string): readonly string[] {
  if (test.startsWith("{")) return oppositesOfPathTest(JSON.parse(test) as JsonObject);
  const [, left, operator, right] = /^([^<>=!]+)(<=|>=|!=|=|<|>)([^<>=!]+)$/.exec(test) ?? [];
  const turned = operator === undefined ? [] : [`${left}${OPPOSITE.get(operator)}${right}`];
  const flag = /^(.*)=true$/.exec(test)?.[1];
  return [`$not(${test})`, ...turned, ...(flag === undefined ? [] : [`${flag}=false`, `$not(${flag})`])];
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
