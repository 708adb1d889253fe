/** Search targets are the paths a user names, made into trees of files to read: folders, files, globs and standard input. */
import pMap from "p-map";
import { UserError } from "../user-error.ts";
import type { ReadingShell } from "./reading-shell.ts";
import { sourceTree } from "./source-tree.ts";
import type { SourceTree } from "./source-tree.ts";
import { walkFolder } from "./walked-folder.ts";

/** What is searched of one tree; paths are relative to its root. */
export interface SearchTarget {
  readonly tree: SourceTree;
  /** Files to look at, sorted. */
  readonly files: readonly string[];
  /** Those of them that the user named one by one. */
  readonly named: ReadonlySet<string>;
  /** Folders that hold cloud assemblies. */
  readonly assemblies: readonly string[];
  /** Files and folders left out because git ignores them. */
  readonly ignored: number;
}

/** What a glob never means. */
const OUT_OF_GLOBS = ["**/node_modules/**", "**/.git/**", "**/cdk.out/**", "**/.terraform/**"];

interface Named {
  readonly path: string;
  readonly kind: "file" | "folder";
  /** The folder that was given: the path's own, of a glob the one in which it looks. */
  readonly given: string;
  /** False for what a glob matched. */
  readonly byName: boolean;
}

/** Throws a UserError `no-such-path` for a path at which nothing stands. `-` is left to the caller. */
export async function searchTargets(
  shell: ReadingShell,
  paths: readonly string[],
): Promise<readonly SearchTarget[]> {
  const named = (await pMap(paths, (path) => expandPath(shell, path), { concurrency: 8 })).flat();
  const given = [...new Set(named.map((one) => one.given))];
  const roots = new Map<string, Named[]>();
  for (const one of named) {
    const root = (await repositoryOf(shell, one)) ?? outermost(shell, one.given, given);
    roots.set(root, [...(roots.get(root) ?? []), one]);
  }
  const targets: SearchTarget[] = [];
  for (const root of [...roots.keys()].sort()) {
    targets.push(await targetIn(sourceTree(shell, root), roots.get(root) ?? []));
  }
  return targets;
}

async function expandPath(shell: ReadingShell, path: string): Promise<readonly Named[]> {
  const absolute = shell.paths.resolve(path);
  const found = await shell.stat(absolute);
  if (found !== null) {
    const kind = found.kind === "folder" ? "folder" : "file";
    const given = kind === "folder" ? absolute : shell.paths.dirname(absolute);
    return [{ path: absolute, kind, given, byName: true }];
  }
  const matches = /[*?[\]{}]/.test(path) ? await shell.glob([path], { ignore: OUT_OF_GLOBS }) : [];
  if (matches.length === 0) {
    const isGlob = /[*?[\]{}]/.test(path);
    throw new UserError(
      "no-such-path",
      isGlob ? `No file matches ${path}.` : `There is no file or folder ${path}.`,
      "Name a definition, a template, a folder or a glob; without a path the current folder is searched.",
    );
  }
  const given = shell.paths.resolve(folderOfGlob(path) || ".");
  return matches.map((match) => ({ path: match, kind: "file", given, byName: false }));
}

/** What stands before the first part with a mark of a glob, its slash included. */
function folderOfGlob(glob: string): string {
  const fixed = glob.slice(0, glob.search(/[*?[\]{}]/));
  return fixed.slice(0, Math.max(fixed.lastIndexOf("/"), fixed.lastIndexOf("\\")) + 1);
}

/** The folder with a `.git` that holds the path; null when none does. */
async function repositoryOf(shell: ReadingShell, { path, kind }: Named): Promise<string | null> {
  for (let folder = kind === "folder" ? path : shell.paths.dirname(path); ;) {
    if ((await shell.stat(shell.paths.resolve(folder, ".git"))) !== null) return folder;
    const above = shell.paths.dirname(folder);
    if (above === folder) return null;
    folder = above;
  }
}

/** Without a repository nothing is read but what was given; of folders within each other it is the outermost, once. */
function outermost(shell: ReadingShell, own: string, given: readonly string[]): string {
  const around = given.filter((folder) => {
    const way = shell.paths.relative(folder, own);
    return way === "" || !/^(?:\.\.(?:\/|$)|[A-Za-z]:|\/)/.test(way);
  });
  return around.reduce((outer, folder) => (folder.length < outer.length ? folder : outer), own);
}

async function targetIn(tree: SourceTree, named: readonly Named[]): Promise<SearchTarget> {
  const files = new Set<string>();
  const byName = new Set<string>();
  const assemblies = new Set<string>();
  let ignored = 0;
  for (const one of named) {
    const path = tree.pathOf(one.path);
    if (path === null) continue;
    if (one.kind === "file") {
      files.add(path);
      if (one.byName) byName.add(path);
      continue;
    }
    const walked = await walkFolder(tree, path);
    walked.files.forEach((file) => files.add(file));
    walked.assemblies.forEach((folder) => assemblies.add(folder));
    ignored += walked.ignored;
  }
  return { tree, files: [...files].sort(), named: byName, assemblies: [...assemblies].sort(), ignored };
}
