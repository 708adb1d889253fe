/** A walked folder is every file below it that git would track, and the outputs and projects of the CDK seen on the way. */
import pMap from "p-map";
import type { TreeEntry } from "./reading-shell.ts";
import { foldersAbove, NOTHING_IGNORED } from "./ignored-paths.ts";
import type { IgnoredPaths } from "./ignored-paths.ts";
import type { SourceTree } from "./source-tree.ts";

export interface WalkedFolder {
  /** Relative to the tree's root, sorted. */
  readonly files: readonly string[];
  /** Folders of cloud assemblies: `cdk.out`, also when git ignores it. */
  readonly assemblies: readonly string[];
  /** Files and folders that git would not track. */
  readonly ignored: number;
}

/** Folders being read at one time. */
const CONCURRENCY = 16;

/** Hold copies of what stands elsewhere, or what others wrote. */
const NEVER_ENTERED: ReadonlySet<string> = new Set([
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  ".terraform",
  ".aws-sam",
  ".serverless",
  "dist",
]);

/** Level by level, so that a deep tree overflows nothing. */
export async function walkFolder(tree: SourceTree, folder: string): Promise<WalkedFolder> {
  const files: string[] = [];
  const assemblies: string[] = [];
  let ignored = 0;
  let level: readonly OpenFolder[] = [{ path: folder, rules: await rulesAbove(tree, folder) }];
  while (level.length > 0) {
    const found = await pMap(level, (open) => readFolder(tree, open), { concurrency: CONCURRENCY });
    for (const one of found) {
      files.push(...one.files);
      assemblies.push(...one.assemblies);
      ignored += one.ignored;
    }
    level = found.flatMap((one) => one.folders);
  }
  return { files: files.sort(), assemblies: assemblies.sort(), ignored };
}

interface OpenFolder {
  readonly path: string;
  /** Of the folders above; its own `.gitignore` is still to be read. */
  readonly rules: IgnoredPaths;
}

interface ReadFolder extends WalkedFolder {
  readonly folders: readonly OpenFolder[];
}

async function readFolder(tree: SourceTree, { path, rules }: OpenFolder): Promise<ReadFolder> {
  const entries = await tree.entriesOf(path);
  if (isAssembly(path, entries)) return { files: [], assemblies: [path], ignored: 0, folders: [] };
  const own = await withOwnRules(tree, path, { entries, rules });
  const files: string[] = [];
  const folders: OpenFolder[] = [];
  const assemblies: string[] = [];
  let ignored = 0;
  for (const { name, kind } of entries) {
    const below = path === "" ? name : `${path}/${name}`;
    if (kind === "folder" && name === "cdk.out") assemblies.push(below);
    else if ((kind !== "file" && kind !== "folder") || (kind === "folder" && NEVER_ENTERED.has(name)))
      continue;
    else if (own.isIgnored(below, kind)) ignored++;
    else if (kind === "file") files.push(below);
    else folders.push({ path: below, rules: own });
  }
  return { files, assemblies, ignored, folders };
}

/** A cloud assembly under another name: it holds the version in a file `cdk.out`, beside its manifest. */
function isAssembly(path: string, entries: readonly TreeEntry[]): boolean {
  const isFile = (name: string): boolean =>
    entries.some((entry) => entry.name === name && entry.kind === "file");
  return /(?:^|\/)cdk\.out$/.test(path) || (isFile("cdk.out") && isFile("manifest.json"));
}

/** A folder that the user names is read, though a folder above may ignore it. */
async function rulesAbove(tree: SourceTree, folder: string): Promise<IgnoredPaths> {
  let rules = NOTHING_IGNORED;
  for (const above of foldersAbove(folder)) {
    rules = await withOwnRules(tree, above, { entries: await tree.entriesOf(above), rules });
  }
  const onTheWay = [...foldersAbove(folder).slice(1), folder];
  return folder !== "" && onTheWay.some((path) => rules.isIgnored(path, "folder")) ? NOTHING_IGNORED : rules;
}

async function withOwnRules(
  tree: SourceTree,
  folder: string,
  { entries, rules }: { readonly entries: readonly TreeEntry[]; readonly rules: IgnoredPaths },
): Promise<IgnoredPaths> {
  if (!entries.some((entry) => entry.name === ".gitignore" && entry.kind === "file")) return rules;
  const text = await tree.load(folder === "" ? ".gitignore" : `${folder}/.gitignore`);
  return text === null ? rules : rules.within(folder, text);
}
