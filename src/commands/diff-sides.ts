/** The sides of a diff, read: the base where it is kept, the head from the work tree, each with its own stepfare.yml. */
import { type Config, type Flags, resolveConfig } from "../config.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { KeptReadings } from "../source/kept-readings.ts";
import { type LiveSide, fileWithin } from "../report/live-side.ts";
import type { Shell } from "../shell.ts";
import type { Fleet } from "../workflow/fleet/fleet.ts";
import { UserError } from "../user-error.ts";
import { type LoadedWorkloadFile, type WorkloadFiles, workloadFiles } from "../workload-files.ts";
import type { DiffBase } from "./diff-base.ts";
import { loadPriceListInUse } from "./price-list-in-use.ts";
import { readWorkflows } from "./read-workflows.ts";

export interface SideOptions<Format extends string> {
  readonly flags: Flags;
  readonly formats: readonly [Format, ...Format[]];
  readonly paths: readonly string[];
  readonly config: string | null;
  readonly parameters: readonly string[];
  /** Machines as deployed, whose figures both sides are lent; null = none. */
  readonly fleet: Fleet | null;
  /** One for both sides. */
  readonly kept: KeptReadings;
}

export interface ReadSide<Format extends string> {
  readonly side: LiveSide;
  readonly config: Config<Format>;
  readonly workloadFile: LoadedWorkloadFile | null;
}

/** Where one side is read. */
interface Ground {
  readonly shell: Shell;
  readonly files: WorkloadFiles;
  readonly paths: readonly string[];
  readonly name: string;
  /** Folder that the side begins at, relative to the current one. */
  readonly root: string;
  readonly diagnostics: readonly Diagnostic[];
}

export async function readHead<Format extends string>(
  shell: Shell,
  base: DiffBase,
  options: SideOptions<Format>,
): Promise<ReadSide<Format>> {
  const own =
    base.kind === "git"
      ? withoutFolders(
          shell,
          base.submodules.map((path) => shell.paths.resolve(base.root, path)),
        )
      : shell;
  const wasThere = base.kind === "git" ? (path: string) => base.tree.has(path) : () => false;
  const ground: Ground = {
    shell: own,
    files: workloadFiles(own, options.config),
    paths: await pathsThere(own, options.paths, wasThere),
    root: base.kind === "folder" ? shell.paths.relative(shell.cwd, await headRoot(shell, options.paths)) : "",
    name: options.paths.length === 0 ? "the work tree" : options.paths.join(" "),
    diagnostics: base.kind === "git" ? submodulesLeftOut(base.submodules) : [],
  };
  return readSide(ground, options);
}

/** Null for a saved report, which needs no reading. */
export async function readBase<Format extends string>(
  shell: Shell,
  { base, name }: { readonly base: DiffBase; readonly name: string },
  options: SideOptions<Format>,
): Promise<ReadSide<Format> | null> {
  if (base.kind === "report") return null;
  if (base.kind === "folder") return readSide(await folderGround(shell, { base, name }, options), options);
  const ground = await gitGround(shell, { base, name }, options);
  try {
    return await readSide(ground, options);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "invalid-workload-file") throw error;
    // A change that mends the file must not fail for what it mends.
    const files = workloadFiles(shell, options.config);
    const diagnostics = [...ground.diagnostics, unreadFigures(ground.name, error)];
    return readSide({ ...ground, files, diagnostics }, options);
  }
}

function unreadFigures(name: string, { message }: UserError): Diagnostic {
  return {
    code: "base-workload-unread",
    severity: "warning",
    message: `the figures of ${name} cannot be read (${message}): those of the work tree stand on both sides, so that no change of figures is told`,
    at: null,
    hint: null,
  };
}

async function gitGround(
  shell: Shell,
  { base, name }: { readonly base: Extract<DiffBase, { kind: "git" }>; readonly name: string },
  { paths, config }: SideOptions<string>,
): Promise<Ground> {
  const past = base.tree.shell;
  // A file given with --config that the base does not have speaks for both sides.
  const isThere = config === null || base.tree.has(config);
  const isNow = async (path: string) => (await shell.stat(shell.paths.resolve(path))) !== null;
  const now = new Set<string>();
  for (const path of paths) if (await isNow(path)) now.add(path);
  return {
    shell: past,
    files: workloadFiles(isThere ? past : shell, config),
    paths: await pathsThere(past, paths, (path) => now.has(path)),
    root: "",
    name: `${name} (${base.commit.slice(0, 8)})`,
    diagnostics: [],
  };
}

/** A folder that holds no stepfare.yml takes the head's: the same file for both sides unless it changed itself. */
async function folderGround(
  shell: Shell,
  { base, name }: { readonly base: Extract<DiffBase, { kind: "folder" }>; readonly name: string },
  { paths, config }: SideOptions<string>,
): Promise<Ground> {
  const { folder } = base;
  const there: Shell = {
    ...shell,
    cwd: folder,
    paths: { ...shell.paths, resolve: (...parts) => shell.paths.resolve(folder, ...parts) },
  };
  const [own, heads] = [
    workloadFiles(there, config === null ? null : shell.paths.resolve(config)),
    workloadFiles(shell, config),
  ];
  const root = await headRoot(shell, paths);
  const isFolder = paths.length === 1 && root === shell.paths.resolve(paths[0] ?? "");
  const moved = (file: LoadedWorkloadFile | null): LoadedWorkloadFile | null =>
    file && { ...file, folder: shell.paths.resolve(folder, shell.paths.relative(root, file.folder)) };
  const files: WorkloadFiles = {
    forRun: async (first) => (await own.forRun(first)) ?? heads.forRun(paths[0] ?? null),
    forDefinition: async (path) =>
      (await own.forDefinition(path)) ??
      moved(await heads.forDefinition(shell.paths.resolve(root, shell.paths.relative(folder, path)))),
  };
  return {
    shell: there,
    files,
    paths: isFolder ? ["."] : await pathsThere(there, paths, () => true),
    name,
    root: "",
    diagnostics: [],
  };
}

/** Where the head begins that a folder is compared with: at the one folder that is named, else at the current one. */
async function headRoot(shell: Shell, paths: readonly string[]): Promise<string> {
  const [only] = paths;
  if (only === undefined || paths.length > 1) return shell.cwd;
  const named = shell.paths.resolve(only);
  return (await shell.stat(named))?.kind === "folder" ? named : shell.cwd;
}

async function readSide<Format extends string>(
  ground: Ground,
  options: SideOptions<Format>,
): Promise<ReadSide<Format>> {
  const { shell, files, paths } = ground;
  const workloadFile = await files.forRun(paths[0] ?? null);
  const config = resolveConfig({ shell, flags: options.flags, workloadFile, formats: options.formats });
  const isNowhere = options.paths.length > 0 && paths.length === 0;
  const [prices, read] = await Promise.all([
    loadPriceListInUse(shell, config),
    isNowhere
      ? NOTHING
      : readWorkflows(shell, {
          paths,
          files,
          config,
          parameters: options.parameters,
          kept: options.kept,
          fleet: options.fleet,
        }),
  ]);
  return {
    config,
    workloadFile,
    side: {
      name: ground.name,
      workflows: read.workflows,
      root: ground.root,
      unread: read.notAnalysed.map(({ name, at }) => ({ name, file: fileWithin(ground.root, at.file) })),
      diagnostics: [...ground.diagnostics, ...prices.diagnostics, ...read.diagnostics],
      priceList: prices.list,
      transitionRule: config.transitionRule,
    },
  };
}

const NOTHING = { workflows: [], notAnalysed: [], diagnostics: [] };

/** A path that the other side alone has was added or removed; one that neither has is told as a mistake when it is read. */
async function pathsThere(
  shell: Shell,
  paths: readonly string[],
  isElsewhere: (path: string) => boolean,
): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const path of paths) {
    const isThere =
      (await shell.stat(shell.paths.resolve(path))) !== null || (await shell.glob([path])).length > 0;
    if (isThere || !(isElsewhere(path) || /[*?[\]{}]/.test(path))) kept.push(path);
  }
  return kept;
}

/** Folders that are not looked into, as if they were empty. */
function withoutFolders(shell: Shell, folders: readonly string[]): Shell {
  if (folders.length === 0) return shell;
  const left = new Set(folders);
  return {
    ...shell,
    list: async function* (folder, options) {
      for await (const entry of shell.list(folder, options))
        yield left.has(entry.path) ? { ...entry, kind: "other" } : entry;
    },
  };
}

function submodulesLeftOut(submodules: readonly string[]): readonly Diagnostic[] {
  if (submodules.length === 0) return [];
  const are = submodules.length === 1 ? "a submodule is" : `${submodules.length} submodules are`;
  return [
    {
      code: "submodules-left-out",
      severity: "info",
      message: `${are} left out on both sides: ${submodules.join(", ")}`,
      at: null,
      hint: "Run stepfare diff inside of one to compare it.",
    },
  ];
}
