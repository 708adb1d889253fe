/** A source text is a file's text with the offsets of its lines, so that any character's place can be told. */
import type { Place } from "../diagnostic.ts";

export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** Offset of each line's first character, ascending from 0. */
  readonly lineStarts: readonly number[];
  /** Where all of it stands, when it is a text made of a part of the file; else null. */
  readonly within: Place | null;
}

export function sourceText(file: string, text: string, within: Place | null = null): SourceText {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { file, text, lineStarts, within };
}

export function placeAt(source: SourceText, offset: number, pointer = ""): Place {
  if (source.within !== null) return { ...source.within, pointer };
  const index = lastNotAfter(source.lineStarts, offset);
  const column = offset - (source.lineStarts[index] ?? 0) + 1;
  return { file: source.file, line: index + 1, column, pointer };
}

/** Offset of a line and column counted from 1; beyond the end, the text's length. */
export function offsetAt(source: SourceText, line: number, column: number): number {
  const start = source.lineStarts[line - 1] ?? source.text.length;
  return Math.min(start + column - 1, source.text.length);
}

/** Index of the last element that is not greater than `value` in an ascending list; 0 when all are. */
export function lastNotAfter(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
