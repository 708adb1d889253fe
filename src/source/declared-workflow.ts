/** A declared workflow is a found workflow with its definition read, and with all that its source says of its workload. */
import type { Diagnostic, Place } from "../diagnostic.ts";
import { utf8Length } from "../workflow/text/decode-text.ts";
import { TASK_DURATION_MS } from "../workflow/default-figures.ts";
import type { Figure } from "../workflow/figure.ts";
import { exactFigure } from "../workflow/figure.ts";
import { readDefinition, readDefinitionValue } from "../workflow/definition/read-definition.ts";
import type { ReadDefinition } from "../workflow/definition/read-definition.ts";
import { readSource } from "../workflow/text/read-source.ts";
import { parseSchedule } from "../workflow/workload/schedule.ts";
import type { StateMachine, TaskState } from "../workflow/state-machine.ts";
import type { Locate, Workflow } from "../workflow/workflow.ts";
import { EMPTY_STATE_WORKLOAD, EMPTY_WORKLOAD } from "../workflow/workload/workload.ts";
import type { StateWorkload } from "../workflow/workload/workload.ts";
import type { FoundDefinition, FoundLambda, FoundSchedule, FoundWorkflow } from "./found-workflow.ts";
import { functionOf, tasksOf, withFunctions } from "./task-function.ts";

export interface DeclaredWorkflow {
  /** Null when the definition cannot be read; the diagnostics then say why. */
  readonly workflow: Workflow | null;
  /** The workflow's own too. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads what was found; every place leads to the file in which it was written. */
export async function declareWorkflow(found: FoundWorkflow): Promise<DeclaredWorkflow> {
  const { definition } = found;
  if (definition === null) return { workflow: null, diagnostics: found.diagnostics };
  const { stateMachine: written, locate, diagnostics: read } = await readFound(definition);
  const executions = readSchedules(found.schedules);
  const diagnostics = [...found.diagnostics, ...read, ...executions.diagnostics];
  if (written === null) return { workflow: null, diagnostics };
  const stateMachine = found.lambdas.length === 0 ? written : withFunctions(written, found.lambdas);
  const { name, type, at, foundIn, aliases, logLevel, logExecutionData, tracing } = found;
  const workload = {
    ...EMPTY_WORKLOAD,
    executionsPerMonth: executions.perMonth,
    logLevel: logLevel === "unknown" ? null : logLevel,
    logLevelUnknown: logLevel === "unknown",
    logExecutionData,
    tracing,
    states: describeTasks(stateMachine, found.lambdas),
  };
  const deployed = found.deployed === undefined ? {} : { deployed: found.deployed };
  const workflow = {
    name,
    type,
    stateMachine,
    workload,
    at,
    foundIn,
    aliases,
    locate,
    ...deployed,
    ...(found.surroundings === undefined ? {} : { surroundings: found.surroundings }),
    diagnostics,
  };
  return { workflow, diagnostics };
}

async function readFound(definition: FoundDefinition): Promise<ReadDefinition & { readonly locate: Locate }> {
  if (definition.kind === "value") {
    const { value, locate, definitionBytes = utf8Length(JSON.stringify(value)) } = definition;
    return { ...readDefinitionValue(value, { locate, definitionBytes }), locate };
  }
  const { text, place } = definition;
  const source = await readSource(text, place(1, 1).file);
  const move = (at: Place): Place => {
    const written = place(at.line, at.column);
    // A definition inside another file has a pointer there; a file of its own has the definition's.
    return written.pointer === "" ? { ...written, pointer: at.pointer } : written;
  };
  const { stateMachine, diagnostics } = readDefinition(source);
  return {
    stateMachine,
    diagnostics: diagnostics.map((diagnostic) => ({
      ...diagnostic,
      at: diagnostic.at && move(diagnostic.at),
    })),
    locate: (pointer) => move(source.locate(pointer)),
  };
}

interface ScheduledExecutions {
  readonly perMonth: Figure | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** The sum of those that are enabled; other triggers, of which nothing is known, would come on top. */
function readSchedules(schedules: readonly FoundSchedule[]): ScheduledExecutions {
  const read = schedules
    .filter((schedule) => schedule.enabled)
    .map((schedule) => ({ ...schedule, parsed: parseSchedule(schedule.expression) }));
  const diagnostics = read.flatMap(({ parsed, at }): Diagnostic[] => {
    if (parsed.ok) return [];
    const message = `The schedule is not counted: ${parsed.problem}.`;
    return [{ code: "unreadable-schedule", severity: "warning", message, at, hint: null }];
  });
  const known = read.flatMap(({ parsed, expression, at }) =>
    parsed.ok ? [{ count: parsed.value, note: `${expression} at ${at.file}:${at.line}` }] : [],
  );
  if (known.length === 0) return { perMonth: null, diagnostics };
  const total = known.reduce((sum, { count }) => sum + count, 0);
  return { perMonth: exactFigure(total, "inferred", known.map(({ note }) => note).join("; ")), diagnostics };
}

/** By name, or by pointer where a name occurs twice, as `Workload.states` has it. */
function describeTasks(
  machine: StateMachine,
  lambdas: readonly FoundLambda[],
): ReadonlyMap<string, StateWorkload> {
  if (lambdas.length === 0) return new Map();
  const tasks = tasksOf(machine);
  const names = new Map<string, number>();
  for (const { name } of tasks) names.set(name, (names.get(name) ?? 0) + 1);
  const described = tasks.flatMap((task) => {
    const lambda = functionOf(task, lambdas);
    const key = names.get(task.name) === 1 ? task.name : task.pointer;
    return lambda === null ? [] : [[key, describeTask(task, lambda)] as const];
  });
  return new Map(described);
}

function describeTask(
  task: TaskState,
  { memoryMB, architecture, timeoutSeconds, at }: FoundLambda,
): StateWorkload {
  const note = `${at.file}:${at.line}`;
  const memory = memoryMB === null ? null : exactFigure(memoryMB, "inferred", note);
  const most = timeoutSeconds === null ? Number.POSITIVE_INFINITY : timeoutSeconds * 1000;
  // The timeout says nothing of a callback, and no more than the default's own range when it is long.
  const bounded = task.resource.pattern === "REQUEST_RESPONSE" && most < TASK_DURATION_MS.high;
  return {
    ...EMPTY_STATE_WORKLOAD,
    lambda: memory === null && architecture === null ? null : { memoryMB: memory, architecture },
    duration: bounded ? { ms: upTo(most, note), percentiles: null } : null,
  };
}

function upTo(most: number, note: string): Figure {
  const { value, low } = TASK_DURATION_MS;
  return {
    value: Math.min(value, most),
    low: Math.min(low, most),
    high: most,
    basis: "default",
    note: `no duration declared; the function's timeout of ${most / 1000} s is at ${note}`,
  };
}
