/**
 * Known data is what can be told of a state's input and variables without running anything: constants that a
 * Pass or an Assign has set. What is absent from it is unknown, never "missing".
 */
import { type JsonObject, type JsonValue, isJsonObject, ownValue } from "../workflow/text/json-value.ts";

export interface KnownData {
  /** Known parts of the state input `$`. */
  readonly input: JsonObject;
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
export function wholeInput({ input }: KnownData): JsonObject | undefined {
  return Object.keys(input).length === 0 ? undefined : input;
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
export function placeKnown(input: JsonObject, path: string, value: JsonValue | undefined): JsonObject {
  const parsed = parseReference(path);
  if (parsed === null || parsed.root !== null) return {};
  if (parsed.steps.length === 0) return isJsonObject(value) ? value : {};
  return placeAt(input, parsed.steps, value);
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

/** What is known whichever of two ways was taken. */
export function knownInBoth(a: KnownData, b: KnownData): KnownData {
  return { input: membersInBoth(a.input, b.input), variables: membersInBoth(a.variables, b.variables) };
}

function membersInBoth(a: JsonObject, b: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(a).flatMap(([key, value]): [string, JsonValue][] => {
      const other = ownValue(b, key);
      if (isJsonObject(value) && isJsonObject(other)) return [[key, membersInBoth(value, other)]];
      return other !== undefined && JSON.stringify(value) === JSON.stringify(other) ? [[key, value]] : [];
    }),
  );
}

/** Keeps only the named roots, so that what no Choice will ever test cannot tell two situations apart. */
export function restrictKnown(
  known: KnownData,
  roots: { inputs: ReadonlySet<string>; variables: ReadonlySet<string> },
): KnownData {
  return { input: only(known.input, roots.inputs), variables: only(known.variables, roots.variables) };
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

function isSmall(root: JsonValue): boolean {
  const open = [{ value: root, depth: 0 }];
  for (const { value, depth } of open) {
    if (typeof value === "string" && value.length > MOST_PARTS) return false;
    if (typeof value !== "object" || value === null) continue;
    if (depth === DEEPEST) return false;
    for (const part of Object.values(value)) open.push({ value: part, depth: depth + 1 });
    if (open.length > MOST_PARTS) return false;
  }
  return true;
}
