/**
 * Single-exit regions are the parts of a flow that are entered by one node only and left for one node only.
 *
 * This is the family of the program structure tree (Johnson, Pearson and Pingali, 1994), its canonical regions and
 * every run of consecutive ones, told by nodes rather than by edges, so that a loop's head and a join that others
 * reach too bound regions like any other node. With D(e) the nodes that e dominates, each region that e enters is
 * either the whole of D(e), or D(e) less D(x), where x is its exit: so the regions hang on the dominator tree, and
 * two of them are nested, disjoint, or overlap in a sequence whose parts are regions again.
 *
 * Whether (e, x) bounds a region is told in O(1) from what leaves D(e) and D(x). Exact for irreducible graphs too.
 */
import { type DominatorTree, dominates, dominatorsFrom } from "./dominator-tree.ts";
import { type FlowGraph, reversed } from "./flow-graph.ts";

export interface Region {
  readonly entry: number;
  /** The one node, not of the region, where it is left for; perhaps the flow's end. */
  readonly exit: number;
  /** The exit, where the entry dominates it: with all that it dominates it is no part of the region. */
  readonly less: number | null;
  /** How many smaller regions have the same entry. */
  readonly rank: number;
}

export interface RegionFamily {
  readonly tree: DominatorTree;
  /** Exits of the regions that a node enters, the smallest region's first: each holds the one before. */
  readonly exitsOf: (entry: number) => readonly number[];
  /** Of the smallest region that a node enters; null when it enters none. */
  readonly firstExitOf: (entry: number) => number | null;
}

/** The region of an entry that `exits[rank]` ends. */
export function regionAt(
  entry: number,
  {
    exits,
    rank,
    tree,
  }: { readonly exits: readonly number[]; readonly rank: number; readonly tree: DominatorTree },
): Region {
  const exit = exits[rank]!;
  return { entry, exit, less: dominates(tree, entry, exit) ? exit : null, rank };
}

/** All regions that a node enters. */
export function regionsOf(entry: number, { tree, exitsOf }: RegionFamily): readonly Region[] {
  const exits = exitsOf(entry);
  return exits.map((_, rank) => regionAt(entry, { exits, rank, tree }));
}

export function findRegions(flow: FlowGraph): RegionFamily {
  const tree = dominatorsFrom(flow.start, flow.successors);
  const after = dominatorsFrom(flow.end, reversed(flow.successors));
  const leaving = edgesLeaving(flow, tree);
  const exitsOf = (entry: number, most = Infinity): readonly number[] => {
    if (entry === flow.end || tree.depth[entry] === -1) return [];
    const exits: number[] = [];
    let exit = after.parent[entry]!;
    for (; exit !== -1 && exits.length < most && dominates(tree, entry, exit); exit = after.parent[exit]!) {
      if (isRegion(entry, exit, tree.depth, leaving)) exits.push(exit);
    }
    const target = leaving.target[entry]!;
    if (exits.length < most && target >= 0 && !dominates(tree, entry, flow.end)) exits.push(target);
    return exits;
  };
  return {
    tree,
    exitsOf: (entry) => exitsOf(entry),
    firstExitOf: (entry) => exitsOf(entry, 1)[0] ?? null,
  };
}

/** Its nodes, the entry first. O(size of the region). */
export function membersOf({ entry, less }: Region, { preorder, from, to }: DominatorTree): readonly number[] {
  const members: number[] = [];
  for (let at = from[entry]!; at < to[entry]!; at++) {
    if (less !== null && at === from[less]) at = to[less]!;
    if (at < to[entry]!) members.push(preorder[at]!);
  }
  return members;
}

/** A sum over a region's nodes, from sums over what each node dominates. */
export function sumOver({ entry, less }: Region, dominated: Float64Array): number {
  return dominated[entry]! - (less === null ? 0 : dominated[less]!);
}

/** For each node, the sum of the values of all that it dominates. */
export function sumsDominated(values: ArrayLike<number>, { parent, preorder }: DominatorTree): Float64Array {
  const sums = new Float64Array(parent.length);
  for (let at = preorder.length - 1; at >= 0; at--) {
    const node = preorder[at]!;
    sums[node]! += values[node] ?? 0;
    const above = parent[node]!;
    if (above >= 0) sums[above]! += sums[node]!;
  }
  return sums;
}

/** Of the edges that leave D(node), by node. */
interface Leaving {
  readonly count: Int32Array;
  /** The node they all lead to; SEVERAL or NONE. */
  readonly target: Int32Array;
  /** Depth of the deepest target; NONE without edges. */
  readonly deepest: Int32Array;
  /** Edges back to the node's own ancestor at that depth. */
  readonly back: Int32Array;
}

const NONE = -1;
const SEVERAL = -2;

/** An edge leaves D(node) for each node from its tail up to where its head hangs. O(edges × depth) at worst. */
function edgesLeaving({ successors }: FlowGraph, { parent, depth }: DominatorTree): Leaving {
  const n = successors.length;
  const [count, back] = [new Int32Array(n), new Int32Array(n)];
  const [target, deepest] = [new Int32Array(n).fill(NONE), new Int32Array(n).fill(NONE)];
  const leave = (node: number, to: number, isBack: boolean): void => {
    count[node]! += 1;
    target[node] = count[node] === 1 || target[node] === to ? to : SEVERAL;
    if (depth[to]! > deepest[node]!) [deepest[node], back[node]] = [depth[to]!, 0];
    if (isBack && depth[to] === deepest[node]) back[node]! += 1;
  };
  successors.forEach((heads, tail) => {
    for (const to of heads) {
      let node = tail;
      while (node !== to && node !== parent[to]) node = parent[node]!;
      const isBack = node === to;
      for (let at = tail; at !== node; at = parent[at]!) leave(at, to, isBack);
    }
  });
  return { count, target, deepest, back };
}

/** Nothing may lead from behind the exit into the region but by its entry, and nothing out of it but to the exit. */
function isRegion(entry: number, exit: number, depth: Int32Array, leaving: Leaving): boolean {
  if (leaving.deepest[exit]! > depth[entry]!) return false;
  const back = leaving.deepest[exit] === depth[entry] ? leaving.back[exit]! : 0;
  return leaving.count[entry] === leaving.count[exit]! - back;
}
