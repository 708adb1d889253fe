/** A comment's body is the Markdown of a diff that was saved, as far as the forge's limit goes. */
import type { DiffReport } from "../report/diff-report.ts";
import { renderDiffMarkdown } from "./diff-markdown.ts";

/** Mermaid is drawn in comments by these; elsewhere it would be read as code. */
const DRAWS: ReadonlySet<string | null> = new Set(["github", "gitlab"]);

/** `diff`: of kind `diff` and schema 1, as `diff --format json` wrote it; `forge`: `github`, `bitbucket`, …, null = not known. */
export function commentBody(diff: unknown, limit: number, forge: string | null): string {
  return renderDiffMarkdown(diff as DiffReport, {
    details: forge !== "bitbucket",
    graphs: DRAWS.has(forge),
    limit,
  });
}
