/** Terraform readers turn one instance of a resource, or of a widely used module, into what it declares. */
import type { Diagnostic } from "../../diagnostic.ts";
import type { FoundLambda } from "../found-workflow.ts";
import type { Scope } from "./hcl-scope.ts";
import type { Block } from "./hcl-syntax.ts";
import { placeOf } from "./hcl-text-place.ts";
import { nullValue } from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";
import {
  knownBool,
  knownNumber,
  knownText,
  memberArguments,
  nestedArguments,
  referenceText,
} from "./terraform-block.ts";
import type { Arguments } from "./terraform-block.ts";
import type { Declarations, DeclaredMachine } from "./terraform-declarations.ts";
import { readDefinitionValue } from "./terraform-definition.ts";
import { CLOUD_CONTROL_ARGUMENTS, CLOUD_CONTROL_MACHINE, MACHINE_ARGUMENTS } from "./machine-resource.ts";
import type { MachineArguments } from "./machine-resource.ts";
import type { PlacedSetting } from "./terraform-machine.ts";
import { asArchitecture, machineAliases, readSettings } from "./terraform-machine.ts";

/** One instance of a resource, or of a call that is read like a resource. */
export interface Declared {
  readonly address: string;
  readonly block: Block;
  readonly scope: Scope;
  readonly args: Arguments;
  /** What is to be said because `count` or `for_each` is not known. */
  readonly diagnostics: readonly Diagnostic[];
}

/** By the type of the resource. */
export const READERS = new Map<string, (declared: Declared) => Partial<Declarations>>([
  ["aws_sfn_state_machine", (declared) => ({ machines: [readMachine(declared)] })],
  [CLOUD_CONTROL_MACHINE, (declared) => ({ machines: [readCloudControlMachine(declared)] })],
  ["aws_sfn_alias", readMachineAlias],
  ["aws_lambda_function", (declared) => ({ lambdas: [readLambda(declared)] })],
  ["aws_lambda_alias", readLambdaAlias],
  ["aws_cloudwatch_event_rule", readRule],
  ["aws_cloudwatch_event_target", readTarget],
  ["aws_scheduler_schedule", readSchedule],
  ["aws_cloudwatch_metric_alarm", readAlarm],
]);

/** Machine: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sfn_state_machine */
function readMachine(declared: Declared): DeclaredMachine {
  const { block, scope } = declared;
  return machineOf(declared, {
    names: MACHINE_ARGUMENTS,
    type: settingOf(declared.args("type"), block),
    logging: nestedArguments(block.body, "logging_configuration", scope),
    tracing: knownBool(nestedArguments(block.body, "tracing_configuration", scope)?.("enabled") ?? null),
  });
}

/** What DefinitionSubstitutions put in stays a placeholder. */
function readCloudControlMachine(declared: Declared): DeclaredMachine {
  const { block, args } = declared;
  const names = CLOUD_CONTROL_ARGUMENTS;
  const written = block.body.attributes.has(names.definition)
    ? names
    : { ...names, definition: "definition" };
  const [logging, tracing] = [args("logging_configuration"), args("tracing_configuration")];
  return machineOf(declared, {
    names: written,
    type: settingOf(args(names.type), block),
    logging: logging === null ? null : memberArguments(logging),
    tracing: tracing === null ? null : knownBool(memberArguments(tracing)?.("enabled") ?? null),
  });
}

interface MachineSettings {
  readonly names: MachineArguments;
  readonly type: PlacedSetting | null;
  readonly logging: Arguments | null;
  readonly tracing: boolean | null;
}

function machineOf(
  { address, block, args, diagnostics }: Declared,
  { names, type, logging, tracing }: MachineSettings,
): DeclaredMachine {
  const at = placeOf(block.span);
  const argument = block.body.attributes.get(names.definition);
  const written = argument === undefined ? at : placeOf(argument.span);
  const { definition, diagnostics: unread } = readDefinitionValue(
    args(names.definition) ?? nullValue(null),
    written,
  );
  const name = knownText(args(names.name));
  const settings = readSettings({
    type,
    level: settingOf(logging?.("level") ?? null, block),
    writesLogging: logging !== null,
  });
  const workflow: DeclaredMachine["workflow"] = {
    name: name ?? address,
    foundIn: "terraform",
    at,
    type: settings.type,
    definition,
    logLevel: settings.logLevel,
    logExecutionData: knownBool(logging?.("include_execution_data") ?? null),
    tracing,
    aliases: machineAliases(address, name),
    diagnostics: [...diagnostics, ...unread, ...settings.diagnostics],
  };
  const writes = { writesLogging: logging !== null, writesTracing: tracing !== null };
  return { address, known: [], workflow, writes };
}

function settingOf(value: HclValue | null, machine: Block): PlacedSetting | null {
  if (value === null || value.kind === "null") return null;
  const at = placeOf(value.at ?? machine.span);
  return { known: knownText(value), written: referenceText(value), at };
}

function readMachineAlias({ address, block, scope }: Declared): Partial<Declarations> {
  const version = nestedArguments(block.body, "routing_configuration", scope)?.("state_machine_version_arn");
  return { machineAliases: [{ address, known: [], machine: referenceText(version ?? null) }] };
}

export function readLambda({ address, block, args }: Declared): FoundLambda {
  const architectures = args("architectures");
  const name = knownText(args("function_name"));
  return {
    names: name === null ? [address.replaceAll('"', "'")] : [address.replaceAll('"', "'"), name],
    memoryMB: knownNumber(args("memory_size")),
    architecture: asArchitecture(
      knownText(architectures?.kind === "list" ? (architectures.items[0] ?? null) : null),
    ),
    timeoutSeconds: knownNumber(args("timeout")),
    at: placeOf(block.span),
  };
}

function readLambdaAlias({ address, args }: Declared): Partial<Declarations> {
  return {
    lambdaAliases: [{ names: [address.replaceAll('"', "'")], lambda: referenceText(args("function_name")) }],
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

function readAlarm({ args }: Declared): Partial<Declarations> {
  const dimensions = args("dimensions");
  const watched = dimensions === null ? null : (memberArguments(dimensions)?.("StateMachineArn") ?? null);
  if (knownText(args("namespace")) !== "AWS/States" || watched === null) return {};
  return { alarms: [{ metric: knownText(args("metric_name")), machine: referenceText(watched) }] };
}

export function readModuleMachine(declared: Declared): DeclaredMachine {
  const logging = declared.args("logging_configuration");
  const integrations = declared.args("service_integrations");
  const xray = integrations === null ? null : memberArguments(integrations)?.("xray");
  const tracing = xray == null ? null : knownBool(memberArguments(xray)?.("xray") ?? null);
  // The module makes it upper case.
  const type = settingOf(declared.args("type"), declared.block);
  return machineOf(declared, {
    names: MACHINE_ARGUMENTS,
    type: type === null ? null : { ...type, known: type.known?.toUpperCase() ?? null },
    logging: logging === null ? null : memberArguments(logging),
    tracing,
  });
}
