/** A block value is a scalar, or what stands in brackets, in block YAML; each is read to its end. */
import { pointerTo } from "../text/json-value.ts";
import type { BlockCursor } from "./block-cursor.ts";
import {
  charOf,
  columnOf,
  endOfLine,
  isAtLineEnd,
  notPlain,
  skipSpaces,
  take,
  toNextLine,
} from "./block-cursor.ts";
import { textOfQuoted } from "./quoted-text.ts";
import { MAX_LEVELS, measureParts } from "./value-node.ts";
import type { MapEntry, ScalarNode, ScalarStyle, ValueNode } from "./value-node.ts";

/** Where a value stands in the tree, and in the text. */
export interface NodePlace {
  readonly pointer: string;
  /** The root's is 1. */
  readonly level: number;
}

/** With a tag before it, a scalar is the text that it is written as. */
export interface ScalarPlace {
  readonly pointer: string;
  readonly tagged: boolean;
}

const QUOTED = /"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*'/y;

interface Quoted {
  readonly text: string;
  readonly style: ScalarStyle;
  readonly isOneLine: boolean;
}

/** The text of a quoted scalar; null where none begins, or it is not plain. */
function takeQuoted(cursor: BlockCursor): Quoted | null {
  const start = cursor.at;
  const written = take(cursor, QUOTED)?.[0];
  if (written === undefined) return null;
  const text = textOfQuoted(cursor.lineBreak === 1 ? written : written.replaceAll(" \n", "\n")) ?? notPlain();
  const lastLine = written.lastIndexOf("\n") + 1;
  // A mark of the document's end or start.
  if (lastLine > 0 && /\n(?:---|\.\.\.)/.test(written)) notPlain();
  if (lastLine > 0 && leastIndent(written) <= cursor.leastColumn) notPlain();
  if (lastLine > 0) cursor.lineStart = start + lastLine;
  return { text, style: written.startsWith('"') ? "double" : "single", isOneLine: lastLine === 0 };
}

/** Of the lines after the first that hold anything. */
function leastIndent(written: string): number {
  return Math.min(...Array.from(written.matchAll(/\n( *)(?=[^ \n])/g), ([, spaces]) => spaces!.length));
}

export function readQuoted(cursor: BlockCursor, pointer: string): ScalarNode {
  const start = cursor.at;
  const { text, style } = takeQuoted(cursor) ?? notPlain();
  return scalarNode({ value: text, text, style, start, end: cursor.at, pointer });
}

/** What begins a plain scalar: nothing that means something else. */
const PLAIN_START = /^(?:[^-?:,[\]{}#&*!|>'"%@`\s]|[-?:](?=\S))/;

/** All of the line up to a comment. */
export function readPlain(cursor: BlockCursor, { pointer, tagged }: ScalarPlace): ScalarNode {
  const start = cursor.at;
  const line = cursor.text.slice(start, endOfLine(cursor));
  const comment = line.indexOf(" #");
  const written = withoutSpaces(comment === -1 ? line : line.slice(0, comment));
  if (!PLAIN_START.test(written) || written.includes(": ") || written.endsWith(":") || written.includes("\t"))
    notPlain();
  cursor.at = start + written.length;
  return plainNode(written, start, { pointer, tagged });
}

/** At its end; other blank characters are part of a text. */
export function withoutSpaces(text: string): string {
  let end = text.length;
  while (text.charAt(end - 1) === " ") end--;
  return text.slice(0, end);
}

function plainNode(written: string, start: number, { pointer, tagged }: ScalarPlace): ScalarNode {
  const value = tagged ? written : plainValue(written);
  return scalarNode({ value, text: written, style: "plain", start, end: start + written.length, pointer });
}

/** As YAML's core schema reads it, where dates, addresses and `10..20` are texts; numbers that are not written in plain decimal are left. */
function plainValue(written: string): ScalarNode["value"] {
  if (!/^[-+.0-9~nNtTfF]/.test(written)) return written;
  if (/^(?:~|[Nn]ull|NULL)$/.test(written)) return null;
  if (/^(?:[Tt]rue|TRUE)$/.test(written)) return true;
  if (/^(?:[Ff]alse|FALSE)$/.test(written)) return false;
  if (/^[-+]?[0-9]{1,15}$/.test(written) || /^[-+]?[0-9]{1,8}\.[0-9]{1,7}$/.test(written))
    return Number(written);
  if (/^[-+]?(?:\.?[0-9][0-9.eE+-]*|\.inf|\.Inf|\.INF|0[ox][0-9a-fA-F]+)$|^\.(?:nan|NaN|NAN)$/.test(written))
    return /^[0-9]+(?:[.-][0-9]+[.-][0-9.-]+|\.\.[0-9]+)$/.test(written) ? written : notPlain();
  return written;
}

/** Where nothing is written. */
export function emptyNode(start: number, pointer: string): ScalarNode {
  return scalarNode({ value: null, text: "", style: "plain", start, end: start, pointer });
}

export function scalarNode(fields: Omit<ScalarNode, "kind" | "size" | "height">): ScalarNode {
  return { kind: "scalar", ...fields, size: 1, height: 1 };
}

const FLOW_PLAIN =
  /(?:[^-?:,[\]{}#&*!|>'"%@`\s]|-(?=[A-Za-z0-9.]))(?:[^,[\]{}:#\n\t]|:(?![ \n,[\]{}]|$)|(?<! )#)*/y;

/** A list or a map in brackets. */
export function readFlow(cursor: BlockCursor, place: NodePlace): ValueNode {
  if (place.level > MAX_LEVELS) notPlain();
  return charOf(cursor) === "[" ? readFlowList(cursor, place) : readFlowMap(cursor, place);
}

function readFlowList(cursor: BlockCursor, place: NodePlace): ValueNode {
  const { pointer } = place;
  const start = cursor.at;
  const items: ValueNode[] = [];
  eachInBrackets(cursor, "]", () => {
    items.push(readFlowItem(cursor, inside(place, items.length)));
  });
  return { kind: "list", items, start, pointer, ...measureParts(items) };
}

function readFlowMap(cursor: BlockCursor, place: NodePlace): ValueNode {
  const { pointer } = place;
  const start = cursor.at;
  const entries: MapEntry[] = [];
  const keys = new Set<string>();
  eachInBrackets(cursor, "}", () => {
    const keyStart = cursor.at;
    const quoted = takeQuoted(cursor);
    const key = quoted?.text ?? takeFlowPlain(cursor);
    const isKey = quoted?.isOneLine !== false && take(cursor, PAIR) !== null;
    if (!isKey || key === "<<" || keys.has(key)) notPlain();
    keys.add(key);
    entries.push({ key, keyStart, value: readFlowValue(cursor, inside(place, key)) });
  });
  return { kind: "map", entries, start, pointer, ...measureParts(entries.map((entry) => entry.value)) };
}

const PAIR = / *: +/y;
/** A key has its colon after about so many characters at most. */
export const MAX_KEY = 1000;

/** An item may be a map of one entry without brackets of its own. */
function readFlowItem(cursor: BlockCursor, place: NodePlace): ValueNode {
  const start = cursor.at;
  const line = cursor.lineStart;
  const first = readFlowValue(cursor, place);
  if (take(cursor, PAIR) === null) return first;
  const isKey = first.kind === "scalar" && first.start === start && cursor.lineStart === line;
  if (!isKey || cursor.at - start > MAX_KEY || first.text === "<<") notPlain();
  const value = readFlowValue(cursor, inside(place, first.text));
  const entries: readonly MapEntry[] = [{ key: first.text, keyStart: start, value }];
  return { kind: "map", entries, start, pointer: place.pointer, ...measureParts([value]) };
}

function inside({ pointer, level }: NodePlace, part: string | number): NodePlace {
  return { pointer: pointerTo(pointer, part), level: level + 1 };
}

function eachInBrackets(cursor: BlockCursor, close: string, readOne: () => void): void {
  cursor.at++;
  skipInBrackets(cursor);
  while (charOf(cursor) !== close) {
    readOne();
    skipInBrackets(cursor);
    if (charOf(cursor) === close) break;
    if (charOf(cursor) !== ",") notPlain();
    cursor.at++;
    skipInBrackets(cursor);
  }
  cursor.at++;
}

function skipInBrackets(cursor: BlockCursor): void {
  skipSpaces(cursor);
  if (!isAtLineEnd(cursor)) return;
  toNextLine(cursor);
  if (columnOf(cursor) <= cursor.leastColumn) notPlain();
}

function readFlowValue(cursor: BlockCursor, place: NodePlace): ValueNode {
  if (place.level > MAX_LEVELS) notPlain();
  const name = takeFunction(cursor);
  if (name === null) return readFlowUntagged(cursor, place, false);
  const argument = { ...place, pointer: pointerTo(place.pointer, name) };
  return cursor.dialect.spellOut(name, readFlowUntagged(cursor, argument, true), place.pointer);
}

function readFlowUntagged(cursor: BlockCursor, place: NodePlace, tagged: boolean): ValueNode {
  const { pointer } = place;
  const first = charOf(cursor);
  if (first === "[" || first === "{") return readFlow(cursor, place);
  if (first === '"' || first === "'") return readQuoted(cursor, pointer);
  const start = cursor.at;
  return plainNode(takeFlowPlain(cursor), start, { pointer, tagged });
}

/** Up to the mark that ends it; a text that goes on in another line is left. */
function takeFlowPlain(cursor: BlockCursor): string {
  return withoutSpaces(take(cursor, FLOW_PLAIN)?.[0] ?? notPlain());
}

/** The function that a short tag here stands for, and past it; of several in a row, the last. Null where there is none. */
export function takeFunction(cursor: BlockCursor): string | null {
  let name: string | null = null;
  while (charOf(cursor) === "!") {
    if (name !== null) cursor.secondTags.push(cursor.at);
    const tag = take(cursor, /(![A-Za-z0-9]+)(?:(?=\n)| +)/y)?.[1] ?? notPlain();
    name = cursor.dialect.functionOfTag(tag) ?? notPlain();
  }
  return name;
}
