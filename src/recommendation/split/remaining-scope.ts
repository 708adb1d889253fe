/**
 * A remaining scope is what still runs in Standard executions of a scope once cuts are made, there and around it: none
 * of the regions' states, and of the doomed ones that they take along only what other states lead to. Exact, like the
 * visits.
 */
import { visitsOfDoomed } from "../../graph/region/doomed-visits.ts";
import { type Region, membersOf } from "../../graph/region/single-exit-regions.ts";
import type { ScopeFlow } from "./scope-flow.ts";

export interface RemainingScope {
  readonly scope: ScopeFlow;
  /** Runs of the scope per execution of the workflow, in Standard executions still. */
  readonly runs: number;
  /** By state, per run of the scope. */
  readonly visits: readonly number[];
}

/** The outer scopes before those inside of them; those that no way leads to any more are left out. */
export function remainingScopes(
  scopes: readonly ScopeFlow[],
  regionsIn: (scope: ScopeFlow) => readonly Region[],
): readonly RemainingScope[] {
  const held = new Set(scopes.flatMap(({ inner }) => [...inner.values()].flat().map(({ scope }) => scope)));
  const open = scopes.flatMap((scope) => (held.has(scope) ? [] : [{ scope, runs: scope.runs }]));
  const remaining: RemainingScope[] = [];
  // Grows while it is walked: the scopes inside follow those that hold them.
  for (const { scope, runs } of open) {
    const members = new Set(regionsIn(scope).flatMap((region) => membersOf(region, scope.family.tree)));
    const left = statesLeft(scope, members);
    const visits = visitsLeft(scope, members, left);
    remaining.push({ scope, runs, visits });
    for (const [node, within] of scope.inner) {
      if (!left.has(node)) continue;
      const times = runs * visits[node]!;
      open.push(...within.map(({ scope: inside, perVisit }) => ({ scope: inside, runs: times * perVisit })));
    }
  }
  return remaining;
}

/** States of the flow that are no members, and the doomed ones that these lead to. */
function statesLeft({ run, flow }: ScopeFlow, members: ReadonlySet<number>): ReadonlySet<number> {
  const { edges } = run.graph;
  const left = new Set(edges.flatMap((_, node) => (members.has(node) || flow.doomed[node] ? [] : [node])));
  for (const node of left) for (const { to } of edges[node]!) if (flow.doomed[to]) left.add(to);
  return left;
}

function visitsLeft(
  { run, flow }: ScopeFlow,
  members: ReadonlySet<number>,
  left: ReadonlySet<number>,
): readonly number[] {
  if (members.size === 0) return run.visits;
  const taken = visitsOfDoomed(run, flow, members);
  return run.visits.map((visits, node) => (left.has(node) ? Math.max(0, visits - taken[node]!) : 0));
}
