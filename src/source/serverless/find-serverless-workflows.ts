/**
 * Finds the state machines of a Serverless Framework service, as its plug-in serverless-step-functions declares them.
 * https://github.com/serverless-operations/serverless-step-functions
 */
import type { Diagnostic, Place } from "../../diagnostic.ts";
import { shown } from "../../workflow/definition/field-reader.ts";
import { declaredLogLevel, declaredType } from "../declared-settings.ts";
import type { DeclaredSetting, WrittenSetting } from "../declared-settings.ts";
import type { FoundDefinition, FoundLambda, FoundSchedule, FoundWorkflow } from "../found-workflow.ts";
import { placeAt, sourceText } from "../file-text.ts";
import { ANALYSE_AROUND, folderOf, resolvePath } from "../repository.ts";
import { parseTemplate } from "../cloudformation/parse-template.ts";
import {
  asJson,
  asText,
  entriesOf,
  itemsOf,
  knownBoolean,
  knownNumber,
  knownText,
  locateIn,
  memberOf,
} from "./serverless-value.ts";
import { MAKE_A_PACKAGE } from "./service-file.ts";
import { findResourceWorkflows } from "./service-resources.ts";
import type { ServerlessValue } from "./serverless-value.ts";
import { MAX_VALUES, valueOfService } from "./serverless-variables.ts";
import type { ServerlessService } from "./serverless-variables.ts";

export interface ServiceFile {
  /** Relative to the root that `read` starts from. */
  readonly file: string;
  readonly text: string;
  readonly region: string | null;
  /** Of the resources that are written as CloudFormation. */
  readonly parameters?: ReadonlyMap<string, string>;
  readonly read: (path: string) => string | null;
}

export interface ServerlessWorkflows {
  readonly workflows: readonly FoundWorkflow[];
  readonly diagnostics: readonly Diagnostic[];
  /** Parameters that its resources declare. */
  readonly parameters: readonly string[];
}

/** Never throws for what the file says. */
export function findServerlessWorkflows(service: ServiceFile): ServerlessWorkflows {
  const { file, text, region, read, parameters = new Map<string, string>() } = service;
  const source = sourceText(file, text);
  const { root, diagnostics } = parseTemplate(source);
  if (root === null) return { workflows: [], diagnostics, parameters: [] };
  const opened: ServerlessService = {
    main: { source, root },
    folder: folderOf(file),
    region,
    read,
    documents: new Map(),
    budget: { left: MAX_VALUES },
  };
  const machines = valueOfService(opened, "stepFunctions", "stateMachines");
  const section = machines ?? valueOfService(opened, "stepFunctions");
  const groups = machines?.kind === "list" ? machines.items : machines === undefined ? [] : [machines];
  const lambdas = readFunctions(opened);
  const workflows = groups
    .flatMap(entriesOf)
    .map(([key, machine]) => readMachine(key, machine, { lambdas, folder: opened.folder }));
  const resources = findResourceWorkflows(opened, { lambdas, parameters });
  const unread = [...new Set([section, ...groups])].flatMap((part) =>
    part?.kind === "unknown" ? [notRead(part, "state machines are", opened.folder)] : [],
  );
  const spent = opened.budget.left > 0 ? [] : [tooLarge(placeAt(source, 0))];
  return {
    workflows: [...workflows, ...resources.flatMap((one) => one.workflows)],
    diagnostics: [...diagnostics, ...unread, ...resources.flatMap((one) => one.diagnostics), ...spent],
    parameters: resources.flatMap((one) => one.parameters),
  };
}

function tooLarge(at: Place): Diagnostic {
  return {
    code: "service-too-large",
    severity: "warning",
    message: `The service's variables make more than ${MAX_VALUES} values, or include each other too deep; the rest is not worked out.`,
    at,
    hint: MAKE_A_PACKAGE,
  };
}

/** Why what only a deployment works out, or only another folder holds, is not read. */
function notRead(value: ServerlessValue, what: string, folder: string): Diagnostic {
  const written = asText(value);
  const [, path = null] = /^\$\{file\(([^()]+)\)/.exec(written) ?? [];
  const isOutside = path !== null && resolvePath(folder, path.trim()) === null;
  return {
    code: isOutside ? "definition-outside" : "unknown-definition",
    severity: "warning",
    message: isOutside
      ? `The ${what} in ${shown(path)}, outside of the folder that is read.`
      : `The ${what} known only when the service is deployed: ${shown(written)}.`,
    at: value.at,
    hint: isOutside ? ANALYSE_AROUND : MAKE_A_PACKAGE,
  };
}

interface OfService {
  readonly lambdas: readonly FoundLambda[];
  readonly folder: string;
}

function readMachine(key: string, machine: ServerlessValue, { lambdas, folder }: OfService): FoundWorkflow {
  const written = memberOf(machine, "name");
  const name = knownText(written);
  const id = knownText(memberOf(machine, "id"));
  const typed = memberOf(machine, "type");
  const type = declaredType(settingOf(typed));
  const logging = memberOf(machine, "loggingConfig");
  const leveled = logging?.kind === "object" ? memberOf(logging, "level") : logging;
  const level = declaredLogLevel(settingOf(leveled));
  const { definition, diagnostics } = readDefinition(
    machine.kind === "unknown" ? machine : memberOf(machine, "definition"),
    machine,
    folder,
  );
  const logicalIds = [
    ...(id === null ? [] : [logicalName(id)]),
    `${logicalName(key)}StepFunctionsStateMachine`,
  ];
  return {
    name: name ?? key,
    foundIn: "serverless",
    at: machine.at,
    type: type.value,
    definition,
    logLevel: logging === undefined ? null : leveled === undefined ? "OFF" : (level.value ?? "unknown"),
    logExecutionData: knownBoolean(memberOf(machine, "loggingConfig", "includeExecutionData")),
    tracing: knownBoolean(memberOf(machine, "tracingConfig", "enabled")),
    aliases: [...new Set([key, ...logicalIds.flatMap((own) => [own, `\${${own}}`, `\${${own}.Arn}`])])],
    schedules: itemsOf(memberOf(machine, "events")).flatMap(readEvent),
    lambdas,
    diagnostics: [...diagnostics, ...faultAt(type, typed), ...faultAt(level, leveled)],
  };
}

function settingOf(value: ServerlessValue | undefined): WrittenSetting | null {
  return value === undefined ? null : { known: knownText(value), written: asText(value) };
}

function faultAt(
  { fault }: DeclaredSetting<unknown>,
  written: ServerlessValue | undefined,
): readonly Diagnostic[] {
  return fault === null || written === undefined ? [] : [{ ...fault, at: written.at }];
}

function readDefinition(
  value: ServerlessValue | undefined,
  machine: ServerlessValue,
  folder: string,
): { readonly definition: FoundDefinition | null; readonly diagnostics: readonly Diagnostic[] } {
  if (value?.kind === "object") {
    return { definition: { kind: "value", value: asJson(value), locate: locateIn(value) }, diagnostics: [] };
  }
  if (value?.kind === "text" && /^\s*\{(?!\w+:[^,{}]*\}$)/.test(value.text)) {
    const { at } = value;
    return { definition: { kind: "text", text: value.text, place: () => at }, diagnostics: [] };
  }
  if (value !== undefined && value.kind !== "plain") {
    return { definition: null, diagnostics: [notRead(value, "definition is", folder)] };
  }
  const diagnostic: Diagnostic = {
    code: "missing-definition",
    severity: "error",
    message: "The state machine has no definition.",
    at: (value ?? machine).at,
    hint: "Write it under definition.",
  };
  return { definition: null, diagnostics: [diagnostic] };
}

/** `schedule: rate(1 day)`, or `schedule: { rate, enabled }`, where rate may be a list. */
function readEvent(event: ServerlessValue): readonly FoundSchedule[] {
  const schedule = memberOf(event, "schedule");
  if (schedule === undefined) return [];
  const rate = schedule.kind === "object" ? memberOf(schedule, "rate") : schedule;
  const enabled = knownBoolean(memberOf(schedule, "enabled")) !== false;
  const rates = rate?.kind === "list" ? rate.items : rate === undefined ? [] : [rate];
  return rates.map((one) => ({ expression: asText(one).trim(), enabled, at: schedule.at }));
}

/** The provider's figures hold for the functions that have none of their own; Serverless gives 1,024 MB and 6 s. */
function readFunctions(service: ServerlessService): readonly FoundLambda[] {
  const provider = (key: string): ServerlessValue | undefined => valueOfService(service, "provider", key);
  const name =
    knownText(valueOfService(service, "service")) ?? knownText(valueOfService(service, "service", "name"));
  const stage = knownText(provider("stage")) ?? (provider("stage") === undefined ? "dev" : null);
  const functions = valueOfService(service, "functions");
  const groups = functions?.kind === "list" ? functions.items : functions === undefined ? [] : [functions];
  return groups.flatMap(entriesOf).map(([key, one]) => {
    const figure = (member: string, fallback: number): number | null => {
      const written = memberOf(one, member) ?? provider(member);
      return written === undefined ? fallback : knownNumber(written);
    };
    const architecture = knownText(memberOf(one, "architecture") ?? provider("architecture"));
    const own = knownText(memberOf(one, "name"));
    const full = own ?? (name === null || stage === null ? null : `${name}-${stage}-${key}`);
    return {
      names: [key, `${logicalName(key)}LambdaFunction`, ...(full === null ? [] : [full])],
      // https://www.serverless.com/framework/docs/providers/aws/guide/functions
      memoryMB: figure("memorySize", 1024),
      timeoutSeconds: figure("timeout", 6),
      architecture: architecture === "arm64" || architecture === "x86_64" ? architecture : null,
      at: one.at,
    };
  });
}

/** As the framework makes logical ids: https://www.serverless.com/framework/docs/providers/aws/guide/resources */
function logicalName(key: string): string {
  const spelled = key.replaceAll("-", "Dash").replaceAll("_", "Underscore");
  return spelled.charAt(0).toUpperCase() + spelled.slice(1);
}
