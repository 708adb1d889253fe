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

/** The outer scopes before those inside of them; those that nothing leads to any more are left out. */
export function remainingScopes(
  scopes: readonly ScopeFlow[],
  regionsIn: (scope: ScopeFlow) => readonly Region[],
): readonly RemainingScope[] {
  const held = new Set(scopes.flatMap(({ inner }) => [...inner.values()].flat().map(({ scope }) => scope)));
  const open = scopes.flatMap((scope) => (held.has(scope) ? [] : [{ scope, runs: scope.runs }]));
  const remaining: RemainingScope[] = [];
  // Grows while it is walked: the scopes inside follow those that hold them.
  for (const { scope, runs } of open) {
    if (runs === 0) continue;
    const visits = visitsLeft(scope, regionsIn(scope));
    remaining.push({ scope, runs, visits });
    for (const [node, within] of scope.inner) {
      const times = runs * visits[node]!;
      open.push(...within.map(({ scope: inside, perVisit }) => ({ scope: inside, runs: times * perVisit })));
    }
  }
  return remaining;
}

/** What is left of visits that the cuts take, by subtraction, is nothing where it is less than rounding. */
const ROUNDING = 1e-12;

function visitsLeft({ run, flow, family }: ScopeFlow, regions: readonly Region[]): readonly number[] {
  if (regions.length === 0) return run.visits;
  const members = new Set(regions.flatMap((region) => membersOf(region, family.tree)));
  const taken = visitsOfDoomed(run, flow, members);
  return run.visits.map((visits, node) => {
    if (members.has(node)) return 0;
    const left = visits - taken[node]!;
    return left <= visits * ROUNDING ? 0 : left;
  });
}
