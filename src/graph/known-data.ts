/**
 * Known data is what can be told of a state's input and variables without running anything: constants that a
 * Pass or an Assign has set. What is absent from it is unknown, never "missing".
 */
import { keptIn } from "../once.ts";
import { type JsonObject, type JsonValue, isJsonObject, ownValue } from "../workflow/text/json-value.ts";

export interface KnownData {
  /** The state input `$`: an object is known in the parts it has (`{}` = not at all), anything else as a whole. */
  readonly input: JsonValue;
  /** Known workflow variables. */
  readonly variables: JsonObject;
}

export const NOTHING_KNOWN: KnownData = { input: {}, variables: {} };

/** Reads `$.a.b`, `$variable`, `$variable.a`; undefined = unknown. Anything beyond plain names is unknown. */
export function readKnown(known: KnownData, path: string): JsonValue | undefined {
  const parsed = parseReference(path);
  if (parsed === null) return undefined;
  if (parsed.root !== null) return valueAt(known.variables, parsed.steps);
  return parsed.steps.length === 0 ? wholeInput(known) : valueAt(known.input, parsed.steps);
}

/** The input is known to be an object only when a member of it is known: it may as well be text or a list. */
export function wholeInput({ input }: KnownData): JsonValue | undefined {
  return isJsonObject(input) && Object.keys(input).length === 0 ? undefined : input;
}

export function knowsNothing(known: KnownData): boolean {
  return wholeInput(known) === undefined && Object.keys(known.variables).length === 0;
}

export function valueAt(from: JsonValue | undefined, steps: readonly string[]): JsonValue | undefined {
  let value = from;
  for (const step of steps) {
    if (!isJsonObject(value)) return undefined;
    value = ownValue(value, step);
  }
  return value;
}

interface Reference {
  /** Variable name, or null for the state input. */
  readonly root: string | null;
  /** Names from there; a variable's own name comes first. */
  readonly steps: readonly string[];
}

const REFERENCE = /^\$([A-Za-z_]\w*)?((?:\.[A-Za-z_][\w-]*|\['[^'\]]*'\])*)$/;

function parseReference(path: string): Reference | null {
  const match = REFERENCE.exec(path);
  if (match === null) return null;
  const root = match[1] ?? null;
  const steps = [...(match[2] ?? "").matchAll(/\.([A-Za-z_][\w-]*)|\['([^'\]]*)'\]/g)].map(
    (m) => m[1] ?? m[2]!,
  );
  return { root, steps: root === null ? steps : [root, ...steps] };
}

/** The input with the value placed at `path` (a ResultPath); an unknown value makes that place unknown. */
export function placeKnown(input: JsonValue, path: string, value: JsonValue | undefined): JsonValue {
  const parsed = parseReference(path);
  if (parsed === null || parsed.root !== null) return {};
  if (parsed.steps.length === 0) return value === undefined ? {} : value;
  return isJsonObject(input) ? placeAt(input, parsed.steps, value) : {};
}

function placeAt(object: JsonObject, steps: readonly string[], value: JsonValue | undefined): JsonObject {
  const [step, ...rest] = steps;
  const kept = Object.entries(object).filter(([key]) => key !== step);
  const before = ownValue(object, step!);
  const placed = rest.length === 0 ? value : placeAt(isJsonObject(before) ? before : {}, rest, value);
  return Object.fromEntries(placed === undefined ? kept : [...kept, [step!, placed]]);
}

export function withVariables(
  known: KnownData,
  assigned: readonly (readonly [string, JsonValue | undefined])[],
): KnownData {
  if (assigned.length === 0) return known;
  const names = new Set(assigned.map(([name]) => name));
  const kept = Object.entries(known.variables).filter(([name]) => !names.has(name));
  const set = assigned.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
  return { input: known.input, variables: Object.fromEntries([...kept, ...set]) };
}

/** What is known whichever of two ways was taken; `a` itself where all of it is. */
export function knownInBoth(a: KnownData, b: KnownData): KnownData {
  const input = inputInBoth(a.input, b.input);
  const variables = membersInBoth(a.variables, b.variables);
  return input === a.input && variables === a.variables ? a : { input, variables };
}

function inputInBoth(a: JsonValue, b: JsonValue): JsonValue {
  const same = sameInBoth(a, b);
  return same === undefined ? {} : same;
}

function sameInBoth(a: JsonValue, b: JsonValue | undefined): JsonValue | undefined {
  if (a === b) return a;
  if (isJsonObject(a) && isJsonObject(b)) return membersInBoth(a, b);
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b) ? a : undefined;
}

function membersInBoth(a: JsonObject, b: JsonObject): JsonObject {
  const before = Object.entries(a);
  const both = before.flatMap(([key, value]): [string, JsonValue][] => {
    const same = sameInBoth(value, ownValue(b, key));
    return same === undefined ? [] : [[key, same]];
  });
  const isAll = both.length === before.length && both.every(([, same], i) => same === before[i]![1]);
  return isAll ? a : Object.fromEntries(both);
}

/** Keeps only the named roots, so that what no Choice will ever test cannot tell two situations apart. */
export function restrictKnown(
  known: KnownData,
  roots: { inputs: ReadonlySet<string>; variables: ReadonlySet<string> },
): KnownData {
  const input = isJsonObject(known.input) ? only(known.input, roots.inputs) : {};
  return { input, variables: only(known.variables, roots.variables) };
}

/** Without what grew too large to be followed further: one value, or all together. */
export function withoutLarge({ input, variables }: KnownData): KnownData {
  const kept = {
    input: isJsonObject(input) ? small(input) : isSmall(input) ? input : {},
    variables: small(variables),
  };
  const members = isJsonObject(kept.input) ? Object.values(kept.input) : [kept.input];
  const parts = [...members, ...Object.values(kept.variables)]
    .map(partsOf)
    .reduce((sum, each) => sum + each, 0);
  return parts > MOST_PARTS_IN_ALL ? NOTHING_KNOWN : kept;
}

function small(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => isSmall(value)));
}

function only(object: JsonObject, names: ReadonlySet<string>): JsonObject {
  const entries = Object.entries(object);
  if (entries.length === 0) return object;
  const kept = entries.filter(([name, value]) => names.has(name) && isSmall(value));
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A loop can wrap or double a value in every round; past this many parts, or this deep, it is given up. */
const MOST_PARTS = 1_000;
const DEEPEST = 40;
/** Where all that is known is carried from state to state. */
const MOST_PARTS_IN_ALL = 3 * MOST_PARTS;

function isSmall(value: JsonValue): boolean {
  return partsOf(value) < Infinity;
}

/** Infinity where it is too large; counted once, since the same value is known at many states. */
function partsOf(root: JsonValue): number {
  return typeof root === "object" && root !== null
    ? keptIn(counted, root, () => countParts(root))
    : countParts(root);
}

const counted = new WeakMap<object, number>();

function countParts(root: JsonValue): number {
  const open = [{ value: root, depth: 0 }];
  for (const { value, depth } of open) {
    if (typeof value === "string" && value.length > MOST_PARTS) return Infinity;
    if (typeof value !== "object" || value === null) continue;
    if (depth === DEEPEST) return Infinity;
    for (const part of Object.values(value)) open.push({ value: part, depth: depth + 1 });
    if (open.length > MOST_PARTS) return Infinity;
  }
  return open.length;
}
