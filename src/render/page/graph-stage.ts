/** A graph stage is what a drawing stands in: the pane that moves, the buttons that move it, and the pane's label. */
import type { GraphLayout } from "./graph-layout.ts";
import { type Html, NO_HTML, html } from "./html.ts";

export interface GraphStage {
  readonly drawing: Html;
  /** Of the drawing. */
  readonly layout: Pick<GraphLayout, "width" | "height">;
  /** Of the pane, for who cannot see it. */
  readonly label: string;
  /** Beside the pane: what a chosen state tells. */
  readonly detail?: Html;
}

export function stageMarkup({ drawing, layout, label, detail = NO_HTML }: GraphStage): Html {
  const classes = ["stage", detail === NO_HTML ? "alone" : "", paperClass(layout)];
  return html`<div class="${classes.filter((name) => name !== "").join(" ")}">
    <div class="tools" hidden>
      <button type="button" data-zoom="in" aria-label="Zoom in">+</button
      ><button type="button" data-zoom="out" aria-label="Zoom out">−</button
      ><button type="button" data-zoom="fit">fit</button
      ><button type="button" data-zoom="clear" hidden>clear path</button>
    </div>
    <div class="canvas" tabindex="0" role="group" aria-label="${label}">${drawing}</div>
    ${detail}
    <p class="too-large">This drawing is too large for paper: see it in the page.</p>
  </div>`;
}

/** What an A4 page has room for, in CSS pixels. */
const PAPER = { width: 690, height: 850 };
/** Letters of 12 px drawn smaller than at this scale cannot be read on paper. */
const LEAST_SCALE = 0.45;
const MOST_PAGES = 5;

/** "" = on one page; `tall` = as wide as it is, over several; `vast` = not at all. */
function paperClass({ width, height }: GraphStage["layout"]): string {
  const across = Math.min(1, PAPER.width / width);
  if (Math.min(across, PAPER.height / height) >= LEAST_SCALE) return "";
  return across >= LEAST_SCALE && across * height <= MOST_PAGES * PAPER.height ? "tall" : "vast";
}

/** First in a legend: shown while part of the drawing is out of sight. */
export function beyondMarkup(): Html {
  return html`<b class="beyond" hidden>The drawing goes on beyond the edge: drag it, or choose fit.</b>`;
}
