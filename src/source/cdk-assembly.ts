/**
 * A CDK assembly is what `cdk synth` writes: templates of stacks, nested assemblies of stages, and assets; it is read, and the
 * program that made it is not run. https://docs.aws.amazon.com/cdk/v2/guide/deploy.html
 */
import type { Diagnostic } from "../diagnostic.ts";
import { mentionsStateMachine } from "./cloudformation/machine-mention.ts";
import type { GivenValues } from "./cloudformation/template-scope.ts";
import { constructPaths, member, nameByConstruct, parseQuietly } from "./construct-names.ts";
import { joinFindings, NO_FINDINGS } from "./findings.ts";
import type { Findings } from "./findings.ts";
import { readingAhead } from "./reading-ahead.ts";
import { folderOf, resolvePath } from "./repository.ts";
import type { SearchTarget } from "./search-targets.ts";
import type { SourceTree } from "./source-tree.ts";

export async function findAssemblyWorkflows(
  tree: SourceTree,
  folder: string,
  given: GivenValues,
): Promise<Findings> {
  const folders = await assemblyFolders(tree, folder);
  const found = (await Promise.all(folders.map((one) => findInAssembly(tree, one, given)))).flat();
  return { ...joinFindings(found), parameters: [] };
}

/** The assembly's own folder and those of its stages, `assembly-Prod`. */
async function assemblyFolders(tree: SourceTree, folder: string): Promise<readonly string[]> {
  const folders = [folder];
  let open: readonly string[] = [folder];
  while (open.length > 0) {
    const found = await Promise.all(
      open.map(async (one) =>
        (await tree.entriesOf(one))
          .filter(({ name, kind }) => kind === "folder" && name.startsWith("assembly-"))
          .map(({ name }) => `${one}/${name}`),
      ),
    );
    open = found.flat();
    folders.push(...open);
  }
  return folders;
}

async function findInAssembly(
  tree: SourceTree,
  folder: string,
  given: GivenValues,
): Promise<readonly Findings[]> {
  const entries = await tree.entriesOf(folder);
  const names = entries.filter(({ kind }) => kind === "file").map(({ name }) => name);
  const manifest = names.includes("manifest.json")
    ? parseQuietly(await tree.load(`${folder}/manifest.json`))
    : undefined;
  const paths = new Map([...constructPaths(manifest), ...(await furtherPaths(tree, folder, names))]);
  const assets = await assetFiles(tree, folder, names);
  const templates = names.filter((name) => name.endsWith(".template.json")).sort();
  return Promise.all(
    templates.map((name) => findInTemplate(`${folder}/${name}`, { tree, given, paths, assets })),
  );
}

/** Newer assemblies keep the metadata of each stack in a file of its own, `Shop.metadata.json`. */
async function furtherPaths(
  tree: SourceTree,
  folder: string,
  names: readonly string[],
): Promise<readonly (readonly [string, string])[]> {
  const files = names.filter((name) => name.endsWith(".metadata.json"));
  const texts = await Promise.all(files.map((name) => tree.load(`${folder}/${name}`)));
  return texts.flatMap((text) => [...constructPaths(parseQuietly(text))]);
}

/** Files that the deployment would upload, by the key under which the template names them. */
async function assetFiles(
  tree: SourceTree,
  folder: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const assets = new Map<string, string>();
  for (const name of names.filter((one) => one.endsWith(".assets.json"))) {
    const files = member(parseQuietly(await tree.load(`${folder}/${name}`)), "files");
    for (const file of valuesOf(files)) {
      const path = member(member(file, "source"), "path");
      const resolved = typeof path === "string" ? resolvePath(folder, path) : null;
      for (const destination of valuesOf(member(file, "destinations"))) {
        const key = member(destination, "objectKey");
        if (resolved !== null && typeof key === "string") assets.set(key, resolved);
      }
    }
  }
  return assets;
}

function valuesOf(value: ReturnType<typeof member>): readonly ReturnType<typeof member>[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.values(value) : [];
}

interface Assembly {
  readonly tree: SourceTree;
  readonly given: GivenValues;
  readonly paths: ReadonlyMap<string, string>;
  readonly assets: ReadonlyMap<string, string>;
}

async function findInTemplate(file: string, { tree, given, paths, assets }: Assembly): Promise<Findings> {
  const text = await tree.load(file);
  if (text === null || !mentionsStateMachine(text)) return NO_FINDINGS;
  const { findTemplateWorkflows } = await import("./cloudformation/find-template-workflows.ts");
  const { workflows, diagnostics, filesRead, parameters } = await readingAhead(tree, (read) =>
    findTemplateWorkflows({ file, text, read, foundIn: "cdk", assets }, given),
  );
  const named = nameByConstruct(workflows, { template: text, manifest: paths });
  return { workflows: named, diagnostics, filesUsed: filesRead, parameters };
}

/** CDK projects whose output is not there. */
export async function unsynthesized({ tree, files, assemblies }: SearchTarget): Promise<Findings> {
  const projects = files.filter((file) => /(?:^|\/)cdk\.json$/.test(file));
  const diagnostics = await Promise.all(
    projects.map(async (file): Promise<readonly Diagnostic[]> => {
      const settings = parseQuietly(await tree.load(file));
      const output = member(settings, "output");
      const folder = resolvePath(folderOf(file), typeof output === "string" ? output : "cdk.out");
      if (folder !== null && (assemblies.includes(folder) || (await tree.has(folder, "folder")))) return [];
      return [notSynthesized(file)];
    }),
  );
  return { ...NO_FINDINGS, diagnostics: diagnostics.flat() };
}

function notSynthesized(file: string): Diagnostic {
  const folder = folderOf(file);
  return {
    code: "cdk-not-synthesized",
    severity: "info",
    message: `The CDK project ${folder === "" ? "here" : `in ${folder}`} has no output to read, and its program is not run`,
    at: { file, line: 1, column: 1, pointer: "" },
    hint: `Run npx cdk synth${folder === "" ? "" : ` in ${folder}`}, then analyse again: cdk.out is read, also when git ignores it`,
  };
}
