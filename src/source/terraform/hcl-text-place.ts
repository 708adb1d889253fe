/** A text's place is where a character of an evaluated text was written. */
import type { Span } from "./hcl-syntax.ts";
import type { StringValue } from "./hcl-value.ts";
import { lastNotAfter, placeAt } from "../file-text.ts";
import type { Place } from "../../diagnostic.ts";

/** From one character of the text to where it was written; null when that is not known. */
export function spanOfText(value: StringValue): (offset: number) => Span | null {
  const starts = value.runs.map((run) => run.from);
  return (offset) => {
    const run = value.runs[lastNotAfter(starts, offset)];
    if (run === undefined) return value.at;
    const start = run.exact ? run.offset + Math.max(0, offset - run.from) : run.offset;
    return { source: run.source, start, end: start + 1 };
  };
}

export function placeOf(span: Span, pointer = ""): Place {
  return placeAt(span.source, span.start, pointer);
}
