/**
 * A daily forecast is the sum of days not seen yet, from those seen: level × weekday. The level is the mean of this
 * period's days, each divided by its weekday's factor; the factors are medians of all days given, of this period and
 * earlier ones, once there are two weeks of them.
 *
 * The interval is that of a sum of h new observations after n: variance σ²(h + h²/n), by Student's t with n − 1 degrees
 * of freedom, widened for days that resemble their neighbours by (1 + ρ) / (1 − ρ), ρ being the first autocorrelation.
 * (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.5; for ρ, Bartlett 1946.)
 * Exact for independent normal days; else as good as that resemblance.
 */
import { studentQuantile } from "./beta-distribution.ts";

export interface ForecastDay {
  /** 0 = Sunday. */
  readonly weekday: number;
  readonly value: number;
}

export interface OpenDay {
  readonly weekday: number;
  /** Of the day that is still to come, 0 to 1. */
  readonly part: number;
}

export interface DailyForecast {
  readonly sum: number;
  readonly low: number;
  readonly high: number;
}

const TWO_WEEKS = 14;
/** Neighbours that resemble each other more than this are a level that moves, and no interval holds it. */
const MOST_ALIKE = 0.8;

/** Null with fewer than three whole days: then nothing is known of how days differ. */
export function forecastDays(
  seen: readonly ForecastDay[],
  earlier: readonly ForecastDay[],
  { open, coverage }: { readonly open: readonly OpenDay[]; readonly coverage: number },
): DailyForecast | null {
  if (seen.length < 3) return null;
  const factors = weekdayFactors([...earlier, ...seen]);
  const level = seen.map(({ weekday, value }) => value / factors[weekday]!);
  const mean = meanOf(level);
  const h = open.reduce((sum, { weekday, part }) => sum + part * factors[weekday]!, 0);
  const deviations = level.map((value) => value - mean);
  const n = level.length;
  const variance = deviations.reduce((sum, each) => sum + each * each, 0) / (n - 1);
  const alike = Math.min(MOST_ALIKE, Math.max(0, autocorrelation(deviations)));
  const widened = (1 + alike) / (1 - alike);
  const spread = Math.sqrt(variance * widened * (h + (h * h) / n));
  const reach = studentQuantile((1 + coverage) / 2, n - 1) * spread;
  return { sum: mean * h, low: Math.max(0, mean * h - reach), high: mean * h + reach };
}

/** By weekday, around 1; all 1 where too little is known or a weekday is missing. */
function weekdayFactors(days: readonly ForecastDay[]): readonly number[] {
  const flat = Array.from({ length: 7 }, () => 1);
  if (days.length < TWO_WEEKS) return flat;
  const medians = flat.map((_, weekday) =>
    medianOf(days.filter((day) => day.weekday === weekday).map(({ value }) => value)),
  );
  const mean = meanOf(medians.map((median) => median ?? 0));
  if (mean <= 0 || medians.some((median) => median === null || median <= 0)) return flat;
  return medians.map((median) => median! / mean);
}

function autocorrelation(deviations: readonly number[]): number {
  const squares = deviations.reduce((sum, each) => sum + each * each, 0);
  if (squares === 0) return 0;
  return deviations.slice(1).reduce((sum, each, i) => sum + each * deviations[i]!, 0) / squares;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
