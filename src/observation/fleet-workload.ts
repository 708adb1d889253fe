/** The fleet workload is what was observed of a deployed machine, in the terms of stepfare.yml, each figure with its interval. */
import type { DeployedMachine } from "../workflow/fleet/deployed-machine.ts";
import type { FleetMachine, ObservedMean, SampledState } from "../workflow/fleet/fleet.ts";
import type { CollectionPeriod } from "./fleet-collection.ts";
import { shareInterval } from "./share-interval.ts";

type FleetWorkload = FleetMachine["workload"];
type FleetFigure = NonNullable<FleetWorkload["executionsPerMonth"]>;
type StateFigures = FleetWorkload["states"][string];

export function fleetWorkload(
  { metrics, sample }: Pick<FleetMachine, "metrics" | "sample">,
  period: Pick<CollectionPeriod, "fromMs" | "untilMs" | "month">,
): FleetWorkload {
  const states = sample?.states ?? [];
  const described = states.flatMap((state) => {
    const figures = stateFigures(state);
    return Object.keys(figures).length === 0 ? [] : [[state.name, figures] as const];
  });
  return {
    executionsPerMonth: executionsOfMonth(metrics?.started ?? null, period),
    payloadKB: payloadOf(states),
    states: Object.fromEntries(described),
  };
}

/**
 * Executions of a whole month: a count, so without an interval. Another span is taken at its own rate: days of one
 * month, named or not, to as many as that month has; days of several to AWS's 730 hours.
 */
export function executionsOfMonth(
  started: number | null,
  { fromMs, untilMs, month }: Pick<CollectionPeriod, "fromMs" | "untilMs" | "month">,
): FleetFigure | null {
  if (started === null) return null;
  const length = monthMs(month ?? monthHolding(fromMs, untilMs));
  const value = started * (length / (untilMs - fromMs));
  return { likely: value, low: value, high: value, n: started };
}

/** Of the month that executions are taken to be of. */
export function shareOfMonth({ month, period }: Pick<DeployedMachine, "month" | "period">): number {
  const span = { fromMs: Date.parse(period.from), untilMs: Date.parse(period.until), month };
  return 1 / executionsOfMonth(1, span)!.likely;
}

const AVERAGE_MONTH_MS = 730 * 3_600_000;

/** The month (`2026-10`, UTC) that all of a span lies in; null when it lies in several. */
export function monthHolding(fromMs: number, untilMs: number): string | null {
  const month = monthOf(fromMs);
  return monthOf(untilMs - 1) === month ? month : null;
}

function monthOf(instantMs: number): string {
  return new Date(instantMs).toISOString().slice(0, 7);
}

function monthMs(month: string | null): number {
  const [, year, number] = /^(\d{4})-(\d{2})$/.exec(month ?? "") ?? [];
  if (year === undefined || number === undefined) return AVERAGE_MONTH_MS;
  return Date.UTC(Number(year), Number(number), 1) - Date.UTC(Number(year), Number(number) - 1, 1);
}

function stateFigures(state: SampledState): StateFigures {
  const choices =
    state.type === "Choice"
      ? sharesOf(
          state.next.map(({ to, share }) => [to, share]),
          state.effectiveVisits,
        )
      : {};
  const errors = sharesOf(
    state.errors.map(({ error, share }) => [error, share]),
    state.effectiveAttempts,
  );
  return {
    ...(Object.keys(choices).length === 0 ? {} : { choices }),
    ...(state.items === null ? {} : { items: figureOf(state.items) }),
    ...(state.durationMs === null ? {} : { duration: figureOf(state.durationMs) }),
    ...(Object.keys(errors).length === 0 ? {} : { errors }),
  };
}

function sharesOf(
  shares: readonly (readonly [name: string, share: number])[],
  n: number,
): Readonly<Record<string, FleetFigure>> {
  return Object.fromEntries(
    shares.map(([name, share]) => {
      const { low, high } = shareInterval(share * n, n);
      return [name, { likely: share, low, high, n }];
    }),
  );
}

function figureOf({ mean, low, high, n }: ObservedMean): FleetFigure {
  return { likely: mean, low, high, n };
}

/** The mean of what states put out, KB: the data that flows between them. */
function payloadOf(states: readonly SampledState[]): FleetFigure | null {
  const known = states.flatMap(({ outputBytes }) => outputBytes ?? []);
  const n = known.reduce((sum, each) => sum + each.n, 0);
  if (n === 0) return null;
  const kb = (pick: (each: ObservedMean) => number): number =>
    known.reduce((sum, each) => sum + pick(each) * each.n, 0) / n / 1000;
  return { likely: kb(({ mean }) => mean), low: kb(({ low }) => low), high: kb(({ high }) => high), n };
}
