/** The node shell is the real Shell: this process and its files. */
import { promises as fs, readFileSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import path from "node:path";
import { reasonOf } from "./node-fault.ts";
import { neverFailing, standardStream } from "./node-output.ts";
import { once } from "./once.ts";
import type { RemoteBills } from "./bill/open-bill-door.ts";
import type {
  BillAccess,
  FileContent,
  FileStat,
  FolderEntry,
  GlobOptions,
  ListOptions,
  Shell,
} from "./shell.ts";
import { UserError } from "./user-error.ts";

export function nodeShell(): Shell {
  const cwd = process.cwd();
  const env = process.env;
  const stderr = once(() => neverFailing(standardStream(2, env)));
  return {
    cwd,
    env,
    cacheDir: cacheFolder(process.platform, env, env.HOME ?? env.USERPROFILE ?? cwd),
    paths: {
      resolve: (...parts) => path.resolve(cwd, ...parts),
      dirname: path.dirname,
      basename: (file) => path.basename(file),
      relative: (from, to) => path.relative(from, to).replaceAll(path.sep, "/"),
    },
    stdout: standardStream(1, env),
    get stderr() {
      return stderr();
    },
    now: () => new Date(),
    interrupted: interruptions(),
    stdin: readStdin,
    readFile,
    stat,
    list,
    glob: (patterns, options) => glob(patterns, { cwd, ...options }),
    writeFileAtomic,
    download: async (url) => (await import("./aws/download-file.ts")).downloadFile(url),
    aws: async () => (await import("./aws/open-aws-door.ts")).openAwsDoor(),
    bill: async (access) =>
      (await import("./bill/open-bill-door.ts")).openBillDoor({ cwd, remote: () => remoteBills(access) }),
    git: async (args, options) => (await import("./node-git.ts")).runGit(args, { cwd, env, ...options }),
    forge: async () =>
      (await import("./forge/forge-door.ts")).openForgeDoor({ env, now: () => new Date(), readFile }),
  };
}

/** Each loaded only when it is asked. */
async function remoteBills(access: BillAccess): Promise<RemoteBills> {
  const athena = () => import("./aws/athena-query.ts");
  return {
    openObjects: async (url) => (await import("./aws/s3-objects.ts")).openObjects(url, access),
    tableColumns: async (question) => (await athena()).tableColumns({ ...question, ...access }),
    runQuery: async (sql, question) => (await athena()).runQuery(sql, { ...question, ...access }),
  };
}

/** Listens from its first call on; a second Ctrl-C ends the process as ever. */
function interruptions(): Shell["interrupted"] {
  let [isListening, isInterrupted] = [false, false];
  return async () => {
    if (!isListening) process.once("SIGINT", () => (isInterrupted = true));
    isListening = true;
    await new Promise((resolve) => setImmediate(resolve));
    return isInterrupted;
  };
}

/**
 * XDG_CACHE_HOME where it is set (https://specifications.freedesktop.org/basedir-spec: relative values are ignored),
 * else the platform's own place.
 */
export function cacheFolder(platform: string, env: Shell["env"], home: string): string {
  const { join, isAbsolute } = platform === "win32" ? path.win32 : path.posix;
  const xdg = env.XDG_CACHE_HOME;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "stepfare");
  if (platform === "win32")
    return join(env.LOCALAPPDATA ?? join(home, "AppData", "Local"), "stepfare", "Cache");
  if (platform === "darwin") return join(home, "Library", "Caches", "stepfare");
  return join(home, ".cache", "stepfare");
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** At once: files are small and many, and each wait for a thread that reads one takes ten times as long as the reading. */
async function readFile(file: string): Promise<Uint8Array> {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError("unreadable-file", `Cannot read ${file}: ${reasonOf(error)}.`);
  }
}

/**
 * Asked of thousands of files of which most are not there; only the synchronous call can say so without making an error,
 * which costs twenty times as much as looking.
 */
async function stat(file: string): Promise<FileStat | null> {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return null;
    return { kind: found.isFile() ? "file" : found.isDirectory() ? "folder" : "other", size: found.size };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // ENOTDIR: a parent is a file; ELOOP: links in a circle. Either way nothing stands there.
    if (code === "ENOTDIR" || code === "ELOOP" || code === "ENAMETOOLONG") return null;
    throw new UserError("unreadable-file", `Cannot look at ${file}: ${reasonOf(error)}.`);
  }
}

/** Depth first with a stack of its own, so that a deep tree overflows nothing. */
async function* list(folder: string, options: ListOptions = {}): AsyncGenerator<FolderEntry> {
  const enter = options.enter ?? (() => true);
  const entered = new Set<string>();
  const waiting: FolderEntry[] = (await entriesOf(folder, options)).reverse();
  if (options.followLinks) entered.add(await fs.realpath(folder));
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    if (entry.kind !== "folder") {
      yield entry;
      continue;
    }
    yield entry;
    if (!enter(entry)) continue;
    if (options.followLinks) {
      const real = await fs.realpath(entry.path);
      if (entered.has(real)) continue;
      entered.add(real);
    }
    try {
      waiting.push(...(await entriesOf(entry.path, options)).reverse());
    } catch {
      yield { ...entry, kind: "unreadable" };
    }
  }
}

async function entriesOf(folder: string, options: ListOptions): Promise<FolderEntry[]> {
  const found = await fs.readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new UserError("unreadable-file", `Cannot read the folder ${folder}: ${reasonOf(error)}.`);
  });
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  return Promise.all(found.map((entry) => folderEntry(folder, entry, options)));
}

async function folderEntry(folder: string, entry: Dirent, options: ListOptions): Promise<FolderEntry> {
  const at = { path: path.join(folder, entry.name), name: entry.name };
  if (entry.isFile()) return { ...at, kind: "file" };
  if (entry.isDirectory()) return { ...at, kind: "folder" };
  if (!entry.isSymbolicLink()) return { ...at, kind: "other" };
  const target = options.followLinks ? await stat(at.path).catch(() => null) : null;
  return { ...at, kind: target?.kind ?? "link" };
}

async function glob(
  patterns: readonly string[],
  options: GlobOptions & { cwd: string },
): Promise<readonly string[]> {
  const { glob: tinyglob } = await import("tinyglobby");
  const found = await tinyglob([...patterns], {
    cwd: options.cwd,
    ignore: [...(options.ignore ?? [])],
    absolute: true,
    expandDirectories: false,
    followSymbolicLinks: false,
  });
  return found.map((file) => path.normalize(file)).sort();
}

async function writeFileAtomic(file: string, content: FileContent): Promise<void> {
  try {
    const target = await fs.realpath(file).catch(() => path.resolve(file));
    const existing = await fs.stat(target).catch(() => null);
    if (existing && !existing.isFile() && !existing.isDirectory()) {
      // A pipe or /dev/stdout cannot be replaced by a rename.
      await fs.writeFile(target, content);
      return;
    }
    await makeFolder(path.dirname(target));
    await replaceFile(target, content, existing?.mode);
  } catch (error) {
    throw new UserError("unwritable-file", `Cannot write ${file}: ${reasonOf(error)}.`);
  }
}

/** Node says EEXIST of a folder that cannot be made since a file stands there. */
async function makeFolder(folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EEXIST" ? Object.assign(error, { code: "ENOTDIR" }) : error;
  });
}

async function replaceFile(target: string, content: FileContent, mode: number | undefined): Promise<void> {
  const draft = path.join(
    path.dirname(target),
    `.${path.basename(target)}.${process.pid}.${draftCount++}.tmp`,
  );
  try {
    await fs.writeFile(draft, content, { flag: "wx" });
    if (mode !== undefined) await fs.chmod(draft, mode);
    await fs.rename(draft, target);
  } catch (error) {
    await fs.rm(draft, { force: true });
    throw error;
  }
}

/** Tells apart the drafts of one process. */
let draftCount = 0;
