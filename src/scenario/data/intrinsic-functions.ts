/**
 * The intrinsic functions of JSONPath states, as documented; a failing one raises States.IntrinsicFailure.
 * https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
 */
import { isJsonObject } from "../../workflow/text/json-value.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";
import { decodeBase64, encodeBase64, hashText } from "./encoded-text.ts";
import { equalJson, readJson } from "./json-text.ts";
import { drawFrom } from "./random-draw.ts";
import type { RandomDraw } from "./random-draw.ts";
import { raiseRuntime } from "../states-error.ts";

/** Why a function refuses its arguments, as a sentence; thrown by the functions below, named by `callIntrinsic`. */
const refusals = new WeakSet<Error>();

type Values = readonly JsonValue[];
interface Intrinsic {
  readonly least: number;
  readonly most: number;
  readonly call: (values: Values, draw: RandomDraw) => JsonValue;
}

const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ["States.Format", { least: 1, most: Infinity, call: formatText }],
  ["States.StringToJson", { least: 1, most: 1, call: ([text]) => parseText(text) }],
  ["States.JsonToString", { least: 1, most: 1, call: ([value]) => JSON.stringify(value) }],
  ["States.Array", { least: 0, most: Infinity, call: (values) => values }],
  ["States.ArrayPartition", { least: 2, most: 2, call: partitionArray }],
  ["States.ArrayContains", { least: 2, most: 2, call: ([list, item]) => contains(asArray(list), item) }],
  ["States.ArrayRange", { least: 3, most: 3, call: rangeArray }],
  ["States.ArrayGetItem", { least: 2, most: 2, call: arrayItem }],
  ["States.ArrayLength", { least: 1, most: 1, call: ([list]) => asArray(list).length }],
  ["States.ArrayUnique", { least: 1, most: 1, call: ([list]) => uniqueItems(asArray(list)) }],
  ["States.Base64Encode", { least: 1, most: 1, call: ([text]) => encodeBase64(asShortText(text)) }],
  ["States.Base64Decode", { least: 1, most: 1, call: ([text]) => decodeText(asShortText(text)) }],
  ["States.Hash", { least: 2, most: 2, call: hashValue }],
  ["States.JsonMerge", { least: 3, most: 3, call: mergeObjects }],
  ["States.MathRandom", { least: 2, most: 3, call: randomInteger }],
  ["States.MathAdd", { least: 2, most: 2, call: addIntegers }],
  ["States.StringSplit", { least: 2, most: 2, call: splitText }],
  ["States.UUID", { least: 0, most: 0, call: (_values, draw) => draw.uuid() }],
]);

/** Strings to encode, decode or hash: at most this many characters. */
const MAX_CHARACTERS = 10_000;
const MAX_RANGE_ITEMS = 1_000;
const INT32 = 2 ** 31;

export function callIntrinsic(
  call: { readonly name: string; readonly text: string },
  values: Values,
  draw: RandomDraw,
): JsonValue {
  const intrinsic = INTRINSICS.get(call.name);
  if (intrinsic === undefined) raiseRuntime(`The function '${call.text}' does not exist.`);
  try {
    if (values.length < intrinsic.least || values.length > intrinsic.most) {
      refuse(`it was given ${values.length} arguments`);
    }
    return intrinsic.call(values, draw);
  } catch (error) {
    if (!(error instanceof Error) || !refusals.has(error)) throw error;
    const cause = `The function '${call.text}' had the following error: ${error.message}`;
    return raiseRuntime(cause, "States.IntrinsicFailure");
  }
}

function refuse(reason: string): never {
  const refusal = new Error(reason);
  refusals.add(refusal);
  throw refusal;
}

function asArray(value: JsonValue | undefined): Values {
  return Array.isArray(value) ? value : refuse("an array is expected");
}

function asText(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : refuse("a string is expected");
}

function asShortText(value: JsonValue | undefined): string {
  const text = asText(value);
  return text.length <= MAX_CHARACTERS
    ? text
    : refuse(`the string is longer than ${MAX_CHARACTERS} characters`);
}

/** Numbers are rounded, halves up, and must fit 32 bits. */
function asInteger(value: JsonValue | undefined): number {
  if (typeof value !== "number") return refuse("a number is expected");
  const rounded = Math.round(value) + 0;
  return rounded >= -INT32 && rounded < INT32 ? rounded : refuse(`${value} is not within 32 bits`);
}

/** `{}` takes the next argument; `\{`, `\}` and `\'` stand for themselves. */
function formatText([template, ...values]: Values): JsonValue {
  let next = 0;
  const text = asText(template).replaceAll(/\\([{}'\\])|\{\}|[{}]/g, (mark, escaped?: string) => {
    if (escaped !== undefined) return escaped;
    if (mark !== "{}") return refuse("a brace stands alone");
    const value = values[next++];
    if (value === undefined) return refuse("there are more {} than arguments");
    return typeof value === "string" ? value : JSON.stringify(value);
  });
  return next === values.length ? text : refuse("there are more arguments than {}");
}

function parseText(value: JsonValue | undefined): JsonValue {
  const text = asText(value);
  if (text.trim() === "") return null;
  const parsed = readJson(text);
  if (parsed === undefined) return refuse("the string is no JSON");
  return parsed === 0 ? 0 : parsed;
}

function partitionArray([list, size]: Values): JsonValue {
  const items = asArray(list);
  const length = asInteger(size);
  return length > 0 ? chunksOf(items, length) : refuse("the chunk size must be above zero");
}

export function chunksOf(items: Values, size: number): JsonValue[] {
  const chunks: JsonValue[] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

function contains(items: Values, wanted: JsonValue | undefined): boolean {
  return items.some((item) => equalJson(item, wanted ?? null));
}

function rangeArray([first, last, step]: Values): JsonValue {
  const [from, to, by] = [asInteger(first), asInteger(last), asInteger(step)];
  if (by === 0) return refuse("the increment must not be zero");
  const count = Math.max(0, Math.floor((to - from) / by) + 1);
  if (count > MAX_RANGE_ITEMS) return refuse(`the range has more than ${MAX_RANGE_ITEMS} items`);
  return Array.from({ length: count }, (_, index) => from + index * by);
}

function arrayItem([list, position]: Values): JsonValue {
  const items = asArray(list);
  const index = asInteger(position);
  return items[index] ?? (index in items ? null : refuse(`there is no item ${index}`));
}

function uniqueItems(items: Values): JsonValue {
  const kept = new Map<string, JsonValue>();
  for (const item of items) {
    const key = canonicalText(item);
    if (!kept.has(key)) kept.set(key, item);
  }
  return [...kept.values()];
}

/** JSON with the keys of every object in order. */
function canonicalText(value: JsonValue): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isJsonObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function decodeText(text: string): string {
  return decodeBase64(text) ?? refuse("the string is no Base64");
}

function hashValue([value, algorithm]: Values): JsonValue {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const hash = hashText(asShortText(text), asText(algorithm));
  return hash ?? refuse("the algorithm must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512");
}

function mergeObjects([first, second, deep]: Values): JsonValue {
  if (!isJsonObject(first) || !isJsonObject(second)) return refuse("two objects are expected");
  if (deep !== false) return refuse("only the shallow merge (false) is supported");
  return { ...first, ...second };
}

/** From the first (included) to the second (excluded); a third argument is a seed of its own. */
function randomInteger([first, last, seed]: Values, draw: RandomDraw): JsonValue {
  const [from, to] = [asInteger(first), asInteger(last)];
  if (to <= from) return refuse("the end must be above the start");
  const unit = seed === undefined ? draw.unit() : drawFrom(asInteger(seed)).unit();
  return from + Math.floor(unit * (to - from));
}

function addIntegers([first, second]: Values): JsonValue {
  return asInteger(asInteger(first) + asInteger(second));
}

/** The second string's characters all separate; neighbouring separators count as one. */
function splitText([text, separators]: Values): JsonValue {
  const marks = new Set(asText(separators));
  if (marks.size === 0) return [asText(text)];
  const parts = [""];
  for (const character of asText(text)) {
    if (marks.has(character)) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part !== "");
}
