/** The diagnostic part of a page: what was learned about the input, the gravest first. */
import type { Diagnostic } from "../../diagnostic.ts";
import { placeWords, severityCounts } from "../diagnostic-text.ts";
import { type Html, NO_HTML, html } from "./html.ts";
import { badge } from "./page-parts.ts";

const ORDER: readonly Diagnostic["severity"][] = ["error", "warning", "info"];
const SIGNS: Readonly<Record<Diagnostic["severity"], readonly [tone: string, words: string]>> = {
  error: ["bad", "✕ error"],
  warning: ["warn", "▲ warning"],
  info: ["", "note"],
};

export function diagnosticsMarkup(diagnostics: readonly Diagnostic[], level: 2 | 3): Html {
  if (diagnostics.length === 0) return NO_HTML;
  const gravest = [...diagnostics].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const isOpen = gravest[0]!.severity !== "info";
  const heading = level === 2 ? html`<h2>Diagnostics</h2>` : html`<h3>Diagnostics</h3>`;
  return html`<section class="part">${heading}<details${isOpen && html` open`}><summary>${severityCounts(diagnostics)}</summary>
<ul class="items">${gravest.map(
    ({ severity, code, message, hint, at }) =>
      html`<li>
        <p>${badge(SIGNS[severity][1], SIGNS[severity][0])} <code>${code}</code> ${message}</p>
        ${hint !== null && html`<p>${hint}</p>`}${at !== null && html`<p class="more">${placeWords(at)}</p>`}
      </li>`,
  )}</ul></details></section>`;
}
