/** A resolved value is a template's value with its functions worked out as far as they are known before deployment. */
import type { JsonValue } from "../../workflow/text/json-value.ts";
import { hasPlaceholder } from "../../workflow/definition/placeholder.ts";
import { insertedText, joinTexts } from "./mapped-text.ts";
import type { MappedText } from "./mapped-text.ts";

export type ResolvedValue =
  | { readonly kind: "text"; readonly text: MappedText; readonly at: Origin }
  | {
      readonly kind: "plain";
      readonly value: number | boolean | null;
      readonly text: string;
      readonly at: Origin;
    }
  | { readonly kind: "list"; readonly items: readonly ResolvedValue[]; readonly at: Origin }
  | { readonly kind: "object"; readonly entries: readonly ResolvedEntry[]; readonly at: Origin }
  /** Known only once deployed; the placeholder, `${Table.Arn}`, says what it is. */
  | { readonly kind: "unknown"; readonly placeholder: string; readonly at: Origin }
  /** `AWS::NoValue`: as if it were not written. */
  | { readonly kind: "absent"; readonly at: Origin };

export interface ResolvedEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly value: ResolvedValue;
}

/** Where in the template it was written. */
export interface Origin {
  readonly start: number;
  readonly pointer: string;
}

export function unknownValue(name: string, at: Origin): ResolvedValue {
  return { kind: "unknown", placeholder: placeholderNamed(name), at };
}

/** `${name}` without anything that would end it early or break the JSON around it. */
function placeholderNamed(name: string): string {
  const inner = name.replaceAll(/[${}"\\]|\s+/g, (part) => (/\s/.test(part) ? " " : ""));
  return `\${${inner.length > 120 ? `${inner.slice(0, 119)}…` : inner}}`;
}

export function insertedValue(text: string, at: Origin): ResolvedValue {
  return { kind: "text", text: insertedText(text, at.start), at };
}

/** As it would stand in the middle of a text. */
export function asText(value: ResolvedValue): MappedText {
  switch (value.kind) {
    case "text":
      return value.text;
    case "plain":
      return insertedText(value.text, value.at.start);
    case "unknown":
      return insertedText(value.placeholder, value.at.start);
    case "absent":
      return insertedText("", value.at.start);
    case "list": {
      const comma = insertedText(",", value.at.start);
      return joinTexts(
        value.items.flatMap((item, index) => (index === 0 ? [asText(item)] : [comma, asText(item)])),
      );
    }
    case "object":
      return insertedText(JSON.stringify(asJson(value)), value.at.start);
  }
}

/** As JSON, placeholders for what is not known; absent entries left out. */
export function asJson(value: ResolvedValue): JsonValue {
  switch (value.kind) {
    case "plain":
      return value.value;
    case "list":
      return value.items.filter(isPresent).map(asJson);
    case "object":
      return Object.fromEntries(
        value.entries
          .filter((entry) => isPresent(entry.value))
          .map((entry) => [entry.key, asJson(entry.value)]),
      );
    default:
      return asText(value).text;
  }
}

/** Its text when every part of it is known, else null. */
export function knownText(value: ResolvedValue | undefined): string | null {
  if (value === undefined || (value.kind !== "text" && value.kind !== "plain")) return null;
  if (value.kind === "plain" && value.value === null) return null;
  const { text } = asText(value);
  return hasPlaceholder(text) ? null : text;
}

/** Its number, also when written as text, else null. */
export function knownNumber(value: ResolvedValue | undefined): number | null {
  const text = knownText(value)?.trim() ?? "";
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

export function knownBoolean(value: ResolvedValue | undefined): boolean | null {
  const text = knownText(value)?.trim().toLowerCase();
  if (text === "true" || text === "yes" || text === "on") return true;
  return text === "false" || text === "no" || text === "off" ? false : null;
}

/** The value under a path of keys; undefined when it is not written. */
export function entryAt(
  value: ResolvedValue | undefined,
  ...keys: readonly string[]
): ResolvedValue | undefined {
  let found = value;
  for (const key of keys) {
    if (found?.kind !== "object") return undefined;
    found = found.entries.find((entry) => entry.key === key)?.value;
  }
  return found === undefined || isPresent(found) ? found : undefined;
}

export function itemsOf(value: ResolvedValue | undefined): readonly ResolvedValue[] {
  return value?.kind === "list" ? value.items.filter(isPresent) : [];
}

export function isPresent(value: ResolvedValue): boolean {
  return value.kind !== "absent";
}
