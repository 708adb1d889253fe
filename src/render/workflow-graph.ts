/**
 * A workflow graph is the states and ways of a workflow as a drawing shows them: those that cost most by themselves,
 * and when there are more than can be read, the others folded together. First what runs inside Maps and Parallels is
 * folded into them, the innermost first, then neighbouring states that cost little.
 */
import type { StateReport, WorkflowReport } from "../report/analysis-report.ts";
import type { PictureScope, PictureWay, WorkflowPictures } from "../report/workflow-pictures.ts";

export interface WorkflowGraph {
  readonly nodes: readonly GraphNode[];
  readonly ways: readonly GraphWay[];
  /** A scope follows the one that holds it. */
  readonly scopes: readonly PictureScope[];
  /** How many states stand in no node of their own. */
  readonly folded: number;
}

export interface GraphNode {
  /** Pointer of its first state. */
  readonly key: string;
  readonly name: string;
  readonly type: string;
  /** Number of its scope in `scopes`. */
  readonly scope: number;
  /** All states in it: one, or those folded. */
  readonly states: readonly StateReport[];
  /** It stands for several states side by side, not for one and what runs inside it. */
  readonly isGroup: boolean;
}

export interface GraphWay {
  readonly from: string;
  readonly to: string | null;
  readonly kind: PictureWay["kind"];
  /** Null where the states it leaves from are folded. */
  readonly share: number | null;
  readonly perExecution: number;
  readonly isLoop: boolean;
}

/** Of the most nodes that are drawn, so many are states by themselves. */
const ALONE = 2 / 3;

export function graphWorkflow(
  { states }: WorkflowReport,
  pictures: WorkflowPictures,
  most: number,
): WorkflowGraph {
  const byPointer = new Map(states.map((state) => [state.pointer, state]));
  const open = openScopes(pictures.scopes, states.length, most);
  const whole = nodesOf(open, pictures.scopes, byPointer);
  const nodes = whole.length <= most ? whole : groupCheap(whole, pictures, most);
  const keyOf = new Map(nodes.flatMap((node) => node.states.map(({ pointer }) => [pointer, node] as const)));
  return {
    nodes,
    ways: waysBetween(pictures.ways, keyOf),
    scopes: open,
    folded: nodes.reduce((sum, node) => sum + node.states.length - 1, 0),
  };
}

/** Innermost scopes are closed first, as many as it takes; those that hold closed ones stay. */
function openScopes(scopes: readonly PictureScope[], count: number, most: number): readonly PictureScope[] {
  let [open, left] = [scopes.length, count];
  while (open > 1 && left > most) {
    open -= 1;
    left -= scopes[open]!.states.length;
  }
  return scopes.slice(0, open);
}

/** A state in a closed scope belongs to the node of the innermost open state around it. */
function nodesOf(
  open: readonly PictureScope[],
  scopes: readonly PictureScope[],
  byPointer: ReadonlyMap<string, StateReport>,
): readonly GraphNode[] {
  const holder = new Map<string, string>();
  const inside = new Map<string, StateReport[]>();
  scopes.forEach(({ within, states }, index) => {
    for (const pointer of states) {
      const held = index < open.length || within === null ? pointer : (holder.get(within) ?? within);
      holder.set(pointer, held);
      const state = byPointer.get(pointer);
      if (state !== undefined) append(inside, held, state);
    }
  });
  return open.flatMap(({ states }, scope) =>
    states.flatMap((pointer): readonly GraphNode[] => {
      const held = inside.get(pointer) ?? [];
      const [own] = held;
      if (own === undefined) return [];
      return [{ key: pointer, name: own.name, type: own.type, scope, states: held, isGroup: false }];
    }),
  );
}

/** A share is written where there is a choice. */
export function isLabelled({ kind, share }: GraphWay): boolean {
  return kind !== "next" && share !== null;
}

/** What a node adds to an execution: the transitions of its states and those that start children. */
export function nodeTransitions({ states }: GraphNode): number {
  return states.reduce((sum, { transitions, childExecutions }) => sum + transitions + childExecutions, 0);
}

function groupCheap(
  nodes: readonly GraphNode[],
  { ways, scopes }: WorkflowPictures,
  most: number,
): readonly GraphNode[] {
  const start = scopes[0]?.start;
  const alone = new Set(
    [...nodes]
      .sort(
        (a, b) =>
          Number(b.key === start) - Number(a.key === start) || nodeTransitions(b) - nodeTransitions(a),
      )
      .slice(0, Math.max(1, Math.floor(most * ALONE)))
      .map(({ key }) => key),
  );
  const cheap = nodes.filter(({ key }) => !alone.has(key));
  const groups = mergeAlike(connected(cheap, ways), ways);
  const room = Math.max(1, most - alone.size);
  const kept = groups.length <= room ? groups : [...groups.slice(0, room - 1), groups.slice(room - 1).flat()];
  return [...nodes.filter(({ key }) => alone.has(key)), ...kept.map(groupOf)];
}

function groupOf(members: readonly GraphNode[]): GraphNode {
  const [first] = members;
  if (members.length === 1) return first!;
  const states = members.flatMap((member) => member.states);
  return { key: first!.key, name: `${states.length} states`, type: "Group", scope: 0, states, isGroup: true };
}

/** Parts that hang together by ways among them, the largest first. */
function connected(
  nodes: readonly GraphNode[],
  ways: readonly PictureWay[],
): readonly (readonly GraphNode[])[] {
  const parent = new Map(nodes.map(({ key }) => [key, key]));
  const rootOf = (key: string): string => {
    let root = key;
    while (parent.get(root) !== root) root = parent.get(root)!;
    parent.set(key, root);
    return root;
  };
  for (const { from, to } of ways) {
    if (to !== null && parent.has(from) && parent.has(to)) parent.set(rootOf(from), rootOf(to));
  }
  const parts = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    append(parts, rootOf(node.key), node);
  }
  return [...parts.values()].sort((a, b) => b.length - a.length);
}

/** Parts with the same neighbours, such as the leaves of one Choice, read as one. */
function mergeAlike(
  parts: readonly (readonly GraphNode[])[],
  ways: readonly PictureWay[],
): readonly (readonly GraphNode[])[] {
  const partOf = new Map(parts.flatMap((part, index) => part.map(({ key }) => [key, index] as const)));
  const neighbours = parts.map(() => new Set<string>());
  for (const { from, to } of ways) {
    const [source, target] = [partOf.get(from), partOf.get(to ?? "")];
    if (source === target) continue;
    if (source !== undefined) neighbours[source]!.add(`to ${to ?? ""}`);
    if (target !== undefined) neighbours[target]!.add(`from ${from}`);
  }
  const alike = new Map<string, GraphNode[]>();
  parts.forEach((part, index) => {
    const signature = JSON.stringify([...neighbours[index]!].sort());
    for (const node of part) append(alike, signature, node);
  });
  return [...alike.values()].sort((a, b) => b.length - a.length);
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

/** Several ways between the same two nodes are one. */
function waysBetween(
  ways: readonly PictureWay[],
  nodeOf: ReadonlyMap<string, GraphNode>,
): readonly GraphWay[] {
  const merged = new Map<string, GraphWay>();
  for (const { from, to, kind, share, perExecution, isLoop } of ways) {
    const [source, target] = [nodeOf.get(from), to === null ? null : nodeOf.get(to)];
    // A way inside what is folded, or out of a scope that is.
    if (source === undefined || target === undefined || (source === target && source.states.length > 1))
      continue;
    if (target === null && source.key !== from && !source.isGroup) continue;
    const key = JSON.stringify([source.key, target?.key ?? null]);
    const known = merged.get(key);
    merged.set(key, {
      from: source.key,
      to: target?.key ?? null,
      kind: known?.kind ?? kind,
      share: source.isGroup ? null : (known?.share ?? 0) + share,
      perExecution: (known?.perExecution ?? 0) + perExecution,
      isLoop: isLoop || known?.isLoop === true,
    });
  }
  return [...merged.values()];
}
