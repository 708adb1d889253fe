/** `capacity` says how near a workflow comes to AWS's limits, at which rate quotas break, and how its Maps should be set. */
import { type Flags, resolveConfig } from "../config.ts";
import { type CapacityFormat, capacityRenderers } from "../render/capacity-renderers.ts";
import { renderDiagnostics } from "../render/diagnostic-text.ts";
import { type CapacityReport, buildCapacityReport } from "../report/capacity-report.ts";
import { type NestingContext, nestExecutions } from "../report/nested-executions.ts";
import type { StartRates } from "../capacity/held-at-once.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { exactFigure } from "../workflow/figure.ts";
import { HOURS_PER_MONTH } from "../workflow/workload/quantity.ts";
import { innerScopes } from "../workflow/state-identity.ts";
import type { MapState, Scope, State, StateMachine } from "../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { workloadFiles } from "../workload-files.ts";
import {
  type CapacityFlags,
  type CapacityRequest,
  type GivenItems,
  parseCapacityFlags,
} from "./capacity-request.ts";
import { jsonataParserFor } from "./jsonata-parser.ts";
import { onlyWorkflow } from "./only-workflow.ts";
import { priceWhereTheyLive } from "./priced-places.ts";
import { runPatiently } from "./patient-simulation.ts";
import { readWorkflows } from "./read-workflows.ts";

export interface CapacityOptions extends Flags, CapacityFlags {
  /** A definition, or a template with one state machine; `-` is standard input. */
  readonly definition: string;
  readonly config?: string | undefined;
  /** Of several found, the one to look at. */
  readonly name?: string | undefined;
  readonly parameter?: readonly string[] | undefined;
}

const FORMATS = Object.keys(capacityRenderers) as [CapacityFormat, ...CapacityFormat[]];
const WIDTH_OF_A_PIPE = 120;

/** Exit code 1 when a gate of `--fail-over` does not hold; UserErrors before anything is simulated. */
export async function runCapacity(shell: Shell, options: CapacityOptions): Promise<0 | 1> {
  const request = parseCapacityFlags(options);
  const files = workloadFiles(shell, options.config ?? null);
  const flags = { ...options, executions: options.executions ?? options.rate };
  const workloadFile = await files.forRun(options.definition);
  const config = resolveConfig({ shell, flags, workloadFile, formats: FORMATS });
  const read = await readWorkflows(shell, {
    paths: [options.definition],
    files,
    config,
    parameters: options.parameter ?? [],
  });
  const { definition: path, name } = options;
  const found = onlyWorkflow(read, { shell, path, name, command: "capacity" });
  const others = read.workflows.filter((each) => each !== found);
  const context = { parseJsonata: jsonataParserFor(read.workflows), taskDuration: config.taskDuration };
  const workflow = startedByOthers({ ...found, workload: withItems(found, request.items) }, others, context);
  refuseImpossible(workflow, request);
  const prices = await priceWhereTheyLive(shell, [workflow], config);
  const building = buildCapacityReport({
    ...request,
    workflow,
    others,
    priceList: prices.places[0]!.priceList,
    transitionRule: config.transitionRule,
    context,
    rates: ratesOf(workflow.workload, request),
    byHour: request.dayProfile,
    diagnostics: [...prices.diagnostics, ...read.diagnostics],
  });
  const report = await runPatiently(shell, building, config.quiet);
  if (report === null)
    throw new UserError("nothing-to-analyse", `${workflow.name} cannot start: its StartAt names no state.`);
  const text = await capacityRenderers[config.format](report, {
    columns: shell.stdout.columns ?? WIDTH_OF_A_PIPE,
    colour: config.output === null && shell.stdout.colour,
    verbose: config.verbose,
    top: config.top,
  });
  if (config.output === null) await shell.stdout.write(text);
  else await shell.writeFileAtomic(shell.paths.resolve(config.output), text);
  await tellReasons(shell, report, config.quiet);
  return report.verdict.passed ? 0 : 1;
}

async function tellReasons(
  shell: Shell,
  { diagnostics, verdict, isPartial }: CapacityReport,
  quiet: boolean,
): Promise<void> {
  const loud = quiet ? [] : diagnostics.filter(({ severity }) => severity !== "info");
  if (loud.length > 0) await shell.stderr.write(renderDiagnostics(loud, { colour: shell.stderr.colour }));
  if (isPartial) await shell.stderr.write("stepfare: stopped; what was simulated is partial\n");
  for (const reason of verdict.reasons) await shell.stderr.write(`stepfare: ${reason}\n`);
}

function scopesOf(stateMachine: StateMachine): readonly Scope[] {
  const scopes: Scope[] = [stateMachine];
  // Grows while it is walked: the scopes inside follow those that hold them.
  for (const { states } of scopes) for (const state of states) scopes.push(...innerScopes(state));
  return scopes;
}

function mapsIn(stateMachine: StateMachine): readonly MapState[] {
  return scopesOf(stateMachine).flatMap(({ states }) => states.filter((state) => state.type === "Map"));
}

function retries(state: State): boolean {
  return state.type === "Task" && state.retry.some(({ maxAttempts }) => maxAttempts > 0);
}

function withItems({ stateMachine, workload }: Workflow, given: readonly GivenItems[]): Workload {
  if (given.length === 0) return workload;
  const maps = mapsIn(stateMachine);
  const states = new Map(workload.states);
  for (const { state, count } of given) {
    const meant = state === null ? maps : maps.filter(({ name }) => name === state);
    if (meant.length !== 1) throw new UserError("invalid-option", `--items: ${whichMap(state, maps)}`);
    states.set(meant[0]!.pointer, {
      ...workloadOfState(workload, meant[0]!),
      items: exactFigure(count, "declared"),
    });
  }
  return { ...workload, states };
}

function whichMap(state: string | null, maps: readonly MapState[]): string {
  if (maps.length === 0) return "the definition has no Map";
  const names = maps.map(({ name }) => JSON.stringify(name)).join(", ");
  return state === null
    ? `the definition has ${maps.length} Maps: write one of ${names}, then = and the count`
    : `${JSON.stringify(state)} is not the name of one Map: there are ${names}`;
}

/** What can be seen to contradict itself is said before anything is simulated. */
function refuseImpossible({ stateMachine, workload }: Workflow, request: CapacityRequest): void {
  const { windowMs, storm } = request;
  if (storm !== null && !scopesOf(stateMachine).some(({ states }) => states.some(retries)))
    throw new UserError("invalid-option", "--storm: no Task of the definition retries");
  if (windowMs !== null) {
    const maps = stateMachine.states.filter((state) => state.type === "Map" && state.mode === "DISTRIBUTED");
    if (maps.length === 0)
      throw new UserError(
        "invalid-option",
        "--window: the definition has no Distributed Map that it could be for",
      );
    for (const map of maps) if (map.type === "Map") refuseShortWindow(map, workload, windowMs);
  }
  const mean = meanRate(workload);
  const { peakPerSecond: peak } = request;
  if (peak !== null && mean !== null && peak < mean * (1 - 1e-9))
    throw new UserError(
      "invalid-option",
      `--peak: it is less than the mean of ${Number(mean.toPrecision(4))} executions a second`,
    );
}

function refuseShortWindow(map: MapState, workload: Workload, windowMs: number): void {
  const batch = map.itemBatcher?.maxItemsPerBatch ?? 1;
  for (const state of map.processor.states) {
    const { duration } = workloadOfState(workload, state);
    const itemMs = duration === null ? 0 : duration.ms.value / batch;
    if (itemMs > windowMs)
      throw new UserError(
        "invalid-option",
        `--window: one item of ${JSON.stringify(map.name)} takes ${Math.round(itemMs / 1000)} s, longer than the window`,
      );
  }
}

/** With the executions that those beside it start, where nobody says how many there are. */
function startedByOthers(workflow: Workflow, others: readonly Workflow[], context: NestingContext): Workflow {
  const executionsPerMonth = nestExecutions([workflow, ...others], context).executionsOf(workflow);
  return { ...workflow, workload: { ...workflow.workload, executionsPerMonth } };
}

function meanRate({ executionsPerMonth }: Workload): number | null {
  return executionsPerMonth === null ? null : executionsPerMonth.value / (HOURS_PER_MONTH * 3600);
}

/** A peak that is given, else that of the day's busiest hour, else what stepfare.yml declares. */
function ratesOf(workload: Workload, { peakPerSecond, dayProfile }: CapacityRequest): StartRates | null {
  const mean = meanRate(workload);
  if (mean === null || mean === 0) return null;
  const busiest = dayProfile === null ? null : Math.max(...dayProfile) * 24 * mean;
  return { mean, peak: peakPerSecond ?? busiest ?? workload.peakPerSecond?.value ?? null };
}
