/** What to watch in a month: days with unusual starts, failures that have become more, machines in trouble. */
import { UNUSUAL, findUnusualDays } from "../../observation/unusual-days.ts";
import type { MachineMonth } from "./machine-month.ts";
import { DAY_MS } from "./months-together.ts";
import type { Anomaly, TroubledMachine } from "./monthly-report.ts";
import type { PricedMachine } from "./price-month.ts";

export interface WatchedMonth {
  readonly machines: readonly PricedMachine[];
  /** First instant of the days counted. */
  readonly from: string;
  /** The last day is counted only to its last full hour. */
  readonly lastDayIsPart: boolean;
}

/** The dearest first, then the most unusual. */
export function findAnomalies(now: WatchedMonth, before: WatchedMonth | null): readonly Anomaly[] {
  const former = new Map((before?.machines ?? []).map((each) => [each.month.machine.arn, each]));
  return now.machines
    .flatMap((machine) => {
      const old = former.get(machine.month.machine.arn);
      return [
        ...unusualStarts(machine, now, old === undefined ? null : { old, before: before! }),
        ...moreFailures(machine, old),
      ];
    })
    .sort((a, b) => Math.abs(b.cost ?? 0) - Math.abs(a.cost ?? 0) || Math.abs(b.score) - Math.abs(a.score));
}

function unusualStarts(
  machine: PricedMachine,
  now: WatchedMonth,
  former: { readonly old: PricedMachine; readonly before: WatchedMonth } | null,
): readonly Anomaly[] {
  const { arn, name } = machine.month.machine;
  const earlier = former === null ? [] : startedDays(former.old.month, former.before);
  return findUnusualDays(startedDays(machine.month, now), earlier).map(
    ({ index, started, expected, score }) => {
      const day = new Date(Date.parse(now.from) + index * DAY_MS).toISOString().slice(0, 10);
      const kind = score > 0 ? ("starts-high" as const) : ("starts-low" as const);
      const each = machine.costPerExecution;
      return {
        kind,
        arn,
        name,
        day,
        observed: started,
        expected,
        score,
        cost: each === null ? null : (started - expected) * each,
        text: `${started} executions started on ${day}, where ${Math.round(expected)} are usual`,
      };
    },
  );
}

/** Days without a data point had no starts: CloudWatch keeps none for them. */
export function startedDays({ machine: { metrics } }: MachineMonth, { from, lastDayIsPart }: WatchedMonth) {
  const firstWeekday = new Date(from).getUTCDay();
  const days = metrics?.startedByDay ?? [];
  return days.slice(0, days.length - (lastDayIsPart ? 1 : 0)).map((started, index) => ({
    weekday: (firstWeekday + index) % 7,
    started: started ?? 0,
  }));
}

/** A smaller rise of the share is nobody's concern, however sure it is. */
const LEAST_POINTS = 0.01;

function moreFailures(machine: PricedMachine, old: PricedMachine | undefined): readonly Anomaly[] {
  const [now, before] = [endsOf(machine), old === undefined ? null : endsOf(old)];
  if (now === null || before === null || now.ended === 0 || before.ended === 0) return [];
  const [share, former] = [now.failed / now.ended, before.failed / before.ended];
  const pooled = (now.failed + before.failed) / (now.ended + before.ended);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / now.ended + 1 / before.ended));
  if (deviation === 0 || share - former < LEAST_POINTS) return [];
  // Pooled two-proportion z: two shares differ by more than chance.
  const score = (share - former) / deviation;
  if (score < WATCH_LIMITS.score) return [];
  const { arn, name } = machine.month.machine;
  const each = machine.costPerExecution;
  const expected = former * now.ended;
  return [
    {
      kind: "failures",
      arn,
      name,
      day: null,
      observed: now.failed,
      expected,
      score,
      cost: each === null ? null : (now.failed - expected) * each,
      text: `${percent(share)} of its executions failed or timed out, ${percent(former)} the month before`,
    },
  ];
}

function endsOf({ month }: PricedMachine): { readonly ended: number; readonly failed: number } | null {
  const { metrics } = month.machine;
  if (metrics === null) return null;
  const failed = (metrics.failed ?? 0) + (metrics.timedOut ?? 0);
  return { failed, ended: failed + (metrics.succeeded ?? 0) + (metrics.aborted ?? 0) };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** From where on something is worth a look. */
export const WATCH_LIMITS = {
  /** Robust z of a day, or of a month's failures. */
  score: UNUSUAL,
  /** Of executions; a few of many fail everywhere. */
  share: 0.01,
  /** Of the month's cost. */
  costShare: 0.001,
} as const;

/** Those whose failures cost most first. */
export function troubledMachines(machines: readonly PricedMachine[]): readonly TroubledMachine[] {
  const total = machines.reduce((sum, { monthlyCost }) => sum + (monthlyCost ?? 0), 0);
  return machines
    .flatMap(troubleOf)
    .filter((trouble) => isTroubled(trouble, total))
    .sort(
      (a, b) =>
        (b.cost ?? 0) - (a.cost ?? 0) ||
        b.failed + b.timedOut - (a.failed + a.timedOut) ||
        b.aborted + b.throttled - (a.aborted + a.throttled) ||
        (a.arn < b.arn ? -1 : 1),
    );
}

function troubleOf(machine: PricedMachine): readonly TroubledMachine[] {
  const { arn, name, metrics } = machine.month.machine;
  const ends = endsOf(machine);
  if (metrics === null || ends === null) return [];
  const each = machine.costPerExecution;
  return [
    {
      arn,
      name,
      started: metrics.started ?? 0,
      failed: metrics.failed ?? 0,
      timedOut: metrics.timedOut ?? 0,
      aborted: metrics.aborted ?? 0,
      throttled: metrics.throttled ?? 0,
      failedShare: ends.ended === 0 ? null : ends.failed / ends.ended,
      cost: each === null ? null : ends.failed * each,
    },
  ];
}

function isTroubled(
  { started, aborted, throttled, failedShare, cost }: TroubledMachine,
  total: number,
): boolean {
  const isMany = (count: number): boolean => count > 0 && count >= WATCH_LIMITS.share * started;
  return (
    (failedShare ?? 0) >= WATCH_LIMITS.share ||
    isMany(aborted) ||
    isMany(throttled) ||
    (cost !== null && cost > 0 && cost >= WATCH_LIMITS.costShare * total)
  );
}
