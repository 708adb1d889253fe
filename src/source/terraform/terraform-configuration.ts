/** A Terraform configuration is read into declarations: every instance of a matching resource, in every module it calls. */
import type { FoundLambda, FoundWorkflow } from "../found-workflow.ts";
import type { Scope } from "./hcl-scope.ts";
import type { Block } from "./hcl-syntax.ts";
import { placeOf } from "./hcl-text-place.ts";
import { nullValue } from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";
import {
  argumentsOf,
  knownBool,
  knownNumber,
  knownText,
  memberArguments,
  nestedArguments,
  referenceText,
} from "./terraform-block.ts";
import type { Arguments } from "./terraform-block.ts";
import { joinDeclarations } from "./terraform-declarations.ts";
import type { Declarations, DeclaredMachine } from "./terraform-declarations.ts";
import { readDefinitionValue } from "./terraform-definition.ts";
import { expandBlock } from "./terraform-expansion.ts";
import { calledModule, sourceOfCall } from "./terraform-instance.ts";
import type { ModuleInstance, Root } from "./terraform-names.ts";
import { asLogLevel, asWorkflowType, machineAliases } from "./terraform-machine.ts";
import type { Diagnostic } from "../../diagnostic.ts";

export interface Configuration {
  readonly declarations: Declarations;
  /** What concerns no single machine. */
  readonly diagnostics: readonly Diagnostic[];
  /** Folders of the modules that were read. */
  readonly folders: readonly string[];
}

const NOTHING: Declarations = {
  machines: [],
  lambdas: [],
  lambdaAliases: [],
  rules: [],
  targets: [],
  schedules: [],
};

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

/** One instance of a resource, or of a call that is read like a resource. */
interface Declared {
  readonly address: string;
  readonly block: Block;
  readonly scope: Scope;
  readonly args: Arguments;
  /** What is to be said because `count` or `for_each` is not known. */
  readonly diagnostics: readonly Diagnostic[];
}

const READERS = new Map<string, (declared: Declared) => Partial<Declarations>>([
  ["aws_sfn_state_machine", (declared) => ({ machines: [readMachine(declared)] })],
  ["aws_lambda_function", (declared) => ({ lambdas: [readLambda(declared)] })],
  ["aws_lambda_alias", readLambdaAlias],
  ["aws_cloudwatch_event_rule", readRule],
  ["aws_cloudwatch_event_target", readTarget],
  ["aws_scheduler_schedule", readSchedule],
]);

function readResource(block: Block, prefix: string, scope: Scope): Configuration {
  const [type = "", name = ""] = block.labels;
  const read = READERS.get(type);
  if (read === undefined) return { declarations: NOTHING, diagnostics: [], folders: [] };
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
    ...NOTHING,
    ...read({
      address: key === null ? address : `${address}[${JSON.stringify(key)}]`,
      block,
      scope: inner,
      args: argumentsOf(block.body, inner),
      diagnostics: instances === null ? [unknownNumber(block, address)] : [],
    }),
  }));
  const declarations = joinDeclarations(...found);
  const isEmpty = declarations.machines.length === 0 && block.body.attributes.has("definition");
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

/** Machine: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sfn_state_machine */
function readMachine(declared: Declared): DeclaredMachine {
  const { block, scope } = declared;
  return machineOf(declared, {
    logging: nestedArguments(block.body, "logging_configuration", scope),
    tracing: knownBool(nestedArguments(block.body, "tracing_configuration", scope)?.("enabled") ?? null),
  });
}

interface Observability {
  readonly logging: Arguments | null;
  readonly tracing: boolean | null;
}

function machineOf(
  { address, block, args, diagnostics }: Declared,
  { logging, tracing }: Observability,
): DeclaredMachine {
  const at = placeOf(block.span);
  const argument = block.body.attributes.get("definition");
  const written = argument === undefined ? at : placeOf(argument.span);
  const { definition, diagnostics: unread } = readDefinitionValue(
    args("definition") ?? nullValue(null),
    written,
  );
  const name = knownText(args("name"));
  const workflow: Omit<FoundWorkflow, "schedules" | "lambdas"> = {
    name: name ?? address,
    foundIn: "terraform",
    at,
    type: asWorkflowType(knownText(args("type"))),
    definition,
    logLevel: asLogLevel(knownText(logging?.("level") ?? null)),
    logExecutionData: knownBool(logging?.("include_execution_data") ?? null),
    tracing,
    aliases: machineAliases(address, name),
    diagnostics: [...diagnostics, ...unread],
  };
  return { address, known: [], workflow };
}

function readLambda({ address, block, args }: Declared): FoundLambda {
  const architectures = args("architectures");
  const name = knownText(args("function_name"));
  return {
    names: name === null ? [address.replaceAll('"', "'")] : [address.replaceAll('"', "'"), name],
    memoryMB: knownNumber(args("memory_size")),
    architecture: asArchitecture(architectures?.kind === "list" ? (architectures.items[0] ?? null) : null),
    timeoutSeconds: knownNumber(args("timeout")),
    at: placeOf(block.span),
  };
}

function asArchitecture(value: HclValue | null): FoundLambda["architecture"] {
  const text = knownText(value);
  return text === "arm64" || text === "x86_64" ? text : null;
}

function readLambdaAlias({ address, args }: Declared): Partial<Declarations> {
  return {
    lambdaAliases: [{ address: address.replaceAll('"', "'"), lambda: referenceText(args("function_name")) }],
  };
}

function readRule({ address, block, args }: Declared): Partial<Declarations> {
  const schedule = args("schedule_expression");
  if (schedule === null || schedule.kind === "null") return {};
  const name = knownText(args("name"));
  const isOff = knownText(args("state")) === "DISABLED" || knownBool(args("is_enabled")) === false;
  const known = name === null ? [] : [name];
  return {
    rules: [{ address, known, expression: knownText(schedule), enabled: !isOff, at: placeOf(block.span) }],
  };
}

function readTarget({ args }: Declared): Partial<Declarations> {
  return { targets: [{ rule: referenceText(args("rule")), arn: referenceText(args("arn")) }] };
}

function readSchedule({ block, scope, args }: Declared): Partial<Declarations> {
  const target = nestedArguments(block.body, "target", scope);
  return {
    schedules: [
      {
        target: referenceText(target?.("arn") ?? null),
        input: referenceText(target?.("input") ?? null),
        expression: knownText(args("schedule_expression")),
        enabled: knownText(args("state")) !== "DISABLED",
        at: placeOf(block.span),
      },
    ],
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
  const hasMachine = [...called.resources.values()].some(
    (resource) => resource.labels[0] === "aws_sfn_state_machine",
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
    declarations: NOTHING,
    diagnostics: mayHoldMachine ? [unreadModule(address, block)] : [],
    folders: [],
  };
}

function readModuleMachine(declared: Declared): DeclaredMachine {
  const logging = declared.args("logging_configuration");
  const integrations = declared.args("service_integrations");
  const xray = integrations === null ? null : memberArguments(integrations)?.("xray");
  const tracing = xray == null ? null : knownBool(memberArguments(xray)?.("xray") ?? null);
  return machineOf(declared, { logging: logging === null ? null : memberArguments(logging), tracing });
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
