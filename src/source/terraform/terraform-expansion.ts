/** An expansion is the instances that `count` or `for_each` make of one block. */
import { asNumber, evaluate } from "./hcl-evaluation.ts";
import { elementsOf, isElements, withNames } from "./hcl-scope.ts";
import type { Scope } from "./hcl-scope.ts";
import type { Block } from "./hcl-syntax.ts";
import { numberValue, objectValue, stringValue, textOf, unknownWithin } from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";

export interface Expansion {
  /** Null when their number is not known. */
  readonly instances: readonly BlockInstance[] | null;
  /** The block has `count` or `for_each`. */
  readonly isCounted: boolean;
}

export interface BlockInstance {
  readonly key: string | number | null;
  readonly scope: Scope;
}

/** More instances than that are not told apart. */
const MAX_INSTANCES = 1000;

export function expandBlock(block: Block, scope: Scope): Expansion {
  const count = block.body.attributes.get("count")?.expression;
  if (count !== undefined)
    return { instances: countInstances(evaluate(count, scope), block, scope), isCounted: true };
  const forEach = block.body.attributes.get("for_each")?.expression;
  if (forEach !== undefined)
    return { instances: eachInstances(evaluate(forEach, scope), block, scope), isCounted: true };
  return { instances: [{ key: null, scope }], isCounted: false };
}

function countInstances(value: HclValue, block: Block, scope: Scope): readonly BlockInstance[] | null {
  const count = asNumber(value, block.span);
  if (typeof count !== "number" || count > MAX_INSTANCES) return null;
  return Array.from({ length: Math.max(0, Math.trunc(count)) }, (_, index) => {
    const entries = new Map([["index", numberValue(index, block.span)]]);
    return { key: index, scope: withNames(scope, new Map([["count", objectValue(entries, block.span)]])) };
  });
}

/** A map, or a set whose elements are key and value at once. */
function eachInstances(value: HclValue, block: Block, scope: Scope): readonly BlockInstance[] | null {
  const elements = elementsOf(value, block.span);
  if (!isElements(elements) || elements.length > MAX_INSTANCES) return null;
  const keys = elements.map(([key, member]) => (value.kind === "list" ? member : key));
  if (keys.some((key) => unknownWithin(key) !== null)) return null;
  return elements.flatMap(([, member], index) => {
    const key = keys[index];
    const name = key === undefined ? null : textOf(key);
    if (name === null) return [];
    const entries = new Map([
      ["key", stringValue(name, block.span)],
      ["value", member],
    ]);
    return [{ key: name, scope: withNames(scope, new Map([["each", objectValue(entries, block.span)]])) }];
  });
}
