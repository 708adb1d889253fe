/**
 * A JSON outline is a text's structure with positions: where every member and item starts, which keys come twice,
 * and how to make strict JSON of it where comments and trailing commas (JSONC) stand.
 * One pass over the characters without recursion, so no nesting can exhaust the stack.
 */

export interface OutlineNode {
  /** Where people look for it: a member's key, an item's value. */
  readonly offset: number;
  readonly members: Map<string, OutlineNode> | null;
  readonly items: OutlineNode[] | null;
}

export interface DuplicateKey {
  readonly key: string;
  readonly first: number;
  readonly second: number;
  readonly node: OutlineNode;
}

export interface OutlineFault {
  readonly kind: "syntax" | "depth" | "trailing-comma";
  readonly offset: number;
  readonly message: string;
}

export interface JsonOutline {
  readonly root: OutlineNode | null;
  readonly duplicates: readonly DuplicateKey[];
  readonly faults: readonly OutlineFault[];
  /** The text with comments and trailing commas blanked and missing commas set, of the same length. */
  readonly strictText: string;
}

export const MAX_JSON_DEPTH = 200;

interface Frame {
  readonly node: OutlineNode;
  readonly close: number;
}

interface Scan {
  readonly text: string;
  at: number;
  /** Offset of the comma last passed, when nothing followed it yet. */
  comma: number;
  readonly stack: Frame[];
  readonly duplicates: DuplicateKey[];
  readonly faults: OutlineFault[];
  readonly edits: (readonly [start: number, end: number, text: string])[];
}

const [QUOTE, BACKSLASH, COMMA, COLON, SLASH, STAR, NEWLINE] = [34, 92, 44, 58, 47, 42, 10];
const [BRACE, BRACE_END, BRACKET, BRACKET_END] = [123, 125, 91, 93];

export function outlineJson(text: string): JsonOutline {
  const scan: Scan = { text, at: 0, comma: -1, stack: [], duplicates: [], faults: [], edits: [] };
  const root = scanDocument(scan);
  return { root, duplicates: scan.duplicates, faults: scan.faults, strictText: applyEdits(text, scan.edits) };
}

function scanDocument(scan: Scan): OutlineNode | null {
  skipBlanks(scan);
  const root = scanValue(scan, scan.at);
  while (root !== null && scan.stack.length > 0) if (!scanStep(scan)) return root;
  if (root === null) return null;
  skipBlanks(scan);
  if (scan.at < scan.text.length) fault(scan, "Text follows after the end of the JSON value");
  return root;
}

/** One member, item or closing bracket of the innermost open value; false when the text cannot be read on. */
function scanStep(scan: Scan): boolean {
  const frame = scan.stack.at(-1);
  if (frame === undefined) return true;
  const gap = scan.at;
  skipBlanks(scan);
  const code = scan.text.charCodeAt(scan.at);
  if (code === frame.close) return closeFrame(scan);
  const { members, items } = frame.node;
  const started = (members?.size ?? 0) > 0 || (items?.length ?? 0) > 0;
  if (started && scan.comma === -1) {
    if (code !== COMMA) return code === COLON ? fault(scan, "Unexpected character") : missingComma(scan, gap);
    scan.comma = scan.at++;
    return true;
  }
  if (code === COMMA) return fault(scan, "A value is missing before the comma");
  scan.comma = -1;
  return members === null ? scanItem(scan, items ?? []) : scanMember(scan, members);
}

function closeFrame(scan: Scan): boolean {
  if (scan.comma !== -1) {
    scan.faults.push({
      kind: "trailing-comma",
      offset: scan.comma,
      message: "A comma stands after the last element",
    });
    scan.edits.push([scan.comma, scan.comma + 1, " "]);
    scan.comma = -1;
  }
  scan.at++;
  scan.stack.pop();
  return true;
}

function scanItem(scan: Scan, items: OutlineNode[]): boolean {
  const node = scanValue(scan, scan.at);
  if (node !== null) items.push(node);
  return node !== null;
}

function scanMember(scan: Scan, members: Map<string, OutlineNode>): boolean {
  const offset = scan.at;
  if (scan.text.charCodeAt(offset) !== QUOTE) return fault(scan, "A key in double quotes was expected");
  if (!scanString(scan)) return false;
  const key = unquote(scan.text.slice(offset, scan.at));
  if (key === null) return fault({ ...scan, at: offset }, "A key has an invalid escape or control character");
  skipBlanks(scan);
  if (scan.text.charCodeAt(scan.at) !== COLON) return fault(scan, "A colon was expected");
  scan.at++;
  skipBlanks(scan);
  const node = scanValue(scan, offset);
  if (node === null) return false;
  const first = members.get(key);
  if (first !== undefined) scan.duplicates.push({ key, first: first.offset, second: offset, node });
  members.set(key, node);
  return true;
}

/** Opens an object or array, or passes a scalar. */
function scanValue(scan: Scan, offset: number): OutlineNode | null {
  const code = scan.text.charCodeAt(scan.at);
  if (code === BRACE || code === BRACKET) {
    if (scan.stack.length >= MAX_JSON_DEPTH) {
      scan.faults.push({
        kind: "depth",
        offset: scan.at,
        message: `Values nest deeper than ${MAX_JSON_DEPTH} levels`,
      });
      return null;
    }
    const object = code === BRACE;
    const node = {
      offset,
      members: object ? new Map<string, OutlineNode>() : null,
      items: object ? null : [],
    };
    scan.stack.push({ node, close: object ? BRACE_END : BRACKET_END });
    scan.at++;
    return node;
  }
  const passed = code === QUOTE ? scanString(scan) : scanLiteral(scan);
  return passed ? { offset, members: null, items: null } : null;
}

function scanString(scan: Scan): boolean {
  const { text } = scan;
  let end = text.indexOf('"', scan.at + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  if (end === -1) return fault(scan, "A string is not closed");
  if (text.slice(scan.at, end).includes("\n")) return fault(scan, "A string is not closed on its line");
  scan.at = end + 1;
  return true;
}

/** Whether the quote at an offset is one of the string's own. */
export function isEscaped(text: string, quote: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function scanLiteral(scan: Scan): boolean {
  LITERAL.lastIndex = scan.at;
  const [literal] = LITERAL.exec(scan.text) ?? [];
  if (literal === undefined) {
    return fault(scan, scan.at >= scan.text.length ? "The text ends too early" : "A value was expected");
  }
  scan.at += literal.length;
  return true;
}

/** White space and comments; comments are noted to be blanked. */
function skipBlanks(scan: Scan): void {
  const { text } = scan;
  for (;;) {
    let code = text.charCodeAt(scan.at);
    while (code === 32 || code === NEWLINE || code === 13 || code === 9) code = text.charCodeAt(++scan.at);
    if (code !== SLASH) return;
    const next = text.charCodeAt(scan.at + 1);
    if (next !== SLASH && next !== STAR) return;
    const found = next === SLASH ? text.indexOf("\n", scan.at) : text.indexOf("*/", scan.at + 2);
    const end = found === -1 ? text.length : next === SLASH ? found : found + 2;
    scan.edits.push([scan.at, end, text.slice(scan.at, end).replaceAll(/[^\n]/g, " ")]);
    scan.at = end;
  }
}

/** Reports a missing comma and reads on as if it stood in the gap, if there is room for it. */
function missingComma(scan: Scan, gap: number): boolean {
  const atEnd = scan.at >= scan.text.length;
  const roomy = !atEnd && scan.at > gap && /[\s/]/.test(scan.text.charAt(gap));
  const startsElement = /["{[\-\dtfn]/.test(scan.text.charAt(scan.at));
  if (!roomy || !startsElement)
    return fault(scan, atEnd ? "The text ends too early" : "A comma or closing bracket was expected");
  fault({ ...scan, at: gap }, "A comma is missing");
  scan.edits.push([gap, gap + 1, ","]);
  scan.comma = gap;
  return true;
}

/** Always false, so that a failing scan can end with it. */
function fault(scan: Scan, message: string): false {
  scan.faults.push({ kind: "syntax", offset: Math.min(scan.at, scan.text.length), message });
  return false;
}

function unquote(quoted: string): string | null {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return null;
  }
}

/** Edits keep lengths, so offsets in the strict text are offsets in the text. Where two overlap, the shorter one wins its place. */
function applyEdits(text: string, edits: Scan["edits"]): string {
  if (edits.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const [start, end, replacement] of [...edits].sort(
    (one, other) => one[0] - other[0] || one[1] - other[1],
  )) {
    const from = Math.max(start, at);
    parts.push(text.slice(at, from), replacement.slice(from - start));
    at = end;
  }
  return parts.join("") + text.slice(at);
}
