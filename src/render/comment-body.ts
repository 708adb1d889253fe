/** A comment's body is the Markdown of a diff that was saved, as far as the forge's limit goes. */
import type { DiffReport } from "../report/diff-report.ts";
import { renderDiffMarkdown } from "./diff-markdown.ts";

/** `diff`: of kind `diff` and schema 1, as `diff --format json` wrote it. */
export function commentBody(diff: unknown, limit: number): string {
  return renderDiffMarkdown(diff as DiffReport, { details: true, graphs: true, limit });
}
