/** A sheet is what every part of the terminal report is written on: its width, its colours, its options. */
import type { RenderOptions } from "./list-cut.ts";
import { mixPalette } from "./palette.ts";
import type { Palette } from "./palette.ts";
import { terminalText } from "./safe-text.ts";
import { wrapText } from "./text-width.ts";

export interface Sheet {
  readonly width: number;
  readonly palette: Palette;
  readonly options: RenderOptions;
}

/** Longer lines are hard to read; a narrower terminal would cut every number. */
const WIDEST = 160;
const NARROWEST = 40;
export const INDENT = 2;

export function layOutSheet(options: RenderOptions): Sheet {
  const width = Math.min(WIDEST, Math.max(NARROWEST, Math.floor(options.columns)));
  return { width, palette: mixPalette(options.colour), options };
}

/** A blank line, a heading with an aside, the body; nothing at all when the body is empty. */
export function block(
  sheet: Sheet,
  title: { readonly text: string; readonly aside?: string },
  body: readonly string[],
): readonly string[] {
  if (body.length === 0) return [];
  const aside = title.aside ?? "";
  const room = sheet.width - title.text.length - 2;
  const [first = "", ...rest] = aside === "" ? [] : wrapText(terminalText(aside), room);
  const head = sheet.palette.bold(title.text) + (first === "" ? "" : `  ${sheet.palette.dim(first)}`);
  const hang = " ".repeat(title.text.length + 2);
  return ["", head, ...rest.map((line) => hang + sheet.palette.dim(line)), ...body];
}

/** Wrapped prose, made safe, under an indent; later lines hang by `hang` more cells. */
export function prose(sheet: Sheet, text: string, indent = INDENT, hang = 0): readonly string[] {
  const lines = wrapText(terminalText(text), sheet.width - indent - hang);
  return lines.map((line, index) => " ".repeat(indent + (index === 0 ? 0 : hang)) + line);
}

/** The line that tells what a cut list left out. */
export function moreLine(sheet: Sheet, more: string | null): readonly string[] {
  return more === null ? [] : prose(sheet, more).map(sheet.palette.dim);
}
