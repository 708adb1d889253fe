/** A repository is the tree of files in which workflows are looked for; paths are relative to its root, with `/`. */

export interface Repository {
  /** Every file that may be read, in any order. */
  readonly paths: readonly string[];
  /** The file's text; null when there is no such file or it lies outside of the root. */
  readonly read: (path: string) => string | null;
}

/** The path that `path` names from `folder` ("" = the root); null when it is absolute or leaves the root. */
export function resolvePath(folder: string, path: string): string | null {
  if (/^(?:[/\\]|[A-Za-z]:)/.test(path)) return null;
  const names: string[] = [];
  for (const name of `${folder}/${path}`.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) return null;
  }
  return names.join("/");
}

/** What to do where `resolvePath` finds that a path leaves the root. */
export const ANALYSE_AROUND =
  "Name the folder around, which holds both: what is read is the repository of the path that is named or, without a .git, that folder alone.";

/** The folder of a path; "" for a file in the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}
