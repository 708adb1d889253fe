/**
 * Html is text that may stand in a page as it is. The tagged template `html` escapes all that is put into it unless
 * it is Html itself, so that no name from a stranger is ever markup. It runs in Node and in the page alike.
 */
import { jsonText, terminalText } from "../safe-text.ts";

/** A symbol, which no JSON can hold: nothing that was read from a file passes for Html. */
const MARKUP: unique symbol = Symbol("markup");

export interface Html {
  readonly [MARKUP]: string;
}

/** Null, false and undefined stand for nothing; lists are joined. */
export type Part = Html | string | number | null | false | undefined | readonly Part[];

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return {
    [MARKUP]: withoutIndent(strings)
      .map((text, index) => text + markupOf(parts[index]))
      .join(""),
  };
}

const shortened = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Our own lines begin where their code stands; in the page that would be a third of its size. */
function withoutIndent(strings: TemplateStringsArray): readonly string[] {
  let texts = shortened.get(strings);
  if (texts === undefined) {
    texts = strings.map((text) => text.replaceAll(/\n\s+/g, "\n"));
    shortened.set(strings, texts);
  }
  return texts;
}

export const NO_HTML: Html = { [MARKUP]: "" };

export function htmlText(markup: Html): string {
  return markup[MARKUP];
}

/** JSON in an element of its own, where entities mean nothing: a `<` could end it early, `\u003c` means the same. */
export function dataElement(id: string, value: unknown): Html {
  const json = jsonText(JSON.stringify(value)).replaceAll("<", String.raw`\u003c`);
  return { [MARKUP]: `<script type="application/json" id="${id}">${json}</script>` };
}

/** Our own built text in its element, to the letter, since a policy names it by hash. Throws where it would end early. */
export function builtElement(element: "script" | "style", text: string): Html {
  if (new RegExp(`</${element}|<!--`, "i").test(text))
    throw new Error(`a built ${element} would end its element early`);
  return { [MARKUP]: `<${element}>${text}</${element}>` };
}

function markupOf(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (typeof part === "string") return escaped(part);
  if (typeof part === "number") return String(part);
  return isList(part) ? part.map(markupOf).join("") : part[MARKUP];
}

function isList(part: Html | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part);
}

const ENTITIES = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/** What cannot be seen, such as marks that turn the direction of writing, is written out. */
function escaped(text: string): string {
  return terminalText(text).replace(/[&<>"']/g, (sign) => ENTITIES.get(sign) ?? sign);
}
