/** Samples the executions of one Standard machine: lists them by how they ended, reads some, and tallies what they show. */
import { tallyExecutions, type SampledExecution } from "../observation/execution-tally.ts";
import type { CollectionPeriod } from "../observation/fleet-collection.ts";
import { planSample, type PlannedStratum, type Stratum } from "../observation/sample-plan.ts";
import {
  END_STATUSES,
  type EndStatus,
  type ExecutionSample,
  type MachineMetrics,
} from "../workflow/fleet/fleet.ts";
import type { Tally } from "./collect-journal.ts";
import { type ListedExecution, listEndedExecutions } from "./list-ended-executions.ts";
import { type ReadExecution, readExecution } from "./read-execution.ts";
import type { RegionClients } from "./region-clients.ts";
import { allowanceOf, type CallAllowance } from "./sample-budget.ts";

export interface MachineSampling {
  readonly arn: string;
  readonly metrics: MachineMetrics | null;
  readonly period: CollectionPeriod;
  readonly histories: number;
  /** Most calls for this machine. */
  readonly calls: number;
  readonly keepPayloads: boolean;
}

/** Lists may take this part of the calls. */
const LISTING_PART = 0.5;

/** Null when there is no ended execution to read. */
export async function sampleMachine(
  clients: RegionClients,
  sampling: MachineSampling,
  tally: Tally,
): Promise<ExecutionSample | null> {
  const { histories, calls } = sampling;
  const listed = await listAll(clients, sampling, tally);
  const planned = planSample(listed.strata, histories);
  if (planned.every(({ chosen }) => chosen.length === 0)) return null;
  const before = tally.calls;
  const reads = allowanceOf(Math.max(0, calls - before), tally);
  const read = await readAll(clients, planned, reads);
  const executions = read.map(({ status, weight, execution }): SampledExecution => ({
    status,
    weight,
    transitions: execution.history.transitions,
    historyEvents: execution.history.historyEvents,
    states: execution.history.states,
    children: execution.children,
  }));
  const starts = listed.strata.flatMap((stratum) => stratum.listed.map(({ startMs }) => startMs));
  return {
    histories: executions.length,
    source: "histories",
    executions: planned.reduce((sum, { population }) => sum + population, 0),
    from: isoTime(starts.reduce((least, each) => Math.min(least, each), Infinity)),
    until: isoTime(starts.reduce((most, each) => Math.max(most, each), -Infinity)),
    complete: listed.complete,
    byStatus: planned.map(({ status, population }) => ({
      status,
      executions: population,
      histories: executions.filter((each) => each.status === status).length,
    })),
    ...tallyExecutions(executions),
    payloads: sampling.keepPayloads
      ? read.map(({ status, execution: { input, output } }) => ({ status, input, output }))
      : null,
  };
}

interface Listed {
  readonly strata: readonly Stratum<ListedExecution>[];
  readonly complete: boolean;
}

/** The rarest way to end first: what it leaves of its part of the calls helps the longer lists. */
async function listAll(
  clients: RegionClients,
  { arn, metrics, period, calls }: MachineSampling,
  tally: Tally,
): Promise<Listed> {
  // Where CloudWatch says that none ended so, the list need not be asked for.
  const asked = END_STATUSES.map((status) => ({ status, population: populationOf(status, metrics) }))
    .filter(({ population }) => population !== 0)
    .sort((a, b) => (a.population ?? 0) - (b.population ?? 0));
  const strata: Stratum<ListedExecution>[] = [];
  let left = Math.floor(calls * LISTING_PART);
  let complete = true;
  for (const [index, { status, population }] of asked.entries()) {
    const before = tally.calls;
    const allowance = allowanceOf(Math.max(1, Math.floor(left / (asked.length - index))), tally);
    const listed = await listEndedExecutions(clients, { arn, status, period }, allowance);
    left -= tally.calls - before;
    complete &&= listed.complete;
    strata.push({ status, population, listed: listed.executions });
  }
  const order = (status: EndStatus): number => END_STATUSES.indexOf(status);
  return { strata: strata.sort((a, b) => order(a.status) - order(b.status)), complete };
}

function populationOf(status: EndStatus, metrics: MachineMetrics | null): number | null {
  if (metrics === null) return null;
  const { succeeded, failed, timedOut, aborted } = metrics;
  return { SUCCEEDED: succeeded, FAILED: failed, TIMED_OUT: timedOut, ABORTED: aborted }[status];
}

interface WeighedExecution {
  readonly status: EndStatus;
  readonly weight: number;
  readonly execution: ReadExecution;
}

/** One after the other: the pace is AWS's, and only one history is in memory at a time. */
async function readAll(
  { sfn }: RegionClients,
  planned: readonly PlannedStratum<ListedExecution>[],
  allowance: CallAllowance,
): Promise<readonly WeighedExecution[]> {
  const read: WeighedExecution[] = [];
  for (const { status, population, chosen } of planned) {
    const executions: ReadExecution[] = [];
    for (const { arn } of chosen) {
      const execution = await readExecution(sfn, arn, allowance).catch(unlessGone);
      if (execution !== null) executions.push(execution);
    }
    const weight = population / Math.max(1, executions.length);
    read.push(...executions.map((execution) => ({ status, weight, execution })));
  }
  return read;
}

/** Histories are kept for 90 days: one may go between the listing and the reading. */
function unlessGone(error: unknown): null {
  if (/ExecutionDoesNotExist|ResourceNotFound/.test((error as Error).name)) return null;
  throw error;
}

function isoTime(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}
