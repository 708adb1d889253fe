/** A loop choice is one that leads both back into its loop and out of it: declared rounds decide between the two. */
import type { Edge } from "./state-graph.ts";
import type { Components } from "./strongly-connected.ts";

/** By edge out of one state: whether it stays in the state's loop. Null when all do, or none. */
export function stayingEdges(edges: readonly Edge[], { of }: Components): readonly boolean[] | null {
  const staying = edges.map(({ from, to }) => to >= 0 && of[to] === of[from]);
  return staying.includes(true) && staying.includes(false) ? staying : null;
}
