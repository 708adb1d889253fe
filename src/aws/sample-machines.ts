/** Samples the machines of a fleet under one budget of calls: the busiest first, several at a time. */
import pMap from "p-map";
import type { Diagnostic } from "../diagnostic.ts";
import type { ExecutionSample } from "../workflow/fleet/fleet.ts";
import type { CollectedRegion, MeasuredMachine } from "./collect-region.ts";
import { type CollectionRun, readPart } from "./collection-run.ts";
import { nameOfAccess } from "./open-accesses.ts";
import { affordableMachines, callsPerMachine } from "./sample-budget.ts";
import { sampleMachine } from "./sample-machine.ts";

export interface FleetSamples {
  /** By ARN. */
  readonly samples: ReadonlyMap<string, ExecutionSample>;
  readonly diagnostics: readonly Diagnostic[];
}

interface Candidate {
  readonly machine: MeasuredMachine;
  readonly region: CollectedRegion;
}

const AT_ONCE = 8;

export async function sampleMachines(
  run: CollectionRun,
  regions: readonly CollectedRegion[],
): Promise<FleetSamples> {
  const { request } = run;
  if (request.histories === 0) return { samples: new Map(), diagnostics: [] };
  const all = regions.flatMap((region) => region.machines.map((machine) => ({ machine, region })));
  const standard = all
    .filter(({ machine }) => machine.type === "STANDARD" && mayHaveRun(machine))
    .sort(busierFirst);
  const chosen = standard.slice(0, affordableMachines(request));
  const calls = callsPerMachine(chosen.length, request);
  let done = 0;
  const sampled = await pMap(
    chosen,
    async (candidate) => {
      const sample = await sampleOne(run, candidate, calls);
      run.progress(`samples: ${++done} of ${chosen.length} machines`);
      return [candidate.machine.arn, sample] as const;
    },
    { concurrency: AT_ONCE },
  );
  const express = request.logs ? await sampleLogs(run, all) : [];
  const samples = new Map(
    [...sampled, ...express].flatMap(([arn, sample]) => (sample === null ? [] : [[arn, sample]])),
  );
  return { samples, diagnostics: [...leftOut(standard.length - chosen.length), ...cutShort(samples, all)] };
}

function sampleOne(
  run: CollectionRun,
  { machine, region: { clients } }: Candidate,
  calls: number,
): Promise<ExecutionSample | null> {
  const { histories, keepPayloads } = run.request;
  const { arn, metrics, name } = machine;
  return readPart(run, {
    key: `sample ${arn}`,
    action: "states:ListExecutions",
    access: clients.access.id,
    region: clients.region,
    what: `${nameOfAccess(clients.access)}${clients.region}: the executions of`,
    name,
    read: (tally) =>
      sampleMachine(clients, { arn, metrics, period: run.period, histories, calls, keepPayloads }, tally),
  });
}

async function sampleLogs(
  run: CollectionRun,
  all: readonly Candidate[],
): Promise<readonly (readonly [string, ExecutionSample | null])[]> {
  const { sampleLogged } = await import("./execution-logs.ts");
  const express = all
    .filter(({ machine }) => machine.type === "EXPRESS" && mayHaveRun(machine))
    .sort(busierFirst);
  return pMap(
    express,
    async ({ machine, region: { clients } }) => {
      const sample = await readPart(run, {
        key: `logs ${machine.arn}`,
        action: "logs:FilterLogEvents",
        access: clients.access.id,
        region: clients.region,
        what: `${nameOfAccess(clients.access)}${clients.region}: the logs of`,
        name: machine.name,
        read: (tally) => sampleLogged(clients, machine, { run, tally }),
      });
      return [machine.arn, sample] as const;
    },
    { concurrency: AT_ONCE },
  );
}

function mayHaveRun({ metrics }: MeasuredMachine): boolean {
  return metrics === null || metrics.started !== 0;
}

/** By transitions where known, else by executions; the ARN settles ties. */
function busierFirst(a: Candidate, b: Candidate): number {
  const busy = ({ machine: { metrics } }: Candidate): number => metrics?.transitions ?? metrics?.started ?? 0;
  return busy(b) - busy(a) || (a.machine.arn < b.machine.arn ? -1 : 1);
}

function leftOut(machines: number): readonly Diagnostic[] {
  if (machines <= 0) return [];
  return [
    {
      code: "not-sampled",
      severity: "info",
      message: `${machines} Standard machines that ran were not sampled: the calls allowed were spent on busier ones`,
      at: null,
      hint: "Allow more with --sample-calls, or ask less of each with --histories.",
    },
  ];
}

function cutShort(
  samples: ReadonlyMap<string, ExecutionSample>,
  all: readonly Candidate[],
): readonly Diagnostic[] {
  const names = all.flatMap(({ machine: { arn, name } }) =>
    samples.get(arn)?.complete === false ? [name] : [],
  );
  if (names.length === 0) return [];
  const shown = names.sort().slice(0, 3).join(", ");
  return [
    {
      code: "sample-of-part",
      severity: "info",
      message: `${shown}${names.length > 3 ? ` and ${names.length - 3} more` : ""}: so many executions that only the later ones of the period could be listed and drawn from`,
      at: null,
      hint: "Allow more with --sample-calls, or collect fewer days.",
    },
  ];
}
