/**
 * Reading ahead lets a finder that reads files at once, without waiting, work on a tree whose files arrive later: what it asks
 * for in vain is loaded, and it begins again; so it is worth loading beforehand what it is likely to ask for.
 */
import type { SourceTree } from "./source-tree.ts";

/** Ends because each turn loads files, of which a finder names finitely many. */
export async function readingAhead<T>(
  tree: Pick<SourceTree, "load" | "loaded">,
  find: (read: (path: string) => string | null) => T,
): Promise<T> {
  for (;;) {
    const wanted = new Set<string>();
    const found = find((path) => {
      const text = tree.loaded(path);
      if (text === undefined) wanted.add(path);
      return text ?? null;
    });
    if (wanted.size === 0) return found;
    await Promise.all([...wanted].map((path) => tree.load(path)));
  }
}
