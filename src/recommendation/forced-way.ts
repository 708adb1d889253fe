/** A forced way leads an execution to one state: the Choices before it, which real data would decide, made to go there. */
import { buildStateGraph } from "../graph/state-graph.ts";
import type { Scope } from "../workflow/state-machine.ts";
import { innerScopes } from "../workflow/state-identity.ts";
import type { JsonPatch, PatchOperation } from "./json-patch.ts";
import type { PlacedState } from "./placed-state.ts";
import type { PathOf } from "./state-removal.ts";

export interface ForcedWay {
  readonly change: JsonPatch;
  /** Names of the Choices that were made to go one way. */
  readonly forced: readonly string[];
}

/** Null when no way by success edges leads there. */
export function forceWay(
  { scope, state, within }: PlacedState,
  root: Scope,
  pathOf: PathOf,
): ForcedWay | null {
  const change: PatchOperation[] = [];
  const forced: string[] = [];
  let around = root;
  for (const target of [...within, state]) {
    const way = shortestWay(around, target.name);
    if (way === null) return null;
    for (const [index, name] of way.entries()) {
      const choice = around.states.find((each) => each.name === name);
      const next = way[index + 1];
      if (choice?.type !== "Choice" || next === undefined) continue;
      forced.push(name);
      change.push({ op: "replace", path: pathOf(choice.pointer), value: { Type: "Pass", Next: next } });
    }
    // Of several branches, the one that the state stands in.
    around =
      innerScopes(target).find(({ pointer }) => `${scope.pointer}/`.startsWith(`${pointer}/`)) ?? around;
  }
  return { change, forced };
}

/** Breadth first, by success edges. */
function shortestWay(scope: Scope, target: string): readonly string[] | null {
  const graph = buildStateGraph(scope);
  const goal = graph?.indexOf.get(target);
  if (graph === null || goal === undefined) return null;
  const from = new Map<number, number | null>([[graph.start, null]]);
  for (const node of from.keys()) {
    if (node === goal) break;
    for (const { to, kind } of graph.edges[node]!)
      if (to >= 0 && kind !== "catch" && !from.has(to)) from.set(to, node);
  }
  if (!from.has(goal)) return null;
  const way: string[] = [];
  for (let node: number | null = goal; node !== null; node = from.get(node) ?? null)
    way.unshift(graph.nodes[node]!.name);
  return way;
}
