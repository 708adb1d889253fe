/** A scope is the names and functions that an expression may use. */
import type { Budget } from "./hcl-budget.ts";
import type { Span } from "./hcl-syntax.ts";
import { describeKind, faultValue, numberValue, stringValue } from "./hcl-value.ts";
import type { HclValue, UnknownValue } from "./hcl-value.ts";

export interface Scope {
  /** Null when there is no such name. */
  readonly lookup: (name: string, at: Span) => HclValue | null;
  /** Null when there is no such function. */
  readonly call: (name: string, args: readonly HclValue[], call: Call) => HclValue | null;
  readonly budget: Budget;
}

export interface Call {
  readonly at: Span;
  readonly scope: Scope;
}

export function withNames(scope: Scope, names: ReadonlyMap<string, HclValue>): Scope {
  return { ...scope, lookup: (name, at) => names.get(name) ?? scope.lookup(name, at) };
}

export type Element = readonly [key: HclValue, value: HclValue];

/** Keys and values of what can be iterated, objects in the order of their keys; else why not. */
export function elementsOf(collection: HclValue, at: Span): readonly Element[] | UnknownValue {
  if (collection.kind === "list")
    return collection.items.map((item, index) => [numberValue(index, at), item]);
  if (collection.kind === "object") {
    return [...collection.entries]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, value]) => [stringValue(key, at), value]);
  }
  if (collection.kind === "unknown") return collection;
  return faultValue(`${describeKind(collection)} cannot be iterated`, at);
}

export function isElements(found: readonly Element[] | UnknownValue): found is readonly Element[] {
  return Array.isArray(found);
}

/** The scope within one round of a `for`. */
export function withElement(
  scope: Scope,
  names: { readonly keyName: string | null; readonly valueName: string },
  [key, value]: Element,
): Scope {
  const round = new Map([[names.valueName, value]]);
  if (names.keyName !== null) round.set(names.keyName, key);
  return withNames(scope, round);
}
