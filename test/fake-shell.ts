/** A fake shell is a Shell in memory: files in a Map, output captured, the clock standing still. */
import { posix } from "node:path";
import picomatch from "picomatch";
import type { AwsDoor } from "../src/observation/fleet-collection.ts";
import type { ForgeDoor } from "../src/pull-request-comment.ts";
import type { FileStat, FolderEntry, ListOptions, OutputStream, Shell } from "../src/shell.ts";
import type { BillDoor } from "../src/usage/billed-usage.ts";
import { UserError } from "../src/user-error.ts";

export interface FakeShell extends Shell {
  /** By absolute path; what the command writes appears here. */
  readonly files: Map<string, Uint8Array>;
  readonly stdout: CapturedStream;
  readonly stderr: CapturedStream;
  /** A written or given file as text; throws when there is none. */
  fileText(path: string): string;
}

export interface CapturedStream extends OutputStream {
  /** All that was written so far. */
  readonly text: string;
}

export interface FakeWorld {
  /** Contents by path; relative paths start from `cwd`. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly stdin?: string | Uint8Array;
  /** What the network has, by URL; everything else fails. */
  readonly downloads?: Readonly<Record<string, string | Uint8Array>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly colour?: boolean;
  readonly now?: Date;
  /** Turns of a computation after which Ctrl-C is pressed; never when absent. */
  readonly interruptedAfter?: number;
  /** Where comments go; without it there is no way to any forge. */
  readonly forge?: ForgeDoor;
  /** What AWS answers; without it there is no way there. */
  readonly aws?: AwsDoor;
  readonly bill?: BillDoor;
}

export function fakeShell(world: FakeWorld = {}): FakeShell {
  const cwd = world.cwd ?? "/project";
  let turns = 0;
  const absolute = (...parts: string[]) => posix.resolve(cwd, ...parts);
  const files = new Map(
    Object.entries(world.files ?? {}).map(([path, text]) => [absolute(path), bytes(text)]),
  );
  return {
    files,
    cwd,
    env: world.env ?? {},
    cacheDir: "/cache/stepfare",
    paths: {
      resolve: absolute,
      dirname: posix.dirname,
      basename: (path) => posix.basename(path),
      relative: posix.relative,
    },
    stdout: capturedStream(world),
    stderr: capturedStream(world),
    now: () => world.now ?? new Date("2026-01-15T12:00:00Z"),
    interrupted: async () => ++turns > (world.interruptedAfter ?? Infinity),
    stdin: async () => bytes(world.stdin ?? ""),
    readFile: async (path) => {
      const content = files.get(absolute(path));
      if (!content)
        throw new UserError("unreadable-file", `Cannot read ${path}: there is no such file or folder.`);
      return content;
    },
    stat: async (path) => statOf(files, absolute(path)),
    list: (folder, options) => listOf(files, absolute(folder), options),
    glob: async (patterns, options) => {
      const from = options?.cwd ?? cwd;
      const isMatch = picomatch([...patterns], { ignore: [...(options?.ignore ?? [])] });
      return [...files.keys()].filter((path) => isMatch(path) || isMatch(posix.relative(from, path))).sort();
    },
    writeFileAtomic: async (path, content) =>
      void files.set(
        absolute(path),
        typeof content === "string" || content instanceof Uint8Array
          ? bytes(content)
          : bytes([...content].join("")),
      ),
    download: async (url) => {
      const found = new Map(Object.entries(world.downloads ?? {})).get(url);
      if (found === undefined) throw new UserError("download-failed", `Cannot download ${url}.`, null, 3);
      return bytes(found);
    },
    git: async () => {
      throw new UserError("no-git", "There is no git here.");
    },
    forge: async () => {
      if (world.forge === undefined) throw new UserError("forge-unavailable", "No forge here.", null, 3);
      return world.forge;
    },
    bill: async () => {
      if (world.bill === undefined) throw new UserError("bill-unavailable", "No bill here.", null, 3);
      return world.bill;
    },
    aws: async () => {
      if (world.aws === undefined) throw new UserError("aws-unavailable", "No AWS here.", null, 3);
      return world.aws;
    },
    fileText: (path) => {
      const content = files.get(absolute(path));
      if (!content) throw new Error(`no file ${path}`);
      return new TextDecoder().decode(content);
    },
  };
}

function bytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

function capturedStream({ isTTY = false, columns, colour = false }: FakeWorld): CapturedStream {
  const written: string[] = [];
  return {
    isTTY,
    columns: columns ?? null,
    colour,
    write: async (text) => void written.push(text),
    get text() {
      return written.join("");
    },
  };
}

function statOf(files: ReadonlyMap<string, Uint8Array>, path: string): FileStat | null {
  const content = files.get(path);
  if (content) return { kind: "file", size: content.byteLength };
  const folder = path === "/" ? "/" : `${path}/`;
  return [...files.keys()].some((file) => file.startsWith(folder)) ? { kind: "folder", size: 0 } : null;
}

async function* listOf(
  files: ReadonlyMap<string, Uint8Array>,
  folder: string,
  options: ListOptions = {},
): AsyncGenerator<FolderEntry> {
  const below = folder === "/" ? "/" : `${folder}/`;
  const inside = [...files.keys()].filter((file) => file.startsWith(below));
  if (inside.length === 0)
    throw new UserError(
      "unreadable-file",
      `Cannot read the folder ${folder}: there is no such file or folder.`,
    );
  const names = new Set(inside.map((file) => file.slice(below.length).split("/", 1)[0] as string));
  for (const name of [...names].sort()) {
    const path = `${below}${name}`;
    const entry: FolderEntry = { path, name, kind: files.has(path) ? "file" : "folder" };
    yield entry;
    if (entry.kind === "folder" && (options.enter?.(entry) ?? true)) yield* listOf(files, path, options);
  }
}
