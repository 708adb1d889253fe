/**
 * A page document is one self-contained HTML file: its style, its script and its data inside it, a policy that lets
 * nothing else run or load, and no address of any other place.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import pageStyle from "../../../templates/page.css";
import { builtElement, dataElement, type Html, html, htmlText } from "./html.ts";

export interface PageDocument {
  readonly title: string;
  readonly body: Html;
  /** What the script works on; never shown as such. */
  readonly data: unknown;
  /** The page's own script, built apart, and what else it needs before it. */
  readonly scripts: readonly string[];
}

export function pageDocument({ title, body, data, scripts }: PageDocument): string {
  const page = html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policyOf(scripts)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="stepfare" />
        <title>${title}</title>
        ${builtElement("style", pageStyle)}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        ${body} ${dataElement("page-data", data)} ${scripts.map((script) => builtElement("script", script))}
      </body>
    </html> `;
  return `${htmlText(page).trim()}\n`;
}

/** Nothing but the very script and style that stand in the page; images only from inside it. https://www.w3.org/TR/CSP3/ */
function policyOf(scripts: readonly string[]): string {
  const sources = scripts.map(hashSource).join(" ");
  return [
    "default-src 'none'",
    `script-src ${sources === "" ? "'none'" : sources}`,
    `style-src ${hashSource(pageStyle)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashSource(text: string): string {
  const digest = sha256(new TextEncoder().encode(text));
  return `'sha256-${btoa(String.fromCharCode(...digest))}'`;
}
