/** Tree Terraform is what the Terraform files of a search declare, with the local modules they call, wherever those lie. */
import pMap from "p-map";
import type { Diagnostic } from "../diagnostic.ts";
import { shown } from "../workflow/definition/field-reader.ts";
import { placeAt, sourceText } from "./file-text.ts";
import { NO_FINDINGS } from "./findings.ts";
import type { Findings } from "./findings.ts";
import { readingAhead } from "./reading-ahead.ts";
import { ANALYSE_AROUND, folderOf, resolvePath } from "./repository.ts";
import type { SearchTarget } from "./search-targets.ts";
import type { SourceTree } from "./source-tree.ts";
import { mentionsMachineResource } from "./terraform/machine-resource.ts";
import type { TerraformWorkflows } from "./terraform/find-terraform-workflows.ts";

export function isTerraformFile(file: string): boolean {
  return /\.tf(?:\.json)?$|\.tfvars(?:\.json)?$/i.test(file);
}

/** `plans` are files that hold a plan or a state. */
export async function findTreeTerraform(
  { tree, files }: SearchTarget,
  plans: readonly string[],
): Promise<Findings> {
  const paths = await filesOfModules(tree, files.filter(isTerraformFile));
  const isDeclaring = paths.some((path) => mentionsMachine(tree.loaded(path) ?? ""));
  const outside = paths.flatMap((path) => modulesOutside(path, tree.loaded(path) ?? ""));
  if (!isDeclaring && plans.length === 0) return { ...NO_FINDINGS, diagnostics: outside };
  const found = await readConfigurations(tree, [...paths, ...plans]);
  const { workflows, diagnostics } = found;
  return {
    ...NO_FINDINGS,
    workflows,
    diagnostics: [...diagnostics, ...outside],
    filesUsed: filesUsed(found),
  };
}

/** A cheap look; the second is the module that most use. */
function mentionsMachine(text: string): boolean {
  return mentionsMachineResource(text) || /step[-_]?functions?|state[-_]?machine/i.test(text);
}

async function readConfigurations(tree: SourceTree, paths: readonly string[]): Promise<TerraformWorkflows> {
  const wanted = new Set(paths.flatMap((path) => filesNamedIn(path, tree.loaded(path) ?? "")));
  await pMap(wanted, (path) => tree.load(path), { concurrency: 16 });
  const { findTerraformWorkflows } = await import("./terraform/find-terraform-workflows.ts");
  return readingAhead(tree, (read) => findTerraformWorkflows({ paths, read }));
}

/** Definitions that the text names: `file("${path.module}/flow.asl.json")`. */
function filesNamedIn(path: string, text: string): readonly string[] {
  const written = text.matchAll(/"(?:\$\{path\.(?:module|root|cwd)\}\/)?([^"${}\n]+)"/g);
  return [...written].flatMap(([, named = ""]) =>
    isDefinitionName(named.slice(named.lastIndexOf("/") + 1))
      ? (resolvePath(folderOf(path), named) ?? [])
      : [],
  );
}

/** `flow.asl.json`, `flow.json.tftpl`. */
function isDefinitionName(name: string): boolean {
  return /\.(?:json|ya?ml|asl|tpl|tftpl|jsonc)/.test(name);
}

/** A machine that could not be read leaves the files it may be made of to stand for themselves. */
function filesUsed({ workflows, filesRead }: TerraformWorkflows): readonly string[] {
  return workflows.every(({ definition }) => definition !== null) ? filesRead : [];
}

/** The files, those beside them, and those of the local modules they call. */
async function filesOfModules(tree: SourceTree, files: readonly string[]): Promise<readonly string[]> {
  const folders = new Set<string>();
  const paths = new Set<string>();
  let open: readonly string[] = [...new Set(files.map(folderOf))];
  while (open.length > 0) {
    open.forEach((folder) => folders.add(folder));
    const found = await pMap(open, (folder) => moduleFiles(tree, folder), { concurrency: 16 });
    found.flat().forEach((path) => paths.add(path));
    const called = found.flat().flatMap((path) => modulesCalled(path, tree.loaded(path) ?? ""));
    open = [...new Set(called)].filter((folder) => !folders.has(folder));
  }
  return [...paths].sort();
}

async function moduleFiles(tree: SourceTree, folder: string): Promise<readonly string[]> {
  if (!(await tree.has(folder, "folder"))) return [];
  const entries = await tree.entriesOf(folder);
  const paths = entries
    .filter(({ name, kind }) => kind === "file" && isTerraformFile(name))
    .map(({ name }) => (folder === "" ? name : `${folder}/${name}`));
  await Promise.all(paths.map((path) => tree.load(path)));
  return paths;
}

function modulesCalled(path: string, text: string): readonly string[] {
  return localSources(path, text).flatMap(({ source }) => resolvePath(folderOf(path), source) ?? []);
}

function modulesOutside(path: string, text: string): readonly Diagnostic[] {
  return localSources(path, text)
    .filter(({ source }) => resolvePath(folderOf(path), source) === null)
    .map(({ source, offset }) => ({
      code: "module-not-read",
      severity: "info",
      message: `The module ${shown(source)} lies outside of the folder that is read; it may hold state machines`,
      at: placeAt(sourceText(path, text), offset),
      hint: ANALYSE_AROUND,
    }));
}

interface LocalSource {
  readonly source: string;
  readonly offset: number;
}

function localSources(path: string, text: string): readonly LocalSource[] {
  if (!path.includes(".tf") || !text.includes("source")) return [];
  const sources = text.matchAll(/["']?\bsource["']?\s*[=:]\s*"(\.\.?\/[^"]*|\.\.?)"/g);
  return [...sources].map((match) => ({ source: match[1] ?? "", offset: match.index }));
}
