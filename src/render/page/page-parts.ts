/** Page parts are the small pieces every page is put together from: sections, facts, bars. */
import { type Html, NO_HTML, html, type Part } from "./html.ts";
import { exactWords } from "./page-table.ts";

export interface PagePart {
  readonly id: string;
  readonly title: string;
  readonly aside?: string;
  readonly body: Part;
}

/** `level` of the heading: 2 where the page is about one thing, 3 where about several. */
export function partMarkup({ id, title, aside = "", body }: PagePart, level: 2 | 3): Html {
  const said = aside === "" ? NO_HTML : html` <small>${aside}</small>`;
  const heading =
    level === 2 ? html`<h2 id="${id}">${title}${said}</h2>` : html`<h3 id="${id}">${title}${said}</h3>`;
  // Among several workflows a part is no landmark: their names would all be the same.
  return level === 2
    ? html`<section class="part" aria-labelledby="${id}">${heading} ${body}</section> `
    : html`<div class="part">${heading} ${body}</div> `;
}

/** A heading inside a part. */
export function subHeading(level: 2 | 3, body: Part): Html {
  return level === 2 ? html`<h3 class="sub">${body}</h3>` : html`<h4 class="sub">${body}</h4>`;
}

/** One of the few numbers that matter most. */
export interface Fact {
  readonly label: string;
  readonly words: string;
  readonly exact?: number | null;
  readonly note?: string;
}

export function factsMarkup(facts: readonly Fact[]): Html {
  return html`<dl class="facts">
    ${facts.map(
      ({ label, words, exact, note = "" }) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${exactSpan(words, exact)}${note !== "" && html`<small>${note}</small>`}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Words for a number that is told exactly on hover. */
export function exactSpan(words: string, exact: number | null | undefined): Html {
  return exact === null || exact === undefined
    ? html`<b>${words}</b>`
    : html`<b title="${exactWords(exact)}" data-value="${exactWords(exact)}">${words}</b>`;
}

/** A share of a bar's length, as SVG takes it. */
export function percent(share: number): string {
  return `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;
}

export function badge(text: string, tone = ""): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}
