/** Removing states from a definition: every way to them led on to where they led. */
import { pointerTo } from "../workflow/text/json-value.ts";
import type { Scope, State } from "../workflow/state-machine.ts";
import type { JsonPatch, PatchOperation } from "./json-patch.ts";
import { keptIn } from "../once.ts";

/** A pointer of the machine as a path from its definition's root. */
export type PathOf = (pointer: string) => string;

/** A way to a state: who goes there, and the path of the field that says so. */
export interface Way {
  /** Null: StartAt of the scope. */
  readonly from: State | null;
  readonly kind: "start" | "next" | "default" | "choice" | "catch";
  readonly pointer: string;
}

/** All ways to a state of the scope; found once per scope, since rules ask for many states of one. */
export function waysTo(scope: Scope, name: string): readonly Way[] {
  return keptIn(waysByScope, scope, () => waysOf(scope)).get(name) ?? [];
}

const waysByScope = new WeakMap<Scope, ReadonlyMap<string, readonly Way[]>>();

function waysOf(scope: Scope): ReadonlyMap<string, readonly Way[]> {
  const ways = new Map<string, Way[]>();
  const add = (to: string, way: Way): void => {
    const known = ways.get(to);
    if (known === undefined) ways.set(to, [way]);
    else known.push(way);
  };
  add(scope.startAt, { from: null, kind: "start", pointer: pointerTo(scope.pointer, "StartAt") });
  for (const state of scope.states) addWaysFrom(state, add);
  return ways;
}

function addWaysFrom(state: State, add: (to: string, way: Way) => void): void {
  const from = (kind: Way["kind"], pointer: string): Way => ({ from: state, kind, pointer });
  if ("next" in state && state.next !== null) add(state.next, from("next", pointerTo(state.pointer, "Next")));
  if (state.type === "Choice") {
    if (state.default !== null) add(state.default, from("default", pointerTo(state.pointer, "Default")));
    for (const rule of state.choices) add(rule.next, from("choice", pointerTo(rule.pointer, "Next")));
  }
  if ("catch" in state)
    for (const catcher of state.catch) add(catcher.next, from("catch", pointerTo(catcher.pointer, "Next")));
}

/** Null when a way cannot end here: a Choice or a Catcher has to lead to a state. */
export function redirect(
  scope: Scope,
  { from, to }: { from: string; to: string | null },
  pathOf: PathOf,
): JsonPatch | null {
  const operations: PatchOperation[] = [];
  for (const { kind, pointer } of waysTo(scope, from)) {
    const path = pathOf(pointer);
    if (to !== null) operations.push({ op: "replace", path, value: to });
    else if (kind !== "next") return null;
    else
      operations.push({ op: "remove", path }, { op: "add", path: path.replace(/Next$/, "End"), value: true });
  }
  return operations;
}

export function removeState(state: State, pathOf: PathOf): PatchOperation {
  return { op: "remove", path: pathOf(state.pointer) };
}

export function pathFrom(root: string): PathOf {
  return (pointer) => pointer.slice(root.length);
}
