/** An HCL value is what an expression evaluates to, with where it was written; what only a deployment knows is `unknown`. */
import type { Span } from "./hcl-syntax.ts";
import type { SourceText } from "../file-text.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";

export type HclValue =
  | { readonly kind: "null"; readonly at: Span | null }
  | { readonly kind: "bool"; readonly value: boolean; readonly at: Span | null }
  | { readonly kind: "number"; readonly value: number; readonly at: Span | null }
  | StringValue
  | ListValue
  | ObjectValue
  | UnknownValue;

export interface StringValue {
  readonly kind: "string";
  readonly text: string;
  /** Where its characters come from, ascending by `from`; empty when only `at` is known. */
  readonly runs: readonly TextRun[];
  /** Holds placeholders of unknown values, so it cannot be compared. */
  readonly isOpen: boolean;
  /** What `jsonencode` made this text of. */
  readonly encoded: HclValue | null;
  readonly at: Span | null;
}

/** Characters from `from` up to the next run. */
export interface TextRun {
  readonly from: number;
  readonly source: SourceText;
  readonly offset: number;
  /** Character n of the run stands at `offset + n`; else all of it comes from `offset`. */
  readonly exact: boolean;
}

export interface ListValue {
  readonly kind: "list";
  readonly items: readonly HclValue[];
  readonly depth: number;
  readonly size: number;
  readonly at: Span | null;
}

export interface ObjectValue {
  readonly kind: "object";
  readonly entries: ReadonlyMap<string, HclValue>;
  /** Where keys are written, as far as that is known. */
  readonly keysAt: ReadonlyMap<string, Span>;
  readonly depth: number;
  readonly size: number;
  readonly at: Span | null;
}

export interface UnknownValue {
  readonly kind: "unknown";
  /** How it is referred to: `aws_lambda_function.worker.arn`. */
  readonly reference: string;
  /** The reference that makes it unknown, where it is an expression that holds one; else null. */
  readonly cause: string | null;
  /** Why it is an error rather than something a deployment knows; null when the latter. */
  readonly problem: string | null;
  /** The problem is one that Terraform would report too, so that `try` goes on to its next argument. */
  readonly isFault: boolean;
  /** Of the problem, or of the reference. */
  readonly at: Span | null;
  /** Known members of something otherwise unknown, such as a resource's arguments. */
  readonly member: ((key: string | number) => HclValue | null) | null;
}

/** Deep enough for any definition; keeps recursion over values within the stack. */
const MAX_VALUE_DEPTH = 300;
/** Values within, counting shared ones each time they occur, and 64 characters of text as one: ends doubling early. */
const MAX_VALUE_SIZE = 500_000;

const NOWHERE: ReadonlyMap<string, Span> = new Map();

export const nullValue = (at: Span | null): HclValue => ({ kind: "null", at });
export const boolValue = (value: boolean, at: Span | null): HclValue => ({ kind: "bool", value, at });

export function numberValue(value: number, at: Span | null): HclValue {
  return Number.isFinite(value) ? { kind: "number", value, at } : faultValue("This is no finite number", at);
}

export function stringValue(text: string, at: Span | null, isOpen = false): StringValue {
  return { kind: "string", text, runs: [], isOpen, encoded: null, at };
}

export function listValue(items: readonly HclValue[], at: Span | null): HclValue {
  const extent = extentOf(items);
  return tooLarge(extent, at) ?? { kind: "list", items, ...extent, at };
}

export function objectValue(
  entries: ReadonlyMap<string, HclValue>,
  at: Span | null,
  keysAt: ReadonlyMap<string, Span> = NOWHERE,
): HclValue {
  const extent = extentOf(entries.values());
  return tooLarge(extent, at) ?? { kind: "object", entries, keysAt, ...extent, at };
}

interface Extent {
  readonly depth: number;
  readonly size: number;
}

function extentOf(values: Iterable<HclValue>): Extent {
  let depth = 0;
  let size = 1;
  for (const value of values) {
    if (value.kind === "list" || value.kind === "object") {
      depth = Math.max(depth, value.depth);
      size += value.size;
    } else {
      size += value.kind === "string" ? 1 + value.text.length / 64 : 1;
    }
  }
  return { depth: depth + 1, size };
}

function tooLarge({ depth, size }: Extent, at: Span | null): UnknownValue | null {
  if (depth > MAX_VALUE_DEPTH) return tooDeep(at);
  return size > MAX_VALUE_SIZE ? problemValue("This value is too large to be read", at) : null;
}

function tooDeep(at: Span | null): UnknownValue {
  return problemValue(`This value is nested deeper than ${MAX_VALUE_DEPTH} levels`, at);
}

export function unknownValue(
  reference: string,
  at: Span | null,
  member: UnknownValue["member"] = null,
): UnknownValue {
  return { kind: "unknown", reference, cause: null, problem: null, isFault: false, at, member };
}

/** A value that this reader cannot know though Terraform might. */
export function problemValue(problem: string, at: Span | null, reference = "…"): UnknownValue {
  return { kind: "unknown", reference, cause: null, problem, isFault: false, at, member: null };
}

/** An error that Terraform would report too. */
export function faultValue(problem: string, at: Span | null, reference = "…"): UnknownValue {
  return { kind: "unknown", reference, cause: null, problem, isFault: true, at, member: null };
}

/**
 * What stands for an unknown value in text: `${aws_lambda_function.worker.arn}`. Quotes, braces and backslashes would
 * break the JSON around it, so that the address `x["a"]` reads `x['a']`.
 */
export function placeholderOf(reference: string): string {
  return `\${${placeholderName(reference)}}`;
}

function placeholderName(reference: string): string {
  const oneLine = reference
    .replaceAll('"', "'")
    .replaceAll(/[\\{}\s\p{Cc}]+/gu, " ")
    .trim();
  return oneLine.length > 120 ? `${oneLine.slice(0, 119)}…` : oneLine;
}

/** Text of a value within a template; null for lists and objects, which have none. */
export function textOf(value: HclValue): string | null {
  if (value.kind === "string") return value.text;
  if (value.kind === "number" || value.kind === "bool") return String(value.value);
  return value.kind === "unknown" ? placeholderOf(value.reference) : null;
}

/** The same as plain JSON; unknown values as placeholders. */
export function toJson(value: HclValue): JsonValue {
  switch (value.kind) {
    case "null":
      return null;
    case "bool":
    case "number":
      return value.value;
    case "string":
      return value.text;
    case "list":
      return value.items.map(toJson);
    case "object":
      return Object.fromEntries([...value.entries].map(([key, member]) => [key, toJson(member)]));
    case "unknown":
      return placeholderOf(value.reference);
  }
}

/** JSON as a value; every part is said to stand at `at`. */
export function fromJson(json: unknown, at: Span | null, depth = 0): HclValue {
  if (depth > MAX_VALUE_DEPTH) return tooDeep(at);
  if (json === null || json === undefined) return nullValue(at);
  if (typeof json === "boolean") return boolValue(json, at);
  if (typeof json === "number") return numberValue(json, at);
  if (typeof json === "string") return stringValue(json, at);
  if (Array.isArray(json))
    return listValue(
      json.map((item) => fromJson(item, at, depth + 1)),
      at,
    );
  if (typeof json !== "object") return problemValue("This value has no counterpart in Terraform", at);
  return objectValue(
    new Map(Object.entries(json).map(([key, member]) => [key, fromJson(member, at, depth + 1)])),
    at,
  );
}

/** The first unknown value within; null when all is known. */
export function unknownWithin(value: HclValue): UnknownValue | null {
  if (value.kind === "unknown") return value;
  if (value.kind === "string" && value.isOpen) return unknownValue(value.text, value.at);
  const members = value.kind === "list" ? value.items : value.kind === "object" ? value.entries.values() : [];
  for (const member of members) {
    const found = unknownWithin(member);
    if (found !== null) return found;
  }
  return null;
}

/** Whether two known values are equal; as in Terraform, a number is not equal to its text. */
export function isEqual(left: HclValue, right: HclValue): boolean {
  if (left.kind === "list" && right.kind === "list") {
    return (
      left.items.length === right.items.length &&
      left.items.every((item, index) => isEqual(item, right.items[index] ?? nullValue(null)))
    );
  }
  if (left.kind === "object" && right.kind === "object") {
    const { entries } = right;
    return (
      left.entries.size === entries.size &&
      [...left.entries].every(([key, member]) => {
        const other = entries.get(key);
        return other !== undefined && isEqual(member, other);
      })
    );
  }
  if (left.kind === "string" && right.kind === "string") return left.text === right.text;
  if (left.kind === "null" || right.kind === "null") return left.kind === right.kind;
  return left.kind === right.kind && "value" in left && "value" in right && left.value === right.value;
}

export function describeKind(value: HclValue): string {
  if (value.kind === "bool") return "true or false";
  if (value.kind === "null") return "null";
  return value.kind === "object" || value.kind === "unknown" ? `an ${value.kind} value` : `a ${value.kind}`;
}
