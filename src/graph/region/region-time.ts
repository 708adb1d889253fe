/**
 * Region times are how long one entry of a single-exit region lasts, apart by whether it ends at the exit or in a failure.
 *
 * Built bottom-up from steps: a node's step is its smallest region, solved as a small chain in which every node but
 * the entry is passed by its own step; longer regions are runs of steps, composed by doubling. So all steps together
 * cost O(states) convolutions and a run of n steps O(log n). Where constants tell situations of a state apart, the
 * step that holds it is solved over the situations themselves, which keeps counted loops exact.
 *
 * Means are exact. The shape takes the parts of a run to be independent, as the chain does.
 */
import { type Distribution, type Weighted, ZERO, convolve, mix } from "../distribution.ts";
import { type Arc, type MarkovChain, solveChain } from "../markov-chain.ts";
import type { ScopeRun } from "../run-context.ts";
import { type Outcome, spentByOutcome } from "../spent-by-outcome.ts";
import { NOTHING_SPENT } from "../spent.ts";
import { END, FAILED } from "../state-graph.ts";
import { FAILS, type FlowFigures, targetOf } from "./flow-figures.ts";
import type { FlowGraph } from "./flow-graph.ts";
import { type Region, type RegionFamily, membersOf, regionAt } from "./single-exit-regions.ts";

/** Masses sum to 1. */
export interface RegionTime {
  readonly through: Weighted | null;
  readonly failed: Weighted | null;
}

export interface RegionTimes {
  readonly of: (region: Region) => RegionTime;
}

export interface Timing {
  readonly run: ScopeRun;
  readonly flow: FlowGraph;
  readonly family: RegionFamily;
  readonly figures: FlowFigures;
}

export function durationOf({ through, failed }: RegionTime): Distribution {
  return mix([through, failed].filter((part) => part !== null))?.of ?? ZERO;
}

export function timeRegions(timing: Timing): RegionTimes {
  const { tree, firstExitOf } = timing.family;
  const steps = new Map<number, Step>();
  // Deepest first: a region's nodes hang below its entry, so their steps are there when it is solved.
  for (let at = tree.preorder.length - 1; at >= 0; at--) {
    const entry = tree.preorder[at]!;
    const exit = firstExitOf(entry);
    if (exit === null) continue;
    const region = regionAt(entry, { exits: [exit], rank: 0, tree });
    steps.set(entry, { leaps: [{ exit, time: solve(region, timing, steps) }] });
  }
  return { of: (region) => alongSteps(region, steps) ?? solve(region, timing, steps) };
}

interface Step {
  /** `leaps[k]` takes 2^k steps; null = there are not so many. */
  readonly leaps: (Leap | null)[];
}

interface Leap {
  readonly exit: number;
  readonly time: RegionTime;
}

type Steps = ReadonlyMap<number, Step>;

/** Null when the steps from the entry do not lead to the exit, as in a loop that is taken as a whole. */
function alongSteps({ entry, exit, rank }: Region, steps: Steps): RegionTime | null {
  const length = rank + 1;
  let done: Leap | null = null;
  for (let power = 0; 2 ** power <= length; power++) {
    if (Math.floor(length / 2 ** power) % 2 === 0) continue;
    const leap = leapFrom(done?.exit ?? entry, power, steps);
    if (leap === null) return null;
    done = done === null ? leap : { exit: leap.exit, time: inSequence(done.time, leap.time) };
  }
  return done?.exit === exit ? done.time : null;
}

/** 2^power steps on from a node, remembered. Recursion as deep as the power. */
function leapFrom(node: number, power: number, steps: Steps): Leap | null {
  const leaps = steps.get(node)?.leaps;
  if (leaps === undefined) return null;
  const known = leaps[power];
  if (known !== undefined) return known;
  const first = leapFrom(node, power - 1, steps);
  const second = first === null ? null : leapFrom(first.exit, power - 1, steps);
  const leap =
    first === null || second === null
      ? null
      : { exit: second.exit, time: inSequence(first.time, second.time) };
  leaps[power] = leap;
  return leap;
}

function inSequence(one: RegionTime, next: RegionTime): RegionTime {
  if (one.through === null) return one;
  const { mass, of } = one.through;
  const onward = (part: Weighted | null): Weighted | null =>
    part === null ? null : { mass: mass * part.mass, of: convolve(of, part.of) };
  const late = onward(next.failed);
  return {
    through: onward(next.through),
    failed: mix([one.failed, late].filter((part) => part !== null)),
  };
}

function solve(region: Region, timing: Timing, steps: Steps): RegionTime {
  const members = new Set(membersOf(region, timing.family.tree));
  const situated = [...members].some((node) => timing.figures.situations[node]!.length > 1);
  const chain = situated
    ? situationChain(region, members, timing)
    : stepChain(region, members, { ...timing, steps });
  return timeOf(spentByOutcome(solveChain(chain)));
}

function timeOf(outcomes: readonly Outcome[]): RegionTime {
  const part = (failed: boolean): Weighted | null =>
    mix(
      outcomes
        .filter(({ error }) => (error !== null) === failed)
        .map(({ mass, spent }) => ({ mass, of: spent.durationMs })),
    );
  return { through: part(false), failed: part(true) };
}

/** The entry, and what is reached from it step by step; the exit is the chain's end. */
function stepChain(
  { entry, exit }: Region,
  members: ReadonlySet<number>,
  timing: Timing & { readonly steps: Steps },
): MarkovChain {
  const numbers = new Map([[entry, 0]]);
  const arcs: (readonly Arc[])[] = [];
  const numberOf = (node: number): number => {
    if (node === exit) return END;
    const number = numbers.get(node) ?? numbers.size;
    numbers.set(node, number);
    return number;
  };
  for (const node of numbers.keys()) {
    const step = node === entry ? undefined : timing.steps.get(node);
    const leap = step?.leaps[0] ?? null;
    const within = leap !== null && (members.has(leap.exit) || leap.exit === exit);
    arcs.push(
      within
        ? arcsOfStep(leap.time, numberOf(leap.exit))
        : timing.figures.situations[node]!.flatMap((situation) => arcsFrom(situation, timing, numberOf)),
    );
  }
  return { arcs };
}

function arcsOfStep({ through, failed }: RegionTime, to: number): readonly Arc[] {
  return [
    ...(through === null ? [] : [arcOf(to, through)]),
    ...(failed === null ? [] : [arcOf(FAILED, failed)]),
  ];
}

/** A situation's arcs; with the failures that doomed situations lead to, the time until there. */
function arcsFrom(
  situation: number,
  timing: Timing,
  numberOf: (state: number, situation: number) => number,
): readonly Arc[] {
  const { run, flow } = timing;
  return run.solved.chain.arcs[situation]!.map((arc) => {
    const { to, doom } = targetOf(arc, run, flow);
    const own = arc.spent.durationMs;
    if (to !== FAILS) return arcOf(numberOf(to, arc.to), { mass: arc.share, of: own });
    const tail = doom === null || arc.share === 0 ? ZERO : doomDuration(doom, timing);
    return arcOf(FAILED, { mass: arc.share, of: convolve(own, tail) });
  });
}

function arcOf(to: number, { mass, of }: Weighted): Arc {
  const spent = { ...NOTHING_SPENT, durationMs: of };
  return { to, share: mass, error: to === FAILED ? "failed" : null, spent };
}

/** Time from entering a doomed situation to the failure it leads to. */
function doomDuration(doom: number, { run, flow }: Timing): Distribution {
  const { arcs } = run.solved.chain;
  const numbers = new Map([[doom, 0]]);
  const chain: (readonly Arc[])[] = [];
  for (const situation of numbers.keys()) {
    chain.push(
      arcs[situation]!.map((arc) => {
        const { doom: next } = targetOf(arc, run, flow);
        if (next !== null && !numbers.has(next)) numbers.set(next, numbers.size);
        const to = next === null ? FAILED : numbers.get(next)!;
        return arcOf(to, { mass: arc.share, of: arc.spent.durationMs });
      }),
    );
  }
  return durationOf(timeOf(spentByOutcome(solveChain({ arcs: chain }))));
}

/** The region's situations, entered as often as the whole run enters each from outside. */
function situationChain({ exit }: Region, members: ReadonlySet<number>, timing: Timing): MarkovChain {
  const { run } = timing;
  const { situations } = run.unrolled;
  const inside = situations.flatMap(({ state }, situation) => (members.has(state) ? [situation] : []));
  const numbers = new Map(inside.map((situation, at) => [situation, at + 1]));
  // The scope's own start is entered once, whether or not it stands inside.
  const inflow = new Map([[0, 1]]);
  run.solved.chain.arcs.forEach((arcs, situation) => {
    if (numbers.has(situation)) return;
    for (const { to, share } of arcs) {
      const mass = run.solved.visits[situation]! * share;
      if (mass > 0) inflow.set(to, (inflow.get(to) ?? 0) + mass);
    }
  });
  // All of them the entry's: a region is entered by no other state.
  const entered = inside.filter((situation) => inflow.has(situation));
  const total = entered.reduce((sum, situation) => sum + inflow.get(situation)!, 0);
  const first = entered.map((situation) =>
    arcOf(numbers.get(situation)!, { mass: inflow.get(situation)! / total, of: ZERO }),
  );
  const others = inside.map((situation) =>
    arcsFrom(situation, timing, (state, to) => (state === exit ? END : numbers.get(to)!)),
  );
  return { arcs: [first, ...others] };
}
