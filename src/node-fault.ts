/** A node fault is what the system would not do, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS.get(code ?? "") ?? message ?? String(error);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file or folder"],
  ["ENOTDIR", "a part of the path is a file, not a folder"],
  ["EEXIST", "something of that name is there already"],
  ["EISDIR", "it is a folder, not a file"],
  ["EACCES", "permission denied"],
  ["EPERM", "not permitted"],
  ["ENOSPC", "no space left on the device"],
  ["EROFS", "the file system is read-only"],
  ["ELOOP", "its symbolic links form a circle"],
  ["ENAMETOOLONG", "the name is too long"],
  ["EMFILE", "too many open files"],
]);
