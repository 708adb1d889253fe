/** A Terraform configuration is read into declarations: every instance of a matching resource, in every module it calls. */
import type { Diagnostic } from "../../diagnostic.ts";
import type { Scope } from "./hcl-scope.ts";
import type { Block } from "./hcl-syntax.ts";
import { placeOf } from "./hcl-text-place.ts";
import { argumentsOf, knownBool } from "./terraform-block.ts";
import { joinDeclarations, NOTHING_DECLARED } from "./terraform-declarations.ts";
import type { Declarations } from "./terraform-declarations.ts";
import { expandBlock } from "./terraform-expansion.ts";
import { calledModule, sourceOfCall } from "./terraform-instance.ts";
import type { ModuleInstance, Root } from "./terraform-names.ts";
import { isMachineResource } from "./machine-resource.ts";
import { isStackResource, unreadStack } from "./terraform-stack.ts";
import { readLambda, readModuleMachine, READERS } from "./terraform-readers.ts";
import type { Declared } from "./terraform-readers.ts";

export interface Configuration {
  readonly declarations: Declarations;
  /** What concerns no single machine. */
  readonly diagnostics: readonly Diagnostic[];
  /** Folders of the modules that were read. */
  readonly folders: readonly string[];
}

export function readConfiguration(instance: ModuleInstance, root: Root): Configuration {
  const { module, prefix, scope } = instance;
  const own = [...module.resources.values()].map((block) => readResource(block, prefix, scope));
  const called = [...module.calls].map(([name, block]) => readCall(name, block, { instance, root }));
  return {
    declarations: joinDeclarations(
      ...own.map((found) => found.declarations),
      ...called.map((found) => found.declarations),
    ),
    diagnostics: [...own, ...called].flatMap((found) => found.diagnostics),
    folders: [module.folder, ...called.flatMap((found) => found.folders)],
  };
}

function readResource(block: Block, prefix: string, scope: Scope): Configuration {
  const [type = "", name = ""] = block.labels;
  const read = READERS.get(type);
  if (read === undefined) {
    const diagnostics = isStackResource(type) ? unreadStack(block, `${prefix}${type}.${name}`, scope) : [];
    return { declarations: NOTHING_DECLARED, diagnostics, folders: [] };
  }
  return readInstances(block, { address: `${prefix}${type}.${name}`, scope, read });
}

interface Instances {
  readonly address: string;
  readonly scope: Scope;
  readonly read: (declared: Declared) => Partial<Declarations>;
}

/** Of a number that is not known, one is read. What declares machines says so, and when it makes none. */
function readInstances(block: Block, { address, scope, read }: Instances): Configuration {
  const { instances } = expandBlock(block, scope);
  const found = (instances ?? [{ key: null, scope }]).map(({ key, scope: inner }) => ({
    ...NOTHING_DECLARED,
    ...read({
      address: key === null ? address : `${address}[${JSON.stringify(key)}]`,
      block,
      scope: inner,
      args: argumentsOf(block.body, inner),
      diagnostics: instances === null ? [unknownNumber(block, address)] : [],
    }),
  }));
  const declarations = joinDeclarations(...found);
  const { labels, body, type } = block;
  const makesMachines =
    type === "resource" ? isMachineResource(labels[0] ?? "") : body.attributes.has("definition");
  const isEmpty = declarations.machines.length === 0 && makesMachines;
  return { declarations, diagnostics: isEmpty ? [noInstance(block, address)] : [], folders: [] };
}

function unknownNumber(block: Block, address: string): Diagnostic {
  return {
    code: "unknown-instances",
    severity: "info",
    message: `The number of ${address} is not known from the configuration; one is analysed`,
    at: placeOf((block.body.attributes.get("count") ?? block.body.attributes.get("for_each") ?? block).span),
    hint: null,
  };
}

function noInstance(block: Block, address: string): Diagnostic {
  return {
    code: "no-instances",
    severity: "info",
    message: `${address} is not made: its count or for_each is empty`,
    at: placeOf(block.span),
    hint: null,
  };
}

interface CallContext {
  readonly instance: ModuleInstance;
  readonly root: Root;
}

function readCall(name: string, block: Block, { instance, root }: CallContext): Configuration {
  const { scope, prefix, module } = instance;
  const address = `${prefix}module.${name}`;
  const called = calledModule(block, scope, { root, module });
  if (called === null) return readRemoteCall(address, block, scope);
  const found = instance.childrenOf(name).map((child) => readConfiguration(child.instance, root));
  const hasMachine = [...called.resources.values()].some(({ labels: [type = ""] }) =>
    isMachineResource(type),
  );
  return {
    declarations: joinDeclarations(...found.map((one) => one.declarations)),
    diagnostics: [
      ...found.flatMap((one) => one.diagnostics),
      ...(found.length === 0 && hasMachine ? [noInstance(block, address)] : []),
    ],
    folders: [called.folder, ...found.flatMap((one) => one.folders)],
  };
}

/** https://registry.terraform.io/modules/terraform-aws-modules/step-functions/aws */
const STEP_FUNCTIONS_MODULE = /terraform-aws-modules\/(?:terraform-aws-)?step-functions\b/;
/** https://registry.terraform.io/modules/terraform-aws-modules/lambda/aws */
const LAMBDA_MODULE = /terraform-aws-modules\/(?:terraform-aws-)?lambda\b/;

/** Modules from elsewhere are not fetched; of two that are used widely, the arguments say enough. */
function readRemoteCall(address: string, block: Block, scope: Scope): Configuration {
  const source = sourceOfCall(block, scope) ?? "";
  const isLocal = source.startsWith(".");
  const { attributes } = block.body;
  if (STEP_FUNCTIONS_MODULE.test(source) || (isLocal && attributes.has("definition"))) {
    const read = (declared: Declared): Partial<Declarations> =>
      knownBool(declared.args("create")) === false ? {} : { machines: [readModuleMachine(declared)] };
    return readInstances(block, { address, scope, read });
  }
  if (LAMBDA_MODULE.test(source)) {
    return readInstances(block, {
      address,
      scope,
      read: (declared) => ({ lambdas: [readLambda(declared)] }),
    });
  }
  const mayHoldMachine = /step[-_]?functions?|\bsfn\b|state[-_]?machine/i.test(`${address} ${source}`);
  return {
    declarations: NOTHING_DECLARED,
    diagnostics: mayHoldMachine ? [unreadModule(address, block)] : [],
    folders: [],
  };
}

function unreadModule(address: string, block: Block): Diagnostic {
  return {
    code: "module-not-read",
    severity: "info",
    message: `${address} comes from elsewhere and is not read; it may hold state machines`,
    at: placeOf(block.span),
    hint: "Make a plan, which shows what the module makes, and analyse that",
  };
}
