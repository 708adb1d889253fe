/**
 * A source tree is a folder with all that may be read below it: its files are listed and read at most once, links are not
 * followed, and what is binary or too large is left out and counted.
 */
import { decodeText } from "../workflow/text/decode-text.ts";
import type { ReadingShell, TreeEntry } from "./reading-shell.ts";
import { folderOf, resolvePath } from "./repository.ts";

/** Ten times the largest definition that AWS takes, with room for templates that hold several. */
const MAX_FILE_BYTES = 5_000_000;

export interface SourceTree {
  /** Absolute. */
  readonly root: string;
  /** Whether a file or folder stands there, and on the way to it no link. */
  has(path: string, kind: "file" | "folder"): Promise<boolean>;
  /** Entries of a folder that is there; empty when it may not be read. Follows a link, so that a user can name one. */
  entriesOf(folder: string): Promise<readonly TreeEntry[]>;
  /** The text of a file; null when there is none, when it is behind a link, binary or too large. */
  load(path: string): Promise<string | null>;
  /** The same for a file that the user names: it may be large, or a link. Throws what the shell throws. */
  loadGiven(path: string): Promise<string | null>;
  /** What `load` gave; undefined when it has not been asked for, or has not answered. */
  loaded(path: string): string | null | undefined;
  /** Why a file that was loaded is no text, as a sentence; null when it is one. */
  notText(path: string): string | null;
  /** How many files were left out for what they hold, and how many folders for what they forbid. */
  readonly leftOut: LeftOut;
  /** Path relative to the root, with `/`; null when it lies outside. */
  pathOf(absolute: string): string | null;
}

export interface LeftOut {
  binary: number;
  large: number;
  unreadable: number;
  links: number;
  /** Absolute paths of the large ones. */
  readonly largeFiles: string[];
}

export function sourceTree(shell: ReadingShell, root: string): SourceTree {
  const folders = new Map<string, Promise<Folder>>();
  const texts = new Map<string, Promise<string | null>>();
  const answers = new Map<string, string | null>();
  const leftOut: LeftOut = { binary: 0, large: 0, unreadable: 0, links: 0, largeFiles: [] };
  const reasons = new Map<string, string>();
  const decode = (path: string, bytes: Uint8Array): string | null => {
    const { text, reason } = decodeText(bytes);
    if (text === null) leftOut.binary++;
    if (reason !== null) reasons.set(path, reason);
    return text;
  };
  const absolute = (path: string): string => (path === "" ? root : shell.paths.resolve(root, path));
  const folderAt = (folder: string): Promise<Folder> =>
    remember(folders, folder, () => listFolder(shell, absolute(folder), leftOut));
  const entriesOf = async (folder: string): Promise<readonly TreeEntry[]> => [
    ...(await folderAt(folder)).values(),
  ];
  const has = async (path: string, kind: TreeEntry["kind"]): Promise<boolean> => {
    // A folder that was listed was asked for: by name, or as what it is in the folder around it.
    if (path === "" || (kind === "folder" && folders.has(path))) return true;
    const folder = folderOf(path);
    if (!(await has(folder, "folder"))) return false;
    const name = path.slice(folder === "" ? 0 : folder.length + 1);
    return (await folderAt(folder)).get(name)?.kind === kind;
  };
  const load = (path: string): Promise<string | null> =>
    remember(texts, path, async () => {
      const normal = resolvePath("", path);
      const isThere = normal !== null && (await has(normal, "file"));
      const bytes = isThere ? await readBytes(shell, absolute(path), leftOut) : null;
      const text = bytes === null ? null : decode(path, bytes);
      answers.set(path, text);
      return text;
    });
  const loadGiven = (path: string): Promise<string | null> =>
    remember(texts, path, async () => {
      const text = decode(path, await shell.readFile(absolute(path)));
      answers.set(path, text);
      return text;
    });
  const pathOf = (path: string): string | null => {
    const relative = shell.paths.relative(root, path);
    return relative === "" ? "" : resolvePath("", relative);
  };
  const loaded = (path: string): string | null | undefined => answers.get(path);
  const notText = (path: string): string | null => reasons.get(path) ?? null;
  return { root, has, entriesOf, load, loadGiven, loaded, notText, leftOut, pathOf };
}

/** Entries by name, in the order of their names. */
type Folder = ReadonlyMap<string, TreeEntry>;

async function listFolder(shell: ReadingShell, folder: string, leftOut: LeftOut): Promise<Folder> {
  const entries = new Map<string, TreeEntry>();
  try {
    for await (const entry of shell.list(folder, { enter: () => false })) {
      entries.set(entry.name, entry);
      if (entry.kind === "link") leftOut.links++;
    }
  } catch {
    leftOut.unreadable++;
  }
  return entries;
}

async function readBytes(shell: ReadingShell, file: string, leftOut: LeftOut): Promise<Uint8Array | null> {
  try {
    const found = await shell.stat(file);
    if (found === null || found.kind !== "file") return null;
    if (found.size > MAX_FILE_BYTES) {
      leftOut.large++;
      leftOut.largeFiles.push(file);
      return null;
    }
    return await shell.readFile(file);
  } catch {
    leftOut.unreadable++;
    return null;
  }
}

function remember<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}
