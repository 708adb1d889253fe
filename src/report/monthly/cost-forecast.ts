/**
 * A cost forecast is what a month that is not over will have cost at its end: what its days have cost, and the days left
 * by level and weekday (`daily-forecast.ts`). A day is worth its starts, each at what an execution of its machine costs.
 */
import { type ForecastDay, type OpenDay, forecastDays } from "../../observation/daily-forecast.ts";
import type { CostForecast, ReportPeriod } from "./monthly-report.ts";
import { type WatchedMonth, startedDays } from "./month-watch.ts";
import { DAY_MS } from "./months-together.ts";

const COVERAGE = 0.9;
const METHOD =
  "days left at the mean level of the days read and the median weekday pattern of all months given; the range holds 9 months in 10 if days keep varying as they did";

export interface Forecasting {
  readonly period: ReportPeriod;
  readonly now: WatchedMonth;
  readonly earlier: readonly WatchedMonth[];
  /** What the month costs when every machine starts so many times what it has started so far; tiers and free units included. */
  readonly costAt: (factor: number) => number | null;
}

/** Null when the month is over, or too few whole days of it are known. */
export function forecastCost({ period, now, earlier, costAt }: Forecasting): CostForecast | null {
  if (!period.partial) return null;
  const seen = dailyValue(now);
  const open = openDays(period, seen.length);
  const rest = forecastDays(seen, earlier.flatMap(dailyValue), { open, coverage: COVERAGE });
  const soFar = valueSoFar(now);
  const costSoFar = costAt(1);
  if (rest === null || soFar <= 0 || costSoFar === null) return null;
  const cost = (sum: number): number => costAt((soFar + sum) / soFar) ?? costSoFar;
  return {
    monthlyCost: cost(rest.sum),
    low: cost(rest.low),
    high: cost(rest.high),
    coverage: COVERAGE,
    costSoFar,
    daysRead: seen.length,
    daysLeft: period.daysInMonth - period.days,
    method: METHOD,
  };
}

/** All starts so far, those of the day that is not over included. */
function valueSoFar({ machines }: WatchedMonth): number {
  return machines.reduce(
    (sum, { month, costPerExecution }) =>
      sum + (month.machine.metrics?.started ?? 0) * (costPerExecution ?? 0),
    0,
  );
}

function dailyValue(month: WatchedMonth): readonly ForecastDay[] {
  const values: number[] = [];
  for (const { month: machine, costPerExecution } of month.machines) {
    startedDays(machine, month).forEach(({ started }, day) => {
      values[day] = (values[day] ?? 0) + started * (costPerExecution ?? 0);
    });
  }
  const first = Date.parse(month.from);
  return values.map((value, day) => ({
    weekday: new Date(first + day * DAY_MS).getUTCDay(),
    value,
  }));
}

/** What is left of each day of the month, days before the first one read among them. */
function openDays({ from, days, daysInMonth }: ReportPeriod, whole: number): readonly OpenDay[] {
  const start = Date.parse(`${from.slice(0, 7)}-01T00:00:00Z`);
  const firstRead = (Date.parse(from) - start) / DAY_MS;
  return Array.from({ length: daysInMonth }, (_, day): OpenDay => {
    const isRead = day >= firstRead && day < firstRead + whole;
    const isPartly = !isRead && day >= firstRead && day < firstRead + days;
    const part = isRead ? 0 : isPartly ? 1 - (firstRead + days - day) : 1;
    return { weekday: new Date(start + day * DAY_MS).getUTCDay(), part: Math.max(0, part) };
  }).filter(({ part }) => part > 0);
}
