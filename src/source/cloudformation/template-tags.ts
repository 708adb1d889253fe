/**
 * Template tags are YAML's short forms of CloudFormation's functions: `!Sub x` is `{ "Fn::Sub": x }`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
import { pointerTo } from "../../workflow/text/json-value.ts";
import { measureParts } from "../../workflow/yaml/value-node.ts";
import type { ListNode, MapNode, ScalarNode, ValueNode } from "../../workflow/yaml/value-node.ts";

const FUNCTIONS: ReadonlySet<string> = new Set([
  "And",
  "Base64",
  "Cidr",
  "Contains",
  "EachMemberEquals",
  "EachMemberIn",
  "Equals",
  "FindInMap",
  "ForEach",
  "GetAtt",
  "GetAZs",
  "GetStackOutput",
  "If",
  "ImportValue",
  "Join",
  "Length",
  "Not",
  "Or",
  "RefAll",
  "Select",
  "Split",
  "Sub",
  "ToJsonString",
  "Transform",
  "ValueOf",
  "ValueOfAll",
]);

/** The function a tag stands for, `Ref` or `Fn::…`; null when it stands for none. */
export function functionOfTag(tag: string): string | null {
  if (tag === "!Ref") return "Ref";
  if (tag === "!Condition") return "Condition";
  const name = tag.startsWith("!") ? tag.slice(1) : "";
  return FUNCTIONS.has(name) ? `Fn::${name}` : null;
}

/** `!GetAtt A.B.C` means `[A, "B.C"]`; every other argument stands for itself. */
export function spellOut(name: string, argument: ValueNode, pointer: string): MapNode {
  const value = name === "Fn::GetAtt" && argument.kind === "scalar" ? splitAttribute(argument) : argument;
  return {
    kind: "map",
    entries: [{ key: name, keyStart: argument.start, value }],
    start: argument.start,
    pointer,
    ...measureParts([value]),
  };
}

function splitAttribute(argument: ScalarNode): ListNode {
  const dot = argument.text.indexOf(".");
  const names = dot < 0 ? [argument.text] : [argument.text.slice(0, dot), argument.text.slice(dot + 1)];
  const items = names.map((text, index) => ({
    ...argument,
    value: text,
    text,
    pointer: pointerTo(argument.pointer, index),
  }));
  const { start, pointer } = argument;
  return { kind: "list", items, start, pointer, ...measureParts(items) };
}

/** The one-key map that is a function's call: `{ "Fn::Sub": … }`, `{ "Ref": … }`, `{ "Condition": … }`. */
export function functionCall(
  node: ValueNode,
): { readonly name: string; readonly argument: ValueNode } | null {
  if (node.kind !== "map" || node.entries.length !== 1) return null;
  const entry = node.entries[0];
  if (entry === undefined || !(entry.key === "Ref" || entry.key.startsWith("Fn::"))) return null;
  return { name: entry.key, argument: entry.value };
}
