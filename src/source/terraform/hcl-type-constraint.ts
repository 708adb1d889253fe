/** A type constraint converts a variable's value as Terraform does, and fills in the defaults of `optional` attributes. */
import { asBool, asNumber, evaluate } from "./hcl-evaluation.ts";
import type { Scope } from "./hcl-scope.ts";
import type { Expression } from "./hcl-syntax.ts";
import {
  boolValue,
  listValue,
  nullValue,
  numberValue,
  objectValue,
  stringValue,
  textOf,
} from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";

/** What does not fit stays as it is: this reader is no judge of types. */
export function convertTo(type: Expression, value: HclValue, scope: Scope): HclValue {
  if (value.kind === "unknown" || value.kind === "null") return value;
  if (type.kind === "variable") return convertPrimitive(type.name, value);
  const [inner] = type.kind === "call" ? type.args : [];
  if (type.kind !== "call" || inner === undefined) return value;
  if (type.name === "object") return convertObject(inner, value, scope);
  if (type.name === "map" && value.kind === "object") {
    const entries = [...value.entries].map(
      ([key, member]) => [key, convertTo(inner, member, scope)] as const,
    );
    return objectValue(new Map(entries), value.at, value.keysAt);
  }
  if ((type.name === "list" || type.name === "set") && value.kind === "list") {
    return listValue(
      value.items.map((item) => convertTo(inner, item, scope)),
      value.at,
    );
  }
  return type.name === "optional" ? convertTo(inner, value, scope) : value;
}

function convertPrimitive(type: string, value: HclValue): HclValue {
  if (type === "number") {
    const number = value.at === null ? null : asNumber(value, value.at);
    return typeof number === "number" ? numberValue(number, value.at) : value;
  }
  if (type === "bool") {
    const bool = value.at === null ? null : asBool(value, value.at);
    return typeof bool === "boolean" ? boolValue(bool, value.at) : value;
  }
  const text = type === "string" && value.kind !== "string" ? textOf(value) : null;
  return text === null ? value : stringValue(text, value.at);
}

function convertObject(shape: Expression, value: HclValue, scope: Scope): HclValue {
  if (shape.kind !== "object" || value.kind !== "object") return value;
  const entries = new Map(value.entries);
  for (const { key, isNamed, value: type } of shape.items) {
    const name = key.kind === "variable" && isNamed ? key.name : textOf(evaluate(key, scope));
    if (name === null) continue;
    const given = value.entries.get(name) ?? nullValue(value.at);
    entries.set(name, convertTo(type, given.kind === "null" ? defaultOf(type, given, scope) : given, scope));
  }
  return objectValue(entries, value.at, value.keysAt);
}

/** `optional(type, default)`. */
function defaultOf(type: Expression, absent: HclValue, scope: Scope): HclValue {
  if (type.kind !== "call" || type.name !== "optional") return absent;
  const [, otherwise] = type.args;
  return otherwise === undefined ? absent : evaluate(otherwise, scope);
}
