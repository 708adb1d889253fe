/** A job summary is Markdown on the page of a CI run, where nobody needs a right to put it. */
import type { Shell } from "../shell.ts";

/** "Job summaries are isolated between steps and each step is restricted to a maximum size of 1MiB": three bytes to a unit. */
export const JOB_SUMMARY_LIMIT = 300_000;

/** Appends to what the step has written so far. False where the CI has no summaries. */
export async function writeJobSummary(
  shell: Pick<Shell, "env" | "stat" | "readFile" | "writeFileAtomic">,
  markdown: string,
): Promise<boolean> {
  const path = shell.env.GITHUB_STEP_SUMMARY;
  if (!path) return false;
  const before =
    (await shell.stat(path)) === null ? "" : new TextDecoder().decode(await shell.readFile(path));
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  await shell.writeFileAtomic(path, `${before}${gap}${markdown.trimEnd()}\n`);
  return true;
}
