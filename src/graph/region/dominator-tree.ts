/**
 * A dominator tree says which nodes every way from the start to a node leads through (Cooper, Harvey and Kennedy,
 * "A Simple, Fast Dominance Algorithm", 2001). Irreducible graphs are handled like any other. Iterative;
 * O(edges) for the graphs that state machines have, O(nodes × edges) at worst.
 */
export interface DominatorTree {
  readonly start: number;
  /** Immediate dominator of each node; -1 for the start and for nodes that it does not reach. */
  readonly parent: Int32Array;
  /** 0 for the start; -1 for nodes that it does not reach. */
  readonly depth: Int32Array;
  /** Reached nodes, each before all that it dominates, which follow it without a gap. */
  readonly preorder: Int32Array;
  /** By node: its place in `preorder`, and the place after the last node that it dominates. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

export function dominatorsFrom(start: number, successors: readonly (readonly number[])[]): DominatorTree {
  const { order, number } = reversePostorder(start, successors);
  const predecessors = successors.map((): number[] => []);
  for (const node of order) for (const to of successors[node]!) predecessors[to]!.push(node);
  const parent = new Int32Array(successors.length).fill(-1);
  parent[start] = start;
  for (let changed = true; changed;) {
    changed = false;
    for (const node of order) {
      if (node === start) continue;
      let common = -1;
      for (const before of predecessors[node]!) {
        if (parent[before] === -1) continue;
        common = common === -1 ? before : meet(before, common, { parent, number });
      }
      if (common !== parent[node]) [parent[node], changed] = [common, true];
    }
  }
  parent[start] = -1;
  return { start, parent, ...laidOut(start, order, parent) };
}

/** Whether every way from the start to `node` leads through `by`; a node dominates itself. */
export function dominates({ from, to }: DominatorTree, by: number, node: number): boolean {
  return from[by]! <= from[node]! && from[node]! < to[by]!;
}

interface Numbering {
  readonly parent: Int32Array;
  readonly number: Int32Array;
}

function meet(one: number, other: number, { parent, number }: Numbering): number {
  let [a, b] = [one, other];
  while (a !== b) {
    while (number[a]! > number[b]!) a = parent[a]!;
    while (number[b]! > number[a]!) b = parent[b]!;
  }
  return a;
}

function reversePostorder(
  start: number,
  successors: readonly (readonly number[])[],
): { readonly order: readonly number[]; readonly number: Int32Array } {
  const next = new Int32Array(successors.length);
  const seen = new Uint8Array(successors.length);
  const postorder: number[] = [];
  const path = [start];
  seen[start] = 1;
  while (path.length > 0) {
    const node = path.at(-1)!;
    const to = successors[node]![next[node]!++];
    if (to === undefined) postorder.push(path.pop()!);
    else if (seen[to] === 0) {
      seen[to] = 1;
      path.push(to);
    }
  }
  const order = postorder.reverse();
  const number = new Int32Array(successors.length).fill(-1);
  order.forEach((node, at) => (number[node] = at));
  return { order, number };
}

function laidOut(
  start: number,
  order: readonly number[],
  parent: Int32Array,
): Pick<DominatorTree, "depth" | "preorder" | "from" | "to"> {
  const n = parent.length;
  const [depth, from, to] = [new Int32Array(n).fill(-1), new Int32Array(n).fill(-1), new Int32Array(n)];
  const size = new Int32Array(n);
  for (const node of order) depth[node] = node === start ? 0 : depth[parent[node]!]! + 1;
  for (const node of order.toReversed()) {
    size[node]! += 1;
    if (node !== start) size[parent[node]!]! += size[node]!;
  }
  const free = new Int32Array(n);
  const preorder = new Int32Array(order.length);
  for (const node of order) {
    const at = node === start ? 0 : free[parent[node]!]!;
    if (node !== start) free[parent[node]!]! += size[node]!;
    [from[node], to[node], free[node]] = [at, at + size[node]!, at + 1];
    preorder[at] = node;
  }
  return { depth, preorder, from, to };
}
