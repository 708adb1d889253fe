/** Finds the state machines of Terraform configurations and plans, without running Terraform or fetching anything. */
import type { FoundWorkflow } from "../found-workflow.ts";
import type { Repository } from "../repository.ts";
import { folderOf, resolvePath } from "../repository.ts";
import { createBudget } from "./hcl-budget.ts";
import { evaluate } from "./hcl-evaluation.ts";
import type { Block } from "./hcl-syntax.ts";
import { readConfiguration } from "./terraform-configuration.ts";
import { connectDeclarations } from "./terraform-declarations.ts";
import type { Declarations } from "./terraform-declarations.ts";
import { terraformFunctions } from "./terraform-functions.ts";
import { instantiate } from "./terraform-instance.ts";
import { readModules } from "./terraform-module.ts";
import type { TerraformModule } from "./terraform-module.ts";
import { mergePlans } from "./merge-plans.ts";
import type { TerraformSource } from "./merge-plans.ts";
import type { Root } from "./terraform-names.ts";
import { readTerraformPlan } from "./terraform-plan.ts";
import { isTerraformShow } from "./terraform-show.ts";
import { readVariableFiles } from "./terraform-variables.ts";
import type { Diagnostic } from "../../diagnostic.ts";

export interface TerraformWorkflows {
  readonly workflows: readonly FoundWorkflow[];
  /** What concerns no single machine. */
  readonly diagnostics: readonly Diagnostic[];
  /** Files that the configurations read, such as definitions: they are no workflows of their own. */
  readonly filesRead: readonly string[];
}

/**
 * Never throws for what a file says. Every folder of `.tf` files that no other calls is a root of its own; a plan or
 * state in JSON, whatever its name, is joined with the root it was made of.
 */
export function findTerraformWorkflows(repository: Repository): TerraformWorkflows {
  const modules = readModules(repository);
  const roots: readonly TerraformRoot[] = rootFolders(modules).map((folder) =>
    readRoot(folder, { repository, modules }),
  );
  const plans = repository.paths
    .filter((path) => /(?<!\.tf|\.tfvars)\.json$/i.test(path))
    .flatMap((path) => readPlan(path, repository));
  const found = mergePlans(roots, plans);
  return {
    workflows: found.flatMap((source) => source.workflows),
    diagnostics: [...found.flatMap((source) => source.diagnostics), ...syntaxDiagnostics(modules, roots)],
    filesRead: [...new Set(roots.flatMap((root) => root.filesRead))].sort(),
  };
}

/** Reads one plan or state (`isTerraformShow`), for which no Terraform files are at hand. */
export function findPlanWorkflows(file: string, text: string): TerraformWorkflows {
  const { declarations, diagnostics } = readTerraformPlan(file, text);
  return { workflows: connectDeclarations(declarations), diagnostics, filesRead: [] };
}

function readPlan(file: string, repository: Repository): readonly TerraformSource[] {
  const text = repository.read(file);
  if (text === null || !isTerraformShow(text)) return [];
  const { declarations, diagnostics } = readTerraformPlan(file, text);
  return [{ folder: folderOf(file), ...withWorkflows(declarations), diagnostics }];
}

function withWorkflows(declarations: Declarations): Pick<TerraformSource, "addresses" | "workflows"> {
  return {
    addresses: declarations.machines.map((machine) => machine.address),
    workflows: connectDeclarations(declarations),
  };
}

interface TerraformRoot extends TerraformSource {
  /** Of all modules that it calls, and its own. */
  readonly folders: readonly string[];
  readonly filesRead: readonly string[];
}

interface Surroundings {
  readonly repository: Repository;
  readonly modules: ReadonlyMap<string, TerraformModule>;
}

function readRoot(folder: string, { repository, modules }: Surroundings): TerraformRoot {
  const module = modules.get(folder);
  if (module === undefined)
    return { folder, addresses: [], workflows: [], diagnostics: [], filesRead: [], folders: [] };
  const filesRead = new Set<string>();
  const read = (path: string): string | null => {
    const text = repository.read(path);
    if (text !== null) filesRead.add(path);
    return text;
  };
  const functions = terraformFunctions({ ...repository, read }, folder);
  const root: Root = { repository, modules, folder, functions, budget: createBudget() };
  const given = readVariableFiles(repository, folder);
  const instance = instantiate({
    root,
    module,
    prefix: "",
    level: 0,
    input: (name) => {
      const expression = given.get(name);
      return expression === undefined ? null : evaluate(expression, instance.scope);
    },
  });
  const { declarations, diagnostics, folders } = readConfiguration(instance, root);
  return { folder, ...withWorkflows(declarations), diagnostics, filesRead: [...filesRead], folders };
}

/** Folders that no other folder calls; of folders that call each other in a ring, the first. */
function rootFolders(modules: ReadonlyMap<string, TerraformModule>): readonly string[] {
  const folders = [...modules.keys()].sort();
  const called = new Map(folders.map((folder) => [folder, calledFolders(folder, modules)]));
  const targets = new Set(
    folders.flatMap((folder) => (called.get(folder) ?? []).filter((other) => other !== folder)),
  );
  const roots: string[] = [];
  const reached = new Set<string>();
  const reachFrom = (root: string): void => {
    roots.push(root);
    const waiting = [root];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      waiting.push(...(called.get(next) ?? []));
    }
  };
  folders.filter((folder) => !targets.has(folder)).forEach(reachFrom);
  for (const folder of folders) if (!reached.has(folder)) reachFrom(folder);
  return roots;
}

function calledFolders(folder: string, modules: ReadonlyMap<string, TerraformModule>): readonly string[] {
  return [...(modules.get(folder)?.calls.values() ?? [])].flatMap((block) => {
    const source = literalSource(block);
    const target = /^\.\.?(?:\/|$)/.test(source) ? resolvePath(folder, source) : null;
    return target !== null && modules.has(target) ? [target] : [];
  });
}

function literalSource(block: Block): string {
  const expression = block.body.attributes.get("source")?.expression;
  if (expression?.kind !== "template") return "";
  return expression.parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
}

/** Faults in modules that have to do with state machines; those of others are no concern here. */
function syntaxDiagnostics(
  modules: ReadonlyMap<string, TerraformModule>,
  roots: readonly TerraformRoot[],
): readonly Diagnostic[] {
  const used = new Set(roots.filter((root) => root.workflows.length > 0).flatMap((root) => root.folders));
  return [...modules.values()]
    .filter((module) => module.mentionsMachine || used.has(module.folder))
    .flatMap((module) => module.diagnostics);
}
