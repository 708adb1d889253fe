/** A block cursor is a place in a text of block YAML that moves on, line by line, as values are read; it belongs to one reading. */
import type { MapEntry } from "./value-node.ts";
import type { YamlDialect } from "./yaml-dialect.ts";

export interface BlockCursor {
  readonly dialect: YamlDialect;
  /** A line break of two characters stands as a space and a line break, so that every place is as it was. */
  readonly text: string;
  readonly lineBreak: 1 | 2;
  at: number;
  /** Offset of the first character of the line. */
  lineStart: number;
  /** The column that lines in the brackets or quotes at hand must begin beyond. */
  leastColumn: number;
  /** Entries whose key stands once more in the same map. */
  readonly copies: MapEntry[];
  /** Offsets of tags that follow another one. */
  readonly secondTags: number[];
  /** Offsets of stray lines. */
  readonly strayLines: number[];
}

export const SPACE = 32;
const [LINE_BREAK, COMMENT, TAB] = [10, 35, 9];

/** Thrown within a reading of what is left to the parser of all of YAML; it says nothing, so there is one. */
const NOT_PLAIN = new Error("The text is not plain.");

export function notPlain(): never {
  throw NOT_PLAIN;
}

export function isNotPlain(error: unknown): boolean {
  return error === NOT_PLAIN;
}

export function columnOf({ at, lineStart }: BlockCursor): number {
  return at - lineStart;
}

export function isAtEnd({ text, at }: BlockCursor): boolean {
  return at === text.length;
}

export function charOf({ text, at }: BlockCursor): string {
  return text.charAt(at);
}

export function skipSpaces(cursor: BlockCursor): void {
  while (cursor.text.charCodeAt(cursor.at) === SPACE) cursor.at++;
}

/** Nothing but a comment follows on the line. */
export function isAtLineEnd({ text, at }: BlockCursor): boolean {
  if (at === text.length) return true;
  const code = text.charCodeAt(at);
  return code === LINE_BREAK || (code === COMMENT && (at === 0 || text.charCodeAt(at - 1) === SPACE));
}

/** Past the line, which must be done, to the first character of the next one that has any. */
export function toNextLine(cursor: BlockCursor): void {
  skipSpaces(cursor);
  if (!isAtLineEnd(cursor)) notPlain();
  toLineAt(cursor, endOfLine(cursor) + 1);
}

export function endOfLine({ text, at }: BlockCursor): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

/** To the first character of the first line from `start` on, where a line starts, that is neither empty nor a comment. */
export function toLineAt(cursor: BlockCursor, start: number): void {
  const { text } = cursor;
  let line = start;
  while (line < text.length) {
    let at = line;
    while (text.charCodeAt(at) === SPACE) at++;
    const code = text.charCodeAt(at);
    if (at < text.length && code !== LINE_BREAK && code !== COMMENT) {
      const marks = at === line && /^(?:---|\.\.\.)/.test(text.slice(at, at + 3));
      if (code === TAB || marks) notPlain();
      cursor.at = at;
      cursor.lineStart = line;
      return;
    }
    const end = text.indexOf("\n", at);
    line = end === -1 ? text.length : end + 1;
  }
  cursor.at = text.length;
  cursor.lineStart = text.length;
}

/** What a sticky pattern finds here, and past it; null where it finds nothing. */
export function take(cursor: BlockCursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found !== null) cursor.at = pattern.lastIndex;
  return found;
}
