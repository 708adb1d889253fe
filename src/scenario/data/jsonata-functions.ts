/**
 * The functions Step Functions adds to JSONata, or gives another meaning.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-step-functions
 */
import type { JsonValue } from "../../workflow/text/json-value.ts";
import { hashText } from "./encoded-text.ts";
import { chunksOf } from "./intrinsic-functions.ts";
import { readJson } from "./json-text.ts";
import { drawFrom } from "./random-draw.ts";
import type { RandomDraw } from "./random-draw.ts";

const MAX_RANGE_ITEMS = 1_000;

/** Bindings for one evaluation; `nowMs` is virtual time as the clock would show it. */
export function jsonataFunctions(draw: RandomDraw, nowMs: () => number): Readonly<Record<string, unknown>> {
  return {
    partition: partitionItems,
    range: rangeOfNumbers,
    hash: hashOf,
    random: (seed?: unknown) => (typeof seed === "number" ? drawFrom(seed).unit() : draw.unit()),
    uuid: () => draw.uuid(),
    parse: parseJson,
    millis: nowMs,
    eval: undefined,
  };
}

function partitionItems(items: unknown, size: unknown): JsonValue | undefined {
  if (items === undefined) return undefined;
  if (typeof size !== "number" || !(size > 0)) throw new TypeError("the chunk size must be above zero");
  return chunksOf(Array.isArray(items) ? items : [items as JsonValue], Math.floor(size));
}

function rangeOfNumbers(first: unknown, last: unknown, step: unknown): number[] | number {
  if (![first, last, step].every((value) => typeof value === "number")) {
    throw new TypeError("three numbers are expected");
  }
  const [from, to, by] = [first, last, step] as [number, number, number];
  if (by === 0) throw new RangeError("the increment must not be zero");
  const count = Math.max(0, Math.floor((to - from) / by) + 1);
  if (count > MAX_RANGE_ITEMS) throw new RangeError(`the range has more than ${MAX_RANGE_ITEMS} items`);
  const values = Array.from({ length: count }, (_, index) => from + index * by);
  // A sequence of one is that one, as everywhere in JSONata.
  return values.length === 1 ? (values[0] as number) : values;
}

function hashOf(text: unknown, algorithm: unknown): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== "string") throw new TypeError("a string is expected");
  const name = algorithm === undefined ? "SHA-1" : algorithm;
  const hash = typeof name === "string" ? hashText(text, name) : null;
  if (hash === null) throw new TypeError("the algorithm must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512");
  return hash;
}

function parseJson(text: unknown): JsonValue | undefined {
  if (text === undefined) return undefined;
  const value = typeof text === "string" ? readJson(text) : undefined;
  if (value === undefined) throw new SyntaxError("the string is no JSON");
  return value === 0 ? 0 : value;
}
