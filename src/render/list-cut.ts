/** A list cut keeps a long list short and says what it left out and how to see it. */
import { decimalText } from "../decimal-text.ts";

export interface RenderOptions {
  /** Cells the terminal has. */
  readonly columns: number;
  readonly colour: boolean;
  /** Shows everything. */
  readonly verbose: boolean;
  /** Entries of a list shown before it is cut; at least one is. */
  readonly top: number;
  /** The same of a table of many workflows; `top` when absent. */
  readonly topWorkflows?: number;
}

/** A table of many workflows is there to be read as a whole: unless told otherwise, it fills a screen. */
export const TOP_WORKFLOWS = 20;

/** What decides how long a list may be. */
export interface ListOptions extends Pick<RenderOptions, "verbose" | "top" | "topWorkflows"> {
  /** Where the rest is to be seen, as the end of a sentence; when absent, on a terminal, by --verbose. */
  readonly rest?: string;
}

export interface ListCut<Entry> {
  readonly shown: readonly Entry[];
  /** Null when nothing was left out. */
  readonly more: string | null;
}

/** `nouns` reads after a number, and before where the rest is: "12 more states: --verbose shows all". */
export function cutList<Entry>(
  entries: readonly Entry[],
  nouns: string,
  options: ListOptions,
): ListCut<Entry> {
  const limit = options.verbose ? entries.length : Math.max(1, Math.floor(options.top));
  const left = entries.length - limit;
  // A line that says "1 more" takes the room of the one it hides.
  if (left <= 1) return { shown: entries, more: null };
  return {
    shown: entries.slice(0, limit),
    more: `… ${decimalText(left)} more ${nouns}${options.rest ?? ": --verbose shows all"}`,
  };
}
