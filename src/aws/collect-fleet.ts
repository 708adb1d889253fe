/** Collects a fleet: every account and region side by side, then samples, then the file's content. */
import pMap from "p-map";
import type { Diagnostic } from "../diagnostic.ts";
import type {
  CallCount,
  CollectedFleet,
  CollectionHooks,
  CollectionPeriod,
  CollectionRequest,
} from "../observation/fleet-collection.ts";
import { fleetWorkload } from "../observation/fleet-workload.ts";
import { UserError } from "../user-error.ts";
import type { ExecutionSample, Fleet, FleetMachine } from "../workflow/fleet/fleet.ts";
import { type AwsWorld, openWorld } from "./aws-world.ts";
import { callSlots } from "./call-slots.ts";
import { nothingCollected } from "./call-failure.ts";
import { type CollectedRegion, collectRegion } from "./collect-region.ts";
import { openJournal } from "./collect-journal.ts";
import { type CollectionRun, diagnoseFailures } from "./collection-run.ts";
import { priceOfMetrics } from "./collection-price.ts";
import { openAccesses } from "./open-accesses.ts";
import { sampleMachines } from "./sample-machines.ts";

const REGIONS_AT_ONCE = 16;
/** Enough to stay ahead of the descriptions, whose quota is the narrower one. */
const MEASURING_AT_ONCE = 6;
const HOUR_MS = 3_600_000;

export async function collectFleet(
  request: CollectionRequest,
  hooks: CollectionHooks,
  world: AwsWorld = openWorld(request.rate),
): Promise<CollectedFleet> {
  const journal = await openJournal({
    path: hooks.journal,
    request: requestKey(request),
    fresh: hooks.fresh,
    nowMs: hooks.nowMs,
  });
  const run: CollectionRun = {
    request,
    period: periodAt(request.period, journal.startedMs),
    // What the run before it took from AWS's buckets is not there for this one.
    world: journal.resumed ? { ...world, bucketsStartEmpty: true } : world,
    journal,
    failures: [],
    stopped: new Map(),
    progress: hooks.progress,
    measuring: callSlots(MEASURING_AT_ONCE),
    earlier: hooks.earlier,
  };
  try {
    const regions = await collectRegions(run);
    const read = regions.filter((region) => region !== null);
    const failed = diagnoseFailures(run.failures);
    if (read.length === 0 && (failed.length > 0 || regions.length === 0)) {
      if (journal.calls() === 0) await journal.discard();
      throw nothingCollected(failed);
    }
    const sampled = await sampleMachines(run, read);
    read.forEach(({ clients }) => clients.close());
    const diagnostics = [...diagnoseFailures(run.failures), ...sampled.diagnostics];
    const fleet = fleetOf(run, read, { samples: sampled.samples, diagnostics });
    const unfinished = run.failures.some(({ failure }) => failure.kind !== "gone");
    const finish = (): Promise<void> => (unfinished ? journal.close() : journal.discard());
    return { fleet, calls: callsOf(world), resumed: journal.resumed, unfinished, finish };
  } catch (error) {
    await journal.close().catch(() => undefined);
    throw error;
  }
}

/** A resumed run of an open month ends where the first one did. */
function periodAt(period: CollectionPeriod, startedMs: number): CollectionPeriod {
  if (!period.partial) return period;
  return { ...period, untilMs: Math.floor(startedMs / HOUR_MS) * HOUR_MS };
}

/** What makes two requests the same; how fast they go does not. */
function requestKey({ rate: _rate, period, ...rest }: CollectionRequest): string {
  const { untilMs, ...begin } = period;
  return JSON.stringify({ ...rest, period: period.partial ? begin : { ...begin, untilMs } });
}

async function collectRegions(run: CollectionRun): Promise<readonly (CollectedRegion | null)[]> {
  const accesses = await openAccesses(run);
  if (accesses === null) throw noRegion();
  const places = accesses.flatMap(({ access, regions }) => regions.map((region) => ({ access, region })));
  return pMap(places, (place) => collectRegion(run, place), { concurrency: REGIONS_AT_ONCE });
}

export function noRegion(): UserError {
  return new UserError(
    "no-region",
    "No region is named.",
    "Give --region eu-west-1 (or a list, or all), set AWS_REGION, or name a profile that has a region.",
  );
}

interface Gathered {
  readonly samples: ReadonlyMap<string, ExecutionSample>;
  readonly diagnostics: readonly Diagnostic[];
}

function fleetOf(
  { period, journal }: CollectionRun,
  regions: readonly CollectedRegion[],
  { samples, diagnostics }: Gathered,
): Fleet {
  const metrics = regions.reduce((sum, region) => sum + region.metrics, 0);
  const machines = regions.flatMap((region) =>
    region.machines.map((machine): FleetMachine => {
      const sample = samples.get(machine.arn) ?? null;
      return { ...machine, sample, workload: fleetWorkload({ ...machine, sample }, period) };
    }),
  );
  return {
    schemaVersion: "1",
    kind: "fleet",
    month: period.month,
    period: { from: isoTime(period.fromMs), until: isoTime(period.untilMs), partial: period.partial },
    collectedWith: { calls: journal.calls(), metrics, cost: priceOfMetrics(metrics) },
    regions: regions
      .map(({ account, region, transitions }) => ({ account, region, transitions }))
      .sort((a, b) => compare(a.account, b.account) || compare(a.region, b.region)),
    diagnostics,
    machines: machines.sort(
      (a, b) => compare(a.account, b.account) || compare(a.region, b.region) || compare(a.name, b.name),
    ),
  };
}

export function callsOf({ counts }: AwsWorld): readonly CallCount[] {
  return [...counts]
    .map(([action, calls]) => ({ action, calls }))
    .sort((a, b) => compare(a.action, b.action));
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
