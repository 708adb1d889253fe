/** A JSON patch is the change of a definition, operation by operation, after RFC 6902; paths start at the definition's root. */
import { type JsonObject, type JsonValue, isJsonObject, ownValue } from "../workflow/json-value.ts";

export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: JsonValue }
  | { readonly op: "remove"; readonly path: string };

export type JsonPatch = readonly PatchOperation[];

/** The patched value; what is not touched is shared with the original. Throws when a path leads nowhere. */
export function applyPatch(value: JsonValue, patch: JsonPatch): JsonValue {
  return patch.reduce((current, operation) => applyAt(current, tokensOf(operation.path), operation), value);
}

function tokensOf(path: string): readonly string[] {
  return path
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** As deep as a path is long, and readers bound how deep definitions nest. */
function applyAt(value: JsonValue, tokens: readonly string[], operation: PatchOperation): JsonValue {
  const [token, ...rest] = tokens;
  if (token === undefined) return operation.op === "remove" ? null : operation.value;
  if (Array.isArray(value)) return applyInList(value as readonly JsonValue[], { token, rest }, operation);
  if (!isJsonObject(value)) throw lost(operation);
  if (rest.length > 0) {
    const inner = ownValue(value, token);
    if (inner === undefined) throw lost(operation);
    return withEntry(value, token, applyAt(inner, rest, operation));
  }
  if (operation.op === "add") return withEntry(value, token, operation.value);
  if (!Object.hasOwn(value, token)) throw lost(operation);
  if (operation.op === "replace") return withEntry(value, token, operation.value);
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== token));
}

function applyInList(
  list: readonly JsonValue[],
  { token, rest }: { token: string; rest: readonly string[] },
  operation: PatchOperation,
): JsonValue {
  const index = token === "-" ? list.length : Number(token);
  const most = operation.op === "add" && rest.length === 0 ? list.length : list.length - 1;
  if (!Number.isInteger(index) || index < 0 || index > most) throw lost(operation);
  if (rest.length > 0) return list.map((item, at) => (at === index ? applyAt(item, rest, operation) : item));
  if (operation.op === "remove") return list.filter((_, at) => at !== index);
  const drop = operation.op === "replace" ? 1 : 0;
  return [...list.slice(0, index), operation.value, ...list.slice(index + drop)];
}

/** Order kept, and `__proto__` an own key like any other. */
function withEntry(object: JsonObject, key: string, value: JsonValue): JsonObject {
  const entries = Object.entries(object);
  const known = entries.some(([name]) => name === key);
  return Object.fromEntries(
    known
      ? entries.map(([name, old]) => [name, name === key ? value : old])
      : [...entries, [key, value] as const],
  );
}

function lost({ op, path }: PatchOperation): Error {
  return new Error(`the patch cannot ${op} at ${JSON.stringify(path)}: nothing is there`);
}
