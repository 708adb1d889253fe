/**
 * Unusual days are those whose starts lie far from what their weekday is used to: robust z, the distance from the
 * weekday's median in scaled median absolute deviations of all days (Iglewicz and Hoaglin, 1993), with the noise of
 * counting as the least scale. A weekday is one with at least three days seen; with fewer, all days are alike.
 */
import { medianOf } from "./daily-forecast.ts";

export interface StartedDay {
  readonly weekday: number;
  readonly started: number;
}

export interface UnusualDay {
  /** Of the days judged. */
  readonly index: number;
  readonly started: number;
  readonly expected: number;
  /** Above zero: more than usual. */
  readonly score: number;
}

/** Iglewicz and Hoaglin take 3.5 for one series; thousands of machines times thirty days ask for more. */
export const UNUSUAL = 6;
/** Makes the median absolute deviation the standard deviation of normal days. */
const TO_DEVIATION = 1.4826;
const FEWEST_DAYS = 7;
/** Executions, and share of what is usual, below which nobody wants to hear of it. */
const LEAST_DIFFERENCE = 20;
const LEAST_SHARE = 0.5;

/** Judges `days` against themselves and the days before them. */
export function findUnusualDays(
  days: readonly StartedDay[],
  earlier: readonly StartedDay[],
): readonly UnusualDay[] {
  const known = [...earlier, ...days];
  if (known.length < FEWEST_DAYS) return [];
  const usual = usualByWeekday(known);
  const deviations = known.map(({ weekday, started }) => Math.abs(started - usual[weekday]!));
  const spread = TO_DEVIATION * (medianOf(deviations) ?? 0);
  return days.flatMap(({ weekday, started }, index) => {
    const expected = usual[weekday]!;
    const difference = started - expected;
    const least = Math.max(LEAST_DIFFERENCE, LEAST_SHARE * expected);
    if (Math.abs(difference) < least) return [];
    const score = difference / Math.max(spread, Math.sqrt(expected), 1);
    return Math.abs(score) >= UNUSUAL ? [{ index, started, expected, score }] : [];
  });
}

function usualByWeekday(days: readonly StartedDay[]): readonly number[] {
  const overall = medianOf(days.map(({ started }) => started))!;
  const byWeekday = Array.from({ length: 7 }, (): number[] => []);
  for (const { weekday, started } of days) byWeekday[weekday]!.push(started);
  return byWeekday.map((own) => (own.length < 3 ? overall : medianOf(own)!));
}
