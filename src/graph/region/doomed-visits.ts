/** Doomed visits are how often each doomed state is entered on account of failures in some of a flow's states. Exact, like the visits. */
import type { ScopeRun } from "../run-context.ts";
import type { FlowGraph } from "./flow-graph.ts";

/** By state, per run of the scope; `members` are states of the flow. */
export function visitsOfDoomed(run: ScopeRun, flow: FlowGraph, members: ReadonlySet<number>): Float64Array {
  const { solved, unrolled, graph } = run;
  const { chain, components, loops } = solved;
  const arriving = new Float64Array(chain.arcs.length);
  const stateOf = (situation: number): number => unrolled.situations[situation]!.state;
  chain.arcs.forEach((arcs, situation) => {
    if (!members.has(stateOf(situation))) return;
    for (const { to, share } of arcs)
      if (to >= 0 && flow.doomed[stateOf(to)]) arriving[to]! += solved.visits[situation]! * share;
  });
  const visits = new Float64Array(graph.nodes.length);
  components.members.forEach((nodes, component) => {
    if (!flow.doomed[stateOf(nodes[0]!)]) return;
    const arrivals = nodes.map((node) => arriving[node]!);
    const own = loops[component]?.solution.visitsFrom(arrivals) ?? arrivals;
    nodes.forEach((node, at) => {
      visits[stateOf(node)]! += own[at]!;
      for (const { to, share } of chain.arcs[node]!)
        if (to >= 0 && components.of[to] !== component) arriving[to]! += own[at]! * share;
    });
  });
  return visits;
}
