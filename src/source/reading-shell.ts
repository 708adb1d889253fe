/** A reading shell is the part of the outside world in which workflows are looked for; every Shell is one. */

export interface ReadingShell {
  /** Absolute path of the folder that relative paths start from. */
  readonly cwd: string;
  readonly paths: {
    resolve(...parts: string[]): string;
    dirname(path: string): string;
    basename(path: string): string;
    /** With forward slashes on every platform. */
    relative(from: string, to: string): string;
  };
  stdin(): Promise<Uint8Array>;
  readFile(path: string): Promise<Uint8Array>;
  /** Links followed; null when nothing stands there. */
  stat(path: string): Promise<{ readonly kind: "file" | "folder" | "other"; readonly size: number } | null>;
  /** Entries of a folder in the order of their names; links are not followed. */
  list(
    folder: string,
    options?: { readonly enter?: (folder: TreeEntry) => boolean },
  ): AsyncIterable<TreeEntry>;
  /** Absolute paths of the files that match, sorted; links are not followed. */
  glob(
    patterns: readonly string[],
    options?: { readonly ignore?: readonly string[] },
  ): Promise<readonly string[]>;
}

export interface TreeEntry {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other" | "unreadable";
}
