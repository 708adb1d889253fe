/** A text position turns an offset into line and column, both counted from 1, columns in UTF-16 units as editors do. */

export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** Looks up offsets of one text; the line index is made at the first look-up. */
export function indexLines(text: string): (offset: number) => TextPosition {
  let starts: readonly number[] | null = null;
  return (offset) => {
    starts ??= lineStarts(text);
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The text around an offset, on one line, for messages. */
export function textAround(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf("\n", offset - 1) + 1, offset - 30);
  const end = text.indexOf("\n", offset);
  return text.slice(start, Math.min(end === -1 ? text.length : end, offset + 30)).trim();
}

/** The reference tokens of an RFC 6901 pointer. */
export function pointerTokens(pointer: string): readonly string[] {
  const tokens = pointer.split("/").slice(1);
  return pointer.includes("~")
    ? tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"))
    : tokens;
}
