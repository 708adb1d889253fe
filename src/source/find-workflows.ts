/**
 * Finds every workflow below the paths that a user names, each once, and reads it; nothing is run and nothing is fetched.
 *
 *     findWorkflows(shell, paths, options?) → Promise<{ workflows, notAnalysed, diagnostics, skipped }>
 *
 * `shell` is any Shell; `paths` are files, folders, globs or `-` for standard input (none: the current folder); `options`
 * hold `parameters` (of templates, `--parameter Name=value`) and `region`. The order and the names are the same on every run.
 */
import pMap from "p-map";
import type { Diagnostic, Place } from "../diagnostic.ts";
import { decodeText } from "../workflow/decode-text.ts";
import type { FoundIn, Workflow } from "../workflow/workflow.ts";
import { findAslFile, isCalledAsl, mentionsStates } from "./asl-file.ts";
import { declareWorkflow } from "./declared-workflow.ts";
import type { FoundWorkflow } from "./found-workflow.ts";
import type { ReadingShell } from "./reading-shell.ts";
import { searchTargets } from "./search-targets.ts";
import type { SearchTarget } from "./search-targets.ts";
import { uniqueNames } from "./unique-names.ts";

export interface FindOptions {
  /** By name; they stand over the defaults of templates. */
  readonly parameters?: ReadonlyMap<string, string>;
  /** Null leaves what follows from the region open. */
  readonly region?: string | null;
}

export interface WorkflowsFound {
  /** By the place where they were found. Files in places are relative to the current folder. */
  readonly workflows: readonly Workflow[];
  /** Machines that are declared but cannot be read; the diagnostics of each say why. */
  readonly notAnalysed: readonly NotAnalysed[];
  /** What concerns no single machine. */
  readonly diagnostics: readonly Diagnostic[];
  readonly skipped: Skipped;
}

export interface NotAnalysed {
  readonly name: string;
  readonly foundIn: FoundIn;
  readonly at: Place;
  readonly diagnostics: readonly Diagnostic[];
}

/** How many files and folders were left out, by why. */
export interface Skipped {
  /** By .gitignore: a folder counts once, whatever it holds. */
  readonly ignored: number;
  readonly binary: number;
  /** Larger than 5 MB. */
  readonly large: number;
  readonly unreadable: number;
  readonly links: number;
}

/** Throws a UserError `no-such-path` for a path at which nothing stands. */
export async function findWorkflows(
  shell: ReadingShell,
  paths: readonly string[],
  options: FindOptions = {},
): Promise<WorkflowsFound> {
  void options;
  const named = paths.length === 0 ? ["."] : paths;
  const targets = await searchTargets(
    shell,
    named.filter((path) => path !== "-"),
  );
  const found: FoundWorkflow[] = [];
  if (named.includes("-")) {
    const { text } = decodeText(await shell.stdin());
    const one = text === null ? null : await findAslFile("-", text);
    if (one !== null) found.push({ ...one, name: "standard input" });
  }
  for (const target of targets) found.push(...(await findInTarget(target)));
  return readAll(found, targets);
}

const CANDIDATE = /\.(?:json|jsonc|json5|ya?ml|asl)$/i;

async function findInTarget({ tree, files, named }: SearchTarget): Promise<readonly FoundWorkflow[]> {
  const candidates = files.filter((file) => CANDIDATE.test(file) || named.has(file));
  const found = await pMap(
    candidates,
    async (file) => {
      const text = await (named.has(file) ? tree.loadGiven(file) : tree.load(file));
      return text !== null && (mentionsStates(text) || isCalledAsl(file)) ? findAslFile(file, text) : null;
    },
    { concurrency: 16 },
  );
  return found.filter((one) => one !== null);
}

async function readAll(
  found: readonly FoundWorkflow[],
  targets: readonly SearchTarget[],
): Promise<WorkflowsFound> {
  const sorted = found.toSorted((one, other) => comparePlaces(one.at, other.at));
  const names = uniqueNames(sorted.map(({ name, at }) => ({ name, file: at.file })));
  const read = await pMap(
    sorted,
    async (one, index) => ({ found: one, name: names[index] ?? one.name, ...(await declareWorkflow(one)) }),
    { concurrency: 16 },
  );
  return {
    workflows: read.flatMap(({ workflow, name }) => (workflow === null ? [] : { ...workflow, name })),
    notAnalysed: read.flatMap(({ workflow, found: { foundIn, at }, name, diagnostics }) =>
      workflow === null ? { name, foundIn, at, diagnostics } : [],
    ),
    diagnostics: [],
    skipped: targets.reduce<Skipped>(
      (sum, { tree: { leftOut }, ignored }) => ({
        ignored: sum.ignored + ignored,
        binary: sum.binary + leftOut.binary,
        large: sum.large + leftOut.large,
        unreadable: sum.unreadable + leftOut.unreadable,
        links: sum.links + leftOut.links,
      }),
      { ignored: 0, binary: 0, large: 0, unreadable: 0, links: 0 },
    ),
  };
}

function comparePlaces(one: Place, other: Place): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}
