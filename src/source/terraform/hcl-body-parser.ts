/** The body parser reads a Terraform file: blocks and attributes, going on with the next block after a fault. */
import {
  atEnd,
  charAt,
  cursorOn,
  expect,
  identifierAt,
  nested,
  skipSpace,
  spanFrom,
  syntaxError,
  syntaxProblemOf,
  take,
  takeIdentifier,
} from "./hcl-cursor.ts";
import type { Cursor, SyntaxProblem } from "./hcl-cursor.ts";
import { parseExpression } from "./hcl-expression-parser.ts";
import type { Attribute, Block, Body, TemplatePart } from "./hcl-syntax.ts";
import { parseTemplate } from "./hcl-template-parser.ts";
import type { SourceText } from "../file-text.ts";

export interface ParsedBody {
  readonly body: Body;
  readonly problems: readonly SyntaxProblem[];
}

interface BodyItems {
  readonly attributes: Map<string, Attribute>;
  readonly blocks: Block[];
}

export function parseHcl(source: SourceText): ParsedBody {
  const cursor = cursorOn(source);
  const items: BodyItems = { attributes: new Map(), blocks: [] };
  const problems: SyntaxProblem[] = [];
  while (!isDone(cursor, items, problems)) skipToNextBlock(cursor);
  return { body: items, problems };
}

/** A file with more faults is not HCL; each fault may cost a look at the rest of the file. */
const MAX_PROBLEMS = 20;

/** True when the whole text was read; false after a fault, which is then the last of `problems`. */
function isDone(cursor: Cursor, items: BodyItems, problems: SyntaxProblem[]): boolean {
  try {
    readItems(cursor, items);
    return true;
  } catch (error) {
    const problem = syntaxProblemOf(error);
    problems.push(problem);
    if (problems.length === MAX_PROBLEMS) {
      problems.push({
        message: `More than ${MAX_PROBLEMS} faults: the rest of the file is not read`,
        offset: cursor.offset,
      });
      return true;
    }
    cursor.offset = Math.max(cursor.offset, problem.offset + 1);
    cursor.depth = 0;
    return atEnd(cursor);
  }
}

/** A line that begins with a word at its very start is where people begin the next block. */
function skipToNextBlock(cursor: Cursor): void {
  const pattern = /\n(?=[A-Za-z_]+[ \t]+["A-Za-z_{])/g;
  pattern.lastIndex = Math.max(0, cursor.offset - 1);
  const next = pattern.exec(cursor.source.text);
  cursor.offset = next === null ? cursor.limit : next.index + 1;
}

function readItems(cursor: Cursor, items: BodyItems): void {
  for (;;) {
    cursor.lineBreakEnds = false;
    skipSpace(cursor);
    if (atEnd(cursor) || charAt(cursor) === "}") break;
    cursor.lineBreakEnds = true;
    readItem(cursor, items);
  }
  if (cursor.depth === 0 && !atEnd(cursor)) throw syntaxError(cursor, "This `}` closes nothing");
}

function readItem(cursor: Cursor, items: BodyItems): void {
  const start = cursor.offset;
  const name = takeIdentifier(cursor, "an argument or a block");
  if (!take(cursor, "=")) {
    items.blocks.push(readBlock(cursor, name, start));
    return;
  }
  const expression = parseExpression(cursor);
  endItem(cursor);
  items.attributes.set(name, { name, expression, span: spanFrom(cursor, start) });
}

function endItem(cursor: Cursor): void {
  skipSpace(cursor);
  if (!atEnd(cursor) && charAt(cursor) !== "\n" && charAt(cursor) !== "}") {
    throw syntaxError(cursor, "Expected a new line here");
  }
}

function readBlock(cursor: Cursor, type: string, start: number): Block {
  const labels: string[] = [];
  for (skipSpace(cursor); charAt(cursor) !== "{"; skipSpace(cursor)) labels.push(readLabel(cursor));
  const span = spanFrom(cursor, start);
  cursor.offset++;
  const items: BodyItems = { attributes: new Map(), blocks: [] };
  nested(cursor, true, () => readItems(cursor, items));
  cursor.lineBreakEnds = false;
  expect(cursor, "}", `to close the block \`${type}\``);
  cursor.lineBreakEnds = true;
  return { type, labels, body: items, span };
}

function readLabel(cursor: Cursor): string {
  if (charAt(cursor) !== '"') {
    if (identifierAt(cursor) === "") throw syntaxError(cursor, "Expected `=`, a label or `{`");
    return takeIdentifier(cursor, "a label");
  }
  const label = /"([^"\\\n]*(?:\\.[^"\\\n]*)*)"/y;
  label.lastIndex = cursor.offset;
  const found = label.exec(cursor.source.text);
  if (found === null) throw syntaxError(cursor, 'This label is not closed with `"`');
  cursor.offset += found[0].length;
  return found[1] ?? "";
}

/** A whole text, or the part of it from `start` to `end`, as a template. */
export function parseTemplateText(
  source: SourceText,
  start = 0,
  end = source.text.length,
): readonly TemplatePart[] | SyntaxProblem {
  try {
    return parseTemplate(cursorOn(source, start, end), parseExpression);
  } catch (error) {
    return syntaxProblemOf(error);
  }
}
