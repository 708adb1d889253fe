/** Text width is how many terminal cells a text takes; here it is measured, cut and wrapped. */
import stringWidth from "string-width";
import { once } from "../once.ts";

/** Characters that every terminal shows in one cell and that combine with nothing: ASCII, Latin letters, punctuation, arrows, signs, lines and blocks. */
const ONE_CELL_EACH =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2500-\u259f]*$/;
/** Loads tables, which text of one cell each never asks for. */
const graphemes = once(() => new Intl.Segmenter("en-US", { granularity: "grapheme" }));

/** What a reader takes for one character each. */
export function graphemesOf(text: string): readonly string[] {
  return isOneCellEach(text) ? [...text] : Array.from(graphemes().segment(text), ({ segment }) => segment);
}

export function isOneCellEach(text: string): boolean {
  return ONE_CELL_EACH.test(text);
}

/** Display width in cells; of nearly all text it is the length. */
export function textWidth(text: string): number {
  return isOneCellEach(text) ? text.length : stringWidth(text);
}

/** Cuts to at most `width` cells; what is cut ends in "…". */
export function fitText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return "";
  return `${takeWidth(text, width - 1)}…`;
}

/** Cuts to at most `width` cells and keeps the end; what is cut begins with "…". */
export function fitTextEnd(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return "";
  let kept = "";
  for (const grapheme of graphemesOf(text).toReversed()) {
    if (textWidth(grapheme + kept) > width - 1) break;
    kept = grapheme + kept;
  }
  return `…${kept}`;
}

/** Breaks at spaces into lines of at most `width` cells; a longer word is broken where it must be. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (textWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = breakWord(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}

/** Wraps to at most `most` lines; what is cut ends in "…". */
export function fewLines(text: string, width: number, most: number): readonly string[] {
  const lines = wrapText(text, width);
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), fitText(lines.slice(most - 1).join(" "), width)];
}

/** Pieces of at most `width` cells; a wide character in a one-cell column cannot be shown and stands as "…". */
function breakWord(word: string, width: number): readonly string[] {
  if (textWidth(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = "";
  let used = 0;
  for (const grapheme of graphemesOf(word)) {
    const cells = textWidth(grapheme);
    if (used + cells > width && piece !== "") {
      pieces.push(piece);
      piece = "";
      used = 0;
    }
    piece += cells > width ? "…" : grapheme;
    used += Math.min(cells, width);
  }
  return [...pieces, piece];
}

function takeWidth(text: string, width: number): string {
  if (isOneCellEach(text)) return text.slice(0, width);
  let taken = "";
  let used = 0;
  for (const grapheme of graphemesOf(text)) {
    used += textWidth(grapheme);
    if (used > width) break;
    taken += grapheme;
  }
  return taken;
}
