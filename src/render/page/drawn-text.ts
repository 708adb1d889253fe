/**
 * Drawn text is text in a drawing, whose letters nobody can measure before a browser shows them: each is taken to be as
 * wide as in the wider of the usual fonts, so that what is cut by it stays in its box.
 */
import { graphemesOf, textWidth } from "../text-width.ts";

export interface DrawnFont {
  /** In pixels. */
  readonly size: number;
  readonly isBold: boolean;
}

/** By share of the font's size, bold; after DejaVu Sans, the widest that pages are shown in where a system has no font of its own. */
const NARROW = /^[fijlrtI1.,:;'`!|()[\]{}/\\ "_-]$/;
const WIDE = /^[mwMW@%&…]$/;
const CAPITAL = /^[\p{Lu}\d+=<>#~]$/u;
const WIDTHS = { narrow: 0.48, usual: 0.68, capital: 0.78, wide: 1.05, cell: 0.75 } as const;
/** What is not bold is that much narrower. */
const REGULAR = 0.9;

/** About, in pixels. */
export function drawnWidth(text: string, font: DrawnFont): number {
  return graphemesOf(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme, font), 0);
}

/** Cuts to at most `width` pixels; what is cut ends in "…". */
export function fitDrawn(text: string, width: number, font: DrawnFont): string {
  if (drawnWidth(text, font) <= width) return text;
  let taken = "";
  let used = graphemeWidth("…", font);
  for (const grapheme of graphemesOf(text)) {
    used += graphemeWidth(grapheme, font);
    if (used > width) break;
    taken += grapheme;
  }
  return `${taken.trimEnd()}…`;
}

function graphemeWidth(grapheme: string, { size, isBold }: DrawnFont): number {
  return size * shareOf(grapheme) * (isBold ? 1 : REGULAR);
}

function shareOf(grapheme: string): number {
  if (NARROW.test(grapheme)) return WIDTHS.narrow;
  if (WIDE.test(grapheme)) return WIDTHS.wide;
  if (CAPITAL.test(grapheme)) return WIDTHS.capital;
  return /^[a-z]$/.test(grapheme) ? WIDTHS.usual : Math.max(1, textWidth(grapheme)) * WIDTHS.cell;
}
