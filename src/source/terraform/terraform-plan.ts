/** A Terraform plan or state, as `terraform show -json` writes it, is read into declarations. */
import type { Diagnostic, Place } from "../../diagnostic.ts";
import { pointerTo } from "../../workflow/text/json-value.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";
import { readSourceText } from "../../workflow/text/source-text.ts";
import type { FoundDefinition, FoundLambda } from "../found-workflow.ts";
import { memberOf, referencesOf } from "./plan-references.ts";
import {
  listPlanResources,
  planBool,
  planNumber,
  planReference,
  planText,
  planValue,
} from "./plan-resource.ts";
import type { PlanResource, ValuePath } from "./plan-resource.ts";
import { joinDeclarations, NOTHING_DECLARED } from "./terraform-declarations.ts";
import type { Declarations, DeclaredMachine } from "./terraform-declarations.ts";
import { CLOUD_CONTROL_ARGUMENTS, CLOUD_CONTROL_MACHINE, MACHINE_ARGUMENTS } from "./machine-resource.ts";
import type { MachineArguments } from "./machine-resource.ts";
import type { PlacedSetting } from "./terraform-machine.ts";
import { asArchitecture, machineAliases, readSettings } from "./terraform-machine.ts";

export interface TerraformPlan {
  readonly declarations: Declarations;
  readonly diagnostics: readonly Diagnostic[];
}

/** Never throws for what the file says. */
export function readTerraformPlan(file: string, text: string): TerraformPlan {
  const { value, locate, diagnostics } = readSourceText(text, file);
  if (value === undefined) return { declarations: NOTHING_DECLARED, diagnostics };
  const version = memberOf(value, "format_version");
  if (typeof version !== "string" || !/^[01](?:\.|$)/.test(version)) {
    return {
      declarations: NOTHING_DECLARED,
      diagnostics: [unknownFormat(version, locate("/format_version"))],
    };
  }
  const plan: Plan = { configuration: memberOf(value, "configuration"), locate };
  const found = listPlanResources(value).map((resource) => ({
    ...NOTHING_DECLARED,
    ...READERS.get(resource.type)?.(resource, plan),
  }));
  return { declarations: joinDeclarations(...found), diagnostics: [] };
}

function unknownFormat(version: JsonValue | undefined, at: Place): Diagnostic {
  return {
    code: "plan-format-unknown",
    severity: "warning",
    message: `The plan's format ${JSON.stringify(version ?? null)} is not one of the versions 0 and 1, which can be read`,
    at,
    hint: "Look for a newer release of stepfare, or analyse the Terraform files themselves",
  };
}

interface Plan {
  readonly configuration: JsonValue | undefined;
  readonly locate: (pointer: string) => Place;
}

const READERS = new Map<string, (resource: PlanResource, plan: Plan) => Partial<Declarations>>([
  [
    "aws_sfn_state_machine",
    (resource, plan) => ({ machines: [readMachine(resource, plan, MACHINE_ARGUMENTS)] }),
  ],
  [
    CLOUD_CONTROL_MACHINE,
    (resource, plan) => ({ machines: [readMachine(resource, plan, CLOUD_CONTROL_ARGUMENTS)] }),
  ],
  ["aws_sfn_alias", readMachineAlias],
  ["aws_lambda_function", (resource, plan) => ({ lambdas: [readLambda(resource, plan)] })],
  ["aws_lambda_alias", readLambdaAlias],
  ["aws_cloudwatch_event_rule", readRule],
  ["aws_cloudwatch_event_target", readTarget],
  ["aws_scheduler_schedule", readSchedule],
  ["aws_cloudwatch_metric_alarm", readAlarm],
]);

function readMachine(resource: PlanResource, plan: Plan, names: MachineArguments): DeclaredMachine {
  const { address } = resource;
  const name = planText(resource, names.name);
  const text = planText(resource, names.definition);
  const at = plan.locate(resource.pointer);
  // A nested block is a list of one, a nested attribute an object.
  const [logging, tracing] = [
    firstOf(resource, "logging_configuration"),
    firstOf(resource, "tracing_configuration"),
  ];
  const settings = readSettings({
    type: settingOf(resource, plan, names.type),
    level: settingOf(resource, plan, ...logging, "level"),
    writesLogging: isSet(planValue(resource, ...logging)),
  });
  const workflow: DeclaredMachine["workflow"] = {
    name: name ?? address,
    foundIn: "terraform",
    at,
    type: settings.type,
    definition:
      text === null ? null : definitionOf(text, pointerTo(resource.pointer, names.definition), plan),
    logLevel: settings.logLevel,
    logExecutionData: planBool(resource, ...logging, "include_execution_data"),
    tracing: planBool(resource, ...tracing, "enabled"),
    aliases: [...machineAliases(address, name), ...knownNames(resource)],
    diagnostics: [
      ...(text === null ? [unknownDefinition(resource, plan, names.definition)] : []),
      ...settings.diagnostics,
    ],
  };
  const writes = {
    writesLogging: isSet(planValue(resource, ...logging)),
    writesTracing: isSet(planValue(resource, ...tracing)),
  };
  return { address, known: knownNames(resource), workflow, writes };
}

function firstOf(resource: PlanResource, name: string): ValuePath {
  return Array.isArray(planValue(resource, name)) ? [name, 0] : [name];
}

function isSet(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

/** Null when it is not set. */
function settingOf(resource: PlanResource, plan: Plan, ...path: ValuePath): PlacedSetting | null {
  const at = plan.locate(pointerTo(resource.pointer, ...path));
  const isUnknown = path.reduce<JsonValue | undefined>(memberOf, resource.unknown) === true;
  if (isUnknown) return { known: null, written: planReference(resource, plan, ...path), at };
  const known = planText(resource, ...path);
  return known === null || known === "" ? null : { known, written: known, at };
}

function knownNames(resource: PlanResource): readonly string[] {
  return [...new Set([planText(resource, "arn"), planText(resource, "id")])].filter((name) => name !== null);
}

/** All of a definition's text is one JSON string of the plan. */
function definitionOf(text: string, pointer: string, { locate }: Plan): FoundDefinition {
  const at = locate(pointer);
  return { kind: "text", text, place: () => at };
}

function unknownDefinition(
  resource: PlanResource,
  { configuration, locate }: Plan,
  argument: string,
): Diagnostic {
  const missing = referencesOf(configuration, resource, [argument]);
  const because =
    missing.length === 0 ? "something it does not name" : missing.map((name) => `\`${name}\``).join(", ");
  return {
    code: "definition-not-in-plan",
    severity: "warning",
    message: `The plan does not hold the definition, because it depends on ${because}, known only after apply`,
    at: locate(resource.pointer),
    hint: "Analyse the folder that holds the Terraform files, with the plan in it: the definition is then read from them",
  };
}

function readMachineAlias(resource: PlanResource, { configuration }: Plan): Partial<Declarations> {
  const path = ["routing_configuration", 0, "state_machine_version_arn"] as const;
  const version = planReference(resource, { configuration }, ...path);
  // A version's ARN is its machine's with a number behind it.
  const machine = version.startsWith("arn:") ? version.replace(/:\d+$/, "") : version;
  return { machineAliases: [{ address: resource.address, known: knownNames(resource), machine }] };
}

function readLambda(resource: PlanResource, { locate }: Plan): FoundLambda {
  const names = [
    resource.address.replaceAll('"', "'"),
    ...["function_name", "arn"].map((key) => planText(resource, key)),
  ];
  return {
    names: names.filter((name) => name !== null),
    memoryMB: planNumber(resource, "memory_size"),
    architecture: asArchitecture(planText(resource, "architectures", 0)),
    timeoutSeconds: planNumber(resource, "timeout"),
    at: locate(resource.pointer),
  };
}

function readLambdaAlias(resource: PlanResource, { configuration }: Plan): Partial<Declarations> {
  const names = [resource.address.replaceAll('"', "'"), ...knownNames(resource)];
  return { lambdaAliases: [{ names, lambda: planReference(resource, { configuration }, "function_name") }] };
}

function readRule(resource: PlanResource, { locate }: Plan): Partial<Declarations> {
  const isUnknown = memberOf(resource.unknown, "schedule_expression") === true;
  const expression = planText(resource, "schedule_expression");
  if (!isUnknown && (expression === null || expression === "")) return {};
  const known = [planText(resource, "name"), ...knownNames(resource)].filter((name) => name !== null);
  const isOff = planText(resource, "state") === "DISABLED" || planBool(resource, "is_enabled") === false;
  const { address } = resource;
  return { rules: [{ address, known, expression, enabled: !isOff, at: locate(resource.pointer) }] };
}

function readTarget(resource: PlanResource, { configuration }: Plan): Partial<Declarations> {
  const rule = planReference(resource, { configuration }, "rule");
  return { targets: [{ rule, arn: planReference(resource, { configuration }, "arn") }] };
}

function readSchedule(resource: PlanResource, { configuration, locate }: Plan): Partial<Declarations> {
  const schedule = {
    target: planReference(resource, { configuration }, "target", 0, "arn"),
    input: planReference(resource, { configuration, all: true }, "target", 0, "input"),
    expression: planText(resource, "schedule_expression"),
    enabled: planValue(resource, "state") !== "DISABLED",
    at: locate(resource.pointer),
  };
  return { schedules: [schedule] };
}

function readAlarm(resource: PlanResource, { configuration }: Plan): Partial<Declarations> {
  if (planText(resource, "namespace") !== "AWS/States") return {};
  const machine = planReference(resource, { configuration }, "dimensions", "StateMachineArn");
  // Dimensions known only after apply are not told one by one.
  const watched = machine === "" ? planReference(resource, { configuration }, "dimensions") : machine;
  return { alarms: [{ metric: planText(resource, "metric_name"), machine: watched }] };
}
