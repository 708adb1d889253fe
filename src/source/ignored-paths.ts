/**
 * Ignored paths are those that git would not track: each folder's `.gitignore` speaks for what lies below it, and a deeper
 * one has the last word. https://git-scm.com/docs/gitignore
 */
import ignore from "ignore";
import type { Ignore } from "ignore";
import { folderOf } from "./repository.ts";

export interface IgnoredPaths {
  /** `path` is relative to the root, with `/`. Of a folder that is ignored, all is: it must not be entered. */
  isIgnored(path: string, kind: "file" | "folder"): boolean;
  /** The same, with the rules of one more folder's `.gitignore`. */
  within(folder: string, gitignore: string): IgnoredPaths;
}

interface Layer {
  readonly folder: string;
  readonly rules: Ignore;
}

export const NOTHING_IGNORED: IgnoredPaths = ignoredBy([]);

/** Layers from the root inwards. */
function ignoredBy(layers: readonly Layer[]): IgnoredPaths {
  return {
    isIgnored: (path, kind) => {
      for (const { folder, rules } of layers.toReversed()) {
        const below = folder === "" ? path : path.slice(folder.length + 1);
        const { ignored, unignored } = rules.test(kind === "folder" ? `${below}/` : below);
        if (ignored || unignored) return ignored;
      }
      return false;
    },
    within: (folder, gitignore) => {
      const rules = ignore({ allowRelativePaths: true, ignorecase: false }).add(gitignore);
      return ignoredBy([...layers, { folder, rules }]);
    },
  };
}

/** The folders from the root ("") down to the one that holds `path`. */
export function foldersAbove(path: string): readonly string[] {
  const folders = [];
  for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) folders.unshift(folder);
  return path === "" ? [] : ["", ...folders];
}
