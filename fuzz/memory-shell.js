/** A folder in memory, as the search for workflows sees the outside world. */
import { posix } from "node:path";

const CWD = "/w";

export function memoryShell(files) {
  const bytes = new Map(
    [...files].map(([name, text]) => [posix.join(CWD, name), new TextEncoder().encode(text)]),
  );
  const isFolder = (path) => [...bytes.keys()].some((name) => name.startsWith(`${path}/`));
  const entriesOf = (folder) => {
    const names = new Set(
      [...bytes.keys()]
        .filter((name) => name.startsWith(`${folder}/`))
        .map((name) => name.slice(folder.length + 1).split("/")[0]),
    );
    return [...names].sort().map((name) => {
      const path = posix.join(folder, name);
      return { path, name, kind: bytes.has(path) ? "file" : "folder" };
    });
  };
  async function* list(folder, { enter = () => true } = {}) {
    for (const entry of entriesOf(folder)) {
      yield entry;
      if (entry.kind === "folder" && enter(entry)) yield* list(entry.path, { enter });
    }
  }
  return {
    cwd: CWD,
    paths: {
      resolve: (...parts) => posix.resolve(CWD, ...parts),
      dirname: posix.dirname,
      basename: (path) => posix.basename(path),
      relative: posix.relative,
    },
    stdin: async () => new Uint8Array(),
    readFile: async (path) => bytes.get(posix.resolve(CWD, path)) ?? new Uint8Array(),
    stat: async (path) => {
      const found = bytes.get(posix.resolve(CWD, path));
      if (found !== undefined) return { kind: "file", size: found.length };
      return isFolder(posix.resolve(CWD, path)) ? { kind: "folder", size: 0 } : null;
    },
    list,
    glob: async () => [],
  };
}
