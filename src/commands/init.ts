/** `init` writes a stepfare.yml for the workflows that are found: one entry each, every open figure in it as a comment. */
import type { Shell } from "../shell.ts";
import { findWorkflows } from "../source/find-workflows.ts";
import type { WorkflowsFound } from "../source/find-workflows.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { workloadFor } from "../workflow/workload/workload-file-match.ts";
import type { WorkloadFile } from "../workflow/workload/workload-file.ts";
import { parseWorkloadFile } from "../workflow/workload/whole-workload-file.ts";
import { nothingFound } from "./nothing-found.ts";
import { openFiguresOf } from "./open-figures.ts";
import { draftWorkloadFile, extendWorkloadFile } from "./workload-draft.ts";
import type { DraftEntry, WorkloadDraft } from "./workload-draft.ts";

export interface InitOptions {
  /** Files, folders, globs; none: the current folder. */
  readonly paths: readonly string[];
  /** Print the file instead of writing it. */
  readonly dryRun?: boolean | undefined;
  /** The file to write; absent = the `stepfare.yml` of the folder that is searched. */
  readonly config?: string | undefined;
}

/**
 * Exit code 0, also when there is nothing new. UserErrors: `nothing-to-analyse`, `invalid-workload-file` when the file that is
 * there cannot be read, `workload-file-in-one-line`.
 */
export async function runInit(shell: Shell, { paths, dryRun, config }: InitOptions): Promise<0> {
  const found = await findWorkflows(shell, paths);
  if (found.workflows.length === 0)
    throw nothingFound(shell, { paths, diagnostics: found.diagnostics, done: "read" });
  const path = await workloadFilePath(shell, paths, config);
  const shown = shell.paths.relative(shell.cwd, path);
  const isThere = (await shell.stat(path)) !== null;
  const text = isThere ? new TextDecoder().decode(await shell.readFile(path)) : null;
  const draft = draftOf(found.workflows, { shell, path, shown, text });
  parseWorkloadFile(draft.text, shown);
  if (dryRun === true) await shell.stdout.write(draft.text);
  else if (draft.text !== text) await shell.writeFileAtomic(path, draft.text);
  await shell.stderr.write(wordsFor(draft, { shown, found, dryRun: dryRun === true }));
  return 0;
}

/** In the folder that is searched when there is one alone, else in the current one: there `analyze` finds it again. */
async function workloadFilePath(
  shell: Shell,
  paths: readonly string[],
  config: string | undefined,
): Promise<string> {
  if (config !== undefined) return shell.paths.resolve(config);
  const only = paths.length === 1 && paths[0] !== undefined ? shell.paths.resolve(paths[0]) : shell.cwd;
  const isFolder = (await shell.stat(only))?.kind === "folder";
  const isOutside = shell.paths.relative(shell.cwd, only).startsWith("..");
  const folder = isFolder && isOutside ? only : shell.cwd;
  const [long, short] = [
    shell.paths.resolve(folder, "stepfare.yaml"),
    shell.paths.resolve(folder, "stepfare.yml"),
  ];
  return (await shell.stat(long)) !== null && (await shell.stat(short)) === null ? long : short;
}

interface Target {
  readonly shell: Shell;
  readonly path: string;
  readonly shown: string;
  /** What stands there; null when nothing does. */
  readonly text: string | null;
}

function draftOf(workflows: readonly Workflow[], { shell, path, shown, text }: Target): WorkloadDraft {
  const fileOf = ({ at }: Workflow): string =>
    shell.paths.relative(shell.paths.dirname(path), shell.paths.resolve(at.file));
  if (text === null) return draftWorkloadFile(workflows.map((one) => entryFor(one, fileOf(one))));
  const file = parseWorkloadFile(text, shown);
  const entries = workflows
    .filter((one) => !isMatchedOtherwise(one, file, fileOf(one)))
    .map((one) => entryFor(one, fileOf(one)));
  return extendWorkloadFile(text, entries);
}

/** By a glob or an ARN: such an entry is for many, and figures of one have no place in it. */
function isMatchedOtherwise(workflow: Workflow, workloadFile: WorkloadFile, file: string): boolean {
  const { name, aliases } = workflow;
  const entries = workloadFor(workloadFile, { name, aliases, file }, workflow.workload)?.entries ?? [];
  return (
    entries.length > 0 && entries.every(({ selector }) => selector.file !== null || selector.arn !== null)
  );
}

/** `file` is told from the folder of the workload file, so that the comment is true for everyone. */
function entryFor(workflow: Workflow, file: string): DraftEntry {
  const { name, aliases, foundIn } = workflow;
  const origin = `${foundIn}, ${file.replaceAll(/[^\P{C}]/gu, " ")}`;
  return { name, aliases, origin, figures: openFiguresOf(workflow) };
}

interface Outcome {
  readonly shown: string;
  readonly found: WorkflowsFound;
  readonly dryRun: boolean;
}

function wordsFor({ added, extended }: WorkloadDraft, { shown, found, dryRun }: Outcome): string {
  const verb = dryRun ? "would get" : "got";
  const workflows = (count: number): string => `${count} ${count === 1 ? "workflow" : "workflows"}`;
  const parts = [
    ...(added.length > 0 ? [`entries for ${workflows(added.length)}`] : []),
    ...(extended.length > 0 ? [`new figures for ${workflows(extended.length)}`] : []),
  ];
  const unread = found.notAnalysed.length;
  const left = unread === 0 ? "" : `${workflows(unread)} cannot be read: stepfare analyze says why.\n`;
  return parts.length === 0
    ? `${shown} has it all already.\n${left}`
    : `${shown} ${verb} ${parts.join(" and ")}.\n${left}`;
}
