/**
 * A stray line of a template is a line of words between two keys of one map, mostly of a text that is not indented. YAML
 * takes it for a part of the key below, which is then lost; here it is told of and passed over, and the keys stay.
 */
import { MAX_SYNTAX_FAULTS } from "./template-fault.ts";

const WORDS = /[A-Za-z0-9][A-Za-z0-9 ,.'()_/-]*(?=\r?\n)/y;
const EMPTY_LINES = /(?: *\r?\n)+/y;
const KEY_BELOW = / *[A-Za-z0-9_$]+:(?=[ \r\n])/y;

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

const MOST_CHARACTERS = 1_000_000;

/** How often a text is read anew, at most `most` times: a long one more seldom. */
export function mostReadings(text: string, most: number): number {
  return Math.min(most, Math.floor(MOST_CHARACTERS / Math.max(1, text.length)));
}

/** How many lines of a text are passed over: where all of YAML is read, each takes a reading of the whole. */
export function mostStrayLines(text: string): number {
  return mostReadings(text, MAX_SYNTAX_FAULTS);
}
