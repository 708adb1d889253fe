/**
 * A flow graph is a scope's states on some way from its start to a successful end, and that end as a node of its own.
 * States that only ever lead to a failure are doomed: each way to them is a way to fail, and no part of the flow.
 */
import { END, type StateGraph } from "../state-graph.ts";

export interface FlowGraph {
  readonly start: number;
  /** Number of the end's node, one past the last state. */
  readonly end: number;
  /** By node of the state graph, and the end: followers in the flow, each once. Empty for nodes outside of it. */
  readonly successors: readonly (readonly number[])[];
  /** By state: reachable, and without any way to a successful end. */
  readonly doomed: readonly boolean[];
}

/** Null when no way leads from the start to a successful end. */
export function buildFlowGraph(graph: StateGraph): FlowGraph | null {
  const end = graph.nodes.length;
  const targets = graph.edges.map((edges) => [
    ...new Set(edges.flatMap(({ to }) => (to >= 0 ? [to] : to === END ? [end] : []))),
  ]);
  targets.push([]);
  const reached = reachedFrom(graph.start, targets);
  const ending = reachedFrom(end, reversed(targets));
  const flows = targets.map((_, node) => reached.has(node) && ending.has(node));
  if (!flows[graph.start]) return null;
  return {
    start: graph.start,
    end,
    successors: targets.map((to, node) => (flows[node] ? to.filter((each) => flows[each]) : [])),
    doomed: graph.nodes.map((_, node) => reached.has(node) && !ending.has(node)),
  };
}

/** Nodes on any way from a node, itself first. */
export function reachedFrom(start: number, successors: readonly (readonly number[])[]): ReadonlySet<number> {
  const reached = new Set([start]);
  for (const node of reached) for (const to of successors[node]!) reached.add(to);
  return reached;
}

export function reversed(successors: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const predecessors = successors.map((): number[] => []);
  successors.forEach((to, from) => to.forEach((node) => predecessors[node]!.push(from)));
  return predecessors;
}
