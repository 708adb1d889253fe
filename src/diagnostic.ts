/** A diagnostic is what we learned about the user's input: data that travels in the report, never an exception. */

export type Severity = "error" | "warning" | "info";

/** Where something stands. Lines and columns count from 1; `pointer` is an RFC 6901 JSON pointer into the file ("" = its root). */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly pointer: string;
}

export interface Diagnostic {
  /** Kebab-case noun for what is wrong, e.g. `unreachable-state`; names its page in docs/. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong and why, in one sentence without a trailing place. */
  readonly message: string;
  readonly at: Place | null;
  /** What to write instead. */
  readonly hint: string | null;
}
