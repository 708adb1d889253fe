/** A Markov chain is situations and the arcs between them, each arc with its share and what a visit spends that leaves by it. */
import type { Spent } from "./spent.ts";
import { type Component, type Eliminated, eliminate } from "./state-elimination.ts";
import type { Edge } from "./state-graph.ts";
import { type Components, stronglyConnected } from "./strongly-connected.ts";

export interface Arc {
  /** Node, END or FAILED. */
  readonly to: number;
  readonly share: number;
  /** Name of the error that leaves uncaught; null elsewhere. */
  readonly error: string | null;
  /** What the visit spends that leaves by this arc. */
  readonly spent: Spent;
}

/** An arc of a scope's own chain, whose nodes are situations. */
export interface EdgeArc extends Arc {
  /** By which the state is left. */
  readonly edge: Edge;
  /** Expected retries of such a visit. */
  readonly retries: number;
}

/** Starts at node 0. Shares of a node's arcs sum to 1. */
export interface MarkovChain<Way extends Arc = Arc> {
  readonly arcs: readonly (readonly Way[])[];
}

export interface SolvedChain<Way extends Arc = Arc> {
  readonly chain: MarkovChain<Way>;
  readonly components: Components;
  /** Expected visits of each node per run. */
  readonly visits: Float64Array;
  /** Solution of each loop component; null for single nodes. */
  readonly loops: readonly (Loop | null)[];
  /** Nodes of loops that no arc with a share leaves; the chain is then solved with a leak, see `ENDLESS_LEAK`. */
  readonly endless: readonly number[];
}

export interface Loop {
  readonly members: readonly number[];
  readonly position: ReadonlyMap<number, number>;
  readonly solution: Eliminated;
  readonly endless: boolean;
}

/** An endless loop ends where a Standard history does: about 25,000 events, four a state. */
const ENDLESS_LEAK = 4 / 25_000;

/** Expected visits by condensation: loops are solved one by one in topological order. Exact; O(states + edges) without loops. */
export function solveChain<Way extends Arc>(chain: MarkovChain<Way>): SolvedChain<Way> {
  const components = stronglyConnected(
    chain.arcs.map((arcs) => arcs.filter((arc) => arc.to >= 0).map((arc) => arc.to)),
  );
  const visits = new Float64Array(chain.arcs.length);
  const endless: number[] = [];
  const loops = components.members.map((members): Loop | null => {
    if (!isLoop(chain, members)) return null;
    const loop = solveLoop(chain, members);
    if (loop.endless) endless.push(...members);
    return loop;
  });
  visits[0] = 1;
  components.members.forEach((members, component) => {
    const loop = loops[component]!;
    if (loop !== null) {
      const solved = loop.solution.visitsFrom(members.map((node) => visits[node]!));
      members.forEach((node, i) => (visits[node] = solved[i]!));
    }
    for (const node of members) {
      for (const arc of chain.arcs[node]!) {
        if (arc.to >= 0 && components.of[arc.to] !== component) visits[arc.to]! += visits[node]! * arc.share;
      }
    }
  });
  return { chain, components, visits, loops, endless };
}

/** Solves one loop, whose other nodes are outside; one that holds some of its mass forever gets a leak. */
export function solveLoop(chain: MarkovChain, members: readonly number[]): Loop {
  const position = new Map(members.map((node, i) => [node, i]));
  const component = componentOf(chain, members, position);
  const solution = eliminate(component);
  if (solution !== null) return { members, position, solution, endless: false };
  const leaving = component.leaving.map((share) => share + ENDLESS_LEAK);
  return { members, position, solution: eliminate({ ...component, leaving })!, endless: true };
}

function isLoop(chain: MarkovChain, members: readonly number[]): boolean {
  return members.length > 1 || chain.arcs[members[0]!]!.some((arc) => arc.to === members[0]);
}

function componentOf(
  chain: MarkovChain,
  members: readonly number[],
  position: ReadonlyMap<number, number>,
): Component {
  const inside = members.map(() => new Map<number, number>());
  const leaving = members.map(() => 0);
  members.forEach((node, i) => {
    for (const arc of chain.arcs[node]!) {
      const to = position.get(arc.to);
      if (to === undefined) leaving[i]! += arc.share;
      else inside[i]!.set(to, (inside[i]!.get(to) ?? 0) + arc.share);
    }
  });
  return { inside, leaving };
}
