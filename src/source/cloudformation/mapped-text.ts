/** A mapped text is a text put together from pieces of a source file, which still knows where each character was written. */
import type { ScalarNode } from "../../workflow/yaml/value-node.ts";

export interface MappedText {
  readonly text: string;
  /** Ascending by `at`; the first begins at 0 unless the text is empty. */
  readonly runs: readonly Run[];
}

interface Run {
  readonly at: number;
  readonly source: number;
  /** True: characters follow each other in the source too. False: the whole run was written at `source`. */
  readonly verbatim: boolean;
}

/** A text that stands in the source character by character. */
export function verbatimText(text: string, source: number): MappedText {
  return { text, runs: [{ at: 0, source, verbatim: true }] };
}

/** A text that something at one place of the source stands for. */
export function insertedText(text: string, source: number): MappedText {
  return { text, runs: [{ at: 0, source, verbatim: false }] };
}

export function joinTexts(parts: readonly MappedText[]): MappedText {
  const runs: Run[] = [];
  let length = 0;
  for (const part of parts) {
    if (part.text !== "") for (const run of part.runs) runs.push({ ...run, at: run.at + length });
    length += part.text.length;
  }
  return { text: parts.map((part) => part.text).join(""), runs };
}

export function sliceText(mapped: MappedText, from: number, to: number): MappedText {
  const text = mapped.text.slice(from, to);
  const { runs } = mapped;
  const first = firstRunAt(mapped, from);
  const kept: Run[] = [];
  for (let index = first; index < runs.length; index++) {
    const run = runs[index];
    if (run === undefined || (run.at >= to && index > first)) break;
    const skipped = Math.max(0, from - run.at);
    kept.push({
      at: Math.max(0, run.at - from),
      source: run.verbatim ? run.source + skipped : run.source,
      verbatim: run.verbatim,
    });
  }
  return { text, runs: kept };
}

/** Offset in the source of the text's character at `offset`. */
export function sourceOffset(mapped: MappedText, offset: number): number {
  const run = mapped.runs[firstRunAt(mapped, offset)];
  if (run === undefined) return 0;
  return run.verbatim ? run.source + Math.max(0, offset - run.at) : run.source;
}

/** Index of the run that holds `offset`, by bisection. */
function firstRunAt({ runs }: MappedText, offset: number): number {
  let low = 0;
  let high = runs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((runs[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Puts other texts in the place of matches; where `replace` says null, a match stays as it is. */
export function replaceInText(
  mapped: MappedText,
  pattern: RegExp,
  replace: (match: RegExpExecArray) => string | null,
): MappedText {
  const parts: MappedText[] = [];
  let done = 0;
  for (const match of mapped.text.matchAll(pattern)) {
    const replaced = replace(match);
    if (replaced === null) continue;
    parts.push(
      sliceText(mapped, done, match.index),
      insertedText(replaced, sourceOffset(mapped, match.index)),
    );
    done = match.index + match[0].length;
  }
  return parts.length === 0 ? mapped : joinTexts([...parts, sliceText(mapped, done, mapped.text.length)]);
}

/**
 * The text of a scalar, mapped to the source by walking both: what YAML drops is indentation, line folds and escapes, so
 * each visible character is found exactly, and white space stands by the character before it.
 */
export function scalarText(node: ScalarNode, source: string): MappedText {
  const opening = node.style === "plain" ? 0 : node.style === "block" ? headerLength(node, source) : 1;
  const start = node.start + opening;
  if (source.startsWith(node.text, start) && node.style !== "double") return verbatimText(node.text, start);
  const runs: Run[] = [];
  let from = start;
  for (let at = 0; at < node.text.length;) {
    const step = stepOf(node, source, at, from);
    const last = runs.at(-1);
    if (last === undefined || last.source - last.at !== step.source - at) {
      runs.push({ at, source: step.source, verbatim: true });
    }
    at += step.units;
    from = step.next;
  }
  return { text: node.text, runs };
}

/** The `|-` or `>2` of a block scalar, and the rest of its line. */
function headerLength(node: ScalarNode, source: string): number {
  const lineEnd = source.indexOf("\n", node.start);
  return (lineEnd < 0 ? source.length : lineEnd + 1) - node.start;
}

interface Step {
  /** Where the character at hand was written. */
  readonly source: number;
  /** UTF-16 units of the text that were written there. */
  readonly units: number;
  readonly next: number;
}

const ESCAPE_LENGTHS = new Map([
  ["x", 4],
  ["u", 6],
  ["U", 10],
]);

function stepOf(node: ScalarNode, source: string, at: number, from: number): Step {
  const wanted = node.text.charAt(at);
  let offset = from;
  if (isSpace(wanted) && source.charAt(offset) !== "\\") {
    return { source: offset, units: 1, next: isSpace(source.charAt(offset)) ? offset + 1 : offset };
  }
  for (;;) {
    while (isSpace(source.charAt(offset)) && offset < node.end) offset++;
    const skipped = node.style === "double" ? silentEscape(source, offset, wanted) : 0;
    if (skipped === 0) break;
    offset += skipped;
  }
  if (node.style === "double" && source.charAt(offset) === "\\") {
    const length = ESCAPE_LENGTHS.get(source.charAt(offset + 1)) ?? 2;
    const code = node.text.codePointAt(at) ?? 0;
    return { source: offset, units: length === 10 && code > 0xffff ? 2 : 1, next: offset + length };
  }
  const doubled = node.style === "single" && wanted === "'";
  return { source: offset, units: 1, next: offset + (doubled ? 2 : 1) };
}

/**
 * Length of an escape that does not stand for the wanted character: a backslash before a line's end, which joins the lines,
 * or an escaped space that an earlier one has been taken for.
 */
function silentEscape(source: string, offset: number, wanted: string): number {
  if (source.charAt(offset) !== "\\") return 0;
  if (/^\\\r?\n/.test(source.slice(offset, offset + 3))) return 1;
  return !isSpace(wanted) && /^\\[ ntr\t]/.test(source.slice(offset, offset + 2)) ? 2 : 0;
}

function isSpace(character: string): boolean {
  return character === " " || character === "\n" || character === "\t" || character === "\r";
}
