/** A page frame is what every page has around its parts: its head, its contents, and at the foot how it was counted. */
import { type Html, html, type Part } from "./html.ts";
import { type PagePart, partMarkup } from "./page-parts.ts";

export interface PageFrame {
  readonly heading: string;
  /** What it is about, beneath the heading. */
  readonly where: string;
  /** The answer, before the first part. */
  readonly lead: Part;
  readonly parts: readonly PagePart[];
  readonly end: Part;
  /** How it was counted, a sentence each. */
  readonly notes: readonly string[];
}

export function frameMarkup({ heading, where, lead, parts, end, notes }: PageFrame): Html {
  return html`${headMarkup(heading, where)} ${contentsMarkup(parts)}
    <main id="content">${lead} ${parts.map((part) => partMarkup(part, 2))} ${end}</main>
    ${footMarkup(notes)}`;
}

export function headMarkup(heading: string, where: string): Html {
  return html`<header class="top">
    <p class="brand">stepfare <span>what each step costs</span></p>
    <h1>${breakable(heading)}</h1>
    <p class="where">${breakable(where)}</p>
  </header>`;
}

/** Long names and paths break where their parts meet, and numbers nowhere. */
export function breakable(text: string): Html {
  return html`${text.split(/(?<=[_/]|[.-](?!\d))/).map((part, index) => html`${index > 0 && html`<wbr />`}${part}`)}`;
}

export function contentsMarkup(parts: readonly Pick<PagePart, "id" | "title">[]): Html {
  return html`<nav class="contents" aria-label="Contents">
    <ul>
      ${parts.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ul>
  </nav>`;
}

export function footMarkup(notes: readonly string[]): Html {
  return html`<footer>
    ${notes.map((note) => html`<p>${note}</p>`)}
    <p>Made by stepfare. Everything in this page is in this file: it loads nothing and sends nothing.</p>
  </footer>`;
}

/** `Retry storm of A` → `retry-storm-of-a`, told apart by its place. */
export function partId(title: string, index: number): string {
  const words = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return `p${index}-${words.replaceAll(/^-|-$/g, "")}`.slice(0, 60);
}
