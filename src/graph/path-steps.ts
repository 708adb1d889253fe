/**
 * Path steps are the condensed graph that paths run over: a state is one step, and a whole loop is one step, told
 * by where it is entered and by which edge it is left.
 */
import { END, type Edge, FAILED } from "./state-graph.ts";
import { type EdgeArc, type MarkovChain, type SolvedChain, solveChain } from "./markov-chain.ts";
import type { ScopeRun } from "./run-context.ts";
import { isLoop } from "./situation-graph.ts";

/** One way on from a node: by an edge to another node, or out of the scope. */
export interface Step {
  /** Node of the chain, END or FAILED. */
  readonly to: number;
  readonly edge: Edge;
  /** Given that the step's origin is reached. */
  readonly share: number;
  /** Arcs of the origin (or of the loop's nodes) that make this step up. */
  readonly arcs: readonly { readonly from: number; readonly arc: EdgeArc }[];
}

/** The nodes of a loop reached from one entry, as a chain of its own with the entry first; arcs out of it lead to END. */
export interface LoopRegion {
  readonly nodes: readonly number[];
  readonly position: ReadonlyMap<number, number>;
  readonly solved: SolvedChain<EdgeArc>;
}

export interface StepGraph {
  readonly run: ScopeRun;
  /** Steps by node; only nodes at which a step can begin have any. */
  readonly steps: ReadonlyMap<number, readonly Step[]>;
  readonly regions: ReadonlyMap<number, LoopRegion>;
  /** Nodes in topological order from the start. */
  readonly order: readonly number[];
}

export function buildStepGraph(run: ScopeRun): StepGraph {
  const { graph, unrolled, solved } = run;
  const steps = new Map<number, readonly Step[]>();
  const regions = new Map<number, LoopRegion>();
  const inLoop = unrolled.components.members.map((_, component) =>
    isLoop(unrolled.components, graph, component),
  );
  const componentOf = (node: number): number => unrolled.components.of[unrolled.situations[node]!.state]!;
  const pending = [0];
  for (const node of pending) {
    if (steps.has(node)) continue;
    let ways: readonly Step[];
    if (inLoop[componentOf(node)]) {
      const region = regionFrom(node, solved.chain, (other) => componentOf(other) === componentOf(node));
      regions.set(node, region);
      ways = stepsOutOf(region, solved.chain);
    } else {
      ways = grouped(solved.chain.arcs[node]!.map((arc) => ({ from: node, arc, share: arc.share })));
    }
    steps.set(node, ways);
    for (const way of ways) if (way.to >= 0) pending.push(way.to);
  }
  return { run, steps, regions, order: topological(steps) };
}

function regionFrom(
  entry: number,
  chain: MarkovChain<EdgeArc>,
  inside: (node: number) => boolean,
): LoopRegion {
  const position = new Map([[entry, 0]]);
  const nodes = [entry];
  for (const node of nodes) {
    for (const arc of chain.arcs[node]!) {
      if (arc.to < 0 || position.has(arc.to) || !inside(arc.to)) continue;
      position.set(arc.to, nodes.push(arc.to) - 1);
    }
  }
  const arcs = nodes.map((node) =>
    chain.arcs[node]!.map((arc) => ({ ...arc, to: position.get(arc.to) ?? END })),
  );
  return { nodes, position, solved: solveChain({ arcs }) };
}

function stepsOutOf({ nodes, position, solved }: LoopRegion, chain: MarkovChain<EdgeArc>): readonly Step[] {
  return grouped(
    nodes.flatMap((node, i) =>
      chain.arcs[node]!.filter((arc) => !position.has(arc.to)).map((arc) => ({
        from: node,
        arc,
        share: solved.visits[i]! * arc.share,
      })),
    ),
  );
}

/** Arcs of the same edge to the same node are one step; errors that leave uncaught are told together. */
function grouped(
  arcs: readonly { readonly from: number; readonly arc: EdgeArc; readonly share: number }[],
): readonly Step[] {
  const groups = new Map<Edge, Map<number, { share: number; arcs: { from: number; arc: EdgeArc }[] }>>();
  for (const { from, arc, share } of arcs) {
    const byTarget =
      groups.get(arc.edge) ?? new Map<number, { share: number; arcs: { from: number; arc: EdgeArc }[] }>();
    const group = byTarget.get(arc.to) ?? { share: 0, arcs: [] };
    group.share += share;
    group.arcs.push({ from, arc });
    groups.set(arc.edge, byTarget.set(arc.to, group));
  }
  return [...groups].flatMap(([edge, byTarget]) =>
    [...byTarget].map(([to, group]): Step => ({ to, edge, ...group })),
  );
}

/** Kahn's algorithm; the step graph has no cycles. */
function topological(steps: ReadonlyMap<number, readonly Step[]>): readonly number[] {
  const incoming = new Map<number, number>();
  for (const ways of steps.values()) for (const { to } of ways) incoming.set(to, (incoming.get(to) ?? 0) + 1);
  const order = [0];
  for (const node of order) {
    for (const { to } of steps.get(node) ?? []) {
      if (to < 0) continue;
      const left = incoming.get(to)! - 1;
      incoming.set(to, left);
      if (left === 0) order.push(to);
    }
  }
  return order;
}

/** Which of the two kinds of paths a last step ends: a failure nobody catches, or an end the definition provides (Fail states too). */
export function endsUncaught(step: Step, run: ScopeRun): boolean {
  return step.to === FAILED && run.graph.nodes[step.edge.from]!.type !== "Fail";
}
