/** A Terraform block's arguments and nested blocks, read by name, whether written as blocks, `dynamic` blocks or JSON. */
import { evaluate } from "./hcl-evaluation.ts";
import { elementsOf, isElements, withNames } from "./hcl-scope.ts";
import type { Scope } from "./hcl-scope.ts";
import type { Block, Body } from "./hcl-syntax.ts";
import { objectValue, textOf } from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";

/** An argument's value; null when it is not written. */
export type Arguments = (name: string) => HclValue | null;

export function argumentsOf(body: Body, scope: Scope): Arguments {
  return (name) => {
    const attribute = body.attributes.get(name);
    return attribute === undefined ? null : evaluate(attribute.expression, scope);
  };
}

/** The arguments of the first nested block of a type; null when there is none, or it is not known whether there is. */
export function nestedArguments(body: Body, type: string, scope: Scope): Arguments | null {
  for (const block of body.blocks) {
    if (block.type === type) return argumentsOf(block.body, scope);
    if (block.type === "dynamic" && block.labels[0] === type) {
      const found = dynamicArguments(block, type, scope);
      if (found !== null) return found;
    }
  }
  const attribute = body.attributes.get(type);
  return attribute === undefined ? null : memberArguments(evaluate(attribute.expression, scope));
}

/** Of an object, or of the first in a list of objects. */
export function memberArguments(value: HclValue): Arguments | null {
  const first = value.kind === "list" ? value.items[0] : value;
  if (first?.kind !== "object") return null;
  return (name) => first.entries.get(name) ?? null;
}

function dynamicArguments(block: Block, type: string, scope: Scope): Arguments | null {
  const forEach = block.body.attributes.get("for_each")?.expression;
  const content = block.body.blocks.find((inner) => inner.type === "content");
  if (forEach === undefined || content === undefined) return null;
  const elements = elementsOf(evaluate(forEach, scope), block.span);
  const [first] = isElements(elements) ? elements : [];
  if (first === undefined) return null;
  const iterator = block.body.attributes.get("iterator")?.expression;
  const name = iterator?.kind === "variable" ? iterator.name : type;
  const element = new Map([
    ["key", first[0]],
    ["value", first[1]],
  ]);
  return argumentsOf(content.body, withNames(scope, new Map([[name, objectValue(element, block.span)]])));
}

/** A text that is wholly known. */
export function knownText(value: HclValue | null): string | null {
  if (value === null || value.kind === "unknown" || (value.kind === "string" && value.isOpen)) return null;
  return textOf(value);
}

export function knownNumber(value: HclValue | null): number | null {
  const text = knownText(value);
  const number = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

export function knownBool(value: HclValue | null): boolean | null {
  const text = knownText(value);
  return text === "true" ? true : text === "false" ? false : null;
}

/** A known text, or the placeholder of an unknown one; "" when it is not written. */
export function referenceText(value: HclValue | null): string {
  return value === null ? "" : (textOf(value) ?? "");
}
