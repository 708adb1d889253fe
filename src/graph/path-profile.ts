/**
 * A path profile is an execution that is known to take one path: the chain conditioned on it, then solved like any
 * other. Loops keep only the rounds that leave by the path's edge (Doob's h-transform).
 */
import type { State } from "../workflow/state-machine.ts";
import { type Distribution, ZERO, meanOf } from "./distribution.ts";
import type { ExecutionPath } from "./execution-paths.ts";
import { totalOf } from "./execution-profile.ts";
import { type Arc, solveChain } from "./markov-chain.ts";
import type { LoopRegion, Step, StepGraph } from "./path-steps.ts";
import { rewardsToGo } from "./rewards-to-go.ts";
import { spentByOutcome } from "./spent-by-outcome.ts";
import { END } from "./state-graph.ts";

export interface PathProfile {
  readonly share: number;
  /** States in the order they are first entered, a loop's once. */
  readonly states: readonly State[];
  /** Expected rounds by the state that enters each loop. */
  readonly rounds: ReadonlyMap<string, number>;
  readonly items: ReadonlyMap<string, number>;
  /** Visits per execution on this path, aligned with `states`. */
  readonly visits: readonly number[];
  /** Means per execution, the start rule apart. */
  readonly transitions: number;
  readonly historyEvents: number;
  readonly durationMs: Distribution;
}

export function profilePath(graph: StepGraph, path: ExecutionPath): PathProfile {
  const conditioned = conditionOn(graph, path);
  const solved = solveChain({ arcs: conditioned.arcs });
  const { nodes } = graph.run.graph;
  const means = conditioned.arcs.map((arcs) => ({
    transitions: arcs.reduce((sum, arc) => sum + arc.share * meanOf(arc.spent.transitions), 0),
    events: arcs.reduce((sum, arc) => sum + arc.share * meanOf(arc.spent.historyEvents), 0),
  }));
  const rounds = new Map<string, number>();
  for (const { entry, first, count } of conditioned.loops) {
    let visits = 0;
    for (let i = first; i < first + count; i++)
      if (conditioned.states[i] === entry) visits += solved.visits[i]!;
    rounds.set(nodes[entry]!.name, visits);
  }
  const visits = new Map<number, number>();
  conditioned.states.forEach((state, i) => {
    if (solved.visits[i]! > 1e-12) visits.set(state, (visits.get(state) ?? 0) + solved.visits[i]!);
  });
  const states = [...visits.keys()];
  const items = states.flatMap((state): [string, number][] => {
    const inside = graph.run.stateVisits[state]!.inside;
    return inside === null || inside.items === null ? [] : [[nodes[state]!.name, inside.items]];
  });
  return {
    share: path.share,
    states: states.map((state) => nodes[state]!),
    rounds,
    items: new Map(items),
    visits: [...visits.values()],
    transitions: means.reduce((sum, mean, i) => sum + solved.visits[i]! * mean.transitions, 0),
    historyEvents: means.reduce((sum, mean, i) => sum + solved.visits[i]! * mean.events, 0),
    durationMs: conditioned.arcs.length === 0 ? ZERO : totalOf(spentByOutcome(solved), "durationMs"),
  };
}

interface Conditioned {
  readonly arcs: Arc[][];
  /** State of each node. */
  readonly states: number[];
  readonly loops: { readonly entry: number; readonly first: number; readonly count: number }[];
}

function conditionOn(graph: StepGraph, path: ExecutionPath): Conditioned {
  const conditioned: Conditioned = { arcs: [], states: [], loops: [] };
  const stateOf = (node: number): number => graph.run.unrolled.situations[node]!.state;
  path.steps.forEach(({ from, step }, i) => {
    const region = graph.regions.get(from);
    const first = conditioned.arcs.length;
    const part = region === undefined ? single(step) : throughLoop(region, step);
    const last = i === path.steps.length - 1;
    for (const arcs of part.arcs) {
      conditioned.arcs.push(
        arcs.map((arc) => ({
          ...arc,
          to: arc.to >= 0 ? arc.to + first : last ? END : first + part.arcs.length,
          error: null,
        })),
      );
    }
    conditioned.states.push(...(region === undefined ? [stateOf(from)] : part.nodes.map(stateOf)));
    if (region !== undefined)
      conditioned.loops.push({ entry: stateOf(from), first, count: part.arcs.length });
  });
  return conditioned;
}

interface Part {
  readonly nodes: readonly number[];
  /** Arcs of each node, numbered from 0 within the part; END leads on. */
  readonly arcs: readonly (readonly Arc[])[];
}

/** A single state: its arcs of this step, scaled to 1. */
function single(step: Step): Part {
  const total = step.arcs.reduce((sum, { arc }) => sum + arc.share, 0);
  const even = 1 / step.arcs.length;
  return {
    nodes: [step.arcs[0]!.from],
    arcs: [step.arcs.map(({ arc }) => ({ ...arc, to: END, share: total > 0 ? arc.share / total : even }))],
  };
}

function throughLoop({ nodes, position, solved }: LoopRegion, step: Step): Part {
  const leaving = nodes.map(() => 0);
  for (const { from, arc } of step.arcs) leaving[position.get(from)!]! += arc.share;
  const chance = rewardsToGo(solved, leaving);
  if (!(chance[0]! > 0)) return shortestWay({ nodes, position, solved }, step);
  const arcs = nodes.map((node, i): Arc[] => {
    if (!(chance[i]! > 0)) return [];
    const inside = solved.chain.arcs[i]!.filter((arc) => arc.to >= 0 && chance[arc.to]! > 0);
    const out = step.arcs.filter(({ from }) => from === node);
    return [
      ...inside.map((arc) => ({ ...arc, share: (arc.share * chance[arc.to]!) / chance[i]! })),
      ...out.map(({ arc }) => ({ ...arc, to: END, share: arc.share / chance[i]! })),
    ];
  });
  return { nodes, arcs };
}

/** A way out that no figure makes happen: the fewest states that lead there, once each. */
function shortestWay({ nodes, position, solved }: LoopRegion, step: Step): Part {
  const target = position.get(step.arcs[0]!.from)!;
  const before = new Map<number, Arc & { readonly from: number }>();
  const reached = new Set([0]);
  for (const node of reached) {
    for (const arc of solved.chain.arcs[node]!) {
      if (arc.to < 0 || reached.has(arc.to)) continue;
      reached.add(arc.to);
      before.set(arc.to, { ...arc, from: node });
    }
  }
  const way: { node: number; arc: Arc }[] = [
    { node: target, arc: { ...step.arcs[0]!.arc, to: END, share: 1 } },
  ];
  for (let arc = before.get(target); arc !== undefined; arc = before.get(arc.from)) {
    way.unshift({ node: arc.from, arc: { ...arc, share: 1 } });
  }
  return {
    nodes: way.map(({ node }) => nodes[node]!),
    arcs: way.map(({ arc }, i) => [{ ...arc, to: i === way.length - 1 ? END : i + 1 }]),
  };
}
