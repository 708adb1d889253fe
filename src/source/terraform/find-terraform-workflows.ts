/** Finds the state machines of Terraform configurations and plans, without running Terraform or fetching anything. */
import type { FoundWorkflow } from "../found-workflow.ts";
import type { Repository } from "../repository.ts";
import { resolvePath } from "../repository.ts";
import { createBudget } from "./hcl-budget.ts";
import { evaluate } from "./hcl-evaluation.ts";
import type { Block } from "./hcl-syntax.ts";
import { readConfiguration } from "./terraform-configuration.ts";
import { connectDeclarations } from "./terraform-declarations.ts";
import type { DeclaredMachine } from "./terraform-declarations.ts";
import { terraformFunctions } from "./terraform-functions.ts";
import { instantiate } from "./terraform-instance.ts";
import { readModules } from "./terraform-module.ts";
import type { TerraformModule } from "./terraform-module.ts";
import type { Root } from "./terraform-names.ts";
import { readVariableFiles } from "./terraform-variables.ts";
import type { Diagnostic } from "../../diagnostic.ts";

export interface TerraformWorkflows {
  readonly workflows: readonly FoundWorkflow[];
  /** What concerns no single machine. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Never throws for what a file says. Every folder of `.tf` files that no other calls is a root of its own. */
export function findTerraformWorkflows(repository: Repository): TerraformWorkflows {
  const modules = readModules(repository);
  const found = rootFolders(modules).map((folder) => readRoot(folder, { repository, modules }));
  return {
    workflows: found.flatMap((root) => root.workflows),
    diagnostics: [...found.flatMap((root) => root.diagnostics), ...syntaxDiagnostics(modules)],
  };
}

interface Surroundings {
  readonly repository: Repository;
  readonly modules: ReadonlyMap<string, TerraformModule>;
}

export interface TerraformRoot extends TerraformWorkflows {
  readonly folder: string;
  readonly machines: readonly DeclaredMachine[];
}

function readRoot(folder: string, { repository, modules }: Surroundings): TerraformRoot {
  const module = modules.get(folder);
  if (module === undefined) return { folder, machines: [], workflows: [], diagnostics: [] };
  const functions = terraformFunctions(repository, folder);
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
  const { declarations, diagnostics } = readConfiguration(instance, root);
  return {
    folder,
    machines: declarations.machines,
    workflows: connectDeclarations(declarations),
    diagnostics,
  };
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

/** Faults in files that declare machines, or might. */
function syntaxDiagnostics(modules: ReadonlyMap<string, TerraformModule>): readonly Diagnostic[] {
  return [...modules.values()].flatMap((module) => module.diagnostics);
}
