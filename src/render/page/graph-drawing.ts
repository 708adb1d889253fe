/** A graph drawing is a workflow as SVG: states coloured and barred by cost, ways as wide as they are often taken. */
import { curveBasis, line } from "d3-shape";
import type { StateReport } from "../../report/analysis-report.ts";
import type { PictureState } from "../../report/workflow-pictures.ts";
import type { CostScale } from "../cost-scale.ts";
import { countedWords, quantityWords, shareWords } from "../number-words.ts";
import {
  type GraphNode,
  type GraphWay,
  type WorkflowGraph,
  isLabelled,
  nodeTransitions,
} from "../workflow-graph.ts";
import { type DrawnFont, drawnWidth, fitDrawn } from "./drawn-text.ts";
import type { GraphBox, GraphLayout, GraphLine, GraphPoint } from "./graph-layout.ts";
import { type Html, NO_HTML, html } from "./html.ts";

export interface GraphDrawing {
  /** Of the workflow, for who cannot see it. */
  readonly title: string;
  readonly graph: WorkflowGraph;
  readonly layout: GraphLayout;
  readonly scale: CostScale;
  readonly pictured: ReadonlyMap<string, PictureState>;
}

/** Steps of the cost colour: by share of the dearest node. */
const STEPS = [0.02, 0.15, 0.4, 0.75];
/** As the page's style has them. */
export const NAME_FONT: DrawnFont = { size: 12, isBold: true };
const NOTE_FONT: DrawnFont = { size: 11, isBold: false };
/** Beside a box's text, on either hand. */
const INSET = 10;
const HEAD_HEIGHT = 52;

export function drawGraph(drawing: GraphDrawing): Html {
  const { title, graph, layout } = drawing;
  const { width, height } = layout;
  const dearest = Math.max(0, ...graph.nodes.map(nodeTransitions));
  const total = graph.nodes.reduce((sum, node) => sum + nodeTransitions(node), 0);
  const byKey = new Map(graph.nodes.map((node) => [node.key, node]));
  const busiest = Math.max(1e-12, ...graph.ways.map(({ perExecution }) => perExecution));
  return html`<svg
    class="graph"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="group"
    aria-label="${title}"
    data-width="${width}"
    data-height="${height}"
  >
    ${layout.boxes.map((box) => boxMarkup(box, byKey.get(box.key)!, { ...drawing, dearest, total }))}
    ${layout.start !== null && startMarkup(layout)}
    ${graph.ways.map((way, index) => drawWay(way, layout.lines[index] ?? null, busiest))}
    ${layout.end !== null && endMarkup(layout.end)}
  </svg>`;
}

interface BoxDrawing extends GraphDrawing {
  readonly dearest: number;
  readonly total: number;
}

function boxMarkup(box: GraphBox, node: GraphNode, drawing: BoxDrawing): Html {
  const { key, x, y, width, height } = box;
  const cost = nodeTransitions(node);
  const share = drawing.total === 0 ? 0 : cost / drawing.total;
  const holds = height > HEAD_HEIGHT;
  const step = drawing.dearest === 0 ? 0 : stepOf(cost / drawing.dearest);
  const picture = drawing.pictured.get(key);
  const marks = marksOf(node, picture);
  const classes = ["state", `cost${step}`, node.type === "Choice" ? "choice" : "", holds ? "holds" : ""];
  const words = share === 0 ? "" : shareWords(share);
  const label = boxLabel(node, { share, marks, drawing });
  const visits = node.states[0]?.visits ?? 0;
  const unvisited = node.states.every((state) => state.visits === 0);
  return html`<g
    class="${[...classes, unvisited ? "never" : ""].filter((name) => name !== "").join(" ")}"
    data-state="${key}"
    role="button"
    tabindex="-1"
    ><title>${label}</title>
    ${drawBox(box, node.type)}
    <rect
      class="bar"
      x="${x + 10}"
      y="${y + HEAD_HEIGHT - 7}"
      width="${Math.round((width - 20) * share * 10) / 10}"
      height="3"
      rx="1.5"
    />
    <text class="name" x="${x + 10}" y="${y + 20}"
      >${fitBeside(node.name, { width, beside: marks, font: NAME_FONT })}</text
    >
    <text class="note" x="${x + 10}" y="${y + 37}"
      >${fitBeside(noteOf(node, picture, visits), { width, beside: words, font: NOTE_FONT })}</text
    >
    ${marks !== "" && html`<text class="marks" x="${x + width - 10}" y="${y + 20}" text-anchor="end">${marks}</text>`}
    <text class="share" x="${x + width - 10}" y="${y + 37}" text-anchor="end">${words}</text></g
  > `;
}

interface BoxLine {
  /** Of the box. */
  readonly width: number;
  /** What stands at the line's other end, as bold as a name. */
  readonly beside: string;
  readonly font: DrawnFont;
}

export function fitBeside(text: string, { width, beside, font }: BoxLine): string {
  const taken = beside === "" ? 0 : INSET + drawnWidth(beside, { ...font, isBold: true });
  return fitDrawn(text, width - 2 * INSET - taken, font);
}

function stepOf(part: number): number {
  return part === 0 ? 0 : 1 + STEPS.filter((step) => part >= step).length - (part < STEPS[0]! ? 0 : 1);
}

/** What is special about a state, in signs that its label says in words. */
function marksOf(node: GraphNode, picture: PictureState | undefined): string {
  if (node.isGroup) return "";
  const [own] = node.states;
  const items = own?.iterations ?? null;
  return [
    node.type === "Map" && items !== null ? `× ${quantityWords(items)}` : "",
    (picture?.retriers ?? 0) > 0 ? "↻" : "",
    (picture?.catchers ?? 0) > 0 ? "⚑" : "",
  ]
    .filter((mark) => mark !== "")
    .join(" ");
}

function noteOf(node: GraphNode, picture: PictureState | undefined, visits: number): string {
  if (node.isGroup) return "folded";
  const folded = node.states.length > 1 ? ` · ${node.states.length - 1} inside` : "";
  const does = picture?.does ?? "";
  const often = visits === 1 ? "" : ` · ${quantityWords(visits)}×`;
  return `${does === "" ? node.type : node.type === "Task" ? does : `${node.type}, ${does}`}${often}${folded}`;
}

interface Labelling {
  readonly share: number;
  readonly marks: string;
  readonly drawing: GraphDrawing;
}

function boxLabel(node: GraphNode, { share, drawing }: Labelling): string {
  const { scale, pictured } = drawing;
  const picture = pictured.get(node.key);
  const [own] = node.states;
  const cost = sumCosts(node.states);
  return [
    node.isGroup ? `${node.name}, folded: ${namesOf(node.states)}` : `${node.name}, ${node.type}`,
    node.isGroup || own === undefined ? "" : `${countedWords(own.visits, "visit")} per execution`,
    cost === null ? "" : `${scale.words(cost)} ${scale.per} as Standard`,
    `${shareWords(share)} of the transitions`,
    own?.iterations == null || node.type !== "Map" ? "" : `${countedWords(own.iterations, "iteration")} each`,
    (picture?.retriers ?? 0) > 0 ? countedWords(picture!.retriers, "Retrier") : "",
    (picture?.catchers ?? 0) > 0 ? countedWords(picture!.catchers, "Catcher") : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function namesOf(states: readonly StateReport[]): string {
  const shown = states.slice(0, 3).map(({ name }) => name);
  return states.length > 3 ? `${shown.join(", ")} and ${states.length - 3} more` : shown.join(", ");
}

function sumCosts(states: readonly StateReport[]): number | null {
  let sum = 0;
  for (const { standardCost } of states) {
    if (standardCost === null) return null;
    sum += standardCost;
  }
  return sum;
}

const smooth = line<GraphPoint>()
  .x(([x]) => x)
  .y(([, y]) => y)
  .curve(curveBasis);

/** The box of a state, whose text and marks each kind of drawing adds. */
export function drawBox({ x, y, width, height }: GraphBox, type: string): Html {
  return html`<rect
    class="box"
    x="${x}"
    y="${y}"
    width="${width}"
    height="${height}"
    rx="${type === "Choice" ? 14 : 6}"
  />`;
}

export function drawWay(way: GraphWay, drawn: GraphLine | null, busiest: number): Html {
  if (drawn === null || drawn.points.length < 2) return NO_HTML;
  const { from, to, kind, share, perExecution, isLoop } = way;
  const width = perExecution === 0 ? 1 : 1.2 + 3.3 * Math.sqrt(perExecution / busiest);
  const classes = ["way", kind, isLoop ? "loop" : "", perExecution === 0 ? "never" : ""];
  const words = share === null ? "" : shareWords(share);
  const label = isLabelled(way) ? `${isLoop ? "↺ " : ""}${words}` : isLoop ? "↺" : "";
  const at = drawn.label ?? drawn.points[Math.floor(drawn.points.length / 2)]!;
  return html`<g
    class="${classes.filter((name) => name !== "").join(" ")}"
    data-from="${from}"
    data-to="${to ?? ""}"
  >
    <path
      d="${smooth(drawn.points) ?? ""}"
      stroke-width="${width.toFixed(1)}"
    />${arrowHead(drawn.points, width)}
    ${label !== "" && html`<text x="${at[0]}" y="${at[1] + 4}" text-anchor="middle">${kind === "catch" ? `⚑ ${label}` : label}</text>`}</g
  > `;
}

/** Drawn by hand, because a marker needs an id, and a page may hold the same drawing more than once. */
function arrowHead(points: readonly GraphPoint[], width: number): Html {
  const [x, y] = points.at(-1)!;
  const [fromX, fromY] = points.at(-2)!;
  const turn = Math.atan2(y - fromY, x - fromX);
  const size = 5 + width;
  const corner = (angle: number): string =>
    `${(x - size * Math.cos(turn + angle)).toFixed(1)},${(y - size * Math.sin(turn + angle)).toFixed(1)}`;
  return html`<polygon points="${x},${y} ${corner(0.42)} ${corner(-0.42)}" />`;
}

function startMarkup({ start, startLine }: GraphLayout): Html {
  return html`<g class="dot"
      ><title>Start</title><circle cx="${start![0]}" cy="${start![1]}" r="11" /><path
        class="sign"
        d="M${start![0] - 3},${start![1] - 5} l8,5 l-8,5 z"
    /></g>
    <g class="way"
      ><path
        d="${smooth(startLine) ?? ""}"
        stroke-width="2"
      />${startLine.length > 1 && arrowHead(startLine, 2)}</g
    >`;
}

function endMarkup([x, y]: GraphPoint): Html {
  return html`<g class="dot"
    ><title>End</title><circle cx="${x}" cy="${y}" r="11" /><rect
      class="sign"
      x="${x - 4}"
      y="${y - 4}"
      width="8"
      height="8"
  /></g>`;
}
