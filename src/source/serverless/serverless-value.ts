/** A Serverless value is a value of a `serverless.yml` with its variables worked out, each part with the place where it was written. */
import type { Place } from "../../diagnostic.ts";
import { pointerTo } from "../../workflow/text/json-value.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";
import type { Locate } from "../../workflow/workflow.ts";

export type ServerlessValue =
  | { readonly kind: "text"; readonly text: string; readonly at: Place }
  | { readonly kind: "plain"; readonly value: number | boolean | null; readonly at: Place }
  | { readonly kind: "list"; readonly items: readonly ServerlessValue[]; readonly at: Place }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, ServerlessValue>; readonly at: Place }
  /** Known only when it is deployed; the placeholder, `${env:TABLE}`, says what it is. */
  | { readonly kind: "unknown"; readonly placeholder: string; readonly at: Place };

export function unknownValue(name: string, at: Place): ServerlessValue {
  const inner = name.replaceAll(/[${}"\\]|\s+/g, (part) => (/\s/.test(part) ? " " : ""));
  return { kind: "unknown", placeholder: `\${${inner}}`, at };
}

export function memberOf(
  value: ServerlessValue | undefined,
  ...keys: readonly string[]
): ServerlessValue | undefined {
  let found = value;
  for (const key of keys) {
    if (found?.kind === "list" && /^\d+$/.test(key)) found = found.items[Number(key)];
    else found = found?.kind === "object" ? found.entries.get(key) : undefined;
  }
  return found;
}

export function entriesOf(
  value: ServerlessValue | undefined,
): readonly (readonly [string, ServerlessValue])[] {
  return value?.kind === "object" ? [...value.entries] : [];
}

export function itemsOf(value: ServerlessValue | undefined): readonly ServerlessValue[] {
  return value?.kind === "list" ? value.items : [];
}

/** As it would stand in the middle of a text. */
export function asText(value: ServerlessValue): string {
  if (value.kind === "text") return value.text;
  if (value.kind === "unknown") return value.placeholder;
  return value.kind === "plain" ? String(value.value) : JSON.stringify(asJson(value));
}

export function asJson(value: ServerlessValue): JsonValue {
  switch (value.kind) {
    case "plain":
      return value.value;
    case "list":
      return value.items.map(asJson);
    case "object":
      return Object.fromEntries([...value.entries].map(([key, member]) => [key, asJson(member)]));
    default:
      return asText(value);
  }
}

/** Its text when it is one and every part of it is known, else null. */
export function knownText(value: ServerlessValue | undefined): string | null {
  return value?.kind === "text" && !/\$\{[^{}]*\}/.test(value.text) ? value.text : null;
}

export function knownNumber(value: ServerlessValue | undefined): number | null {
  if (value?.kind === "plain") return typeof value.value === "number" ? value.value : null;
  const text = knownText(value)?.trim() ?? "";
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;
}

export function knownBoolean(value: ServerlessValue | undefined): boolean | null {
  if (value?.kind === "plain") return typeof value.value === "boolean" ? value.value : null;
  const text = knownText(value)?.trim().toLowerCase();
  return text === "true" ? true : text === "false" ? false : null;
}

/** The place of the value at a pointer, or of its nearest known ancestor. */
export function locateIn(root: ServerlessValue): Locate {
  let places: ReadonlyMap<string, Place> | null = null;
  return (pointer) => {
    places ??= placesOf(root);
    for (let known = pointer; known !== ""; known = known.slice(0, known.lastIndexOf("/"))) {
      const at = places.get(known);
      if (at !== undefined) return at;
    }
    return root.at;
  };
}

function placesOf(root: ServerlessValue): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const open: [pointer: string, value: ServerlessValue][] = [["", root]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [pointer, value] = next;
    const parts =
      value.kind === "object"
        ? [...value.entries]
        : itemsOf(value).map((item, index) => [index, item] as const);
    for (const [key, part] of parts) {
      const own = pointerTo(pointer, key);
      places.set(own, part.at);
      open.push([own, part]);
    }
  }
  return places;
}
