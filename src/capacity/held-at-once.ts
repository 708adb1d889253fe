/**
 * What is held at once by executions that start at a rate: each holds it for a while after its start. At an even rate
 * that is Little's law, rate × time. Over a day whose hours differ, what is open at a moment are the starts of as long
 * before it as each is held: where that is longer than the busiest hour, quieter hours are among them.
 */
import { type Distribution, meanOf } from "../graph/distribution.ts";

export interface StartRates {
  /** Executions per second over the month. */
  readonly mean: number;
  /** The busiest second; null = nobody said. */
  readonly peak: number | null;
}

/** Shares of a day's starts by hour, 24 of them; null = the peak may last as long as anything is held. */
export type HoursOfDay = readonly number[] | null;

const HOUR = 3600;
const HOURS = 24;
/** After an hour's change the number turns once as long has passed as something is held; of many such times so many are looked at. */
const MOST_TIMES = 64;

/** At the most; null = no peak is known. */
export function mostHeld(heldMs: Distribution, rates: StartRates, byHour: HoursOfDay): number | null {
  if (byHour === null) return rates.peak === null ? null : (rates.peak * meanOf(heldMs)) / 1000;
  const started = startsUntil(byHour.map((share) => share * HOURS * rates.mean));
  const open = (at: number): number =>
    heldMs.values.reduce(
      (sum, ms, index) => sum + heldMs.shares[index]! * (started(at) - started(at - ms / 1000)),
      0,
    );
  const step = Math.ceil(heldMs.values.length / MOST_TIMES);
  const times = [0, ...[...heldMs.values].filter((_, index) => index % step === 0).map((ms) => ms / 1000)];
  const moments = byHour.flatMap((_, hour) => times.map((seconds) => hour * HOUR + seconds));
  return Math.max(...moments.map(open));
}

/** Executions started until a moment, in seconds of a day that repeats; only differences mean something. */
function startsUntil(perSecond: readonly number[]): (at: number) => number {
  const until = [0];
  for (const rate of perSecond) until.push(until.at(-1)! + rate * HOUR);
  const day = until[HOURS]!;
  return (at) => {
    const days = Math.floor(at / (HOURS * HOUR));
    const inDay = at - days * HOURS * HOUR;
    const hour = Math.min(HOURS - 1, Math.floor(inDay / HOUR));
    return days * day + until[hour]! + perSecond[hour]! * (inDay - hour * HOUR);
  };
}
