/**
 * Bounds on a JSONata expression: how deep it may nest and how many steps it may take, those of its regular expressions
 * included. Steps are counted, not timed, so that an expression that never ends fails alike on every machine.
 */
import jsonata from "jsonata";
import { decimalText } from "../../decimal-text.ts";
import { linearRegex } from "./linear-regex.ts";

/** About a second's work; https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html states no figure. */
const MAX_STEPS = 1_000_000;
const MAX_DEPTH = 500;

/** The code of the error that ends an expression of too many steps. */
export const TOO_MANY_STEPS = "too-many-steps";

/** JSONata's hook, called before it evaluates any part of an expression. */
const BEFORE_STEP = Symbol.for("jsonata.__evaluate_entry");

interface Environment {
  /** The outermost environment of one evaluation. */
  readonly base: object;
}

/** Characters that a regular expression searches in about the time of one step. */
const CHARACTERS_PER_STEP = 100;

/** Throws what JSONata throws for text that is no expression. */
export function boundExpression(text: string): jsonata.Expression {
  const steps = new WeakMap<object, number>();
  let latest: object = {};
  const spend = (count: number): void => {
    const spent = (steps.get(latest) ?? 0) + count;
    if (spent > MAX_STEPS) throw tooManySteps();
    steps.set(latest, spent);
  };
  const expression = jsonata(text, { stack: MAX_DEPTH, RegexEngine: regexEngine(spend) });
  const countStep = (_part: unknown, _input: unknown, { base }: Environment): void => {
    latest = base;
    spend(1);
  };
  // The hook's name is a symbol, which JSONata's types leave out.
  expression.assign(BEFORE_STEP as unknown as string, countStep);
  return expression;
}

/** JSONata calls it with `new`; what it returns stands in place of the object made. */
function regexEngine(spend: (count: number) => void): RegExpConstructor {
  const construct = function (pattern: RegExp) {
    return linearRegex(pattern, (characters) => spend(characters / CHARACTERS_PER_STEP));
  };
  return construct as unknown as RegExpConstructor;
}

function tooManySteps(): Error {
  const message = `it takes more than ${decimalText(MAX_STEPS)} steps`;
  return Object.assign(new Error(message), { code: TOO_MANY_STEPS });
}
