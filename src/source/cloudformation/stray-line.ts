/**
 * A stray line of a template is a line of words between two keys of one map, mostly of a text that is not indented. YAML
 * takes it for a part of the key below, which is then lost; here it is told of and passed over, and the keys stay.
 */
import { MAX_SYNTAX_FAULTS, type TemplateFault } from "./template-fault.ts";

const WORDS = /[A-Za-z0-9][A-Za-z0-9 ,.'()_/-]*(?=\r?\n)/y;
const EMPTY_LINES = /(?: *\r?\n)+/y;
const KEY_BELOW = / *[A-Za-z0-9_$]+:(?=[ \r\n])/y;

/** Each is a reading of the whole text where all of YAML is read. */
const MOST_CHARACTERS = 1_000_000;

/** The words at `at`, where a line's text begins in this column, when a key stands in the same column below; null where they are no stray line. */
export function strayWords(text: string, at: number, column: number): string | null {
  const words = match(WORDS, text, at);
  if (words === null) return null;
  const lines = match(EMPTY_LINES, text, at + words.length);
  if (lines === null) return null;
  const below = at + words.length + lines.length;
  const key = match(KEY_BELOW, text, below);
  return key !== null && key.search(/[^ ]/) === column ? words : null;
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** How many of a text are passed over. */
export function mostStrayLines(text: string): number {
  return Math.min(MAX_SYNTAX_FAULTS, Math.floor(MOST_CHARACTERS / Math.max(1, text.length)));
}

/** What is told of a template's text, in the order of its lines. */
export function syntaxFaults(
  strayLines: readonly number[],
  others: readonly TemplateFault[],
): readonly TemplateFault[] {
  return [...strayLines.map(strayLine), ...others]
    .toSorted((a, b) => a.offset - b.offset)
    .slice(0, MAX_SYNTAX_FAULTS);
}

function strayLine(offset: number): TemplateFault {
  return {
    code: "template-syntax",
    severity: "error",
    message: "The template is not valid YAML: This line is neither a key nor part of the text above it.",
    offset,
    hint: "Indent each line of a text more than the key that it belongs to.",
  };
}
