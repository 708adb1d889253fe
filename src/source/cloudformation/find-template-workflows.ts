/** Finds the state machines of a CloudFormation or SAM template, without deploying, running or fetching anything. */
import type { Diagnostic } from "../../diagnostic.ts";
import type { WorkflowType } from "../../workflow/state-machine.ts";
import type { FoundIn } from "../../workflow/workflow.ts";
import { declaredLogLevel, declaredType } from "../declared-settings.ts";
import type { WrittenSetting } from "../declared-settings.ts";
import type { FoundLambda, FoundWorkflow } from "../found-workflow.ts";
import { placeAt, sourceText } from "../file-text.ts";
import { readMachineDefinition } from "./machine-definition.ts";
import type { TemplateFiles } from "./machine-definition.ts";
import { parseTemplate } from "./parse-template.ts";
import { asText, entryAt, knownBoolean, knownText } from "./resolved-value.ts";
import type { ResolvedValue } from "./resolved-value.ts";
import { resolveValue } from "./resolve-value.ts";
import { findLambdas } from "./template-lambdas.ts";
import { isMachine, listResources, propertyOf } from "./template-resource.ts";
import type { TemplateResource } from "./template-resource.ts";
import { findSchedules, readOwnEvents } from "./template-schedules.ts";
import { findSurroundings } from "./template-surroundings.ts";
import { openScope, refusedValues } from "./template-scope.ts";
import type { ValueNode } from "../../workflow/yaml/value-node.ts";
import type { GivenValues, ScopeFault } from "./template-scope.ts";

export interface TemplateFile {
  /** Relative to the root that `read` starts from. */
  readonly file: string;
  readonly text: string;
  /** Text of another file, by its path from the root; null when it is not there or may not be read. */
  readonly read: (path: string) => string | null;
  /** What to call its machines' origin; null: `sam` or `cloudformation`, by each machine's type. */
  readonly foundIn: FoundIn | null;
  /** Files that deploying would put into S3, by their keys there. */
  readonly assets?: ReadonlyMap<string, string> | undefined;
}

export interface TemplateWorkflows {
  /** In the order written. */
  readonly workflows: readonly FoundWorkflow[];
  /** What concerns the template and no single machine. */
  readonly diagnostics: readonly Diagnostic[];
  /** Definition files that these machines use: they are workflows of this template, not of their own. */
  readonly filesRead: readonly string[];
  /** Parameters that the template declares, to tell a misspelt --parameter. */
  readonly parameters: readonly string[];
}

/** Never throws for what a template says: what is wrong is a diagnostic, and what can be read is read. */
export function findTemplateWorkflows(template: TemplateFile, given: GivenValues): TemplateWorkflows {
  const source = sourceText(template.file, template.text);
  const { root, diagnostics: syntax } = parseTemplate(source);
  if (root === null) return { workflows: [], diagnostics: syntax, filesRead: [], parameters: [] };
  const found = findWorkflowsIn(root, { ...template, source }, given);
  return { ...found, diagnostics: [...syntax, ...found.diagnostics] };
}

/** The same of a template that is parsed, or of the part of a file that is one. */
export function findWorkflowsIn(
  root: ValueNode,
  template: TemplateFiles & Pick<TemplateFile, "foundIn">,
  given: GivenValues,
): TemplateWorkflows {
  const faults: ScopeFault[] = [];
  const scope = openScope(root, given, {
    source: template.source.text,
    report: (fault) => faults.push(fault),
    resolve: resolveValue,
  });
  refusedValues(root, given).forEach(scope.report);
  const resources = listResources(root, scope);
  const files: TemplateFiles = template;
  const lambdas = findLambdas(resources, files.source);
  const found = resources
    .filter(isMachine)
    .map((machine) => readMachine(machine, { files, resources, lambdas, foundIn: template.foundIn }));
  const told = new Set(found.flatMap(({ workflow }) => workflow.diagnostics.map(keyOf)));
  const own = diagnose(faults, files).filter((diagnostic) => !told.has(keyOf(diagnostic)));
  return {
    workflows: found.map(({ workflow }) => workflow),
    diagnostics: own,
    filesRead: [...new Set(found.flatMap(({ file }) => file ?? []))],
    parameters: [...scope.parameters.keys()],
  };
}

interface Surroundings {
  readonly files: TemplateFiles;
  readonly resources: readonly TemplateResource[];
  readonly lambdas: readonly FoundLambda[];
  readonly foundIn: FoundIn | null;
}

interface FoundMachine {
  readonly workflow: FoundWorkflow;
  /** The definition's file when it is not the template. */
  readonly file: string | null;
}

function readMachine(resource: TemplateResource, around: Surroundings): FoundMachine {
  const faults: ScopeFault[] = [];
  const machine = {
    ...resource,
    scope: { ...resource.scope, report: (fault: ScopeFault) => faults.push(fault) },
  };
  const { source } = around.files;
  const isSam = machine.type.startsWith("AWS::Serverless::");
  const name = knownText(propertyOf(machine, isSam ? "Name" : "StateMachineName"));
  const aliases = namesOf(machine, name, around.resources);
  const { definition, file } = readMachineDefinition(machine, around.files);
  const logging = propertyOf(machine, isSam ? "Logging" : "LoggingConfiguration");
  const tracing = propertyOf(machine, isSam ? "Tracing" : "TracingConfiguration");
  const workflow = {
    name: name ?? machine.id,
    foundIn: around.foundIn ?? (isSam ? "sam" : "cloudformation"),
    at: placeAt(source, machine.start, machine.pointer),
    type: readType(machine, isSam ? "Type" : "StateMachineType"),
    definition,
    logLevel: readLogLevel(machine, logging),
    logExecutionData: knownBoolean(entryAt(logging, "IncludeExecutionData")),
    tracing: knownBoolean(entryAt(tracing, "Enabled")),
    aliases,
    schedules: [
      ...(isSam ? readOwnEvents(machine, source) : []),
      ...findSchedules(machine, aliases, { resources: around.resources, source }),
    ],
    lambdas: around.lambdas,
    surroundings: findSurroundings(machine, aliases, { resources: around.resources, logging, tracing }),
  } satisfies Omit<FoundWorkflow, "diagnostics">;
  return { workflow: { ...workflow, diagnostics: diagnose(faults, around.files) }, file };
}

/** Names under which the template's other machines, rules and schedules may start this one. */
function namesOf(
  machine: TemplateResource,
  name: string | null,
  resources: readonly TemplateResource[],
): readonly string[] {
  const { id } = machine;
  const own = [id, `\${${id}}`, `\${${id}.Arn}`, `\${${id}.Name}`, ...(name === null ? [] : [name])];
  const published = resources
    .filter((resource) => /^AWS::StepFunctions::StateMachine(?:Alias|Version)$/.test(resource.type))
    .filter((resource) => namesTarget(resource, own))
    .flatMap((resource) => [`\${${resource.id}}`, `\${${resource.id}.Arn}`]);
  return [...new Set([...own, ...published])];
}

/** A version names its machine; an alias names versions, which are `${Version}` or `${Version.Arn}`. */
function namesTarget(resource: TemplateResource, names: readonly string[]): boolean {
  const target = propertyOf(resource, "StateMachineArn") ?? propertyOf(resource, "StateMachineRevisionArn");
  return target !== undefined && names.includes(asText(target).text);
}

function readType(machine: TemplateResource, property: string): WorkflowType | null {
  const written = propertyOf(machine, property);
  const { value, fault } = declaredType(settingOf(written));
  if (fault !== null) machine.scope.report({ ...fault, at: written?.at ?? machine });
  return value;
}

/** "By default, the level is set to OFF": https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html */
function readLogLevel(
  machine: TemplateResource,
  logging: ResolvedValue | undefined,
): FoundWorkflow["logLevel"] {
  if (logging === undefined) return null;
  const written = logging.kind === "object" ? entryAt(logging, "Level") : logging;
  if (written === undefined) return "OFF";
  const { value, fault } = declaredLogLevel(settingOf(written));
  if (fault !== null) machine.scope.report({ ...fault, at: written.at });
  return value ?? "unknown";
}

function settingOf(value: ResolvedValue | undefined): WrittenSetting | null {
  return value === undefined ? null : { known: knownText(value), written: asText(value).text };
}

/** Each thing said once, although a value may be worked out many times. */
function diagnose(faults: readonly ScopeFault[], { source }: TemplateFiles): readonly Diagnostic[] {
  const told = new Map<string, Diagnostic>();
  for (const { at, ...fault } of faults) {
    const diagnostic = { ...fault, at: placeAt(source, at.start, at.pointer) };
    if (!told.has(keyOf(diagnostic))) told.set(keyOf(diagnostic), diagnostic);
  }
  return [...told.values()];
}

function keyOf(diagnostic: Diagnostic): string {
  return `${diagnostic.code}\n${diagnostic.message}`;
}
