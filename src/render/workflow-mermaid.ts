/** A workflow drawn as a Mermaid flowchart: costs on its states, shares on its ways, and no more nodes than can be read. */
import type { WorkflowReport } from "../report/analysis-report.ts";
import type { CostScale } from "./cost-scale.ts";
import { mermaidText } from "./diff-mermaid.ts";
import { quantityWords, shareWords } from "./number-words.ts";
import {
  type GraphNode,
  type GraphWay,
  type WorkflowGraph,
  graphWorkflow,
  isLabelled,
  nodeTransitions,
} from "./workflow-graph.ts";

/** Beyond these, states are folded together: a larger flowchart cannot be read, and GitHub does not draw the largest. */
const MOST_NODES = 60;
/** By share of the dearest node: the darker the dearer. */
const STEPS = [0.02, 0.15, 0.4, 0.75];
const FILLS = ["#fdf3e3", "#fbdcb0", "#f5b46a", "#e98a3a"];

/** Null where there is nothing to draw: no pictures, or a single state. https://mermaid.js.org/syntax/flowchart.html */
export function drawWorkflowMermaid(workflow: WorkflowReport, scale: CostScale): string | null {
  const { pictures } = workflow;
  if (pictures === undefined || workflow.states.length < 2) return null;
  const graph = graphWorkflow(workflow, pictures, MOST_NODES);
  const ids = new Map(graph.nodes.map(({ key }, index) => [key, `n${index}`]));
  const start = ids.get(pictures.scopes[0]?.start ?? "") ?? "n0";
  const ends = graph.ways.some((way) => isEnd(way, graph));
  return [
    "flowchart TD",
    "  start((start))",
    ...scopeLines(graph, ids, scale),
    ...(ends ? ["  finish((end))"] : []),
    `  start --> ${start}`,
    ...graph.ways.flatMap((way) => wayLines(way, graph, ids)),
    ...classLines(graph, ids),
  ].join("\n");
}

/** Ways out of an inner scope end in its box. */
function isEnd({ from, to }: GraphWay, { nodes }: WorkflowGraph): boolean {
  return to === null && nodes.find(({ key }) => key === from)?.scope === 0;
}

/** Nodes within their subgraphs. A scope follows the one that holds it, so the innermost are written first, from the end. */
function scopeLines(
  { nodes, scopes }: WorkflowGraph,
  ids: ReadonlyMap<string, string>,
  scale: CostScale,
): readonly string[] {
  const written: string[][] = scopes.map(() => []);
  for (let scope = scopes.length - 1; scope >= 0; scope--) {
    for (const node of nodes.filter((each) => each.scope === scope)) {
      const inner = scopes.flatMap(({ within }, number) => (within === node.key ? written[number]! : []));
      const id = ids.get(node.key)!;
      const label = `"${labelOf(node, scale)}"`;
      written[scope]!.push(
        ...(inner.length === 0
          ? [`${id}${node.type === "Choice" ? `{${label}}` : `[${label}]`}`]
          : [`subgraph ${id}[${label}]`, ...inner.map((line) => `  ${line}`), "end"]),
      );
    }
  }
  return (written[0] ?? []).map((line) => `  ${line}`);
}

function labelOf(node: GraphNode, scale: CostScale): string {
  const costs = node.states.map(({ standardCost }) => standardCost);
  const known = costs.filter((cost) => cost !== null);
  const cost = known.length < costs.length ? null : known.reduce((sum, each) => sum + each, 0);
  const [own] = node.states;
  const items = node.type === "Map" && own?.iterations != null ? ` × ${quantityWords(own.iterations)}` : "";
  const folded = node.states.length > 1 && !node.isGroup ? ` (${node.states.length - 1} inside)` : "";
  const words = cost === null ? quantityWords(nodeTransitions(node)) : scale.words(cost);
  return `${mermaidText(node.name)}${mermaidText(`${items}${folded}`)}<br/>${mermaidText(words)}`;
}

function wayLines(way: GraphWay, graph: WorkflowGraph, ids: ReadonlyMap<string, string>): readonly string[] {
  const to = way.to === null ? (isEnd(way, graph) ? "finish" : null) : ids.get(way.to);
  if (to === null || to === undefined) return [];
  const arrow = way.kind === "catch" ? "-.->" : "-->";
  const label = isLabelled(way) ? `|${mermaidText(shareWords(way.share))}|` : "";
  return [`  ${ids.get(way.from)!} ${arrow}${label} ${to}`];
}

/** Boxes that hold others stay white, so that what is in them can be told apart. */
function classLines({ nodes, scopes }: WorkflowGraph, ids: ReadonlyMap<string, string>): readonly string[] {
  const holders = new Set(scopes.map(({ within }) => within));
  const leaves = nodes.filter(({ key }) => !holders.has(key));
  const dearest = Math.max(1e-12, ...nodes.map(nodeTransitions));
  return FILLS.flatMap((fill, step) => {
    const [low, high] = [STEPS[step]!, STEPS[step + 1] ?? Infinity];
    const own = leaves.filter(
      (node) => nodeTransitions(node) / dearest >= low && nodeTransitions(node) / dearest < high,
    );
    if (own.length === 0) return [];
    const list = own.map(({ key }) => ids.get(key)!).join(",");
    return [
      `  classDef cost${step} fill:${fill},stroke:#9a4a08,color:#1f2328`,
      `  class ${list} cost${step}`,
    ];
  });
}
