/** A graph stage is what a drawing stands in: the pane that moves, the buttons that move it, and the pane's label. */
import { type Html, NO_HTML, html } from "./html.ts";

export interface GraphStage {
  readonly drawing: Html;
  /** Of the pane, for who cannot see it. */
  readonly label: string;
  /** Beside the pane: what a chosen state tells. */
  readonly detail?: Html;
}

export function stageMarkup({ drawing, label, detail = NO_HTML }: GraphStage): Html {
  return html`<div class="stage${detail === NO_HTML && " alone"}">
    <div class="tools" hidden>
      <button type="button" data-zoom="in" aria-label="Zoom in">+</button
      ><button type="button" data-zoom="out" aria-label="Zoom out">−</button
      ><button type="button" data-zoom="fit">fit</button
      ><button type="button" data-zoom="clear" hidden>clear path</button>
    </div>
    <div class="canvas" tabindex="0" role="group" aria-label="${label}">${drawing}</div>
    ${detail}
  </div>`;
}

/** First in a legend: shown while part of the drawing is out of sight. */
export function beyondMarkup(): Html {
  return html`<b class="beyond" hidden>The drawing goes on beyond the edge: drag it, or choose fit.</b>`;
}
