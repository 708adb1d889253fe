/** Terraform's names are what a module's expressions may refer to: its variables, local values, paths and called modules. */
import type { Repository } from "../repository.ts";
import type { Budget } from "./hcl-budget.ts";
import { evaluate } from "./hcl-evaluation.ts";
import type { HclFunction } from "./hcl-function.ts";
import type { Scope } from "./hcl-scope.ts";
import type { Block, Span } from "./hcl-syntax.ts";
import { convertTo } from "./hcl-type-constraint.ts";
import { faultValue, objectValue, stringValue, unknownValue } from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";
import type { TerraformModule } from "./terraform-module.ts";
import { resourcesOf } from "./terraform-resource-value.ts";
import type { Remember } from "./terraform-resource-value.ts";

/** What all modules under one root share. */
export interface Root {
  readonly repository: Repository;
  readonly modules: ReadonlyMap<string, TerraformModule>;
  readonly folder: string;
  readonly functions: (name: string) => HclFunction | null;
  readonly budget: Budget;
}

export interface ModuleInstance {
  readonly module: TerraformModule;
  /** "" or `module.name.`, before each address. */
  readonly prefix: string;
  readonly scope: Scope;
  /** The instances a call makes; empty when its source cannot be read. */
  readonly childrenOf: (call: string) => readonly CallInstance[];
}

export interface CallInstance {
  readonly key: string | number | null;
  readonly instance: ModuleInstance;
}

export interface Names {
  readonly root: Root;
  readonly module: TerraformModule;
  readonly prefix: string;
  /** A variable's value as given; null when it is not. */
  readonly input: (name: string) => HclValue | null;
  readonly scope: () => Scope;
  readonly childrenOf: (call: string) => readonly CallInstance[];
  readonly remember: Remember;
}

/** Null when there is no such name. */
export function valueOfName(name: string, names: Names, at: Span): HclValue | null {
  const special = namespaceOf(name, names, at);
  return special === null && name.includes("_") ? resourcesOf(name, { ...names, mode: "" }, at) : special;
}

function namespaceOf(name: string, names: Names, at: Span): HclValue | null {
  const member = (read: (key: string) => HclValue | null): HclValue =>
    unknownValue(`${names.prefix}${name}`, at, (key) => read(String(key)));
  switch (name) {
    case "local":
      return member((key) => localValue(key, names, at));
    case "var":
      return member((key) => variableValue(key, names, at));
    case "path":
      return pathValue(names, at);
    case "module":
      return member((key) => moduleValue(key, names, at));
    case "data":
      return member((type) => resourcesOf(type, { ...names, mode: "data." }, at));
    case "terraform":
    case "each":
    case "count":
    case "self":
      return unknownValue(name, at);
    default:
      return null;
  }
}

function localValue(name: string, { module, scope, remember }: Names, at: Span): HclValue {
  const local = module.locals.get(name);
  if (local === undefined) return faultValue(`There is no local value \`${name}\``, at, `local.${name}`);
  return remember(`local.${name}`, () => evaluate(local.expression, scope()), at);
}

function variableValue(name: string, names: Names, at: Span): HclValue {
  const reference = `${names.prefix}var.${name}`;
  const block = names.module.variables.get(name);
  if (block === undefined) return names.input(name) ?? unknownValue(reference, at);
  const make = (): HclValue => {
    if (isTrue(block, "sensitive", names.scope())) return unknownValue(reference, block.span);
    const type = block.body.attributes.get("type")?.expression;
    const fit = (value: HclValue): HclValue =>
      type === undefined ? value : convertTo(type, value, names.scope());
    const given = names.input(name);
    const isNullable =
      block.body.attributes.get("nullable") === undefined || isTrue(block, "nullable", names.scope());
    if (given !== null && (given.kind !== "null" || isNullable)) return fit(given);
    const otherwise = block.body.attributes.get("default")?.expression;
    return otherwise === undefined
      ? unknownValue(reference, block.span)
      : fit(evaluate(otherwise, names.scope()));
  };
  return names.remember(`var.${name}`, make, at);
}

function isTrue(block: Block, name: string, scope: Scope): boolean {
  const attribute = block.body.attributes.get(name);
  const value = attribute === undefined ? null : evaluate(attribute.expression, scope);
  return value?.kind === "bool" && value.value;
}

/** Paths are relative to the root module's folder. */
function pathValue({ root, module }: Names, at: Span): HclValue {
  const entries: [string, HclValue][] = [
    ["module", stringValue(relativePath(root.folder, module.folder), at)],
    ["root", stringValue(".", at)],
    ["cwd", unknownValue("path.cwd", at)],
  ];
  return objectValue(new Map(entries), at);
}

function relativePath(from: string, to: string): string {
  const start = from === "" ? [] : from.split("/");
  const end = to === "" ? [] : to.split("/");
  let shared = 0;
  while (shared < start.length && start[shared] === end[shared]) shared++;
  const steps = [...start.slice(shared).map(() => ".."), ...end.slice(shared)];
  return steps.length === 0 ? "." : steps.join("/");
}

/** A called module's outputs. */
function moduleValue(name: string, names: Names, at: Span): HclValue | null {
  const block = names.module.calls.get(name);
  if (block === undefined) return null;
  const reference = `${names.prefix}module.${name}`;
  const instances = names.childrenOf(name);
  const outputOf = (instance: ModuleInstance) => (key: string | number) =>
    outputValue(String(key), instance, at);
  return unknownValue(reference, at, (key) => {
    const only = instances.length === 1 && instances[0]?.key === null ? instances[0] : undefined;
    if (only !== undefined) return outputOf(only.instance)(key);
    const found = instances.find(
      (candidate) => candidate.key !== null && String(candidate.key) === String(key),
    );
    return found === undefined
      ? null
      : unknownValue(`${reference}[${JSON.stringify(key)}]`, at, outputOf(found.instance));
  });
}

function outputValue(name: string, { module, scope }: ModuleInstance, at: Span): HclValue | null {
  const block = module.outputs.get(name);
  const expression = block?.body.attributes.get("value")?.expression;
  if (block === undefined || expression === undefined || isTrue(block, "sensitive", scope)) return null;
  const value = evaluate(expression, scope);
  return value.kind === "unknown" && value.problem !== null ? null : { ...value, at: value.at ?? at };
}
