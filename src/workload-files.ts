/** The workload files of a run: which `stepfare.yml` speaks for which definition, each found and read once. */
import type { Shell } from "./shell.ts";
import { UserError } from "./user-error.ts";
import { readPlainWorkloadText } from "./workflow/workload/plain-workload-text.ts";
import type { WorkloadFile } from "./workflow/workload/workload-file.ts";

export interface LoadedWorkloadFile {
  /** Absolute. */
  readonly path: string;
  /** Absolute; paths and globs in the file start from here. */
  readonly folder: string;
  readonly content: WorkloadFile;
}

export interface WorkloadFiles {
  /**
   * The file whose region, transition rule and prices hold for the run: `--config`, else the nearest one upward from the
   * current folder, else the nearest one upward from the first path the user gave.
   */
  forRun(firstPath: string | null): Promise<LoadedWorkloadFile | null>;
  /** The file whose workflows hold for a definition: `--config`, else the nearest one upward from the definition's folder. */
  forDefinition(path: string): Promise<LoadedWorkloadFile | null>;
}

/** `config` is the path that `--config` gives: then it alone is read, and it must be there. */
export function workloadFiles(shell: Shell, config: string | null = null): WorkloadFiles {
  const found = new Map<string, Promise<string | null>>();
  const loaded = new Map<string, Promise<LoadedWorkloadFile>>();
  const load = (path: string) => remember(loaded, path, () => loadWorkloadFile(shell, path));
  const nearest = async (folder: string) => {
    const path = config === null ? await findWorkloadFile(shell, folder, found) : shell.paths.resolve(config);
    return path === null ? null : load(path);
  };
  return {
    forRun: async (firstPath) => {
      const here = await nearest(shell.cwd);
      return (
        here ?? (firstPath === null || firstPath === "-" ? null : nearest(await folderAt(shell, firstPath)))
      );
    },
    forDefinition: async (path) => nearest(path === "-" ? shell.cwd : await folderAt(shell, path)),
  };
}

/**
 * Absolute path of the nearest `stepfare.yml` or `stepfare.yaml` in `startDir` or a folder around it; null when there is
 * none. The search ends at the root of the repository (the folder that holds `.git`) or of the file system, both
 * included. Two of them in one folder is a UserError `ambiguous-workload-file`. `found` remembers folders already searched.
 */
export function findWorkloadFile(
  shell: Shell,
  startDir: string,
  found: Map<string, Promise<string | null>> = new Map(),
): Promise<string | null> {
  const folder = shell.paths.resolve(startDir);
  return remember(found, folder, async () => {
    const here = await workloadFileIn(shell, folder);
    if (here !== null) return here;
    const parent = shell.paths.dirname(folder);
    if (parent === folder || (await shell.stat(shell.paths.resolve(folder, ".git"))) !== null) return null;
    return findWorkloadFile(shell, parent, found);
  });
}

const NAMES = ["stepfare.yml", "stepfare.yaml"] as const;

async function workloadFileIn(shell: Shell, folder: string): Promise<string | null> {
  const paths = NAMES.map((name) => shell.paths.resolve(folder, name));
  const stats = await Promise.all(paths.map((path) => shell.stat(path)));
  const there = paths.filter((_, index) => stats[index]?.kind === "file");
  if (there.length > 1) {
    throw new UserError(
      "ambiguous-workload-file",
      `${shell.paths.relative(shell.cwd, folder) || "."} holds both ${NAMES.join(" and ")}.`,
      "Keep one of them, or name one with --config.",
    );
  }
  return there[0] ?? null;
}

async function loadWorkloadFile(shell: Shell, path: string): Promise<LoadedWorkloadFile> {
  const bytes = await shell.readFile(path);
  const shown = displayPath(shell, path);
  const text = decodeText(bytes, shown);
  // The schema, and the parser of all of YAML, are loaded only now: most runs need neither.
  const read =
    readPlainWorkloadText(text, shown) ??
    (await import("./workflow/workload/all-workload-text.ts")).readAllWorkloadText(text, shown);
  const { parseWorkload } = await import("./workflow/workload/workload-file-reader.ts");
  return {
    path,
    folder: shell.paths.dirname(path),
    content: parseWorkload(read, shown),
  };
}

/** Relative to the current folder when it lies below it. */
function displayPath(shell: Shell, path: string): string {
  const relative = shell.paths.relative(shell.cwd, path);
  return relative.startsWith("../") ? path : relative;
}

function decodeText(bytes: Uint8Array, shown: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(
      "invalid-workload-file",
      `${shown}:1:1: the file is not UTF-8 text`,
      "Save it as UTF-8.",
    );
  }
}

async function folderAt(shell: Shell, path: string): Promise<string> {
  const absolute = shell.paths.resolve(path);
  return (await shell.stat(absolute))?.kind === "folder" ? absolute : shell.paths.dirname(absolute);
}

function remember<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before) return before;
  const made = make();
  known.set(key, made);
  return made;
}
