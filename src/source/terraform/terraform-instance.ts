/** A module instance is a module with its variables set, and the instances of the modules it calls. */
import { resolvePath } from "../repository.ts";
import { evaluate } from "./hcl-evaluation.ts";
import type { Scope } from "./hcl-scope.ts";
import type { Block } from "./hcl-syntax.ts";
import { faultValue } from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";
import { expandBlock } from "./terraform-expansion.ts";
import type { TerraformModule } from "./terraform-module.ts";
import { valueOfName } from "./terraform-names.ts";
import type { CallInstance, ModuleInstance, Names } from "./terraform-names.ts";
import type { Remember } from "./terraform-resource-value.ts";

export type InstanceOptions = Pick<Names, "root" | "module" | "prefix" | "input"> & {
  /** How many calls deep. */
  readonly level: number;
};

/** Modules that call each other for ever are cut here. */
const MAX_MODULE_LEVELS = 12;

export function instantiate(options: InstanceOptions): ModuleInstance {
  const { root, module, prefix } = options;
  const call: Scope["call"] = (name, args, context) => root.functions(name)?.(args, context) ?? null;
  const children = new Map<string, readonly CallInstance[]>();
  const childrenOf = (name: string): readonly CallInstance[] => {
    const known = children.get(name);
    if (known !== undefined) return known;
    children.set(name, []);
    const made = instantiateCall(name, scope, options);
    children.set(name, made);
    return made;
  };
  const remember = once();
  const scope: Scope = {
    budget: root.budget,
    call,
    lookup: (name, at) => valueOfName(name, { ...options, scope: () => scope, childrenOf, remember }, at),
  };
  return { module, prefix, scope, childrenOf };
}

/** Evaluates each name once; a name that needs itself is a fault. */
function once(): Remember {
  const known = new Map<string, HclValue | null>();
  return (key, make, at) => {
    const before = known.get(key);
    if (before !== undefined) return before ?? faultValue(`\`${key}\` refers to itself`, at, key);
    known.set(key, null);
    const value = make();
    known.set(key, value);
    return value;
  };
}

function instantiateCall(name: string, scope: Scope, options: InstanceOptions): readonly CallInstance[] {
  const block = options.module.calls.get(name);
  const module = block === undefined ? null : calledModule(block, scope, options);
  if (block === undefined || module === null || options.level >= MAX_MODULE_LEVELS) return [];
  const { instances } = expandBlock(block, scope);
  return (instances ?? [{ key: null, scope }]).map(({ key, scope: inner }) => {
    const index = key === null ? "" : `[${JSON.stringify(key)}]`;
    const given = new Map<string, HclValue>();
    const input = (variable: string): HclValue | null => {
      const attribute = block.body.attributes.get(variable);
      if (attribute === undefined) return null;
      const value = given.get(variable) ?? evaluate(attribute.expression, inner);
      given.set(variable, value);
      return value;
    };
    const prefix = `${options.prefix}module.${name}${index}.`;
    return { key, instance: instantiate({ ...options, module, prefix, level: options.level + 1, input }) };
  });
}

/** The module a call names, when its source is a folder of this repository. */
export function calledModule(
  block: Block,
  scope: Scope,
  { root, module }: Pick<InstanceOptions, "root" | "module">,
): TerraformModule | null {
  const source = sourceOfCall(block, scope);
  if (source === null || !/^\.\.?(?:\/|$)/.test(source)) return null;
  const folder = resolvePath(module.folder, source);
  return folder === null ? null : (root.modules.get(folder) ?? null);
}

/** A call's `source`; null when it is missing or not literal. */
export function sourceOfCall(block: Block, scope: Scope): string | null {
  const attribute = block.body.attributes.get("source");
  const value = attribute === undefined ? null : evaluate(attribute.expression, scope);
  return value?.kind === "string" && !value.isOpen ? value.text : null;
}
