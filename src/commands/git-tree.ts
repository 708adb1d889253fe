/** A git tree is a commit's files to read where the work tree's would be, without touching it: a Shell that lives in the past. */
import picomatch from "picomatch";
import type { FileStat, FolderEntry, ListOptions, Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { type GitRepository, textOf } from "./git-revision.ts";

export interface GitTree {
  /** Paths below the repository are the commit's, all others the real ones. */
  readonly shell: Shell;
  /** Submodules' folders, relative to the root: their files belong to other repositories. */
  readonly submodules: readonly string[];
  has(path: string): boolean;
}

interface Entry {
  readonly kind: "file" | "folder" | "link" | "other";
  readonly id: string;
}

/** What a search reads at all; the rest is fetched when it is asked for. */
const LIKELY = /(?:\.(?:json|jsonc|json5|ya?ml|asl|template|tf|hcl|tfvars)|(?:^|\/)\.gitignore)$/i;

/** Files of a gigabyte stand in repositories too. */
const MOST_AT_ONCE = 5_000_000;

export async function openGitTree(shell: Shell, repository: GitRepository, commit: string): Promise<GitTree> {
  const { folders, submodules } = await readTree(repository, commit);
  const contents = contentReader(repository, folders);
  const { root } = repository;
  const inTree = (path: string): string | null => {
    const relative = shell.paths.relative(root, shell.paths.resolve(path));
    return /^(?:\.\.(?:\/|$)|[A-Za-z]:|\/)/.test(relative) ? null : relative;
  };
  const entryAt = (path: string): Entry | null => {
    if (path === "") return { kind: "folder", id: "" };
    const cut = path.lastIndexOf("/");
    return folders.get(cut < 0 ? "" : path.slice(0, cut))?.get(path.slice(cut + 1)) ?? null;
  };
  const readFile = async (path: string): Promise<Uint8Array> => {
    const own = inTree(path);
    if (own === null) return shell.readFile(path);
    const entry = entryAt(own);
    if (entry?.kind !== "file")
      throw new UserError("unreadable-file", `Cannot read ${path}: the base has no such file.`);
    return contents.read(entry.id);
  };
  const stat = async (path: string): Promise<FileStat | null> => {
    const own = inTree(path);
    if (own === null) return shell.stat(path);
    // The root of a work tree is known by this.
    if (own === ".git") return { kind: "folder", size: 0 };
    const entry = entryAt(own);
    if (entry === null) return null;
    return {
      kind: entry.kind === "link" ? "other" : entry.kind,
      size: entry.kind === "file" ? await contents.size(entry.id) : 0,
    };
  };
  const list = (folder: string, options?: ListOptions): AsyncIterable<FolderEntry> => {
    const own = inTree(folder);
    return own === null ? shell.list(folder, options) : listTree(own, options);
  };
  async function* listTree(folder: string, options: ListOptions = {}): AsyncGenerator<FolderEntry> {
    const waiting = [folder];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const names = [...(folders.get(path) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [name, { kind }] of names) {
        const below = path === "" ? name : `${path}/${name}`;
        const entry: FolderEntry = { path: shell.paths.resolve(root, below), name, kind };
        yield entry;
        if (kind === "folder" && (options.enter?.(entry) ?? true)) waiting.push(below);
      }
    }
  }
  const glob: Shell["glob"] = async (patterns, options) => {
    const from = inTree(options?.cwd ?? shell.cwd);
    if (from === null) return shell.glob(patterns, options);
    const isMatch = picomatch([...patterns], { ignore: [...(options?.ignore ?? [])] });
    const files = [...folders].flatMap(([folder, entries]) =>
      [...entries].flatMap(([name, { kind }]) =>
        kind === "file" ? [folder === "" ? name : `${folder}/${name}`] : [],
      ),
    );
    const absolute = files.map((file) => shell.paths.resolve(root, file));
    return absolute
      .filter((file) => isMatch(file) || isMatch(shell.paths.relative(options?.cwd ?? shell.cwd, file)))
      .sort();
  };
  return {
    shell: { ...shell, readFile, stat, list, glob },
    submodules,
    has: (path) => {
      const own = inTree(path);
      return own !== null && entryAt(own) !== null;
    },
  };
}

type Folders = Map<string, Map<string, Entry>>;

async function readTree(
  { git }: GitRepository,
  commit: string,
): Promise<{ readonly folders: Folders; readonly submodules: readonly string[] }> {
  const listed = await git(["ls-tree", "-r", "-z", "--full-tree", commit]);
  if (listed.code !== 0)
    throw new UserError("unreadable-base", `git cannot list the files of ${commit}: ${listed.stderr}.`);
  const folders: Folders = new Map([["", new Map()]]);
  const submodules: string[] = [];
  for (const line of textOf(listed).split("\0")) {
    const match = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(line);
    if (match === null) continue;
    const [, mode = "", id = "", path = ""] = match;
    if (mode === "160000") submodules.push(path);
    // A submodule's folder stands in a work tree, but what is in it belongs to another repository.
    else place(folders, path, { kind: mode === "120000" ? "link" : "file", id });
  }
  return { folders, submodules };
}

function place(folders: Folders, path: string, entry: Entry): void {
  let [rest, own] = [path, entry];
  for (;;) {
    const cut = rest.lastIndexOf("/");
    const folder = cut < 0 ? "" : rest.slice(0, cut);
    const known = folders.get(folder);
    const entries = known ?? new Map<string, Entry>();
    entries.set(rest.slice(cut + 1), own);
    if (known !== undefined) return;
    folders.set(folder, entries);
    [rest, own] = [folder, { kind: "folder", id: "" }];
  }
}

interface ContentReader {
  read(id: string): Promise<Uint8Array>;
  /** Bytes. */
  size(id: string): Promise<number>;
}

/** What a search is likely to read is fetched in one go when it first reads anything. */
function contentReader(repository: GitRepository, folders: Folders): ContentReader {
  const contents = new Map<string, Uint8Array>();
  const sizes = new Map<string, number>();
  let fetched: Promise<void> | null = null;
  const fetchLikely = async (): Promise<void> => {
    const likely = [...folders].flatMap(([, entries]) =>
      [...entries].flatMap(([name, { kind, id }]) => (kind === "file" && LIKELY.test(name) ? [id] : [])),
    );
    await learnSizes(repository, [...new Set(likely)], sizes);
    const small = [...sizes].filter(([, size]) => size <= MOST_AT_ONCE).map(([id]) => id);
    await fetchContents(repository, small, contents);
  };
  const ready = (): Promise<void> => (fetched ??= fetchLikely());
  return {
    read: async (id) => {
      await ready();
      if (!contents.has(id)) await fetchContents(repository, [id], contents);
      return contents.get(id)!;
    },
    size: async (id) => {
      await ready();
      if (!sizes.has(id)) await learnSizes(repository, [id], sizes);
      return sizes.get(id)!;
    },
  };
}

async function learnSizes(
  { git }: GitRepository,
  ids: readonly string[],
  sizes: Map<string, number>,
): Promise<void> {
  if (ids.length === 0) return;
  const told = await git(["cat-file", "--batch-check=%(objectname) %(objectsize)"], `${ids.join("\n")}\n`);
  for (const line of textOf(told).split("\n")) {
    const [id = "", size = ""] = line.split(" ");
    if (/^\d+$/.test(size)) sizes.set(id, Number(size));
  }
  const missing = ids.find((id) => !sizes.has(id));
  if (missing !== undefined) throw missingObject(missing);
}

/** `<id> blob <size>\n<content>\n`, one after the other: https://git-scm.com/docs/git-cat-file#_batch_output */
async function fetchContents(
  { git }: GitRepository,
  ids: readonly string[],
  contents: Map<string, Uint8Array>,
): Promise<void> {
  if (ids.length === 0) return;
  const { stdout } = await git(["cat-file", "--batch"], `${ids.join("\n")}\n`);
  let at = 0;
  while (at < stdout.length) {
    const end = stdout.indexOf(10, at);
    const [id = "", kind, size] = new TextDecoder().decode(stdout.subarray(at, end)).split(" ");
    if (kind !== "blob") throw missingObject(id);
    const start = end + 1;
    contents.set(id, stdout.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
}

function missingObject(id: string): UserError {
  return new UserError(
    "missing-object",
    `The base's object ${id} is not in this clone.`,
    "Fetch the whole of it: git fetch --refetch origin, or clone without --filter.",
  );
}
