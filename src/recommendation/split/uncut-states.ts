/** Uncut states are those that stay in the parent, each with why: what blocks it, or what cutting it would cost. */
import { quantileOf, shareAbove } from "../../graph/distribution.ts";
import { durationOf } from "../../graph/region/region-time.ts";
import { type Region, membersOf, regionsOf, sumOver } from "../../graph/region/single-exit-regions.ts";
import type { State } from "../../workflow/state-machine.ts";
import { EXPRESS_MAX_MS } from "../express-eligibility.ts";
import type { ChosenRegion, DataBlocker } from "./choose-regions.ts";
import { billedMsOf, savingOf, useOf } from "./region-use.ts";
import { remainingScopes } from "./remaining-scope.ts";
import type { ScopeFlow } from "./scope-flow.ts";
import type { SplitPlan } from "./split-plan.ts";

export interface UncutState {
  readonly code: string;
  readonly state: State;
  readonly text: string;
}

export interface UncutReading {
  readonly plan: Pick<SplitPlan, "cuts" | "scopes" | "prices">;
  readonly dataBlocker: DataBlocker;
}

/** In the order of the scopes, the outermost first; states that only failures lead to are left out. */
export function whyUncut({ plan, dataBlocker }: UncutReading): readonly UncutState[] {
  const cut = new Set(
    plan.cuts.flatMap(({ scope, region }) =>
      membersOf(region, scope.family.tree).map((node) => scope.run.graph.nodes[node]!),
    ),
  );
  const regionsIn = (scope: ScopeFlow): readonly Region[] =>
    plan.cuts.flatMap((each) => (each.scope === scope ? [each.region] : []));
  const remaining = new Set(remainingScopes(plan.scopes, regionsIn).map(({ scope }) => scope));
  const reasons: UncutState[] = [];
  for (const scope of plan.scopes.toReversed()) {
    if (!remaining.has(scope)) continue;
    scope.run.graph.nodes.forEach((state, node) => {
      if (scope.family.tree.depth[node] === -1 || cut.has(state)) return;
      reasons.push({ state, ...reasonOf(scope, node, { plan, dataBlocker }) });
    });
  }
  return reasons;
}

function reasonOf(
  scope: ScopeFlow,
  node: number,
  { plan: { prices }, dataBlocker }: UncutReading,
): Pick<UncutState, "code" | "text"> {
  const [blocker, ...others] = scope.blockers[node]!;
  if (blocker !== undefined) {
    const state = scope.run.graph.nodes[node]!;
    const where = blocker.state === null || blocker.state === state.name ? "" : ` (${blocker.state})`;
    const more = others.length === 0 ? "" : `, and ${others.length} more`;
    return { code: blocker.code, text: `${blocker.text}${where}${more}` };
  }
  const [region] = regionsOf(node, scope.family);
  if (region === undefined)
    return {
      code: "several-exits",
      text: "its ways part here and nothing brings them together before a state that stays",
    };
  if (sumOver(region, scope.sums.blocked) > 0)
    return {
      code: "several-exits",
      text: "between here and where its ways meet stands a state that Express does not take",
    };
  const duration = durationOf(scope.times().of(region));
  if (quantileOf(duration, 0.99) > EXPRESS_MAX_MS) {
    const share = Number((shareAbove(duration, EXPRESS_MAX_MS) * 100).toPrecision(2));
    return {
      code: "long-duration",
      text: `${share} % of its visits would pass the 300 s that Express allows`,
    };
  }
  const data = dataBlocker(scope, region);
  if (data !== null) return { code: "crossing-variable", text: data };
  const use = useOf(region, scope);
  if (use.entries <= 0)
    return { code: "never-entered", text: "it is never entered at these figures, so nothing is saved" };
  const perMillion = prices === null ? null : savingOf(use, billedMsOf(duration), prices) * scope.runs * 1e6;
  return perMillion !== null && perMillion > 0
    ? { code: "not-worth", text: "the parts that are cut save more without it" }
    : { code: "not-worth", text: "a call of a child costs more than the transitions it would save here" };
}

export interface BestCut {
  readonly states: readonly string[];
  /** Per execution of the workflow; 0 or less where there is a plan without cuts. */
  readonly saving: number;
}

/** Of regions this many are tried with their times, by their bounds. */
const TRIED = 24;

/** The single cut that saves most, or costs least; null when no region may be cut at all. */
export function bestSingleCut({ plan, dataBlocker }: UncutReading): BestCut | null {
  const { prices } = plan;
  if (prices === null) return null;
  const found: { scope: ScopeFlow; region: ChosenRegion["region"]; bound: number }[] = [];
  for (const scope of plan.scopes) {
    for (const entry of scope.family.tree.preorder) {
      for (const region of regionsOf(entry, scope.family)) {
        if (sumOver(region, scope.sums.blocked) > 0) break;
        const use = useOf(region, scope);
        if (use.entries > 0) found.push({ scope, region, bound: scope.runs * savingOf(use, 100, prices) });
      }
      found.sort((a, b) => b.bound - a.bound).splice(TRIED);
    }
  }
  const cuts = found.flatMap(({ scope, region }): readonly BestCut[] => {
    const duration = durationOf(scope.times().of(region));
    if (quantileOf(duration, 0.99) > EXPRESS_MAX_MS || dataBlocker(scope, region) !== null) return [];
    const saving = scope.runs * savingOf(useOf(region, scope), billedMsOf(duration), prices);
    return [
      {
        saving,
        states: membersOf(region, scope.family.tree).map((node) => scope.run.graph.nodes[node]!.name),
      },
    ];
  });
  return cuts.reduce<BestCut | null>(
    (best, cut) => (best === null || cut.saving > best.saving ? cut : best),
    null,
  );
}
