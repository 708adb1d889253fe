/**
 * Block YAML is the plain part of YAML that nearly all files are written in: maps and lists by indentation, values in
 * quotes and brackets, texts after `|`, short tags, comments. It is read straight into nodes, in a fraction of the time
 * that it takes to load a parser of all that YAML can hold and to make its tree, with its commonest faults: a key that
 * stands twice, a tag after another, a stray line. Whatever is not plain, or wrong in another way, is left to that parser:
 * of what is read here, both give the same nodes, place by place. Linear in the text.
 */
import { pointerTo } from "../text/json-value.ts";
import type { BlockCursor } from "./block-cursor.ts";
import {
  charOf,
  columnOf,
  endOfLine,
  isAtEnd,
  isAtLineEnd,
  isNotPlain,
  notPlain,
  skipSpaces,
  take,
  toLineAt,
  toNextLine,
} from "./block-cursor.ts";
import type { NodePlace } from "./block-value.ts";
import { readBlockText } from "./block-text.ts";
import {
  MAX_KEY,
  emptyNode,
  readFlow,
  readPlain,
  readQuoted,
  takeFunction,
  withoutSpaces,
} from "./block-value.ts";
import { MAX_LEVELS, measureParts, withoutCopies } from "./value-node.ts";
import type { ListNode, MapEntry, MapNode, ValueNode } from "./value-node.ts";
import type { YamlDialect } from "./yaml-dialect.ts";

/** Beyond them a text may hold more values than are read. */
const MAX_CHARACTERS = 1_000_000;

/** What a value may be where it stands. */
interface Slot extends NodePlace {
  /** The column of the map or list that it is in. */
  readonly parent: number;
  /** After a dash, a map or list may begin in the same line; after a key, a list may be indented as the key is. */
  readonly after: "dash" | "key";
}

export interface BlockReading extends Pick<BlockCursor, "copies" | "secondTags" | "strayLines"> {
  readonly root: MapNode;
}

/** The map that a text is, and what is wrong with it; null where it is not plain, not even in this dialect. */
export function readBlockYaml(text: string, dialect: YamlDialect): BlockReading | null {
  if (text.length >= MAX_CHARACTERS) return null;
  const lineBreak = text.includes("\r") ? 2 : 1;
  if (/\ufeff/.test(text) || (lineBreak === 2 && /\r(?!\n)|(?<!\r)\n/.test(text))) return null;
  const cursor: BlockCursor = {
    dialect,
    text: text.replaceAll("\r\n", " \n"),
    lineBreak,
    at: 0,
    lineStart: 0,
    leastColumn: -1,
    copies: [],
    secondTags: [],
    strayLines: [],
  };
  try {
    // One mark of where the document starts.
    toLineAt(cursor, take(cursor, /(?: *(?:#[^\n]*)?\n)*---(?= *\n)/y) === null ? 0 : cursor.at + 1);
    if (isAtEnd(cursor) || isAtDash(cursor)) return null;
    const root = readMap(cursor, { pointer: "", level: 1 });
    if (!isAtEnd(cursor)) return null;
    const { copies, secondTags, strayLines } = cursor;
    return { root, copies, secondTags, strayLines };
  } catch (error) {
    if (isNotPlain(error)) return null;
    throw error;
  }
}

function isAtDash({ text, at }: BlockCursor): boolean {
  return text.charAt(at) === "-" && /^[ \n]?$/.test(text.charAt(at + 1));
}

const KEY =
  /(?:"([^"\\\n]*)" *|'([^'\n]*)' *|([A-Za-z0-9_$./^(](?:[^:#\n\t]|:(?![ \n]|$)|(?<! )#)*)):(?=[ \n]|$)/y;

/** To the first line that is no part of it. */
function readMap(cursor: BlockCursor, { pointer, level }: NodePlace): MapNode {
  const start = cursor.at;
  const column = columnOf(cursor);
  const written: MapEntry[] = [];
  while (!isAtEnd(cursor) && columnOf(cursor) === column) {
    const keyStart = cursor.at;
    const named = take(cursor, KEY);
    if (named === null) {
      if (written.length === 0) notPlain();
      passStrayLine(cursor);
      continue;
    }
    const [, double, single, plain] = named;
    const key = double ?? single ?? withoutSpaces(plain!);
    if (key === "<<") notPlain();
    if (cursor.at - keyStart > MAX_KEY) notPlain();
    const slot: Slot = { pointer: pointerTo(pointer, key), level: level + 1, parent: column, after: "key" };
    written.push({ key, keyStart, value: readValue(cursor, slot) });
  }
  if (columnOf(cursor) > column) notPlain();
  const entries = withoutCopies(written, (entry) => cursor.copies.push(entry));
  return { kind: "map", entries, start, pointer, ...measureParts(entries.map((entry) => entry.value)) };
}

function passStrayLine(cursor: BlockCursor): void {
  const { dialect, text, at, strayLines } = cursor;
  if (!dialect.isStrayLine(text, at, columnOf(cursor))) notPlain();
  if (strayLines.length === dialect.mostStrayLines(text)) notPlain();
  strayLines.push(at);
  toLineAt(cursor, endOfLine(cursor) + 1);
}

/** To the first line that is no part of it. */
function readList(cursor: BlockCursor, { pointer, level }: NodePlace): ListNode {
  const start = cursor.at;
  const column = columnOf(cursor);
  const items: ValueNode[] = [];
  while (!isAtEnd(cursor) && columnOf(cursor) === column && isAtDash(cursor)) {
    cursor.at++;
    const slot: Slot = {
      pointer: pointerTo(pointer, items.length),
      level: level + 1,
      parent: column,
      after: "dash",
    };
    items.push(readValue(cursor, slot));
  }
  if (columnOf(cursor) > column) notPlain();
  return { kind: "list", items, start, pointer, ...measureParts(items) };
}

function readValue(cursor: BlockCursor, slot: Slot): ValueNode {
  if (slot.level > MAX_LEVELS) notPlain();
  skipSpaces(cursor);
  const name = takeFunction(cursor);
  if (name === null) return readUntagged(cursor, slot, false);
  const argument = { ...slot, pointer: pointerTo(slot.pointer, name) };
  return cursor.dialect.spellOut(name, readUntagged(cursor, argument, true), slot.pointer);
}

function readUntagged(cursor: BlockCursor, slot: Slot, tagged: boolean): ValueNode {
  if (isAtLineEnd(cursor)) return readBelow(cursor, slot, tagged);
  const first = charOf(cursor);
  if (first === "|" || first === ">") return readBlockText(cursor, slot.parent, slot.pointer);
  if (slot.after === "dash" && !tagged) {
    if (isAtDash(cursor)) return readList(cursor, slot);
    if (isAtKey(cursor)) return readMap(cursor, slot);
  }
  const value = readInline(cursor, slot, tagged);
  toNextLine(cursor);
  return value;
}

function isAtKey(cursor: BlockCursor): boolean {
  KEY.lastIndex = cursor.at;
  return KEY.test(cursor.text);
}

function readInline(cursor: BlockCursor, slot: Slot, tagged: boolean): ValueNode {
  const first = charOf(cursor);
  cursor.leastColumn = cursor.dialect.takesAnyIndent ? -1 : slot.parent;
  if (first === "[" || first === "{") return readFlow(cursor, slot);
  if (first === '"' || first === "'") return readQuoted(cursor, slot.pointer);
  return readPlain(cursor, { pointer: slot.pointer, tagged });
}

/** A value that begins in a line of its own, or nothing at all. */
function readBelow(cursor: BlockCursor, slot: Slot, tagged: boolean): ValueNode {
  const start = cursor.at;
  toNextLine(cursor);
  const column = columnOf(cursor);
  const isList = !isAtEnd(cursor) && isAtDash(cursor);
  const isNothing =
    isAtEnd(cursor) || column < slot.parent || (column === slot.parent && !(isList && slot.after === "key"));
  if (isNothing) {
    const atBreak = cursor.text.charAt(start) === "\n";
    return tagged ? notPlain() : emptyNode(atBreak ? start - cursor.lineBreak + 1 : start, slot.pointer);
  }
  if (isList) return readList(cursor, slot);
  if (isAtKey(cursor)) return readMap(cursor, slot);
  // After a comment, the parser of all of YAML takes a text for part of the key that follows it.
  const isNextLine = cursor.text.charAt(start) === "\n" && cursor.lineStart === start + 1;
  return tagged || !isNextLine ? notPlain() : readValue(cursor, slot);
}
