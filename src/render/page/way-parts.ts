/** The way parts of a workflow's page: the workflow drawn, its paths, its branches, its states. */
import type { PathReport } from "../../report/analysis-report.ts";
import { pathCountWords, pathWords } from "../analysis-words.ts";
import type { CostScale } from "../cost-scale.ts";
import { durationWords, exactCountWords, quantityWords, shareWords } from "../number-words.ts";
import { drawGraph } from "./graph-drawing.ts";
import { beyondMarkup, stageMarkup } from "./graph-stage.ts";
import { type Html, html } from "./html.ts";
import { badge, type PagePart } from "./page-parts.ts";
import { type PageCell, type PageColumn, tableMarkup } from "./page-table.ts";
import type { PartContext } from "./part-context.ts";

export function graphPart({ workflow, graph, layout, scale, id }: PartContext): PagePart | null {
  if (graph === null || layout === null || graph.nodes.length === 0) return null;
  const pictured = new Map((workflow.pictures?.states ?? []).map((state) => [state.pointer, state]));
  const folded =
    graph.folded === 0 ? "" : `; ${quantityWords(graph.folded)} states are folded into their neighbours`;
  return {
    id: id("graph"),
    title: "The workflow",
    aside: `states coloured by their share of the transitions, ways as wide as they are often taken${folded}`,
    body: html`${stageMarkup({
        drawing: drawGraph({
          title: `${workflow.name}: its states and the ways between them`,
          graph,
          layout,
          scale,
          pictured,
        }),
        layout,
        label: "Drawing of the workflow",
        detail: html`<div class="detail" aria-live="polite" hidden>
          <p class="more">
            Choose a state, by mouse or with Tab and Enter, to see its visits, price and findings. Drag or use
            the arrow keys to move, + and − to zoom.
          </p>
        </div>`,
      })}
      <p class="legend">
        ${beyondMarkup()}
        <span class="swatch cost0"></span> none <span class="swatch cost1"></span
        ><span class="swatch cost2"></span><span class="swatch cost3"></span
        ><span class="swatch cost4"></span> most transitions · <b>↻</b> retried · <b>⚑</b> caught ·
        <b>×</b> Map items · <b>↺</b> loop · dashed: an error's way · thin dotted: never taken
      </p>`,
  };
}

const WAY_COLUMNS: readonly PageColumn[] = [
  { head: "transitions", align: "right", isSorted: true },
  { head: "events", align: "right", isSorted: true },
  { head: "duration", align: "right", isSorted: true },
  { head: "Standard", align: "right", isSorted: true },
  { head: "Express", align: "right", isSorted: true },
];

export function pathPart({ workflow, scale, id }: PartContext): PagePart {
  const { shown, failurePaths, failureCount } = workflow.paths;
  const likely = failurePaths.filter(({ share }) => share > 0);
  const count = failureCount === "1" ? "1 way" : `${exactCountWords(failureCount)} ways`;
  return {
    id: id("paths"),
    title: "Paths",
    aside: `${pathCountWords(workflow, shown)}; costs ${scale.per}`,
    body: html`${pathTable("Paths", shown, scale)}
    ${
      failurePaths.length > 0 &&
      html`<details${likely.length > 0 && html` open`}><summary>Failure paths <small>${count} to fail with nothing that catches it${likely.length === 0 && ", each 0% here"}</small></summary>${pathTable("Failure paths", failurePaths, scale)}</details>`
    }`,
  };
}

function pathTable(caption: string, paths: readonly PathReport[], scale: CostScale): Html {
  return tableMarkup({
    caption,
    isStacked: true,
    columns: [
      { head: "share", align: "right", isSorted: true },
      ...WAY_COLUMNS,
      { head: "states", align: "left" },
    ],
    rows: paths.map((path) => ({
      key: path.id,
      cells: [
        { body: shareWords(path.share), value: path.share },
        ...wayCells(path, scale),
        {
          body: html`<button type="button" class="light" aria-pressed="false" hidden>show</button>
            ${pathWords(path, false)}`,
          tone: "way-states",
        },
      ],
    })),
  });
}

function wayCells(path: PathReport, scale: CostScale): readonly PageCell[] {
  return [
    { body: quantityWords(path.transitions), value: path.transitions },
    { body: quantityWords(path.historyEvents), value: path.historyEvents },
    { body: durationWords(path.durationMs), value: path.durationMs },
    costCell(path.standardCost, scale),
    costCell(path.expressCost, scale),
  ];
}

function costCell(cost: number | null, scale: CostScale): PageCell {
  return { body: scale.words(cost), value: cost === null ? null : cost * scale.executions };
}

export function branchPart({ workflow, scale, id }: PartContext): PagePart | null {
  if (workflow.branches.length === 0) return null;
  return {
    id: id("branches"),
    title: "Branches",
    aside: `what follows each way out of a Choice, and what that costs ${scale.per} that go there`,
    body: tableMarkup({
      caption: "Branches",
      isStacked: true,
      columns: [
        { head: "Choice", align: "left", isSorted: true },
        { head: "rule", align: "right" },
        { head: "goes to", align: "left", isSorted: true },
        { head: "share", align: "right", isSorted: true },
        { head: "basis", align: "left" },
        { head: "transitions", align: "right", isSorted: true },
        { head: "Standard", align: "right", isSorted: true },
      ],
      rows: workflow.branches.map(({ state, rule, to, share, basis, transitions, standardCost }) => ({
        cells: [
          { body: state },
          { body: rule },
          { body: to },
          { body: shareWords(share), value: share },
          { body: badge(basis, basis) },
          { body: quantityWords(transitions), value: transitions },
          costCell(standardCost, scale),
        ],
      })),
    }),
  };
}

/** A longer table waits until somebody asks. */
const OPEN_ROWS = 40;

export function statePart({ workflow, scale, id }: PartContext): PagePart | null {
  const { states } = workflow;
  if (states.length === 0) return null;
  const busiest = [...states].sort((one, other) => other.transitions - one.transitions);
  const table = tableMarkup({
    caption: "States",
    isStacked: true,
    columns: [
      { head: "state", align: "left", isSorted: true },
      { head: "type", align: "left", isSorted: true },
      { head: "visits", align: "right", isSorted: true },
      { head: "retries", align: "right", isSorted: true },
      { head: "transitions", align: "right", isSorted: true },
      { head: "events", align: "right", isSorted: true },
      { head: "Standard", align: "right", isSorted: true },
    ],
    rows: busiest.map(({ name, type, visits, retries, transitions, historyEvents, standardCost }) => ({
      cells: [
        { body: name },
        { body: type },
        { body: quantityWords(visits), value: visits },
        { body: quantityWords(retries), value: retries },
        { body: quantityWords(transitions), value: transitions },
        { body: quantityWords(historyEvents), value: historyEvents },
        costCell(standardCost, scale),
      ],
    })),
  });
  return {
    id: id("states"),
    title: "States",
    aside: `per execution, most transitions first; cost ${scale.per}`,
    body:
      states.length <= OPEN_ROWS
        ? table
        : html`<details>
            <summary>All ${quantityWords(states.length)} states</summary>
            ${table}
          </details>`,
  };
}
