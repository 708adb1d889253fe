/** Plausible data holds a value at every path that a definition reads, so that an execution of it can be acted out without a real input. */
import { expressionsOf } from "../workflow/definition/expression-fields.ts";
import type { JsonObject, JsonValue } from "../workflow/text/json-value.ts";
import { innerScopes } from "../workflow/state-identity.ts";
import type { Scope, State } from "../workflow/state-machine.ts";

/** A path as read, and what it must hold there. */
interface ReadPath {
  readonly names: readonly string[];
  /** "items": a list. */
  readonly leaf: string | number;
}

const JSONPATH = /(?<![\w$])\$((?:\.[A-Za-z_][\w-]*|\[\d+\]|\['[^'\\[\]]*'\])+)/g;
const JSONATA = /\$states\.(?:input|result|errorOutput)((?:\.[A-Za-z_]\w*|\[\d+\])+)/g;
const STEPS = /\.([A-Za-z_][\w-]*)|\['([^']*)'\]|\[\d+\]/g;

/** One object that serves as input and as every result: what is read of either is there. */
export function plausibleData(machine: Scope): JsonObject {
  const paths = statesOf(machine).flatMap(readPaths);
  const item = objectWith(
    paths.filter(({ leaf }) => leaf !== "items"),
    "one",
  );
  return objectWith(paths, [item]);
}

function statesOf(machine: Scope): readonly State[] {
  const states: State[] = [];
  const open: Scope[] = [machine];
  for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
    states.push(...scope.states);
    for (const state of scope.states) open.push(...innerScopes(state));
  }
  return states;
}

function readPaths(state: State): readonly ReadPath[] {
  return expressionsOf(state).flatMap(({ kind, text, pointer }) => {
    const field = pointer.slice(pointer.lastIndexOf("/") + 1);
    const leaf = leafFor(field);
    // Where results are put, nothing is read.
    if (field === "ResultPath") return [];
    return [...text.matchAll(kind === "jsonata" ? JSONATA : JSONPATH)].map(([, path = ""]) => ({
      names: [...path.matchAll(STEPS)]
        .map(([, plain, quoted]) => plain ?? quoted ?? "")
        .filter((name) => name !== ""),
      leaf,
    }));
  });
}

function leafFor(field: string): ReadPath["leaf"] {
  if (field === "ItemsPath" || field === "Items") return "items";
  if (field === "TimestampPath" || field === "Timestamp") return "2026-01-01T00:00:00Z";
  return /Seconds|Count|Concurrency|Percentage|MaxItems|MaxInputBytes/.test(field) ? 1 : "given";
}

/** Built of Maps, because names come from strangers. */
interface Branch {
  readonly inner: Map<string, Branch>;
  leaf: ReadPath["leaf"] | null;
}

function objectWith(paths: readonly ReadPath[], items: JsonValue): JsonObject {
  const root: Branch = { inner: new Map(), leaf: null };
  for (const { names, leaf } of paths) {
    let at = root;
    for (const name of names) {
      const next: Branch = at.inner.get(name) ?? { inner: new Map(), leaf: null };
      at.inner.set(name, next);
      at = next;
    }
    if (at.leaf === null || leaf === "items") at.leaf = leaf;
  }
  return jsonOf(root, items) as JsonObject;
}

/** As deep as the longest path. */
function jsonOf({ inner, leaf }: Branch, items: JsonValue): JsonValue {
  if (leaf === "items") return items;
  if (inner.size === 0 && leaf !== null) return leaf;
  return Object.fromEntries([...inner].map(([name, branch]) => [name, jsonOf(branch, items)]));
}
