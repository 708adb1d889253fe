/** JSON text: how values are read from it, written to it and weighed in it. */
import { isJsonObject } from "../../workflow/text/json-value.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";

/** Beyond this many levels a value is refused: reading and writing it could exhaust the stack. */
const MAX_JSON_DEPTH = 1_000;

/** Undefined when the text is no JSON. */
export function readJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** A value as a message shows it: texts as they are, all else as JSON. */
export function shownText(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Undefined for what JSON cannot hold: functions, circles, big integers, a depth that exhausts the stack. */
export function writeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** UTF-8 bytes of a text. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Whether a value nests no deeper than the limit; looks no deeper itself. */
export function isShallow(value: unknown, limit = MAX_JSON_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (limit <= 0) return false;
  if (Array.isArray(value)) return value.every((item) => isShallow(item, limit - 1));
  for (const key in value) {
    if (!isShallow((value as Record<string, unknown>)[key], limit - 1)) return false;
  }
  return true;
}

/** Whether two values say the same, whatever the order of keys. */
export function equalJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => equalJson(item as JsonValue, b[index] as JsonValue));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equalJson(a[key] as JsonValue, b[key] as JsonValue));
}
