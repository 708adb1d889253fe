/** A diff drawn as a Mermaid flowchart: the states after the change, those that are new or changed in colour. */
import type { DiffGraph, DiffGraphNode } from "../report/diff-report.ts";
import { terminalText } from "./safe-text.ts";
import { fitText } from "./text-width.ts";

const LONGEST_NAME = 40;

/** Null where a drawing would show nothing: no state is new or changed. https://mermaid.js.org/syntax/flowchart.html */
export function drawMermaid({ nodes, edges }: DiffGraph): string | null {
  if (nodes.length < 2 || nodes.every(({ status }) => status === "unchanged")) return null;
  const inside = new Map<number | null, number[]>();
  nodes.forEach(({ within }, index) => inside.set(within, [...(inside.get(within) ?? []), index]));
  const lines = [
    "flowchart TD",
    ...nodeLines(null, { nodes, inside, indent: "  " }),
    ...edges.map(({ from, to }) => `  n${from} --> n${to}`),
    ...classLines(nodes),
  ];
  return lines.join("\n");
}

interface Drawing {
  readonly nodes: readonly DiffGraphNode[];
  readonly inside: ReadonlyMap<number | null, readonly number[]>;
  readonly indent: string;
}

/** No deeper than states are nested, of which a graph holds forty at most. */
function nodeLines(within: number | null, drawing: Drawing): readonly string[] {
  const { nodes, inside, indent } = drawing;
  return (inside.get(within) ?? []).flatMap((index) => {
    const node = nodes[index]!;
    const label = `["${mermaidText(node.name)}"]`;
    if (!inside.has(index)) return [`${indent}n${index}${shapeOf(node, label)}`];
    const inner = nodeLines(index, { ...drawing, indent: `${indent}  ` });
    return [`${indent}subgraph n${index}${label}`, ...inner, `${indent}end`];
  });
}

function shapeOf({ type }: DiffGraphNode, label: string): string {
  return type === "Choice" ? `{${label.slice(1, -1)}}` : label;
}

function classLines(nodes: readonly DiffGraphNode[]): readonly string[] {
  const of = (status: DiffGraphNode["status"]): readonly string[] =>
    nodes.flatMap((node, index) => (node.status === status ? [`n${index}`] : []));
  const [added, changed] = [of("added"), of("changed")];
  return [
    ...(added.length === 0
      ? []
      : ["  classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328", `  class ${added.join(",")} added`]),
    ...(changed.length === 0
      ? []
      : [
          "  classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328",
          `  class ${changed.join(",")} changed`,
        ]),
  ];
}

/**
 * Letters, digits and a few signs stand as they are; all others as Mermaid's own entities, so that no name is markup.
 * What is unseen is written out before, for an entity would be drawn as what it stands for.
 */
export function mermaidText(name: string): string {
  return fitText(terminalText(name), LONGEST_NAME).replace(
    /[^\p{L}\p{N} _.…-]/gu,
    (sign) => `#${sign.codePointAt(0) ?? 63};`,
  );
}
