/**
 * Works out a template's values: CloudFormation's functions as far as their operands are known, else a readable placeholder.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
import { joinTexts, scalarText, sliceText } from "./mapped-text.ts";
import {
  asJson,
  asText,
  insertedValue,
  isPresent,
  itemsOf,
  knownNumber,
  knownText,
  unknownValue,
} from "./resolved-value.ts";
import type { ResolvedValue } from "./resolved-value.ts";
import { substituteText } from "./substitute-text.ts";
import { assumeCondition } from "./template-condition.ts";
import { functionCall } from "./template-tags.ts";
import { textOf, valueAt } from "../../workflow/yaml/value-node.ts";
import type { ScalarNode, ValueNode } from "../../workflow/yaml/value-node.ts";
import { COMMON_PARTITION } from "./template-scope.ts";
import type { TemplateScope } from "./template-scope.ts";

type TemplateFunction = (argument: ValueNode, scope: TemplateScope, node: ValueNode) => ResolvedValue;

/** Never throws; recursion is bounded by the template's levels. */
export function resolveValue(node: ValueNode, scope: TemplateScope): ResolvedValue {
  if (node.kind === "scalar") return resolveScalar(node, scope);
  if (node.kind === "list") {
    return { kind: "list", items: node.items.map((item) => resolveValue(item, scope)), at: node };
  }
  const call = functionCall(node);
  if (call !== null) {
    const apply = FUNCTIONS.get(call.name);
    return apply === undefined ? nameCall(call.name, call.argument, node) : apply(call.argument, scope, node);
  }
  const entries = node.entries.map(({ key, keyStart, value }) => ({
    key,
    keyStart,
    value: resolveValue(value, scope),
  }));
  return { kind: "object", entries, at: node };
}

function resolveScalar(node: ScalarNode, scope: TemplateScope): ResolvedValue {
  if (typeof node.value === "string") return { kind: "text", text: scalarText(node, scope.source), at: node };
  return { kind: "plain", value: node.value, text: node.text, at: node };
}

/** A reference by name, as in `Ref` and `${Name}`: parameters and pseudo parameters have values, resources do not. */
function resolveReference(name: string, scope: TemplateScope, at: ValueNode): ResolvedValue {
  if (name === "AWS::NoValue") return { kind: "absent", at };
  const pseudo = scope.pseudo.get(name) ?? (scope.comparing ? COMMON_PARTITION.get(name) : undefined);
  if (pseudo !== undefined) return insertedValue(pseudo, at);
  // A `${Name.Attribute}` of Fn::Sub comes this way too.
  if (scope.activities.has(name.replace(/\.Arn$/, "")))
    return activityArn(name.replace(/\.Arn$/, ""), scope, at);
  const parameter = scope.parameters.get(name);
  if (parameter === undefined || parameter.text === null) return unknownValue(name, at);
  if (parameter.secret && !scope.comparing) return unknownValue(name, at);
  if (parameter.type === "list") {
    const items =
      parameter.text === "" ? [] : parameter.text.split(",").map((item) => insertedValue(item.trim(), at));
    return { kind: "list", items, at };
  }
  const number = parameter.type === "number" ? Number(parameter.text) : Number.NaN;
  if (Number.isFinite(number)) return { kind: "plain", value: number, text: parameter.text, at };
  return insertedValue(parameter.text, at);
}

/** Both Ref and Arn of an activity give its ARN. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-activity.html */
function activityArn(id: string, { pseudo }: TemplateScope, at: ValueNode): ResolvedValue {
  const part = (name: string): string => pseudo.get(name) ?? `\${${name}}`;
  const stack = `${part("AWS::Partition")}:states:${part("AWS::Region")}:${part("AWS::AccountId")}`;
  return insertedValue(`arn:${stack}:activity:\${${id}.Name}`, at);
}

/** A call whose result is not known, named after its operands: `${ImportValue.shared-queue-arn}`. */
function nameCall(name: string, argument: ValueNode, at: ValueNode): ResolvedValue {
  return unknownValue([name.replace("Fn::", ""), ...namesIn(argument, 3)].join("."), at);
}

function namesIn(node: ValueNode, most: number): readonly string[] {
  if (node.kind === "scalar") return node.text === "" ? [] : [node.text];
  const parts = node.kind === "list" ? node.items : node.entries.map((entry) => entry.value);
  return most === 0 ? [] : parts.slice(0, 4).flatMap((part) => namesIn(part, most - 1));
}

const operandsOf = (argument: ValueNode): readonly ValueNode[] =>
  argument.kind === "list" ? argument.items : [];

const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ["Ref", (argument, scope, node) => resolveReference(textOf(argument) ?? "", scope, node)],
  ["Fn::GetAtt", resolveAttribute],
  ["Fn::If", resolveIf],
  ["Fn::Sub", resolveSub],
  ["Fn::Join", resolveJoin],
  ["Fn::Select", resolveSelect],
  ["Fn::Split", resolveSplit],
  ["Fn::FindInMap", resolveFindInMap],
  ["Fn::Base64", resolveBase64],
  ["Fn::Length", resolveLength],
  ["Fn::ToJsonString", resolveToJsonString],
]);

/** `${Function.Arn}`: attributes exist only once deployed. The name may come as one text or two. */
function resolveAttribute(argument: ValueNode, scope: TemplateScope, node: ValueNode): ResolvedValue {
  const names =
    argument.kind === "list"
      ? argument.items.map((item) => asText(resolveValue(item, scope)).text)
      : [textOf(argument) ?? ""];
  const name = names.join(".");
  return name.endsWith(".Arn") ? resolveReference(name, scope, node) : unknownValue(name, node);
}

function resolveIf(argument: ValueNode, scope: TemplateScope, node: ValueNode): ResolvedValue {
  const [condition, whenTrue, whenFalse] = operandsOf(argument);
  const name = condition === undefined ? null : textOf(condition);
  if (name === null || whenTrue === undefined || whenFalse === undefined)
    return nameCall("Fn::If", argument, node);
  return resolveValue(assumeCondition(name, node, scope) ? whenTrue : whenFalse, scope);
}

function resolveSub(argument: ValueNode, scope: TemplateScope, node: ValueNode): ResolvedValue {
  const [template, variables] = argument.kind === "list" ? argument.items : [argument];
  if (template?.kind !== "scalar") return nameCall("Fn::Sub", argument, node);
  const text = substituteText(scalarText(template, scope.source), (name) => {
    const variable = valueAt(variables, name);
    if (variable !== undefined) return resolveValue(variable, scope);
    return resolveReference(name, scope, node);
  });
  return { kind: "text", text, at: template };
}

function resolveJoin(argument: ValueNode, scope: TemplateScope, node: ValueNode): ResolvedValue {
  const [delimiter, list] = operandsOf(argument);
  const between = delimiter === undefined ? null : textOf(delimiter);
  const resolved = list === undefined ? null : resolveValue(list, scope);
  if (between === null || resolved === null) return nameCall("Fn::Join", argument, node);
  if (resolved.kind !== "list")
    return resolved.kind === "unknown" ? resolved : nameCall("Fn::Join", argument, node);
  const parts = itemsOf(resolved).flatMap((item, index) =>
    index === 0 ? [asText(item)] : [asText(insertedValue(between, item.at)), asText(item)],
  );
  return { kind: "text", text: joinTexts(parts), at: node };
}

function resolveSelect(argument: ValueNode, scope: TemplateScope, node: ValueNode): ResolvedValue {
  const [index, list] = operandsOf(argument).map((operand) => resolveValue(operand, scope));
  const position = knownNumber(index);
  const item = list?.kind === "list" && position !== null ? itemsOf(list)[position] : undefined;
  return item ?? nameCall("Fn::Select", argument, node);
}

function resolveSplit(argument: ValueNode, scope: TemplateScope, node: ValueNode): ResolvedValue {
  const [delimiter, whole] = operandsOf(argument).map((operand) => resolveValue(operand, scope));
  const between = knownText(delimiter);
  if (!between || whole?.kind !== "text" || knownText(whole) === null)
    return nameCall("Fn::Split", argument, node);
  const items: ResolvedValue[] = [];
  let from = 0;
  for (const piece of whole.text.text.split(between)) {
    items.push({ kind: "text", text: sliceText(whole.text, from, from + piece.length), at: node });
    from += piece.length + between.length;
  }
  return { kind: "list", items, at: node };
}

/** With a map `{ DefaultValue: … }` as fourth operand, of the transform AWS::LanguageExtensions. */
function resolveFindInMap(argument: ValueNode, scope: TemplateScope, node: ValueNode): ResolvedValue {
  const operands = operandsOf(argument);
  const keys = operands.slice(0, 3).map((operand) => knownText(resolveValue(operand, scope)));
  const known = keys.filter((key) => key !== null);
  if (known.length < 3) return nameCall("Fn::FindInMap", argument, node);
  const found = valueAt(scope.mappings, ...known) ?? valueAt(operands[3], "DefaultValue");
  return found === undefined ? nameCall("Fn::FindInMap", argument, node) : resolveValue(found, scope);
}

function resolveBase64(argument: ValueNode, scope: TemplateScope, node: ValueNode): ResolvedValue {
  const text = knownText(resolveValue(argument, scope));
  if (text === null) return nameCall("Fn::Base64", argument, node);
  return insertedValue(btoa(String.fromCharCode(...new TextEncoder().encode(text))), node);
}

function resolveLength(argument: ValueNode, scope: TemplateScope, node: ValueNode): ResolvedValue {
  const list = resolveValue(argument, scope);
  if (list.kind !== "list") return nameCall("Fn::Length", argument, node);
  const length = list.items.filter(isPresent).length;
  return { kind: "plain", value: length, text: String(length), at: node };
}

function resolveToJsonString(argument: ValueNode, scope: TemplateScope, node: ValueNode): ResolvedValue {
  return insertedValue(JSON.stringify(asJson(resolveValue(argument, scope))), node);
}
