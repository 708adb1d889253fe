/** The library's options, checked: who writes JavaScript has no compiler that does it. */
import { TRANSITION_RULES } from "./config.ts";
import { parsePriceList } from "./cost/price-list-schema.ts";
import { UserError } from "./user-error.ts";
import { didYouMean } from "./workflow/did-you-mean.ts";
import { type Parsed, parseRange, parseRate, problem, quoted } from "./workflow/workload/quantity.ts";

type Check = (given: unknown) => Parsed<unknown>;

const TYPE = oneOf(["STANDARD", "EXPRESS"]);

const ANALYZE_OPTIONS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["name", kindOf("string", 'text, such as "order"')],
  ["type", TYPE],
  ["region", kindOf("string", 'a name such as "us-east-1"')],
  ["transitionRule", oneOf(TRANSITION_RULES)],
  ["executions", (given) => parseRange(given, parseRate)],
  ["workload", plainData],
  ["priceList", (given) => ({ ok: true, value: parsePriceList(given, "priceList") })],
  ["borrow", kindOf("boolean", "true or false")],
  ["top", positiveCount],
]);

const TRACE_OPTIONS: ReadonlyMap<string, Check> = new Map<string, Check>([
  // What is no JSON is refused where it is read.
  ["input", (value) => ({ ok: true, value })],
  ["results", plainData],
  ["context", plainData],
  ["seed", finiteNumber],
  ["children", (given) => (isGroup(given) ? { ok: true, value: given } : notGroup(given))],
  ["type", TYPE],
]);

/** Throws one UserError `wrong-option` that lists all that is wrong, a line each; `invalid-price-list` for a price list. */
export function checkAnalyzeOptions(options: unknown): void {
  checkOptions(options, ANALYZE_OPTIONS);
}

/** Throws one UserError `wrong-option` that lists all that is wrong, a line each. */
export function checkTraceOptions(options: unknown): void {
  checkOptions(options, TRACE_OPTIONS);
}

function checkOptions(options: unknown, known: ReadonlyMap<string, Check>): void {
  if (!isGroup(options))
    throw new UserError("wrong-option", `The options are ${quoted(options)}: write an object, or nothing.`);
  const problems = Object.entries(options).flatMap(([name, given]) => {
    if (given === undefined) return [];
    const check = known.get(name);
    if (check === undefined) {
      const names = [...known.keys()];
      return [
        `There is no option ${quoted(name)}. ${didYouMean(name, names) ?? `Write one of ${names.join(", ")}.`}`,
      ];
    }
    const checked = check(given);
    return checked.ok ? [] : [`${name}: ${checked.problem}`];
  });
  if (problems.length > 0) throw new UserError("wrong-option", problems.join("\n"));
}

function isGroup(given: unknown): given is object {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

function notGroup(given: unknown): Parsed<never> {
  return problem(`${quoted(given)} stands where keys belong: write an object`);
}

function kindOf(kind: "string" | "boolean", what: string): Check {
  return (given) =>
    typeof given === kind && given !== ""
      ? { ok: true, value: given }
      : problem(`${quoted(given)} is not understood: write ${what}`);
}

function oneOf(values: readonly string[]): Check {
  return (given) =>
    values.some((value) => value === given)
      ? { ok: true, value: given }
      : problem(
          `${quoted(given)} is not known: write ${values.map((value) => JSON.stringify(value)).join(" or ")}`,
        );
}

function positiveCount(given: unknown): Parsed<number> {
  return typeof given === "number" && Number.isSafeInteger(given) && given > 0
    ? { ok: true, value: given }
    : problem(`${quoted(given)} is no whole number above 0: write one, such as 5`);
}

function finiteNumber(given: unknown): Parsed<number> {
  return typeof given === "number" && Number.isFinite(given)
    ? { ok: true, value: given }
    : problem(`${quoted(given)} is no finite number: write one, such as 1`);
}

/** An object that JSON can hold: what it cannot would be lost without a word. */
function plainData(given: unknown): Parsed<object> {
  if (!isGroup(given)) return notGroup(given);
  const foreign: string[] = [];
  try {
    JSON.stringify(given, (key, value: unknown) => {
      const isForeign =
        typeof value === "number"
          ? !Number.isFinite(value)
          : ["bigint", "function", "symbol"].includes(typeof value);
      if (!isForeign) return value;
      foreign.push(`${quoted(key)} is ${quoted(value)}: write what JSON can hold`);
      return null;
    });
  } catch {
    return problem("it holds itself, or what cannot be read: write what JSON can hold");
  }
  return foreign[0] === undefined ? { ok: true, value: given } : problem(foreign[0]);
}
