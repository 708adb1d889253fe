/**
 * A template condition is true, false, or null when it hangs on a value that only the deployment knows.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
import { shown } from "../../workflow/definition/field-reader.ts";
import { hasPlaceholder } from "../../workflow/definition/placeholder.ts";
import { asText } from "./resolved-value.ts";
import { textOf } from "../../workflow/yaml/value-node.ts";
import type { ValueNode } from "../../workflow/yaml/value-node.ts";
import type { TemplateScope } from "./template-scope.ts";

/** The value of a condition of the section `Conditions`, by name. */
export function evaluateCondition(name: string, at: ValueNode, scope: TemplateScope): boolean | null {
  const node = scope.conditions.get(name);
  if (node === undefined) {
    const message = `The condition ${shown(name)} is not declared in this template.`;
    scope.report({ code: "unknown-condition", severity: "warning", message, at, hint: null });
    return null;
  }
  if (scope.openConditions.has(name)) {
    const message = `The condition ${shown(name)} refers to itself, so it has no value.`;
    const hint = "Break the circle: a condition may only refer to others that do not lead back to it.";
    scope.report({ code: "circular-reference", severity: "error", message, at: node, hint });
    return null;
  }
  const openConditions = new Set([...scope.openConditions, name]);
  return evaluate(node, { ...scope, openConditions, comparing: true });
}

/** As `evaluateCondition`; one that is not known is taken as true, and that is said. */
export function assumeCondition(name: string, at: ValueNode, scope: TemplateScope): boolean {
  const value = evaluateCondition(name, at, scope);
  if (value === null && scope.conditions.has(name)) {
    const message = `The condition ${shown(name)} is known only when the template is deployed; it is taken as true.`;
    const hint = "Give the parameters it depends on: --parameter Name=value, and --region.";
    scope.report({ code: "assumed-condition", severity: "info", message, at, hint });
  }
  return value ?? true;
}

/** Recursion is bounded by the template's levels, and by each condition being open once. */
function evaluate(node: ValueNode, scope: TemplateScope): boolean | null {
  if (node.kind === "scalar") return typeof node.value === "boolean" ? node.value : readBoolean(node.text);
  const call = node.kind === "map" && node.entries.length === 1 ? node.entries[0] : undefined;
  if (call === undefined) return null;
  const operands = call.value.kind === "list" ? call.value.items : [];
  switch (call.key) {
    case "Condition":
      return evaluateCondition(textOf(call.value) ?? "", node, scope);
    case "Fn::And":
      return conjunction(operands.map((operand) => evaluate(operand, scope)));
    case "Fn::Or":
      return negation(conjunction(operands.map((operand) => negation(evaluate(operand, scope)))));
    case "Fn::Not":
      return operands[0] === undefined ? null : negation(evaluate(operands[0], scope));
    case "Fn::Equals":
      return compare(operands, scope);
    default:
      return null;
  }
}

function compare(operands: readonly ValueNode[], scope: TemplateScope): boolean | null {
  const [left, right] = operands.map((operand) => asText(scope.resolve(operand, scope)).text);
  if (left === undefined || right === undefined) return null;
  return hasPlaceholder(left) || hasPlaceholder(right) ? null : left === right;
}

function conjunction(values: readonly (boolean | null)[]): boolean | null {
  if (values.includes(false)) return false;
  return values.includes(null) ? null : true;
}

function negation(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function readBoolean(text: string): boolean | null {
  if (text === "true") return true;
  return text === "false" ? false : null;
}
