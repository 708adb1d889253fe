/**
 * Asset sources are the files of a repository of which the CDK's assets are copies: a definition that a construct reads from a
 * file stands there for its author, and in cdk.out under a hash.
 */
import type { Place } from "../diagnostic.ts";
import type { Findings } from "./findings.ts";
import { relocateFound } from "./relocated-workflows.ts";
import type { SourceTree } from "./source-tree.ts";

/** Places in assets become places in the files they are copies of, and those files are no machines of their own. */
export function placeInSources(found: Findings, tree: SourceTree): Findings {
  if (!found.workflows.some(({ foundIn }) => foundIn === "cdk")) return found;
  const originals = new Map<string, string>();
  for (const { foundIn, at } of found.workflows) {
    const text = foundIn === "asl" ? tree.loaded(at.file) : null;
    if (text != null && !originals.has(text)) originals.set(text, at.file);
  }
  const sourceOf = new Map<string, string>();
  for (const file of found.filesUsed) {
    const original = originals.get(tree.loaded(file) ?? "");
    if (original !== undefined) sourceOf.set(file, original);
  }
  if (sourceOf.size === 0) return found;
  const move = (place: Place): Place => ({ ...place, file: sourceOf.get(place.file) ?? place.file });
  const copied = new Set(sourceOf.values());
  const workflows = found.workflows.filter(({ foundIn, at }) => foundIn !== "asl" || !copied.has(at.file));
  return relocateFound({ ...found, workflows }, move);
}
