/**
 * Plain JSON is strict, holds no key twice in one object and no key with an escape, and nests no deeper than is read.
 * Nearly all texts are plain, and of those nothing has to be said: so where their values stand need not be known before
 * somebody asks.
 *
 * Linear in the text. That no key came twice is seen by counting: the parser keeps one of each. (Except that Node 24 takes
 * a key with an escape for another one when it has read objects with alike keys before: such texts are looked at closely.)
 */
import { MAX_JSON_DEPTH, isEscaped } from "./json-outline.ts";
import type { JsonValue } from "./json-value.ts";

const [SPACE, COLON, BACKSLASH] = [32, 58, 92];

/** Undefined where the text is not plain. */
export function parsePlainJson(text: string): JsonValue | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  return keysOf(value) === keysIn(text) ? value : undefined;
}

/** Strings that a colon follows, in strict JSON nothing else holds a quote; null where one of them has an escape. */
function keysIn(text: string): number | null {
  let keys = 0;
  for (let open = text.indexOf('"'); open !== -1;) {
    let close = text.indexOf('"', open + 1);
    while (isEscaped(text, close)) close = text.indexOf('"', close + 1);
    let after = close + 1;
    while (text.charCodeAt(after) <= SPACE) after++;
    if (text.charCodeAt(after) === COLON) {
      if (isBackslashIn(text, open, close)) return null;
      keys++;
    }
    open = text.indexOf('"', after);
  }
  return keys;
}

/**
 * Looked for character by character. To ask first whether the text has any backslash at all would not spare this: V8
 * moves such a search of the whole text to where its result is used, into the loop, and repeats it for each key.
 */
function isBackslashIn(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) === BACKSLASH) return true;
  return false;
}

type Open = readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Of all objects in the value; NaN, which nothing equals, where it nests too deep. */
function keysOf(root: JsonValue): number {
  let keys = 0;
  let level = isOpen(root) ? [root] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_JSON_DEPTH) return NaN;
    const next: Open[] = [];
    const goInto = (part: JsonValue): void => {
      if (isOpen(part)) next.push(part);
    };
    // No list of an object's values is made and no iterator stepped, which takes half the time.
    for (let at = 0; at < level.length; at++) {
      const each = level[at]!;
      if (isList(each)) {
        each.forEach(goInto);
        continue;
      }
      for (const key in each) {
        goInto(each[key]!);
        keys++;
      }
    }
    level = next;
  }
  return keys;
}

function isOpen(value: JsonValue): value is Open {
  return typeof value === "object" && value !== null;
}

function isList(value: Open): value is readonly JsonValue[] {
  return Array.isArray(value);
}
