/** Checks, scope by scope, that every state can be reached from StartAt and that every reached state can come to an end. */
import { targetsOf } from "./check-targets.ts";
import { shown } from "./field-reader.ts";
import { hasPlaceholder } from "./placeholder.ts";
import type { Problem } from "./problem.ts";
import type { Scope, State } from "../state-machine.ts";

export function checkReachability(machine: Scope): readonly Problem[] {
  return scopesOf(machine).flatMap((scope) => checkScope(scope));
}

/** The scope itself and all scopes inside it, outer ones first. */
export function scopesOf(root: Scope): readonly Scope[] {
  const scopes: Scope[] = [root];
  for (let at = 0; at < scopes.length; at++) {
    for (const state of scopes[at]?.states ?? []) {
      if (state.type === "Parallel") scopes.push(...state.branches);
      if (state.type === "Map") scopes.push(state.processor);
    }
  }
  return scopes;
}

function checkScope(scope: Scope): readonly Problem[] {
  const next = new Map(scope.states.map((state) => [state.name, targetsOf(state).map(({ name }) => name)]));
  if (!next.has(scope.startAt) || [...next.values()].flat().some(hasPlaceholder)) return [];
  const reached = spread([scope.startAt], next);
  const ends = scope.states.filter((state) => canEnd(state, next)).map(({ name }) => name);
  const finishing = spread(ends, reversed(next));
  return scope.states.flatMap((state) => {
    if (!reached.has(state.name)) return [unreachable(state)];
    return finishing.has(state.name) ? [] : [endless(state, ends.length === 0)];
  });
}

/** Ends its scope, or goes somewhere unknown, which is reported elsewhere and says nothing about ends. */
function canEnd(state: State, next: ReadonlyMap<string, readonly string[]>): boolean {
  const targets = next.get(state.name) ?? [];
  if (targets.some((name) => !next.has(name))) return true;
  if ("next" in state) return state.next === null;
  return state.type !== "Choice" || targets.length === 0;
}

function spread(from: readonly string[], edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const seen = new Set(from);
  for (const name of seen) for (const target of edges.get(name) ?? []) seen.add(target);
  return seen;
}

function reversed(edges: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const back = new Map<string, string[]>();
  for (const [from, targets] of edges) {
    for (const to of targets) {
      const list = back.get(to);
      if (list === undefined) back.set(to, [from]);
      else list.push(from);
    }
  }
  return back;
}

function unreachable({ name, pointer }: State): Problem {
  const message = `State ${shown(name)} is never reached: no transition leads to it from StartAt.`;
  const hint = "Lead a transition to it, or remove it.";
  return { code: "unreachable-state", severity: "error", message, pointer, hint };
}

/** AWS refuses a scope without any end; a loop without a way out beside a proper end only wastes money. */
function endless({ name, pointer }: State, noEnd: boolean): Problem {
  const message = `State ${shown(name)} can never come to an end: every way on from it leads back into a loop.`;
  const hint = `Add a way out: a Choice rule, "End": true, or a Succeed or Fail state.`;
  return { code: "endless-loop", severity: noEnd ? "error" : "warning", message, pointer, hint };
}
