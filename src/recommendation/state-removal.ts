/** Removing states from a definition: every way to them led on to where they led. */
import { pointerTo } from "../workflow/json-value.ts";
import type { Scope, State } from "../workflow/state-machine.ts";
import type { JsonPatch, PatchOperation } from "./json-patch.ts";

/** A pointer of the machine as a path from its definition's root. */
export type PathOf = (pointer: string) => string;

/** A way to a state: who goes there, and the path of the field that says so. */
export interface Way {
  /** Null: StartAt of the scope. */
  readonly from: State | null;
  readonly kind: "start" | "next" | "default" | "choice" | "catch";
  readonly pointer: string;
}

export function waysTo(scope: Scope, name: string): readonly Way[] {
  const start: Way[] =
    scope.startAt === name
      ? [{ from: null, kind: "start", pointer: pointerTo(scope.pointer, "StartAt") }]
      : [];
  return [...start, ...scope.states.flatMap((state) => waysFrom(state, name))];
}

function waysFrom(state: State, name: string): readonly Way[] {
  const ways: Way[] = [];
  const add = (kind: Way["kind"], pointer: string): void => void ways.push({ from: state, kind, pointer });
  if ("next" in state && state.next === name) add("next", pointerTo(state.pointer, "Next"));
  if (state.type === "Choice") {
    if (state.default === name) add("default", pointerTo(state.pointer, "Default"));
    for (const rule of state.choices) if (rule.next === name) add("choice", pointerTo(rule.pointer, "Next"));
  }
  if ("catch" in state)
    for (const catcher of state.catch)
      if (catcher.next === name) add("catch", pointerTo(catcher.pointer, "Next"));
  return ways;
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
