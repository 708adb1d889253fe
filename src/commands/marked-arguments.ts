/**
 * Marked arguments are the command line as yargs can read it: it loses a lone "-" (standard input) among the positionals,
 * takes a negative amount ("-5%") for options, and keeps from the positionals all that follows "--". A mark is a character that no shell can hand over.
 */

const MARK = "\0";

/** The option, without dashes, that stands in the place of "--". */
export const END_OF_OPTIONS = `${MARK}end`;

export function markArguments(argv: readonly string[]): string[] {
  const end = argv.indexOf("--");
  const options = (end < 0 ? argv : argv.slice(0, end)).map((each) =>
    /^-(?:\d|$)/.test(each) ? `${MARK}${each}` : each,
  );
  if (end < 0) return options;
  return [...options, `--${END_OF_OPTIONS}`, ...argv.slice(end + 1).map((each) => `${MARK}${each}`)];
}

/** What yargs made of an argument, or of several, as it was written. */
export function unmarkArguments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarkArguments);
  return typeof value === "string" ? unmarkText(value) : value;
}

export function unmarkText(text: string): string {
  return text.replaceAll(MARK, "");
}
