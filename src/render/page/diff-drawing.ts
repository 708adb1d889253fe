/** A diff drawing is a changed workflow as SVG: what is new or changed marked by colour, border and word. */
import type { DiffGraph } from "../../report/diff-report.ts";
import type { WorkflowGraph } from "../workflow-graph.ts";
import { NAME_FONT, drawBox, drawWay, fitBeside } from "./graph-drawing.ts";
import { beyondMarkup, stageMarkup } from "./graph-stage.ts";
import { layOutGraph } from "./graph-layout.ts";
import { type Html, NO_HTML, html } from "./html.ts";

const MARKS = { added: "+ new", changed: "△ changed", unchanged: "" } as const;
/** Nobody has counted how often a way is taken: all are drawn alike, none of them wide. */
const USUAL = 20;

export function drawDiff(diff: DiffGraph, name: string): Html {
  if (diff.nodes.length < 2 || diff.nodes.every(({ status }) => status === "unchanged")) return NO_HTML;
  const graph = graphOf(diff);
  const layout = layOutGraph(graph);
  const words = diff.nodes
    .filter(({ status }) => status !== "unchanged")
    .map((node) => `${node.name} ${node.status}`)
    .join(", ");
  const drawing = html`<svg
    class="graph"
    viewBox="0 0 ${layout.width} ${layout.height}"
    width="${layout.width}"
    height="${layout.height}"
    role="img"
    aria-label="${name} after the change: ${words}"
    data-width="${layout.width}"
    data-height="${layout.height}"
  >
    ${layout.boxes.map((box) => {
      const { key, x, y, width } = box;
      const node = diff.nodes[Number(key)]!;
      return html`<g class="state ${node.status}">
        <title>${node.name}, ${node.type}, ${node.status}</title>
        ${drawBox(box, node.type)}
        <text class="name" x="${x + 10}" y="${y + 20}"
          >${fitBeside(node.name, { width, beside: "", font: NAME_FONT })}</text
        >
        <text class="note" x="${x + 10}" y="${y + 37}">${node.type}</text>
        <text class="share" x="${x + width - 10}" y="${y + 37}" text-anchor="end">${MARKS[node.status]}</text>
      </g>`;
    })}
    ${graph.ways.map((way, index) => drawWay(way, layout.lines[index] ?? null, USUAL))}
  </svg>`;
  return html`${stageMarkup({ drawing, layout, label: `Drawing of ${name} after the change` })}
    <p class="legend">
      ${beyondMarkup()} <span class="swatch added"></span> new <span class="swatch changed"></span> changed
    </p>`;
}

/** Nodes by their number; the states around one stand in one scope, whichever branch they are of. */
function graphOf({ nodes, edges }: DiffGraph): WorkflowGraph {
  const holders = [null, ...new Set(nodes.map(({ within }) => within).filter((within) => within !== null))];
  const scopeOf = new Map(holders.map((holder, index) => [holder, index]));
  const members = holders.map((holder) =>
    nodes.flatMap(({ within }, index) => (within === holder ? [String(index)] : [])),
  );
  return {
    nodes: nodes.map(({ name, type, within }, index) => ({
      key: String(index),
      name,
      type,
      scope: scopeOf.get(within)!,
      states: [],
      isGroup: false,
    })),
    ways: edges.map(({ from, to }) => ({
      from: String(from),
      to: String(to),
      kind: "next",
      share: null,
      perExecution: 1,
      isLoop: false,
    })),
    scopes: holders.map((holder, index) => ({
      within: holder === null ? null : String(holder),
      start: members[index]![0] ?? "",
      states: members[index]!,
    })),
    folded: 0,
  };
}
