/** Terraform declarations are the resources that matter here, read alike from a configuration, a plan or a state. */
import type { FoundLambda, FoundWorkflow } from "../found-workflow.ts";
import type { Diagnostic, Place } from "../../diagnostic.ts";
import type { AlarmedMetric, Surroundings } from "../../workflow/workflow.ts";
import { placeholderOf } from "./hcl-value.ts";

/**
 * References between resources are texts: a known name or ARN, or a placeholder `${aws_sfn_state_machine.orders.arn}`
 * that begins with the address of the resource.
 */
export interface Declarations {
  readonly machines: readonly DeclaredMachine[];
  readonly machineAliases: readonly DeclaredMachineAlias[];
  readonly lambdas: readonly FoundLambda[];
  readonly lambdaAliases: readonly DeclaredLambdaAlias[];
  readonly rules: readonly DeclaredRule[];
  readonly targets: readonly DeclaredTarget[];
  readonly schedules: readonly DeclaredSchedule[];
  readonly alarms: readonly DeclaredAlarm[];
}

export interface DeclaredMachine {
  readonly address: string;
  /** Known texts that mean this machine: its ARN. */
  readonly known: readonly string[];
  readonly workflow: Omit<FoundWorkflow, "schedules" | "lambdas" | "surroundings">;
  readonly writes: Pick<Surroundings, "writesLogging" | "writesTracing">;
}

/** An alarm on a metric of AWS/States, with the machine it watches; `metric` is null when it is not known. */
export interface DeclaredAlarm {
  readonly metric: string | null;
  readonly machine: string;
}

/** A published alias, which starts a version of a machine. */
export interface DeclaredMachineAlias {
  readonly address: string;
  readonly known: readonly string[];
  readonly machine: string;
}

/** An EventBridge rule with a schedule; `expression` is null when it is not known. */
export interface DeclaredRule {
  readonly address: string;
  readonly known: readonly string[];
  readonly expression: string | null;
  readonly enabled: boolean;
  readonly at: Place;
}

export interface DeclaredTarget {
  readonly rule: string;
  readonly arn: string;
}

/** A schedule of EventBridge Scheduler. `input` matters where the target is the API call StartExecution. */
export interface DeclaredSchedule {
  readonly target: string;
  readonly input: string;
  readonly expression: string | null;
  readonly enabled: boolean;
  readonly at: Place;
}

export interface DeclaredLambdaAlias {
  /** Its address, and its ARN where known. */
  readonly names: readonly string[];
  readonly lambda: string;
}

export const NOTHING_DECLARED: Declarations = {
  machines: [],
  machineAliases: [],
  lambdas: [],
  lambdaAliases: [],
  rules: [],
  targets: [],
  schedules: [],
  alarms: [],
};

export function joinDeclarations(...all: readonly Declarations[]): Declarations {
  return {
    machines: all.flatMap((some) => some.machines),
    machineAliases: all.flatMap((some) => some.machineAliases),
    lambdas: all.flatMap((some) => some.lambdas),
    lambdaAliases: all.flatMap((some) => some.lambdaAliases),
    rules: all.flatMap((some) => some.rules),
    targets: all.flatMap((some) => some.targets),
    schedules: all.flatMap((some) => some.schedules),
    alarms: all.flatMap((some) => some.alarms),
  };
}

/** Each machine with the schedules that start it and the functions its Tasks may call. */
export function connectDeclarations(declarations: Declarations): readonly FoundWorkflow[] {
  const { lambdas, lambdaAliases, machineAliases } = declarations;
  const withAliases = lambdas.map((lambda) => {
    const aliases = lambdaAliases.filter((alias) =>
      lambda.names.some((name) => means(alias.lambda, name, [name])),
    );
    return aliases.length === 0
      ? lambda
      : { ...lambda, names: [...lambda.names, ...aliases.flatMap(({ names }) => names)] };
  });
  return declarations.machines.map((machine) => {
    const published = machineAliases.filter((alias) => means(alias.machine, machine.address, machine.known));
    const found = schedulesOf(machine, published, declarations);
    const schedules = found.flatMap(({ expression, enabled, at }) =>
      expression === null ? [] : [{ expression, enabled, at }],
    );
    const unknown = found
      .filter(({ expression }) => expression === null)
      .map(({ at }) => unknownSchedule(at));
    const diagnostics = [...machine.workflow.diagnostics, ...unknown];
    const names = published.flatMap(({ address, known }) => [placeholderOf(`${address}.arn`), ...known]);
    const aliases = [...machine.workflow.aliases, ...names];
    const alarms = alarmsOn(machine, declarations.alarms);
    const surroundings = { resource: machine.address, ...machine.writes, alarms };
    return { ...machine.workflow, aliases, diagnostics, schedules, lambdas: withAliases, surroundings };
  });
}

/** A Map Run's children are watched under the machine's ARN with the Map's label behind it. */
function alarmsOn(machine: DeclaredMachine, alarms: readonly DeclaredAlarm[]): readonly AlarmedMetric[] {
  return alarms.flatMap(({ metric, machine: watched }) => {
    const [, arn = watched, label = null] = /^(.*[^/])\/([^/{}]+)$/s.exec(watched) ?? [];
    return means(arn, machine.address, machine.known) ? [{ metric, label }] : [];
  });
}

type Timing = Pick<DeclaredRule, "expression" | "enabled" | "at">;

function schedulesOf(
  machine: DeclaredMachine,
  aliases: readonly DeclaredMachineAlias[],
  { rules, targets, schedules }: Declarations,
): readonly Timing[] {
  const startsIt = (text: string): boolean =>
    [machine, ...aliases].some(({ address, known }) => means(text, address, known));
  const byRule = targets
    .filter(({ arn }) => startsIt(arn))
    .flatMap((target) => rules.filter((rule) => means(target.rule, rule.address, rule.known)));
  const byScheduler = schedules.filter(({ target, input }) => startsIt(target) || mentions(input, machine));
  return [...byRule, ...byScheduler];
}

function unknownSchedule(at: Place): Diagnostic {
  return {
    code: "schedule-not-evaluated",
    severity: "info",
    message: "The expression of this schedule is not known, so its executions are not counted",
    at,
    hint: "Declare the executions in stepfare.yml",
  };
}

/** Whether a text is a known one, or a placeholder of something within the resource at `address`. */
function means(text: string, address: string, known: readonly string[]): boolean {
  if (known.includes(text)) return true;
  const reference = /^\$\{(.*)\}$/.exec(text)?.[1] ?? text;
  const written = address.replaceAll('"', "'");
  if (reference === written || reference.startsWith(`${written}.`)) return true;
  // A plan names resources without their index; a machine of unknown number is declared without one.
  const base = withoutIndex(written);
  return reference.startsWith(base === written ? `${written}[` : `${base}.`);
}

/** The input of a StartExecution call names the machine. */
function mentions(input: string, machine: DeclaredMachine): boolean {
  if (machine.known.some((name) => name !== "" && input.includes(name))) return true;
  return (input.match(/\$\{[^{}]*\}/g) ?? []).some((placeholder) => means(placeholder, machine.address, []));
}

/** `a.b["c"]` → `a.b`. */
function withoutIndex(written: string): string {
  if (!written.endsWith("]")) return written;
  const open = written.indexOf("[", written.lastIndexOf("]", written.length - 2) + 1);
  return open < 0 ? written : written.slice(0, open);
}
