/** Workload text is a workload file as plain values, each with the place where it stands. */
import type { Diagnostic, Place } from "../../diagnostic.ts";
import { pointerTo } from "../text/json-value.ts";

export interface WorkloadText {
  readonly value: unknown;
  /** The place of the value at a path, or of its key; of the nearest value around it when there is none. */
  readonly locate: (path: Path, what?: "key" | "value") => Place;
  readonly errors: readonly Diagnostic[];
}

export type Path = readonly (string | number)[];

export interface TextKind {
  /** Code of its errors. */
  readonly code: string;
  /** What to do about a file that cannot be read. */
  readonly hint: string;
  /** Deeper than any file of the kind; what nests further is a mistake or an attack. */
  readonly maxDepth: number;
}

export const WORKLOAD: TextKind = {
  code: "invalid-workload-file",
  hint: "Write the keys that docs/stepfare-yml.md names.",
  maxDepth: 32,
};
/** Counted after aliases are written out, so that a few lines cannot stand for billions of values. */
export const MAX_VALUES = 500_000;

/** A value with the offsets at which it and its key begin. */
export interface Placed {
  readonly value: unknown;
  readonly keyOffset: number | null;
  readonly offset: number | null;
  readonly children: ReadonlyMap<string, Placed>;
}

export const EMPTY: Placed = { value: null, keyOffset: null, offset: 0, children: new Map() };

export function workloadTextOf(
  root: Placed,
  errors: readonly Diagnostic[],
  placeAt: (offset: number | null, pointer: string) => Place,
): WorkloadText {
  return {
    value: root.value,
    errors,
    locate: (path, what = "value") => placeAt(offsetAt(root, path, what), pointerTo("", ...path)),
  };
}

/** Also `__proto__` becomes a key like any other. */
export function objectOf(children: ReadonlyMap<string, Placed>): object {
  const object = {};
  for (const [name, child] of children) {
    Object.defineProperty(object, name, {
      value: child.value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}

function offsetAt(root: Placed, path: Path, what: "key" | "value"): number | null {
  let placed = root;
  for (const step of path) {
    const child = placed.children.get(String(step));
    if (!child) return placed.offset;
    placed = child;
  }
  return what === "key" ? (placed.keyOffset ?? placed.offset) : placed.offset;
}
