/** A collection plan says what a collection will ask, cost and take, after free listing calls alone. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pMap from "p-map";
import type {
  CallCount,
  CollectionPlan,
  CollectionRequest,
  CollectionHooks,
} from "../observation/fleet-collection.ts";
import { paceOf } from "./api-pace.ts";
import { type AwsWorld, openWorld } from "./aws-world.ts";
import { nothingCollected } from "./call-failure.ts";
import { callsOf, noRegion } from "./collect-fleet.ts";
import { openJournal } from "./collect-journal.ts";
import { selectMachines } from "./collect-region.ts";
import { priceOfMetrics } from "./collection-price.ts";
import { type CollectionRun, diagnoseFailures } from "./collection-run.ts";
import { QUERIES_PER_CALL, countMetricQueries } from "./metric-queries.ts";
import { openAccesses } from "./open-accesses.ts";
import { openRegion } from "./region-clients.ts";
import { mostSampleCalls } from "./sample-budget.ts";

export async function planCollection(
  request: CollectionRequest,
  { nowMs, earlier }: Pick<CollectionHooks, "nowMs" | "earlier">,
  world: AwsWorld = openWorld(request.rate),
): Promise<CollectionPlan> {
  // The journal of a plan is thrown away: a plan leaves nothing behind.
  const folder = await mkdtemp(path.join(tmpdir(), "stepfare-plan-"));
  const journal = await openJournal({ path: path.join(folder, "plan"), request: "", fresh: true, nowMs });
  const run: CollectionRun = {
    request,
    period: request.period,
    world,
    journal,
    failures: [],
    stopped: new Map(),
    progress: () => undefined,
    measuring: (call) => call(),
    earlier,
  };
  try {
    const accesses = await openAccesses(run);
    if (accesses === null) throw noRegion();
    const places = accesses.flatMap(({ access, regions }) => regions.map((region) => ({ access, region })));
    const planned = await pMap(places, (place) => planRegion(run, place), { concurrency: 16 });
    const read = planned.filter((each) => each !== null);
    const failed = diagnoseFailures(run.failures);
    if (read.length === 0) throw nothingCollected(failed);
    return summarise(
      read,
      world,
      failed.map(({ message }) => message),
    );
  } finally {
    await journal.discard();
    await rm(folder, { recursive: true, force: true });
  }
}

interface PlannedRegion {
  readonly region: string;
  readonly machines: number;
  readonly metrics: number;
  readonly calls: readonly CallCount[];
}

async function planRegion(
  run: CollectionRun,
  { access, region }: { readonly access: Parameters<typeof openRegion>[1]; readonly region: string },
): Promise<PlannedRegion | null> {
  const clients = openRegion(run.world, access, region);
  const selected = await selectMachines(run, clients).finally(() => clients.close());
  if (selected === null) return null;
  const { machines } = selected;
  const metrics = countMetricQueries(machines);
  const standard = machines.filter(({ type }) => type === "STANDARD").length;
  const samples = mostSampleCalls(standard, run.request);
  const calls = [
    // One that was changed since takes two: its revision, then its definition.
    {
      action: "states:DescribeStateMachine",
      calls: machines.length + machines.filter(({ arn }) => run.earlier.has(arn)).length,
    },
    { action: "cloudwatch:GetMetricData", calls: Math.ceil(metrics / QUERIES_PER_CALL) },
    ...(run.request.versions
      ? [
          { action: "states:ListStateMachineAliases", calls: machines.length },
          { action: "states:ListStateMachineVersions", calls: machines.length },
        ]
      : []),
    { action: "states:ListExecutions", calls: samples.lists },
    { action: "states:GetExecutionHistory", calls: samples.histories },
  ];
  return { region, machines: machines.length, metrics, calls: calls.filter((each) => each.calls > 0) };
}

function summarise(
  regions: readonly PlannedRegion[],
  world: AwsWorld,
  messages: readonly string[],
): CollectionPlan {
  const total = new Map(callsOf(world).map(({ action, calls }) => [action, calls]));
  for (const { action, calls } of regions.flatMap((each) => each.calls)) {
    total.set(action, (total.get(action) ?? 0) + calls);
  }
  const metrics = regions.reduce((sum, each) => sum + each.metrics, 0);
  const seconds = regions.map(({ region, calls }) =>
    Math.max(0, ...calls.map((each) => secondsOf(each, region, world.rate))),
  );
  return {
    machines: regions.reduce((sum, each) => sum + each.machines, 0),
    calls: [...total]
      .map(([action, calls]) => ({ action, calls }))
      .sort((a, b) => (a.action < b.action ? -1 : 1)),
    metrics,
    cost: priceOfMetrics(metrics),
    seconds: Math.max(0, ...seconds),
    messages,
  };
}

/** What goes beyond the bucket waits for the refill. */
function secondsOf({ action, calls }: CallCount, region: string, rate: number): number {
  const { size, perSecond } = paceOf(action, region, rate);
  return Math.max(0, calls - size) / perSecond;
}
