/** What a page's scripts hand to each other. */
import type { ParseJsonata } from "../graph/constant-expression.ts";

declare global {
  interface Window {
    /** Set by a script of its own, where a workflow needs it. */
    parseJsonata?: ParseJsonata;
  }
}
