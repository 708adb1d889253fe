/** The template parser reads HCL's text with holes: quoted strings, heredocs, and whole template files. */
import {
  atEnd,
  charAt,
  cursorOn,
  expect,
  identifierAt,
  looksAt,
  nested,
  skipSpace,
  spanFrom,
  syntaxError,
  take,
  takeIdentifier,
  takeWord,
} from "./hcl-cursor.ts";
import type { Cursor } from "./hcl-cursor.ts";
import type { Expression, TemplatePart } from "./hcl-syntax.ts";
import { flushIndentation, trimAtMarkers } from "./hcl-template-space.ts";
import type { Marked, TemplateToken } from "./hcl-template-space.ts";

export type ParseExpression = (cursor: Cursor) => Expression;

/** A quoted string; the cursor stands on its opening quote. */
export function parseQuoted(cursor: Cursor, parseExpression: ParseExpression): Expression {
  const start = cursor.offset;
  cursor.offset++;
  const tokens = readTokens(cursor, parseExpression, "quoted");
  if (charAt(cursor) !== '"') throw syntaxError(cursor, 'This string is not closed with `"`', start);
  cursor.offset++;
  return { kind: "template", parts: structure(tokens, cursor), span: spanFrom(cursor, start) };
}

const HEREDOC = /<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t]*\r?\n/uy;

/** A heredoc; the cursor stands on `<<`. */
export function parseHeredoc(cursor: Cursor, parseExpression: ParseExpression): Expression {
  const start = cursor.offset;
  HEREDOC.lastIndex = start;
  const opening = HEREDOC.exec(cursor.source.text);
  if (!opening) throw syntaxError(cursor, "Expected a heredoc: `<<` and a name that ends the line");
  const first = start + opening[0].length;
  const last = closingLine(cursor, first, opening[2] ?? "");
  if (last === null)
    throw syntaxError(cursor, `This heredoc is not closed by a line \`${opening[2]}\``, start);
  const inner: Cursor = { ...cursorOn(cursor.source, first, last.start), depth: cursor.depth };
  const tokens = readTokens(inner, parseExpression, "file");
  cursor.offset = last.end;
  const flushed = opening[1] === "-" ? flushIndentation(tokens) : tokens;
  return { kind: "template", parts: structure(flushed, cursor), span: spanFrom(cursor, start) };
}

/** Where the closing line of a heredoc starts and its marker ends; the line break after it is left. */
function closingLine(cursor: Cursor, from: number, marker: string): { start: number; end: number } | null {
  const { text } = cursor.source;
  for (let start = from; start < cursor.limit;) {
    const lineBreak = text.indexOf("\n", start);
    const end = lineBreak < 0 || lineBreak > cursor.limit ? cursor.limit : lineBreak;
    const line = text.slice(start, end);
    if (line.trim() === marker) return { start, end: start + line.trimEnd().length };
    start = end + 1;
  }
  return null;
}

/** A whole text as a template, such as a file given to `templatefile`. */
export function parseTemplate(cursor: Cursor, parseExpression: ParseExpression): readonly TemplatePart[] {
  return structure(readTokens(cursor, parseExpression, "file"), cursor);
}

function readTokens(
  cursor: Cursor,
  parseExpression: ParseExpression,
  mode: "quoted" | "file",
): readonly TemplateToken[] {
  const tokens: TemplateToken[] = [];
  while (!atEnd(cursor)) {
    const char = charAt(cursor);
    if (mode === "quoted" && (char === '"' || char === "\n")) break;
    if (char === "$" && looksAt(cursor, "${")) tokens.push(readInterpolation(cursor, parseExpression));
    else if (char === "%" && looksAt(cursor, "%{")) tokens.push(readDirective(cursor, parseExpression));
    else if (looksAt(cursor, "$${") || looksAt(cursor, "%%{")) tokens.push(...readEscapedHole(cursor));
    else if (mode === "quoted" && char === "\\") tokens.push(readEscape(cursor));
    else tokens.push(readText(cursor, mode));
  }
  return trimAtMarkers(tokens, mode);
}

/** `$${` stands for `${`. */
function readEscapedHole(cursor: Cursor): readonly TemplateToken[] {
  cursor.offset++;
  const start = cursor.offset;
  const text = `${charAt(cursor)}{`;
  cursor.offset += 2;
  return [{ kind: "text", text, exact: true, span: spanFrom(cursor, start) }];
}

/** Plain text up to the next hole, quote, escape, or past the end of the line. */
function readText(cursor: Cursor, mode: "quoted" | "file"): TemplateToken {
  const start = cursor.offset;
  const stops = mode === "quoted" ? /[$%"\\\n]/g : /[$%\n]/g;
  stops.lastIndex = start + 1;
  const stop = charAt(cursor) === "\n" ? null : stops.exec(cursor.source.text);
  if (charAt(cursor) === "\n") cursor.offset++;
  else cursor.offset = Math.min(stop === null ? cursor.limit : stop.index, cursor.limit);
  if (mode === "file" && charAt(cursor) === "\n" && stop !== null) cursor.offset++;
  const text = cursor.source.text.slice(start, cursor.offset);
  return { kind: "text", text, exact: true, span: spanFrom(cursor, start) };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ['"', '"'],
  ["\\", "\\"],
]);

function readEscape(cursor: Cursor): TemplateToken {
  const start = cursor.offset;
  const letter = charAt(cursor, 1);
  const digits = letter === "u" ? 4 : letter === "U" ? 8 : 0;
  const hex = cursor.source.text.slice(start + 2, start + 2 + digits);
  const isCode =
    digits > 0 && hex.length === digits && /^[0-9a-fA-F]+$/.test(hex) && Number(`0x${hex}`) <= 0x10ffff;
  const text = isCode ? String.fromCodePoint(Number(`0x${hex}`)) : ESCAPES.get(letter);
  if (text === undefined) throw syntaxError(cursor, `\`\\${letter}\` is no escape in a string`);
  cursor.offset += 2 + (isCode ? digits : 0);
  return { kind: "text", text, exact: false, span: spanFrom(cursor, start) };
}

/** Begins `${` or `%{`; the rest is read with line breaks as space. */
function readHole<T extends object>(cursor: Cursor, read: () => T): T & Marked {
  const start = cursor.offset;
  cursor.offset += 2;
  const cutBefore = charAt(cursor) === "~";
  if (cutBefore) cursor.offset++;
  const content = nested(cursor, false, read);
  const cutAfter = take(cursor, "~");
  if (!take(cursor, "}")) throw syntaxError(cursor, "Expected `}` to close what `${` or `%{` opened");
  return { ...content, cutBefore, cutAfter, span: spanFrom(cursor, start) };
}

function readInterpolation(cursor: Cursor, parseExpression: ParseExpression): TemplateToken {
  return readHole(cursor, () => ({ kind: "interpolation" as const, expression: parseExpression(cursor) }));
}

function readDirective(cursor: Cursor, parseExpression: ParseExpression): TemplateToken {
  return readHole(cursor, () => {
    skipSpace(cursor);
    const word = identifierAt(cursor);
    if (takeWord(cursor, "if")) return { kind: "if" as const, condition: parseExpression(cursor) };
    if (takeWord(cursor, "for")) return { kind: "for" as const, ...readForHead(cursor, parseExpression) };
    if (word === "else" || word === "endif" || word === "endfor") {
      takeWord(cursor, word);
      return { kind: word };
    }
    throw syntaxError(cursor, "Expected if, else, endif, for or endfor after `%{`");
  });
}

export interface ForHead {
  readonly names: readonly string[];
  readonly collection: Expression;
}

/** `k, v in collection`, after the word `for`. */
export function readForHead(cursor: Cursor, parseExpression: ParseExpression): ForHead {
  const names = [takeIdentifier(cursor, "a name after `for`")];
  if (take(cursor, ",")) names.push(takeIdentifier(cursor, "a second name after `,`"));
  if (!takeWord(cursor, "in")) expect(cursor, "in", "after the names of `for`");
  return { names, collection: parseExpression(cursor) };
}

/** Matches each directive with its end. */
function structure(tokens: readonly TemplateToken[], cursor: Cursor): readonly TemplatePart[] {
  let index = 0;
  const readUntil = (ends: readonly string[], depth: number): { parts: TemplatePart[]; end: string } => {
    const parts: TemplatePart[] = [];
    for (;;) {
      const token = tokens[index++];
      if (token === undefined || ends.includes(token.kind)) return { parts, end: token?.kind ?? "" };
      parts.push(readPart(token, depth));
    }
  };
  const readPart = (token: TemplateToken, depth: number): TemplatePart => {
    const { kind, span } = token;
    if (kind === "text" || kind === "interpolation") return token;
    if (depth > 50) throw syntaxError(cursor, "Directives nested deeper than 50 levels", span.start);
    if (kind === "for") {
      const { parts: body, end } = readUntil(["endfor"], depth + 1);
      if (end === "") throw syntaxError(cursor, "This `%{ for }` has no `%{ endfor }`", span.start);
      const [first = "", second] = token.names;
      const named = { keyName: second === undefined ? null : first, valueName: second ?? first };
      return { kind, ...named, collection: token.collection, body, span };
    }
    if (kind !== "if") throw syntaxError(cursor, `\`%{ ${kind} }\` has no beginning`, span.start);
    const { parts: then, end } = readUntil(["else", "endif"], depth + 1);
    const rest = end === "else" ? readUntil(["endif"], depth + 1) : { parts: [], end };
    if (rest.end === "") throw syntaxError(cursor, "This `%{ if }` has no `%{ endif }`", span.start);
    return { kind, condition: token.condition, then, otherwise: rest.parts, span };
  };
  return readUntil([], 0).parts;
}
