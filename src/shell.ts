/** A shell is all of the outside world that a command may touch: files, streams, terminal, environment and clock. */
import type { AwsDoor } from "./observation/fleet-collection.ts";
import type { ForgeDoor } from "./pull-request-comment.ts";
import type { BillDoor } from "./usage/billed-usage.ts";

export interface Shell {
  /** Absolute path of the folder the command runs in. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder for what may be thrown away and made again; it need not exist yet. */
  readonly cacheDir: string;
  readonly paths: Paths;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  now(): Date;
  /** Lets a long computation be heard and stopped between its turns: true once somebody pressed Ctrl-C, from the first call on. */
  interrupted(): Promise<boolean>;
  /** All of standard input, read to its end. */
  stdin(): Promise<Uint8Array>;
  /** Throws a UserError `unreadable-file` that names the path and the reason. */
  readFile(path: string): Promise<Uint8Array>;
  /** What stands at a path, links followed; null when nothing does. */
  stat(path: string): Promise<FileStat | null>;
  /** Every entry below a folder, each folder's entries in the order of their names, a folder before what it holds. */
  list(folder: string, options?: ListOptions): AsyncIterable<FolderEntry>;
  /** Absolute paths of the files that match, sorted; links are not followed. Patterns are relative to `cwd`. */
  glob(patterns: readonly string[], options?: GlobOptions): Promise<readonly string[]>;
  /**
   * Replaces a file in one step, so that no reader sees half of it; makes its folder when there is none.
   * Throws a UserError `unwritable-file`.
   */
  writeFileAtomic(path: string, content: FileContent): Promise<void>;
  /** All bytes of a URL, through the proxy the environment names. Throws a UserError `download-failed` with exit code 3. */
  download(url: string): Promise<Uint8Array>;
  /**
   * Runs git with these arguments; `input` is its standard input. Never changes a repository by itself: the arguments
   * must only read. Throws a UserError `no-git` when there is no git.
   */
  git(args: readonly string[], options?: GitOptions): Promise<GitOutcome>;
  /** The way to GitHub, GitLab, Bitbucket and Azure DevOps. */
  forge(): Promise<ForgeDoor>;
  /** The way to AWS, with the credentials its own tools would take. */
  aws(): Promise<AwsDoor>;
  /** The way to bills: files here, objects in S3, tables in Athena. */
  bill(access: BillAccess): Promise<BillDoor>;
}

/** Whose credentials read what lies in AWS, and where; null = as the environment says. */
export interface BillAccess {
  readonly profile: string | null;
  readonly region: string | null;
}

export interface GitOptions {
  /** Folder that git runs in; the shell's `cwd` when absent. */
  readonly cwd?: string;
  readonly input?: string;
}

export interface GitOutcome {
  readonly code: number;
  /** As written: a file's content may be anything. */
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

export interface FileStat {
  readonly kind: "file" | "folder" | "other";
  /** Bytes. */
  readonly size: number;
}

/** A text, bytes, or a text in pieces, which never stands in memory as a whole. */
export type FileContent = string | Uint8Array | Iterable<string>;

export interface FolderEntry {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  /** `unreadable`: a folder whose entries may not be read; `link`: a symbolic link that was not followed. */
  readonly kind: "file" | "folder" | "link" | "other" | "unreadable";
}

export interface ListOptions {
  /** Says whether to go into a folder; all are entered when absent. */
  readonly enter?: (folder: FolderEntry) => boolean;
  /** Links to files and folders count as what they point to; a folder is entered once only. Default false. */
  readonly followLinks?: boolean;
}

export interface GlobOptions {
  /** Folder that relative patterns start from; the shell's `cwd` when absent. */
  readonly cwd?: string;
  readonly ignore?: readonly string[];
}

export interface OutputStream {
  readonly isTTY: boolean;
  /** Width in characters; null when it is not a terminal and nobody says. */
  readonly columns: number | null;
  readonly colour: boolean;
  /** Settles when the text has left; a reader that has gone away (`| head`) is no error. */
  write(text: string): Promise<void>;
}

/** Path arithmetic of the platform, without touching files. */
export interface Paths {
  /** Absolute path; relative parts start from the shell's `cwd`. */
  resolve(...parts: string[]): string;
  /** The folder that holds a path; a root is its own folder. */
  dirname(path: string): string;
  basename(path: string): string;
  /** Path from a folder to a file, with forward slashes on every platform. */
  relative(from: string, to: string): string;
}

/** NO_COLOR (https://no-color.org) wins over FORCE_COLOR, which wins over what the stream is. */
export function usesColour(env: Shell["env"], isTTY: boolean): boolean {
  if (env.NO_COLOR) return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return isTTY && env.TERM !== "dumb";
}

/** A stream's own width, else COLUMNS, else null. */
export function columnsOf(env: Shell["env"], columns: number | undefined): number | null {
  if (columns !== undefined && columns > 0) return columns;
  const said = Number(env.COLUMNS);
  return Number.isInteger(said) && said > 0 ? said : null;
}
