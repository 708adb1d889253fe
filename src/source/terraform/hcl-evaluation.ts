/** HCL evaluation turns an expression into a value; it never fails: what cannot be known is an unknown value that says why. */
import { elementsOf, isElements, withElement } from "./hcl-scope.ts";
import type { Call, Scope } from "./hcl-scope.ts";
import type {
  BinaryOperator,
  CallExpression,
  Expression,
  ForExpression,
  Span,
  SplatStep,
} from "./hcl-syntax.ts";
import { evaluateTemplate } from "./hcl-template-value.ts";
import {
  boolValue,
  describeKind,
  faultValue,
  isEqual,
  listValue,
  nullValue,
  numberValue,
  objectValue,
  problemValue,
  textOf,
  unknownValue,
  unknownWithin,
} from "./hcl-value.ts";
import type { HclValue, UnknownValue } from "./hcl-value.ts";

export function evaluate(expression: Expression, scope: Scope): HclValue {
  if (!scope.budget.spend(1)) return problemValue("This takes too many steps to evaluate", expression.span);
  return scope.budget.deeper(
    () => evaluateKind(expression, scope),
    () => problemValue("This refers to itself, or through too many names", expression.span),
  );
}

function evaluateKind(expression: Expression, scope: Scope): HclValue {
  const { span } = expression;
  switch (expression.kind) {
    case "literal":
      return literalValue(expression.value, span);
    case "template":
      return evaluateTemplate(expression.parts, span, { scope, evaluate });
    case "tuple":
      return listValue(
        expression.items.map((item) => evaluate(item, scope)),
        span,
      );
    case "object":
      return evaluateObject(expression, scope);
    case "variable":
      return scope.lookup(expression.name, span) ?? unknownName(expression.name, span);
    case "attribute":
      return memberOf(evaluate(expression.of, scope), expression.name, span);
    case "index":
      return evaluateIndex(evaluate(expression.of, scope), evaluate(expression.key, scope), span);
    case "splat":
      return evaluateSplat(evaluate(expression.of, scope), expression.steps, { scope, span });
    case "call":
      return evaluateCall(expression, scope);
    case "for":
      return evaluateFor(expression, scope);
    case "conditional":
      return evaluateConditional(expression, scope);
    case "unary":
      return evaluateUnary(expression.operator, evaluate(expression.operand, scope), span);
    case "binary":
      return evaluateBinary(expression, scope);
  }
}

function literalValue(value: null | boolean | number, at: Span): HclValue {
  if (value === null) return nullValue(at);
  return typeof value === "number" ? numberValue(value, at) : boolValue(value, at);
}

function unknownName(name: string, at: Span): UnknownValue {
  return faultValue(`There is no \`${name}\` here`, at, name);
}

/** An unknown value that stands for a whole expression, keeping the reason of the unknown part. */
export function unknownOf(part: UnknownValue, span: Span): UnknownValue {
  const cause = part.cause ?? part.reference;
  const at = part.problem === null ? span : part.at;
  return { ...part, reference: sourceOf(span), cause, at, member: null };
}

function sourceOf(span: Span): string {
  return span.source.text.slice(span.start, Math.min(span.end, span.start + 200));
}

function evaluateObject(expression: Extract<Expression, { kind: "object" }>, scope: Scope): HclValue {
  const entries = new Map<string, HclValue>();
  const keysAt = new Map<string, Span>();
  for (const { key, isNamed, value } of expression.items) {
    const keyValue = isNamed ? null : evaluate(key, scope);
    const name = keyValue === null ? sourceOf(key.span) : textOf(keyValue);
    if (name === null) return faultValue("A key must be text", key.span);
    const member = evaluate(value, scope);
    entries.set(name, member);
    keysAt.set(name, key.span);
  }
  return objectValue(entries, expression.span, keysAt);
}

/** An attribute, element or entry. */
export function memberOf(of: HclValue, key: string | number, at: Span): HclValue {
  if (of.kind === "unknown") return unknownMember(of, key, at);
  if (of.kind === "object") {
    return of.entries.get(String(key)) ?? faultValue(`This object has no \`${String(key)}\``, at);
  }
  if (of.kind === "list") {
    const item = of.items[Number(key)];
    return item ?? faultValue(`This list of ${of.items.length} has no element ${String(key)}`, at);
  }
  return faultValue(`${describeKind(of)} has no \`${String(key)}\``, at);
}

function unknownMember(of: UnknownValue, key: string | number, at: Span): HclValue {
  const known = of.member?.(key) ?? null;
  if (known !== null) return known;
  const step =
    typeof key === "string" && /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(key)
      ? `.${key}`
      : `[${JSON.stringify(key)}]`;
  return { ...of, reference: `${of.reference}${step}`, at: of.problem === null ? at : of.at, member: null };
}

function evaluateIndex(of: HclValue, key: HclValue, span: Span): HclValue {
  if (key.kind === "unknown") return unknownOf(key, span);
  if (key.kind !== "string" && key.kind !== "number")
    return faultValue("An index must be text or a number", span);
  if (of.kind === "unknown") {
    const step = key.kind === "string" ? key.text : key.value;
    const known = of.member?.(step) ?? null;
    return known ?? { ...unknownMember(of, step, span), ...(of.problem === null ? indexed(of, step) : {}) };
  }
  return memberOf(of, key.kind === "string" ? key.text : key.value, span);
}

function indexed(of: UnknownValue, step: string | number): { reference: string } {
  return { reference: `${of.reference}[${JSON.stringify(step)}]` };
}

interface SplatContext {
  readonly scope: Scope;
  readonly span: Span;
}

/** `list[*].name`; anything but a list is taken as a list of one, null as an empty one. */
function evaluateSplat(of: HclValue, steps: readonly SplatStep[], context: SplatContext): HclValue {
  if (of.kind === "unknown") return unknownOf(of, context.span);
  const items = of.kind === "list" ? of.items : of.kind === "null" ? [] : [of];
  const follow = (value: HclValue, step: SplatStep): HclValue =>
    step.kind === "attribute"
      ? memberOf(value, step.name, step.span)
      : evaluateIndex(value, evaluate(step.key, context.scope), step.span);
  if (!context.scope.budget.spend(items.length))
    return problemValue("This takes too many steps", context.span);
  return listValue(
    items.map((item) => steps.reduce(follow, item)),
    context.span,
  );
}

function evaluateCall(expression: CallExpression, scope: Scope): HclValue {
  const written = expression.args.map((argument) => evaluate(argument, scope));
  const last = written.at(-1);
  if (expression.expanded && last?.kind === "unknown") return unknownOf(last, expression.span);
  const args =
    expression.expanded && last?.kind === "list" ? [...written.slice(0, -1), ...last.items] : written;
  const value = scope.call(expression.name, args, { at: expression.span, scope });
  const missing = `The function \`${expression.name}\` is not evaluated here`;
  return value ?? problemValue(missing, expression.span, sourceOf(expression.span));
}

function evaluateConditional(
  expression: Extract<Expression, { kind: "conditional" }>,
  scope: Scope,
): HclValue {
  const condition = asBool(evaluate(expression.condition, scope), expression.condition.span);
  if (typeof condition === "boolean")
    return evaluate(condition ? expression.then : expression.otherwise, scope);
  return unknownOf(condition, expression.span);
}

/** True or false, also when written as text; else why not. */
export function asBool(value: HclValue, at: Span): boolean | UnknownValue {
  if (value.kind === "bool") return value.value;
  if (value.kind === "string" && (value.text === "true" || value.text === "false"))
    return value.text === "true";
  return unknownWithin(value) ?? faultValue(`Expected true or false, not ${describeKind(value)}`, at);
}

export function asNumber(value: HclValue, at: Span): number | UnknownValue {
  if (value.kind === "number") return value.value;
  if (value.kind === "string" && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value.text))
    return Number(value.text);
  return unknownWithin(value) ?? faultValue(`Expected a number, not ${describeKind(value)}`, at);
}

function evaluateUnary(operator: "!" | "-", operand: HclValue, span: Span): HclValue {
  const value = operator === "!" ? asBool(operand, span) : asNumber(operand, span);
  if (typeof value === "object") return unknownOf(value, span);
  return typeof value === "boolean" ? boolValue(!value, span) : numberValue(-value, span);
}

function evaluateBinary(expression: Extract<Expression, { kind: "binary" }>, scope: Scope): HclValue {
  const { operator, span } = expression;
  const left = evaluate(expression.left, scope);
  const right = evaluate(expression.right, scope);
  if (operator === "==" || operator === "!=") {
    const open = unknownWithin(left) ?? unknownWithin(right);
    if (open !== null) return unknownOf(open, span);
    return boolValue(isEqual(left, right) === (operator === "=="), span);
  }
  if (operator === "&&" || operator === "||") return evaluateLogic(operator, [left, right], span);
  const first = asNumber(left, expression.left.span);
  if (typeof first !== "number") return unknownOf(first, span);
  const second = asNumber(right, expression.right.span);
  if (typeof second !== "number") return unknownOf(second, span);
  const result = calculate(operator, first, second);
  return typeof result === "boolean" ? boolValue(result, span) : numberValue(result, span);
}

/** One side may decide alone; then the other need not be known. */
function evaluateLogic(operator: "&&" | "||", sides: readonly HclValue[], span: Span): HclValue {
  const deciding = operator === "||";
  const values = sides.map((side) => asBool(side, span));
  if (values.includes(deciding)) return boolValue(deciding, span);
  const open = values.find((value) => typeof value === "object");
  return open === undefined ? boolValue(!deciding, span) : unknownOf(open, span);
}

function calculate(operator: BinaryOperator, left: number, right: number): number | boolean {
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    default:
      return left % right;
  }
}

function evaluateFor(expression: ForExpression, scope: Scope): HclValue {
  const { span } = expression;
  const pairs = elementsOf(evaluate(expression.collection, scope), expression.collection.span);
  if (!isElements(pairs)) return unknownOf(pairs, span);
  const items: HclValue[] = [];
  const entries = new Map<string, HclValue[]>();
  for (const pair of pairs) {
    const inner = withElement(scope, expression, pair);
    const kept = expression.condition === null || asBool(evaluate(expression.condition, inner), span);
    if (typeof kept === "object") return unknownOf(kept, span);
    if (!kept) continue;
    const value = evaluate(expression.value, inner);
    if (expression.key === null) {
      items.push(value);
      continue;
    }
    const key = evaluate(expression.key, inner);
    const name = textOf(key);
    if (name === null) return faultValue("A key must be text", span);
    const before = expression.grouped ? (entries.get(name) ?? []) : [];
    before.push(value);
    entries.set(name, before);
  }
  if (expression.key === null) return listValue(items, span);
  return objectValue(
    new Map(
      [...entries].map(([name, values]) => [
        name,
        expression.grouped ? listValue(values, span) : (values[0] ?? nullValue(span)),
      ]),
    ),
    span,
  );
}

/** The call as a whole, unknown because an argument is. */
export function unknownCall(part: UnknownValue, { at }: Call): UnknownValue {
  return part.problem === null ? unknownValue(sourceOf(at), at) : unknownOf(part, at);
}
