/** Kept readings are what has been read already, kept between searches that find the same: two versions of a repository. */
import type { JsonValue } from "../workflow/text/json-value.ts";
import { findAslFile } from "./asl-file.ts";
import { type DeclaredWorkflow, declareWorkflow } from "./declared-workflow.ts";
import type { FoundWorkflow } from "./found-workflow.ts";

export interface KeptReadings {
  /** Of definition files, by name and text. */
  readonly files: Map<string, Map<string, Promise<FoundWorkflow | null>>>;
  /** By the definition itself, then by all else that was found of the workflow. */
  readonly workflows: Map<JsonValue, Map<string, Promise<DeclaredWorkflow>>>;
}

export function keepReadings(): KeptReadings {
  return { files: new Map(), workflows: new Map() };
}

export function findAslFileOnce(
  file: string,
  text: string,
  { files }: KeptReadings,
): Promise<FoundWorkflow | null> {
  // In two steps: a key of both would write each text once more.
  const versions = files.get(file) ?? new Map<string, Promise<FoundWorkflow | null>>();
  files.set(file, versions);
  const known = versions.get(text) ?? findAslFile(file, text);
  versions.set(text, known);
  return known;
}

export function declareOnce(found: FoundWorkflow, { workflows }: KeptReadings): Promise<DeclaredWorkflow> {
  const { definition, ...around } = found;
  if (definition === null) return declareWorkflow(found);
  const [content, at] =
    definition.kind === "text"
      ? [definition.text, definition.place(1, 1)]
      : [definition.value, definition.locate("")];
  const alike = workflows.get(content) ?? new Map<string, Promise<DeclaredWorkflow>>();
  workflows.set(content, alike);
  const id = JSON.stringify([definition.kind, around, at]);
  const known = alike.get(id) ?? declareWorkflow(found);
  alike.set(id, known);
  return known;
}
