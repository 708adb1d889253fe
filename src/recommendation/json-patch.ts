/** A JSON patch is the change of a definition, operation by operation, after RFC 6902; paths start at the definition's root. */
import { type JsonValue, isJsonObject, ownValue } from "../workflow/text/json-value.ts";

export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: JsonValue }
  | { readonly op: "remove"; readonly path: string };

export type JsonPatch = readonly PatchOperation[];

/**
 * The patched value; what is not touched is shared with the original, which stays as it is. Throws when a path leads
 * nowhere. Each object on a path is copied once, however many operations go through it.
 */
export function applyPatch(value: JsonValue, patch: JsonPatch): JsonValue {
  const copies = new WeakSet<object>();
  const root: Draft = { "": value };
  for (const operation of patch) applyOne(root, ["", ...tokensOf(operation.path)], { operation, copies });
  return root[""]!;
}

/** A copy that is still being made. */
type Draft = Record<string, JsonValue>;

interface Applying {
  readonly operation: PatchOperation;
  /** Objects and lists made by this very patch, which may be written to. */
  readonly copies: WeakSet<object>;
}

function tokensOf(path: string): readonly string[] {
  return path
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function applyOne(root: Draft, tokens: readonly string[], { operation, copies }: Applying): void {
  let holder: Draft | JsonValue[] = root;
  for (const token of tokens.slice(0, -1)) {
    const inner = copyOf(entryOf(holder, token, operation), copies, operation);
    setEntry(holder, token, inner);
    holder = inner;
  }
  const last = tokens.at(-1)!;
  if (Array.isArray(holder)) changeList(holder, last, operation);
  else changeObject(holder, last, operation);
}

function entryOf(holder: Draft | JsonValue[], token: string, operation: PatchOperation): JsonValue {
  const entry = Array.isArray(holder)
    ? holder[indexIn(holder.length - 1, token, operation)]
    : ownValue(holder, token);
  if (entry === undefined) throw lost(operation);
  return entry;
}

function copyOf(value: JsonValue, copies: WeakSet<object>, operation: PatchOperation): Draft | JsonValue[] {
  if (!Array.isArray(value) && !isJsonObject(value)) throw lost(operation);
  if (copies.has(value)) return value as Draft | JsonValue[];
  const copy = Array.isArray(value) ? [...(value as readonly JsonValue[])] : { ...value };
  copies.add(copy);
  return copy;
}

/** `__proto__` is an own key like any other. */
function setEntry(holder: Draft | JsonValue[], token: string, value: JsonValue): void {
  Object.defineProperty(holder, token, { value, writable: true, enumerable: true, configurable: true });
}

function changeObject(holder: Draft, token: string, operation: PatchOperation): void {
  if (operation.op !== "add" && !Object.hasOwn(holder, token)) throw lost(operation);
  if (operation.op === "remove") delete holder[token];
  else setEntry(holder, token, operation.value);
}

function changeList(holder: JsonValue[], token: string, operation: PatchOperation): void {
  if (operation.op === "add")
    holder.splice(
      token === "-" ? holder.length : indexIn(holder.length, token, operation),
      0,
      operation.value,
    );
  else if (operation.op === "remove") holder.splice(indexIn(holder.length - 1, token, operation), 1);
  else holder[indexIn(holder.length - 1, token, operation)] = operation.value;
}

function indexIn(most: number, token: string, operation: PatchOperation): number {
  const index = Number(token);
  if (!Number.isInteger(index) || index < 0 || index > most) throw lost(operation);
  return index;
}

function lost({ op, path }: PatchOperation): Error {
  return new Error(`the patch cannot ${op} at ${JSON.stringify(path)}: nothing is there`);
}
