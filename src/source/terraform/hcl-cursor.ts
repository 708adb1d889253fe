/** An HCL cursor is a position in a source that moves on as syntax is recognised; it belongs to one parse. */
import type { Span } from "./hcl-syntax.ts";
import type { SourceText } from "../file-text.ts";

export interface Cursor {
  readonly source: SourceText;
  /** Parsing ends here: the end of the text, or of a heredoc. */
  readonly limit: number;
  offset: number;
  /** A line break ends the expression, as in a body; false within brackets. */
  lineBreakEnds: boolean;
  depth: number;
}

/** Far more than people nest, and far less than the stack holds. */
const MAX_DEPTH = 150;

export interface SyntaxProblem {
  readonly message: string;
  readonly offset: number;
}

const problems = new WeakMap<Error, SyntaxProblem>();

/** An error to be thrown within a parse, and turned into data by `syntaxProblemOf` where the parse was begun. */
export function syntaxError(cursor: Cursor, message: string, offset = cursor.offset): Error {
  const error = new Error(message);
  problems.set(error, { message, offset });
  return error;
}

/** The problem of an error made by `syntaxError`; anything else is thrown on. */
export function syntaxProblemOf(error: unknown): SyntaxProblem {
  const problem = error instanceof Error ? problems.get(error) : undefined;
  if (problem === undefined) throw error;
  return problem;
}

export function cursorOn(source: SourceText, start = 0, limit = source.text.length): Cursor {
  return { source, limit, offset: start, lineBreakEnds: false, depth: 0 };
}

/** Parses one level deeper, with line breaks ending expressions or not, and restores both after. */
export function nested<T>(cursor: Cursor, lineBreakEnds: boolean, parse: () => T): T {
  const before = cursor.lineBreakEnds;
  if (cursor.depth >= MAX_DEPTH) throw syntaxError(cursor, `Nested deeper than ${MAX_DEPTH} levels`);
  cursor.lineBreakEnds = lineBreakEnds;
  cursor.depth++;
  const result = parse();
  cursor.depth--;
  cursor.lineBreakEnds = before;
  return result;
}

export function spanFrom(cursor: Cursor, start: number): Span {
  return { source: cursor.source, start, end: cursor.offset };
}

export function atEnd(cursor: Cursor): boolean {
  return cursor.offset >= cursor.limit;
}

export function charAt(cursor: Cursor, ahead = 0): string {
  const offset = cursor.offset + ahead;
  return offset < cursor.limit ? (cursor.source.text[offset] ?? "") : "";
}

export function looksAt(cursor: Cursor, text: string): boolean {
  return cursor.offset + text.length <= cursor.limit && cursor.source.text.startsWith(text, cursor.offset);
}

/** Skips spaces and comments, and line breaks where they do not end the expression. */
export function skipSpace(cursor: Cursor): void {
  for (;;) {
    const char = charAt(cursor);
    if (char === " " || char === "\t" || char === "\r" || char === "\uFEFF") cursor.offset++;
    else if (char === "\n" && !cursor.lineBreakEnds) cursor.offset++;
    else if (char === "#" || looksAt(cursor, "//")) cursor.offset = lineEnd(cursor);
    else if (looksAt(cursor, "/*")) skipBlockComment(cursor);
    else return;
  }
}

function skipBlockComment(cursor: Cursor): void {
  const end = cursor.source.text.indexOf("*/", cursor.offset + 2);
  if (end < 0 || end + 2 > cursor.limit) throw syntaxError(cursor, "This comment is not closed with `*/`");
  cursor.offset = end + 2;
}

/** Offset of the line break that ends the current line, or the limit. */
function lineEnd(cursor: Cursor): number {
  const end = cursor.source.text.indexOf("\n", cursor.offset);
  return end < 0 || end > cursor.limit ? cursor.limit : end;
}

/** Takes `text` if it is next, after space. */
export function take(cursor: Cursor, text: string): boolean {
  skipSpace(cursor);
  if (!looksAt(cursor, text)) return false;
  cursor.offset += text.length;
  return true;
}

export function expect(cursor: Cursor, text: string, where: string): void {
  if (!take(cursor, text)) throw syntaxError(cursor, `Expected \`${text}\` ${where}`);
}

const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;

/** The identifier at the cursor, not taken; "" when there is none. */
export function identifierAt(cursor: Cursor): string {
  IDENTIFIER.lastIndex = cursor.offset;
  const name = IDENTIFIER.exec(cursor.source.text)?.[0] ?? "";
  return cursor.offset + name.length > cursor.limit ? "" : name;
}

export function takeIdentifier(cursor: Cursor, what: string): string {
  skipSpace(cursor);
  const name = identifierAt(cursor);
  if (name === "") throw syntaxError(cursor, `Expected ${what}`);
  cursor.offset += name.length;
  return name;
}

/** Takes the word `word` if it is next and is not only the beginning of a longer one. */
export function takeWord(cursor: Cursor, word: string): boolean {
  skipSpace(cursor);
  if (identifierAt(cursor) !== word) return false;
  cursor.offset += word.length;
  return true;
}
