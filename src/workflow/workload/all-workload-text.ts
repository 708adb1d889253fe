/** All workload text is a workload file in whatever YAML there is, so JSON too: aliases, merges, and what is wrong with it. */
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Alias, Document, ParsedNode, YAMLError } from "yaml";
import type { Diagnostic, Place } from "../../diagnostic.ts";
import { EMPTY, MAX_VALUES, WORKLOAD, objectOf, workloadTextOf } from "./workload-text.ts";
import type { Placed, TextKind, WorkloadText } from "./workload-text.ts";

/** Faults in the YAML itself that are told one by one: after the first few they mostly follow from each other. */
const MAX_SYNTAX_ERRORS = 10;

interface Reading {
  readonly fail: (offset: number | null, message: string, hint: string) => void;
  readonly kind: TextKind;
  count: number;
  /** Aliases being written out, outermost first. */
  readonly open: Set<ParsedNode>;
  readonly anchors: Map<string, ParsedNode>;
  /** What each alias stands for, settled where it was written: a later anchor may reuse the name. */
  readonly sources: Map<Alias.Parsed, ParsedNode>;
}

export function readAllWorkloadText(text: string, file: string, kind: TextKind = WORKLOAD): WorkloadText {
  const lines = new LineCounter();
  const placeAt = (offset: number | null, pointer: string): Place => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), pointer };
  };
  const errors: Diagnostic[] = [];
  const fail = (offset: number | null, message: string, hint: string | null) => {
    errors.push({ code: kind.code, severity: "error", message, at: placeAt(offset, ""), hint });
  };
  const document = parseSafely(text, lines);
  if (!document) fail(0, "the file nests too deeply to be read", kind.hint);
  for (const error of document ? syntaxErrors(document) : []) fail(...error);
  const root =
    document && errors.length === 0
      ? placedValue(document.contents, newReading(fail, kind), { depth: 0, keyOffset: null })
      : EMPTY;
  return workloadTextOf(root, errors, placeAt);
}

function newReading(fail: Reading["fail"], kind: TextKind): Reading {
  return { fail, kind, count: 0, open: new Set(), anchors: new Map(), sources: new Map() };
}

/** Null when the parser runs out of stack. */
function parseSafely(text: string, lineCounter: LineCounter): Document.Parsed | null {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, logLevel: "error", stringKeys: false });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function syntaxErrors(document: Document.Parsed): [offset: number, message: string, hint: string | null][] {
  const exhausted = document.errors.find((error) => error.code === "RESOURCE_EXHAUSTION");
  if (exhausted) return [[exhausted.pos[0], "the file nests too deeply to be read", null]];
  // Each group left open at the end of the file is one error more of the same words at the same place.
  const errors = [
    ...new Map(document.errors.map((error) => [`${error.pos[0]} ${error.message}`, error])).values(),
  ];
  const told = errors.slice(0, MAX_SYNTAX_ERRORS).map(syntaxError);
  const more = errors.length - told.length;
  const next = errors[MAX_SYNTAX_ERRORS];
  return next ? [...told, [next.pos[0], `${more} more such errors from here on`, null]] : told;
}

function syntaxError(error: YAMLError): [offset: number, message: string, hint: string | null] {
  const message = error.message.split("\n", 1)[0] ?? error.code;
  const [said, hint] = SYNTAX_WORDS.get(error.code) ?? [`this is not YAML: ${message}`, null];
  return [error.pos[0], said, hint];
}

const SYNTAX_WORDS: ReadonlyMap<string, readonly [message: string, hint: string]> = new Map([
  ["DUPLICATE_KEY", ["this key stands twice in its group", "Keep one of them."]],
  ["TAB_AS_INDENT", ["a tab cannot indent in YAML", "Write spaces."]],
  ["MULTIPLE_DOCS", ["the file holds more than one YAML document", "Keep one, without --- lines between."]],
]);

interface Around {
  readonly depth: number;
  readonly keyOffset: number | null;
}

function placedValue(node: ParsedNode | null | undefined, reading: Reading, around: Around): Placed {
  const offset = node?.range?.[0] ?? around.keyOffset;
  const leaf = (value: unknown): Placed => ({
    value,
    keyOffset: around.keyOffset,
    offset,
    children: new Map(),
  });
  reading.count++;
  if (reading.count > MAX_VALUES) {
    if (reading.count === MAX_VALUES + 1) {
      reading.fail(
        offset,
        `the file stands for more than ${MAX_VALUES} values`,
        "Use fewer or smaller aliases.",
      );
    }
    return leaf(null);
  }
  if (around.depth > reading.kind.maxDepth) {
    reading.fail(offset, `the file nests more than ${reading.kind.maxDepth} levels deep`, reading.kind.hint);
    return leaf(null);
  }
  if (isAlias(node)) return aliasedValue(node, reading, around);
  if (node?.anchor && reading.open.size === 0) reading.anchors.set(node.anchor, node);
  if (isScalar(node)) return leaf(node.value);
  const children = isMap<ParsedNode, ParsedNode | null>(node)
    ? mapChildren(node.items, reading, around.depth)
    : isSeq<ParsedNode>(node)
      ? node.items.map(
          (item, index) =>
            [String(index), placedValue(item, reading, { ...around, depth: around.depth + 1 })] as const,
        )
      : [];
  const places = new Map(children);
  const value = isSeq(node)
    ? children.map(([, child]) => child.value)
    : isMap(node)
      ? objectOf(places)
      : null;
  return { value, keyOffset: around.keyOffset, offset, children: places };
}

function aliasedValue(alias: Alias.Parsed, reading: Reading, around: Around): Placed {
  const source = reading.sources.get(alias) ?? reading.anchors.get(alias.source);
  const offset = alias.range[0];
  if (!source || reading.open.has(source)) {
    const name = JSON.stringify(alias.source);
    const said = source ? `the alias ${name} holds itself` : `the alias ${name} has no anchor before it`;
    reading.fail(offset, said, "Write the value itself.");
    return { ...EMPTY, offset };
  }
  reading.sources.set(alias, source);
  reading.open.add(source);
  const placed = placedValue(source, reading, around);
  reading.open.delete(source);
  return placed;
}

type MapItem = { readonly key: ParsedNode; readonly value: ParsedNode | null };

/** Own keys win over what `<<` merges in, as https://yaml.org/type/merge.html has it. */
function mapChildren(
  items: readonly MapItem[],
  reading: Reading,
  depth: number,
): (readonly [string, Placed])[] {
  const own: (readonly [string, Placed])[] = [];
  const merged: (readonly [string, Placed])[] = [];
  for (const { key, value } of items) {
    const keyOffset = key?.range?.[0] ?? null;
    const placed = placedValue(value, reading, { depth: depth + 1, keyOffset });
    if (isScalar(key) && key.value === "<<" && key.type === "PLAIN") merged.push(...placed.children);
    else if (isScalar(key)) own.push([key.source ?? "", placed]);
    else reading.fail(keyOffset, "a key must be text", "Write a name before the colon.");
  }
  const names = new Set(own.map(([name]) => name));
  return [...merged.filter(([name]) => !names.has(name)), ...own];
}
