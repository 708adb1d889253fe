/** A block text is a scalar of many lines in block YAML, after `|` or `>`. */
import type { BlockCursor } from "./block-cursor.ts";
import {
  SPACE,
  columnOf,
  endOfLine,
  isAtLineEnd,
  notPlain,
  skipSpaces,
  take,
  toLineAt,
} from "./block-cursor.ts";
import { scalarNode } from "./block-value.ts";
import type { ScalarNode } from "./value-node.ts";

/** After `|` or `>`: the lines that are indented more than `parent`; past them. */
export function readBlockText(cursor: BlockCursor, parent: number, pointer: string): ScalarNode {
  const start = cursor.at;
  const [, style, chomping] = take(cursor, /([|>])([+-]?)(?=[ \n])/y) ?? notPlain();
  skipSpaces(cursor);
  if (!isAtLineEnd(cursor)) notPlain();
  const from = endOfLine(cursor) + 1;
  if (isEmptyText(cursor.text, from, parent)) {
    toLineAt(cursor, from);
    return scalarNode({ value: "", text: "", style: "block", start, end: from, pointer });
  }
  const { lines, indent, blanks, end, next } = linesOf(cursor, from);
  if (indent <= parent) notPlain();
  const ends = chomping === "-" ? "" : chomping === "+" ? "\n".repeat(1 + blanks) : "\n";
  const text = (style === ">" ? folded(lines) : lines.join("\n")) + ends;
  const scalar = scalarNode({
    value: text,
    text,
    style: "block",
    start,
    end: chomping === "+" ? next : end,
    pointer,
  });
  toLineAt(cursor, next);
  if (columnOf(cursor) > parent) notPlain();
  return scalar;
}

/** The very next line is no part of it. */
function isEmptyText(text: string, from: number, parent: number): boolean {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at++;
  return at < text.length && at - from <= parent && text.charAt(at) !== "\n";
}

/**
 * Lines are joined by a space, and by as many line breaks as there are blank lines between; before and after a deeper line,
 * every line break stays.
 */
function folded(lines: readonly string[]): string {
  let [text, breaks, wasDeeper] = ["", 0, false];
  for (const [index, line] of lines.entries()) {
    if (line === "") {
      breaks++;
      continue;
    }
    const isDeeper = /^[ \t]/.test(line);
    const kept = breaks + (index > breaks && (isDeeper || wasDeeper) ? 1 : 0);
    text += (kept > 0 ? "\n".repeat(kept) : index === 0 ? "" : " ") + line;
    [breaks, wasDeeper] = [0, isDeeper];
  }
  return text;
}

interface TextLines {
  /** From the first to the last that is not blank, without their indentation. */
  readonly lines: readonly string[];
  readonly indent: number;
  /** Blank lines after the last. */
  readonly blanks: number;
  /** After the line break of the last. */
  readonly end: number;
  /** Where the first line starts that is no part of the text. */
  readonly next: number;
}

/** Blank lines hold no more spaces than the indentation; all lines end in a line break. */
function linesOf({ text, lineBreak }: BlockCursor, from: number): TextLines {
  const beforeBreak = lineBreak - 1;
  const lines: string[] = [];
  let [indent, blanks, longestBlank, next, end] = [-1, 0, 0, from, from];
  while (next < text.length) {
    let at = next;
    while (text.charCodeAt(at) === SPACE) at++;
    const lineEnd = text.indexOf("\n", at);
    if (lineEnd === -1) notPlain();
    if (at === lineEnd) {
      blanks++;
      longestBlank = Math.max(longestBlank, at - beforeBreak - next);
    } else {
      if (indent === -1) indent = at - next;
      if (at - next < indent) break;
      for (; blanks > 0; blanks--) lines.push("");
      lines.push(text.slice(next + indent, lineEnd - beforeBreak));
      end = lineEnd + 1;
    }
    next = lineEnd + 1;
  }
  if (longestBlank > indent) notPlain();
  return { lines, indent, blanks, end, next };
}
