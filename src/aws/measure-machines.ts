/** Measures machines with GetMetricData: the fewest calls, sums of sums, and no average of averages. */
import { GetMetricDataCommand, type MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { CollectionPeriod } from "../observation/fleet-collection.ts";
import type { MachineMetrics } from "../workflow/fleet/fleet.ts";
import type { Tally } from "./collect-journal.ts";
import { type MetricKey, type MetricQuery, dataQueryOf } from "./metric-queries.ts";
import type { RegionClients } from "./region-clients.ts";

/** What CloudWatch gave for one query. */
export interface MetricSeries {
  readonly of: string;
  readonly key: MetricKey;
  /** Null when CloudWatch did not answer it. */
  readonly sum: number | null;
  readonly points: number;
  /** By day of the period; only of `started`. */
  readonly byDay: readonly (number | null)[] | null;
}

const DAY_MS = 86_400_000;

export async function readMetrics(
  { cloudwatch }: RegionClients,
  { queries, period }: { readonly queries: readonly MetricQuery[]; readonly period: CollectionPeriod },
  tally: Tally,
): Promise<readonly MetricSeries[]> {
  const tallies = queries.map(({ key }) => openSeries(key === "started" ? daysIn(period) : null));
  let token: string | undefined;
  do {
    const page = await cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries.map((query, index) => dataQueryOf(query, `q${index}`)),
        StartTime: new Date(period.fromMs),
        EndTime: new Date(period.untilMs),
        ScanBy: "TimestampAscending",
        NextToken: token,
      }),
    );
    tally.calls++;
    for (const result of page.MetricDataResults ?? []) {
      const open = tallies[Number(result.Id?.slice(1))];
      if (open !== undefined) addResult(open, result, period);
    }
    token = page.NextToken === "" ? undefined : page.NextToken;
  } while (token !== undefined);
  return queries.map(({ of, key }, index) => {
    const { sum, points, byDay, answered, refused } = tallies[index]!;
    if (!answered || refused) return { of, key, sum: null, points: 0, byDay: null };
    return { of, key, sum, points, byDay };
  });
}

/** A series while its pages come in: no point is kept, for a month of 500 metrics has 15,500 of them. */
interface OpenSeries {
  sum: number;
  points: number;
  byDay: (number | null)[] | null;
  /** Points come in the order of time: one not after the last is one that two pages hold. */
  lastMs: number;
  answered: boolean;
  refused: boolean;
}

function openSeries(days: number | null): OpenSeries {
  const byDay = days === null ? null : Array.from({ length: days }, () => null);
  return { sum: 0, points: 0, byDay, lastMs: -Infinity, answered: false, refused: false };
}

function addResult(
  open: OpenSeries,
  { StatusCode, Timestamps = [], Values = [] }: MetricDataResult,
  { fromMs }: CollectionPeriod,
): void {
  open.answered = true;
  if (StatusCode === "Forbidden" || StatusCode === "InternalError") open.refused = true;
  for (const [index, time] of Timestamps.entries()) {
    const ms = time.getTime();
    if (ms <= open.lastMs) continue;
    const value = Values[index] ?? 0;
    const day = Math.floor((ms - fromMs) / DAY_MS);
    open.lastMs = ms;
    open.sum += value;
    open.points += 1;
    if (open.byDay !== null && day >= 0 && day < open.byDay.length)
      open.byDay[day] = (open.byDay[day] ?? 0) + value;
  }
}

function daysIn({ fromMs, untilMs }: CollectionPeriod): number {
  return Math.ceil((untilMs - fromMs) / DAY_MS);
}

/** What the series of one machine say together. */
export function metricsOf(series: readonly MetricSeries[]): MachineMetrics | null {
  const byKey = new Map(series.map((each) => [each.key, each]));
  const sum = (key: MetricKey): number | null => byKey.get(key)?.sum ?? null;
  /** A statistic over the whole period: more than one point cannot be put together. */
  const single = (key: MetricKey): number | null => (byKey.get(key)?.points === 1 ? sum(key) : null);
  if (series.every((each) => each.sum === null)) return null;
  const timeCount = sum("timeCount") ?? 0;
  const timeSum = sum("timeSum");
  const memoryCount = sum("billedMemoryCount") ?? 0;
  const memorySum = sum("billedMemorySum");
  const transitions = byKey.get("transitions");
  return {
    started: sum("started"),
    succeeded: sum("succeeded"),
    failed: sum("failed"),
    timedOut: sum("timedOut"),
    aborted: sum("aborted"),
    throttled: sum("throttled"),
    durationMs:
      timeSum === null || timeCount === 0
        ? null
        : {
            mean: timeSum / timeCount,
            p50: single("timeP50"),
            p90: single("timeP90"),
            p99: single("timeP99"),
          },
    // Without a single point CloudWatch does not count this machine's transitions: nothing is known of them.
    transitions: transitions === undefined || transitions.points === 0 ? null : transitions.sum,
    expressBilledDurationMs: (byKey.get("billedDuration")?.points ?? 0) === 0 ? null : sum("billedDuration"),
    expressBilledMemoryMB: memorySum === null || memoryCount === 0 ? null : inMB(memorySum / memoryCount),
    startedByDay: byKey.get("started")?.byDay ?? [],
  };
}

/** An execution is billed for 64 MB to a few GB: a mean past a million is one in bytes. */
function inMB(memory: number): number {
  return memory > 1_000_000 ? memory / (1024 * 1024) : memory;
}
