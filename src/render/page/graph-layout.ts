/**
 * A graph layout is where each state and each way of a workflow is drawn: layered, from the start downwards, with
 * what runs inside a Map or Parallel drawn inside its box. Each scope is laid out by itself, the innermost first,
 * and then stands in the scope around it as one box, so that no way ever ends at a box that holds others.
 * Layering: Gansner et al., A Technique for Drawing Directed Graphs (1993), by dagre.
 */
import { Graph, layout as layOut } from "@dagrejs/dagre";
import { type WorkflowGraph, isLabelled } from "../workflow-graph.ts";

/** Lengths in CSS pixels, whole numbers. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly GraphBox[];
  /** In the order of the graph's ways; null where one is not drawn: out of a scope that is not the top. */
  readonly lines: readonly (GraphLine | null)[];
  /** Where the execution starts and ends; null = nothing is drawn. */
  readonly start: GraphPoint | null;
  readonly end: GraphPoint | null;
  readonly startLine: readonly GraphPoint[];
}

export type GraphPoint = readonly [x: number, y: number];

export interface GraphBox {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GraphLine {
  readonly points: readonly GraphPoint[];
  /** Where its share is written. */
  readonly label: GraphPoint | null;
}

const BOX = { width: 200, height: 52 };
/** Room in a box that holds others: its own head, and around them. */
const HEAD = 52;
const INNER = 14;
const BESIDE = 16;
const DOT = 26;
const LABEL = { width: 44, height: 14 };
const START = "\0start";
const END = "\0end";

/** A scope laid out, with its upper left corner at nought. */
interface LaidScope {
  readonly width: number;
  readonly height: number;
  /** Keys of nodes, START and END; centres. */
  readonly centres: ReadonlyMap<string, GraphPoint>;
  /** By number of the way; -1 = into the start. */
  readonly lines: ReadonlyMap<number, GraphLine>;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export function layOutGraph(graph: WorkflowGraph): GraphLayout {
  const laid: LaidScope[] = [];
  const sizes = new Map<string, Size>();
  const members = membersOf(graph);
  for (let scope = graph.scopes.length - 1; scope >= 0; scope--) {
    for (const key of members[scope]!.nodes) sizes.set(key, boxSize(innerOf(graph, key), laid));
    laid[scope] = layOutScope(graph, { ...members[scope]!, isTop: scope === 0 }, sizes);
  }
  return placed(graph, { laid, sizes, members });
}

/** Nodes and ways by scope. */
function membersOf({ nodes, ways, scopes }: WorkflowGraph): readonly ScopeMembers[] {
  const members = scopes.map(({ start }) => ({ start, nodes: [] as string[], ways: [] as number[] }));
  const scopeOf = new Map(nodes.map(({ key, scope }) => [key, scope]));
  for (const { key, scope } of nodes) members[scope]!.nodes.push(key);
  ways.forEach(({ from }, number) => members[scopeOf.get(from)!]!.ways.push(number));
  return members;
}

interface ScopeMembers {
  readonly start: string;
  readonly nodes: readonly string[];
  readonly ways: readonly number[];
}

/** Numbers of the scopes that are drawn inside a node. */
function innerOf({ scopes }: WorkflowGraph, key: string): readonly number[] {
  return scopes.flatMap(({ within }, number) => (within === key ? [number] : []));
}

function boxSize(inner: readonly number[], laid: readonly LaidScope[]): Size {
  if (inner.length === 0) return BOX;
  const width = inner.reduce((sum, scope) => sum + laid[scope]!.width, 0) + (inner.length - 1) * BESIDE;
  const height = Math.max(...inner.map((scope) => laid[scope]!.height));
  return { width: Math.max(BOX.width, width + 2 * INNER), height: HEAD + height + INNER };
}

function layOutScope(
  { ways }: WorkflowGraph,
  { start, nodes, ways: own, isTop }: ScopeMembers & { readonly isTop: boolean },
  sizes: ReadonlyMap<string, Size>,
): LaidScope {
  const drawn = new Graph({ multigraph: true });
  drawn.setGraph({ rankdir: "TB", nodesep: 28, ranksep: 34, marginx: 0, marginy: 0 });
  for (const key of nodes) drawn.setNode(key, { ...sizes.get(key)! });
  const ends = isTop && own.some((number) => ways[number]!.to === null);
  if (isTop) drawn.setNode(START, { width: DOT, height: DOT });
  if (ends) drawn.setNode(END, { width: DOT, height: DOT });
  const first = nodes.includes(start) ? start : (nodes[0] ?? null);
  if (isTop && first !== null) drawn.setEdge(START, first, {}, "-1");
  for (const number of own) {
    const { from, to } = ways[number]!;
    if (to === null && !isTop) continue;
    const labelled = isLabelled(ways[number]!) ? { ...LABEL, labelpos: "c" } : {};
    drawn.setEdge(from, to ?? END, labelled, String(number));
  }
  layOut(drawn);
  return laidScope(drawn);
}

interface DrawnEdge {
  readonly v: string;
  readonly w: string;
  readonly name?: string;
}

/** Ways may swing out further than any box: the scope is as wide as all of it, and begins at nought. */
function laidScope(drawn: Graph): LaidScope {
  const centres = (drawn.nodes() as readonly string[]).map((key) => {
    const { x, y, width, height } = drawn.node(key) as { x: number; y: number } & Size;
    return { key, x, y, width, height };
  });
  const lines = (drawn.edges() as readonly DrawnEdge[]).map((edge) => {
    const {
      points = [],
      x,
      y,
    } = drawn.edge(edge) as {
      points?: readonly { x: number; y: number }[];
      x?: number;
      y?: number;
    };
    const label: GraphPoint | null = x === undefined || y === undefined ? null : [x, y];
    return {
      number: Number(edge.name),
      points: points.map((point): GraphPoint => [point.x, point.y]),
      label,
    };
  });
  const corners: readonly GraphPoint[] = [
    ...centres.flatMap(({ x, y, width, height }): readonly GraphPoint[] => [
      [x - width / 2, y - height / 2],
      [x + width / 2, y + height / 2],
    ]),
    ...lines.flatMap(({ points, label }) =>
      label === null
        ? points
        : [
            ...points,
            [label[0] - LABEL.width / 2, label[1]] as const,
            [label[0] + LABEL.width / 2, label[1]] as const,
          ],
    ),
  ];
  const left = corners.reduce((least, [x]) => Math.min(least, x), Infinity);
  const right = corners.reduce((most, [x]) => Math.max(most, x), -Infinity);
  const top = corners.reduce((least, [, y]) => Math.min(least, y), Infinity);
  const bottom = corners.reduce((most, [, y]) => Math.max(most, y), -Infinity);
  const shift = ([x, y]: GraphPoint): GraphPoint => [x - left, y - top];
  return {
    width: Math.max(0, right - left),
    height: Math.max(0, bottom - top),
    centres: new Map(centres.map(({ key, x, y }) => [key, shift([x, y])])),
    lines: new Map(
      lines.map(({ number, points, label }) => [
        number,
        { points: points.map(shift), label: label === null ? null : shift(label) },
      ]),
    ),
  };
}

/** Room around the whole. */
const MARGIN = 12;

interface Placing {
  readonly laid: readonly LaidScope[];
  readonly sizes: ReadonlyMap<string, Size>;
  readonly members: readonly ScopeMembers[];
}

/** Every scope moved to where its box stands, the outermost first. */
function placed(graph: WorkflowGraph, { laid, sizes, members }: Placing): GraphLayout {
  const [top] = laid;
  const origins: GraphPoint[] = [[MARGIN, MARGIN]];
  const boxes: GraphBox[] = [];
  const lines: (GraphLine | null)[] = graph.ways.map(() => null);
  graph.scopes.forEach((_, scope) => {
    const origin = origins[scope]!;
    for (const key of members[scope]!.nodes) {
      const box = boxAt(key, moved(laid[scope]!.centres.get(key)!, origin), sizes.get(key)!);
      boxes.push(box);
      placeInner(box, innerOf(graph, key), { laid, origins });
    }
    for (const number of members[scope]!.ways) {
      const line = laid[scope]!.lines.get(number);
      if (line !== undefined) lines[number] = movedLine(line, origin);
    }
  });
  const startLine = top?.lines.get(-1);
  const dot = (key: string): GraphPoint | null => {
    const centre = top?.centres.get(key);
    return centre === undefined ? null : moved(centre, origins[0]!);
  };
  return {
    width: Math.ceil((top?.width ?? 0) + 2 * MARGIN),
    height: Math.ceil((top?.height ?? 0) + 2 * MARGIN),
    boxes,
    lines,
    start: dot(START),
    end: dot(END),
    startLine: startLine === undefined ? [] : movedLine(startLine, origins[0]!).points,
  };
}

/** Side by side in the middle of the box, below its head. */
function placeInner(
  { x, y, width }: GraphBox,
  inner: readonly number[],
  { laid, origins }: { readonly laid: readonly LaidScope[]; readonly origins: GraphPoint[] },
): void {
  const whole = inner.reduce((sum, scope) => sum + laid[scope]!.width, (inner.length - 1) * BESIDE);
  let left = x + (width - whole) / 2;
  for (const scope of inner) {
    origins[scope] = [left, y + HEAD];
    left += laid[scope]!.width + BESIDE;
  }
}

function boxAt(key: string, [x, y]: GraphPoint, { width, height }: Size): GraphBox {
  return { key, x: Math.round(x - width / 2), y: Math.round(y - height / 2), width, height };
}

function moved([x, y]: GraphPoint, [left, top]: GraphPoint): GraphPoint {
  return [Math.round(x + left), Math.round(y + top)];
}

function movedLine({ points, label }: GraphLine, origin: GraphPoint): GraphLine {
  return {
    points: points.map((point) => moved(point, origin)),
    label: label === null ? null : moved(label, origin),
  };
}
