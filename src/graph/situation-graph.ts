/**
 * A situation graph is the state graph unrolled over what is known: its nodes are situations, a state together
 * with the constants that later Choices test. A Choice on a constant has one way out of it, and a counted loop
 * unrolls to its exact number of rounds, so that plain Markov arithmetic on situations is exact.
 *
 * Cost: O(situations × edges of each). Past MAX_SITUATIONS the constants are given up (`complete` false) and
 * every Choice keeps its shares.
 */
import type { ParseJsonata } from "./constant-expression.ts";
import { flowAlong, possibleRules } from "./constant-flow.ts";
import { type KnownData, NOTHING_KNOWN, knowsNothing, restrictKnown } from "./known-data.ts";
import { type TestedRoots, liveRoots } from "./live-roots.ts";
import { stayingEdges } from "./loop-choice.ts";
import { type Edge, type StateGraph } from "./state-graph.ts";
import { type Components, stronglyConnected } from "./strongly-connected.ts";

const MAX_SITUATIONS = 20_000;

export interface Situation {
  /** Node of the state graph. */
  readonly state: number;
  readonly ways: readonly Way[];
  /** Declared rounds: which visit of this loop-closing Choice it is (1, 2, …); null elsewhere. */
  readonly round: number | null;
}

export interface Way {
  readonly edge: Edge;
  /** Situation, END or FAILED. */
  readonly to: number;
}

export interface SituationGraph {
  readonly situations: readonly Situation[];
  /** The start is situation 0. */
  readonly complete: boolean;
  /** Loops of the state graph; situations of one loop share its component. */
  readonly components: Components;
  /** Choice states for which a rule was decided by a constant. */
  readonly inferred: ReadonlySet<number>;
}

export interface Unrolling {
  readonly graph: StateGraph;
  /** Declared rounds by Choice node: after how many visits it lets go of its loop. */
  readonly rounds: ReadonlyMap<number, number>;
  /** Choice nodes whose shares the user declared: they are believed, not inferred. */
  readonly declared: ReadonlySet<number>;
  readonly parseJsonata: ParseJsonata | null;
}

/** Components with more than one member, or an edge to itself, are loops. */
export function isLoop(components: Components, graph: StateGraph, component: number): boolean {
  const members = components.members[component]!;
  return members.length > 1 || graph.edges[members[0]!]!.some((edge) => edge.to === members[0]);
}

export function componentsOf(graph: StateGraph): Components {
  return stronglyConnected(
    graph.edges.map((edges) => edges.filter((edge) => edge.to >= 0).map((edge) => edge.to)),
  );
}

export function unroll(unrolling: Unrolling): SituationGraph {
  const components = componentsOf(unrolling.graph);
  const live = liveRoots(unrolling.graph, unrolling.declared);
  const parseJsonata = unrolling.parseJsonata === null ? null : parsedOnce(unrolling.parseJsonata);
  const exploration = {
    ...unrolling,
    parseJsonata,
    components,
    live,
    bounded: live !== null || unrolling.rounds.size > 0,
  };
  return (
    explore(exploration) ?? {
      ...explore({ ...exploration, rounds: new Map(), live: null, bounded: false })!,
      complete: false,
    }
  );
}

/** The same expression is evaluated in every situation of its state: parsing it each time would take most of the time. */
function parsedOnce(parse: ParseJsonata): ParseJsonata {
  const parsed = new Map<string, unknown>();
  return (expression) => {
    if (!parsed.has(expression)) parsed.set(expression, parse(expression));
    return parsed.get(expression);
  };
}

interface Exploration extends Unrolling {
  readonly components: Components;
  readonly live: readonly TestedRoots[] | null;
  readonly bounded: boolean;
}

interface Known {
  readonly data: KnownData;
  readonly rounds: ReadonlyMap<number, number>;
}

const AT_START: Known = { data: NOTHING_KNOWN, rounds: new Map() };

/** Breadth first from the start; null when there are too many situations. */
function explore(exploration: Exploration): SituationGraph | null {
  const { graph, components } = exploration;
  const most = exploration.bounded ? Math.max(MAX_SITUATIONS, 2 * graph.nodes.length) : Infinity;
  const numbers = new Map<string, number>();
  const pending: { state: number; known: Known }[] = [];
  const inferred = new Set<number>();
  const numberOf = (state: number, known: Known): number => {
    const key =
      known === AT_START ? String(state) : `${state} ${JSON.stringify([known.data, [...known.rounds]])}`;
    const number = numbers.get(key) ?? pending.push({ state, known }) - 1;
    numbers.set(key, number);
    return number;
  };

  const situations: Situation[] = [];
  numberOf(graph.start, AT_START);
  for (let i = 0; i < pending.length; i++) {
    if (pending.length > most) return null;
    const { state, known } = pending[i]!;
    const edges = possibleEdges(exploration, state, known);
    if (edges.length < graph.edges[state]!.length) inferred.add(state);
    const round = exploration.rounds.has(state) ? (known.rounds.get(state) ?? 0) + 1 : null;
    const left = withinRounds(edges, { round, limit: exploration.rounds.get(state), components });
    const ways = left.map((edge): Way => {
      return {
        edge,
        to: edge.to < 0 ? edge.to : numberOf(edge.to, after(exploration, edge, { known, round })),
      };
    });
    situations.push({ state, ways, round });
  }
  return { situations, complete: true, components, inferred };
}

/** A Choice's edges less those that known constants rule out. */
function possibleEdges(
  { graph, live, declared, parseJsonata }: Exploration,
  state: number,
  known: Known,
): readonly Edge[] {
  const node = graph.nodes[state]!;
  const edges = graph.edges[state]!;
  if (node.type !== "Choice" || live === null || declared.has(state)) return edges;
  const rules = possibleRules(node, { known: known.data, parseJsonata });
  const possible = edges.filter((edge) => edge.rules.some((rule) => rules.has(rule)));
  return possible.length === 0 ? edges : possible;
}

/** What is known on the far side of an edge, reduced to what can still matter there. */
function after(
  { graph, live, components, parseJsonata }: Exploration,
  edge: Edge,
  { known, round }: { known: Known; round: number | null },
): Known {
  const stays = components.of[edge.to] === components.of[edge.from];
  const counted = stays && round !== null ? new Map(known.rounds).set(edge.from, round) : known.rounds;
  const rounds = stays ? counted : AT_START.rounds;
  const flowed =
    live === null
      ? NOTHING_KNOWN
      : flowAlong(graph.nodes[edge.from]!, edge, { known: known.data, parseJsonata });
  const data = live === null ? NOTHING_KNOWN : restrictKnown(flowed, live[edge.to]!);
  return knowsNothing(data) && rounds.size === 0 ? AT_START : { data, rounds };
}

interface RoundLimit {
  readonly round: number | null;
  readonly limit: number | undefined;
  readonly components: Components;
}

/** A counted Choice stays in its loop before its last round and leaves it in the last. */
function withinRounds(edges: readonly Edge[], { round, limit, components }: RoundLimit): readonly Edge[] {
  if (round === null || limit === undefined) return edges;
  const staying = stayingEdges(edges, components);
  if (staying === null) return edges;
  if (round < Math.floor(limit)) return edges.filter((_, i) => staying[i]);
  return round >= limit ? edges.filter((_, i) => !staying[i]) : edges;
}
