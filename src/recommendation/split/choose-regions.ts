/**
 * Chooses which regions to cut: the disjoint ones that together save most, by dynamic programming over the dominator
 * tree, scope within scope.
 *
 * The most that can be saved in all that a node dominates is either that of its children in the tree, the node
 * staying where it is (with what is saved inside of it), or that of a region which it enters and of what hangs
 * behind the region's exit. Every region with one entry and one exit is tried, so the choice is exact for given
 * prices. A price that falls with volume is handled outside, once for each tier (see `split-plan.ts`).
 *
 * A region's exact billed time lies within 100 ms of its mean, so its time is worked out only where the bound leaves
 * it a chance: O(regions) sums, and few distributions. Where more than MOST_TIMED regions of one entry stay in question,
 * the choice is exact to the price of 100 ms for each call.
 */
import { quantileOf } from "../../graph/distribution.ts";
import { durationOf } from "../../graph/region/region-time.ts";
import { entriesOf } from "../../graph/region/flow-figures.ts";
import { type Region, regionAt } from "../../graph/region/single-exit-regions.ts";
import { gbSeconds } from "../../usage/express-billing.ts";
import { EXPRESS_MAX_MS } from "../express-eligibility.ts";
import {
  type CutPrices,
  type RegionUse,
  billedMsOf,
  savingOf,
  standInTransitions,
  useOf,
} from "./region-use.ts";
import { remainingScopes } from "./remaining-scope.ts";
import type { ScopeFlow } from "./scope-flow.ts";
import { keptIn } from "../../once.ts";

export interface ChosenRegion {
  readonly scope: ScopeFlow;
  readonly region: Region;
  /** Of the scope per execution of the workflow, with the other cuts made. */
  readonly runs: number;
  /** Per run of the scope. */
  readonly use: RegionUse;
  /** Of one call. */
  readonly billedMs: number;
  /** Per execution of the workflow. */
  readonly saving: number;
}

/** Why a region's data cannot cross a cut; null when it can. */
export type DataBlocker = (scope: ScopeFlow, region: Region) => string | null;

export interface Choosing {
  /** The inner before those around them, as `flowsOfScopes` gives them. */
  readonly scopes: readonly ScopeFlow[];
  readonly prices: CutPrices;
  readonly dataBlocker: DataBlocker;
  /** Kept over several choices at different prices. */
  readonly timed: TimedRegions;
}

export function chooseRegions({ scopes, prices, dataBlocker, timed }: Choosing): readonly ChosenRegion[] {
  const solved = new Map<ScopeFlow, SolvedScope>();
  for (const scope of scopes) solved.set(scope, solveScope(scope, { prices, dataBlocker, timed, solved }));
  const chosen = new Map(scopes.map((scope) => [scope, trace(scope, solved.get(scope)!)]));
  const regionsIn = (scope: ScopeFlow): readonly Region[] => chosen.get(scope)!.map(({ region }) => region);
  return remainingScopes(scopes, regionsIn).flatMap(({ scope, runs }) =>
    runs === 0 ? [] : chosen.get(scope)!.map((cut) => ({ ...cut, scope, runs, saving: cut.saving * runs })),
  );
}

interface Candidate {
  readonly region: Region;
  readonly use: RegionUse;
  readonly billedMs: number;
  readonly saving: number;
}

interface SolvedScope {
  /** The most that is saved in all that each node dominates, per run of the scope. */
  readonly best: Float64Array;
  /** The region that a node enters there; absent = the node stays. */
  readonly cut: ReadonlyMap<number, Candidate>;
}

interface Solving extends Pick<Choosing, "prices" | "dataBlocker" | "timed"> {
  readonly solved: ReadonlyMap<ScopeFlow, SolvedScope>;
}

function solveScope(scope: ScopeFlow, solving: Solving): SolvedScope {
  const { tree } = scope.family;
  const best = new Float64Array(tree.parent.length);
  const inside = savedInside(scope, solving);
  const cut = new Map<number, Candidate>();
  const below = new Float64Array(tree.parent.length);
  const reach: number[] = [];
  for (let at = tree.preorder.length - 1; at >= 0; at--) {
    const node = tree.preorder[at]!;
    const kept = below[node]! + (inside?.[node] ?? 0);
    const candidate = bestRegion(scope, node, { ...solving, best, atLeast: kept, reach });
    if (candidate !== null) cut.set(node, candidate);
    best[node] = candidate === null ? kept : candidate.saving + behind(candidate.region, best);
    const above = tree.parent[node]!;
    if (above >= 0) below[above]! += best[node];
  }
  return { best, cut };
}

/** By node, per run of the scope: in what runs inside its state, and inside of the doomed ones that it leads to. Null = nothing. */
function savedInside({ run, inner, figures }: ScopeFlow, { solved }: Solving): Float64Array | null {
  if (inner.size === 0) return null;
  const saved = (scope: ScopeFlow): number => solved.get(scope)!.best[scope.flow.start]!;
  const ofVisit = run.visits.map((_, node) =>
    (inner.get(node) ?? []).reduce((sum, { scope, perVisit }) => sum + perVisit * saved(scope), 0),
  );
  return figures.spread(ofVisit);
}

function behind({ less }: Region, best: Float64Array): number {
  return less === null ? 0 : best[less]!;
}

interface Searching extends Solving {
  readonly best: Float64Array;
  readonly atLeast: number;
  /** How many of a node's regions are short enough; filled from the deepest node on. */
  readonly reach: number[];
}

/** Rounding is no saving. */
const LEAST = 1e-12;

/** Regions of one entry whose times are worked out; what is left after these differs by less than 100 ms a call. */
const MOST_TIMED = 24;

/** By falling bounds: the first whose exact saving no other's bound exceeds. */
function bestRegion(scope: ScopeFlow, entry: number, searching: Searching): Candidate | null {
  const { prices, best, atLeast, timed, dataBlocker, reach } = searching;
  const { tree, exitsOf } = scope.family;
  const exits = exitsOf(entry);
  if (exits.length === 0) return null;
  const threshold = atLeast + LEAST * prices.transition;
  const bounds = boundsOf(scope, { entry, exits }, searching);
  reach[entry] = bounds.length;
  if (bounds.length === 0 || bounds[greatest(bounds)]! <= threshold) return null;
  const at = (rank: number): Region => regionAt(entry, { exits, rank, tree });
  const isShort = (rank: number): boolean => timed(scope, at(rank)).p99Ms <= EXPRESS_MAX_MS;
  const short = countShort(bounds.length, (reach[exits[0]!] ?? 0) + 1, isShort);
  reach[entry] = short;
  const open = bounds.subarray(0, short);
  let found: Candidate | null = null;
  let most = threshold;
  for (let tried = 0; short > 0 && tried < MOST_TIMED; tried++) {
    const rank = greatest(open);
    if (open[rank]! <= most + LEAST * Math.abs(most)) break;
    open[rank] = -Infinity;
    const region = at(rank);
    const use = useOf(region, scope);
    const { billedMs } = timed(scope, region);
    const saving = savingOf(use, billedMs, prices);
    if (saving + behind(region, best) <= most) continue;
    if (dataBlocker(scope, region) !== null) {
      tried -= 1;
      continue;
    }
    most = saving + behind(region, best);
    found = { region, use, billedMs, saving };
  }
  return found;
}

/**
 * The most that each region can save, with what is behind it: of calls that bill no more than their mean time. Up to
 * the first that holds a blocked state.
 */
function boundsOf(
  scope: ScopeFlow,
  { entry, exits }: { readonly entry: number; readonly exits: readonly number[] },
  { prices, best }: Searching,
): Float64Array {
  const { family, figures } = scope;
  const { end } = scope.flow;
  const { from, to } = family.tree;
  const { transitions, durationMs, failures, blocked } = scope.sums;
  const { transition, request } = prices;
  const ms = prices.gbSecond * gbSeconds(1, LEAST_MEMORY_MB);
  const calls = figures.returns[entry]!.size === 0 ? figures.visits[entry]! : null;
  const bounds = new Float64Array(exits.length);
  // By number, without closures or objects: there are as many pairs of an entry and an exit as half the square of the states.
  for (let rank = 0; rank < exits.length; rank++) {
    const exit = exits[rank]!;
    const isBelow = from[entry]! <= from[exit]! && from[exit]! < to[entry]!;
    if (blocked[entry]! - (isBelow ? blocked[exit]! : 0) > 0) return bounds.subarray(0, rank);
    const entries = calls ?? entriesOf({ entry, exit, less: isBelow ? exit : null, rank }, family, figures);
    const failed = failures[entry]! - (isBelow ? failures[exit]! : 0);
    const replaced = transitions[entry]! - (isBelow ? transitions[exit]! : 0);
    const lasting = durationMs[entry]! - (isBelow ? durationMs[exit]! : 0);
    const standIn = standInTransitions(entries, failed, exit === end);
    const saving =
      transition * (replaced - standIn) - request * entries - ms * Math.max(100 * entries, lasting);
    bounds[rank] = entries <= 0 ? -Infinity : saving + (isBelow ? best[exit]! : 0);
  }
  return bounds;
}

/** https://aws.amazon.com/step-functions/pricing/ */
const LEAST_MEMORY_MB = 64;

function greatest(values: Float64Array): number {
  let at = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[at]!) at = i;
  return at;
}

/** A region holds those before it and lasts no less: the first that is too long ends them all. Looks around the guess first. */
function countShort(count: number, guess: number, isShort: (rank: number) => boolean): number {
  let [low, high] = [0, count];
  let middle = Math.min(guess, count) - 1;
  for (let step = 1; low < high; step *= 2) {
    if (isShort(middle)) {
      low = middle + 1;
      middle = Math.min(high - 1, middle + step);
    } else {
      high = middle;
      middle = Math.max(low, middle - step);
    }
    if (step > 2) middle = Math.floor((low + high) / 2);
  }
  return low;
}

export interface TimedRegion {
  readonly billedMs: number;
  readonly p99Ms: number;
}

export type TimedRegions = (scope: ScopeFlow, region: Region) => TimedRegion;

/** Works each region's time out once. */
export function timeOnce(): TimedRegions {
  const known = new Map<ScopeFlow, Map<number, TimedRegion>>();
  return (scope, region) => {
    const ofScope = keptIn(known, scope, () => new Map<number, TimedRegion>());
    const key = region.entry * (scope.flow.end + 1) + region.exit;
    return keptIn(ofScope, key, () => timeRegion(scope, region));
  };
}

function timeRegion(scope: ScopeFlow, region: Region): TimedRegion {
  const duration = durationOf(scope.times().of(region));
  return { billedMs: billedMsOf(duration), p99Ms: quantileOf(duration, 0.99) };
}

/** The regions chosen in a scope; savings per run of it. */
function trace(scope: ScopeFlow, { cut }: SolvedScope): readonly Candidate[] {
  const { preorder, from, to } = scope.family.tree;
  const cuts: Candidate[] = [];
  const open = [{ at: 0, end: preorder.length }];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    for (let { at } = part; at < part.end;) {
      const node = preorder[at]!;
      const candidate = cut.get(node);
      if (candidate === undefined) {
        at += 1;
        continue;
      }
      const { region } = candidate;
      cuts.push(candidate);
      // What hangs behind the exit lies somewhere within what the entry dominates; all else there is the region.
      if (region.less !== null) open.push({ at: from[region.less]!, end: to[region.less]! });
      at = to[node]!;
    }
  }
  return cuts;
}
