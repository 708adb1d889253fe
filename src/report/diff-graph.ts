/** The diff graph is a changed workflow's states and the ways between them, each with what became of it; for drawing. */
import type { PricedState } from "../cost/priced-workflow.ts";
import type { StatePair } from "../workflow/workload/matched-states.ts";
import { followersOf, innerScopes } from "../workflow/state-identity.ts";
import type { Scope, State } from "../workflow/state-machine.ts";
import type { DiffGraph, DiffGraphNode } from "./diff-report.ts";

/** More than these no drawing makes clear. */
const MOST_STATES = 40;

/** Null for more than forty states. */
export function drawGraph(after: Scope, pairs: readonly StatePair<PricedState>[]): DiffGraph | null {
  const statuses = new Map(
    pairs.flatMap((pair) => (pair.after === null ? [] : [[pair.after.pointer, statusOf(pair)]])),
  );
  const nodes: DiffGraphNode[] = [];
  const edges: { from: number; to: number }[] = [];
  const waiting: { readonly scope: Scope; readonly within: number | null }[] = [
    { scope: after, within: null },
  ];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { scope, within } = next;
    const first = nodes.length;
    const indices = new Map(scope.states.map(({ name }, i) => [name, first + i]));
    if (first + scope.states.length > MOST_STATES) return null;
    for (const state of scope.states) {
      const { name, pointer, type } = state;
      nodes.push({ name, type, status: statuses.get(pointer) ?? "unchanged", within });
    }
    scope.states.forEach((state, i) => {
      edges.push(...edgesFrom(state, first + i, indices));
      for (const inner of innerScopes(state)) waiting.push({ scope: inner, within: first + i });
    });
  }
  return { nodes, edges };
}

function edgesFrom(state: State, from: number, indices: ReadonlyMap<string, number>): DiffGraph["edges"] {
  const targets = new Set(followersOf(state).flatMap((name) => indices.get(name) ?? []));
  return [...targets].map((to) => ({ from, to }));
}

function statusOf({ before, after }: StatePair<PricedState>): DiffGraphNode["status"] {
  if (before === null) return "added";
  const quantity = ({ visits, retries, iterations }: PricedState): readonly number[] => [
    visits,
    retries,
    iterations ?? 0,
  ];
  const [was, is] = [quantity(before), quantity(after!)];
  const isSame = is.every((value, i) => Math.abs(value - was[i]!) <= 1e-9 * Math.max(value, was[i]!));
  return isSame && before.ids[1] === after!.ids[1] ? "unchanged" : "changed";
}
