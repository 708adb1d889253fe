/** A retry ladder is what a state's Retriers do at worst: how often it is tried, and how long it waits between. */
import { applicableRetriers } from "../graph/applicable-retriers.ts";
import type { Retrier } from "../workflow/state-machine.ts";

export interface RetryLadder {
  /** Every Retrier has a counter of its own, so the worst case spends all that can apply. */
  readonly retries: number;
  readonly waitSeconds: number;
  /** The longest wait before one retry. */
  readonly longestSeconds: number;
}

/** Delays of IntervalSeconds × BackoffRate^k, each at most MaxDelaySeconds. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export function climbLadder(retriers: readonly Retrier[]): RetryLadder {
  let [retries, waitSeconds, longestSeconds] = [0, 0, 0];
  for (const { intervalSeconds, maxAttempts, backoffRate, maxDelaySeconds } of applicableRetriers(retriers)) {
    retries += maxAttempts;
    const most = maxDelaySeconds ?? Infinity;
    let delay = intervalSeconds;
    // Beyond a year nothing is left to be said, so a ladder of many rungs ends early.
    for (let rung = 0; rung < maxAttempts && waitSeconds < 366 * 86_400; rung++, delay *= backoffRate) {
      waitSeconds += Math.min(delay, most);
      longestSeconds = Math.max(longestSeconds, Math.min(delay, most));
    }
  }
  return { retries, waitSeconds, longestSeconds };
}

/** Shorter waits do no harm for want of a limit. */
const LONG_SECONDS = 300;

/** Whether its waits grow long, and nothing sets MaxDelaySeconds. */
export function growsUnbounded(retrier: Retrier): boolean {
  const grows = retrier.maxDelaySeconds === null && retrier.backoffRate > 1 && retrier.maxAttempts > 1;
  return grows && climbLadder([retrier]).longestSeconds > LONG_SECONDS;
}

export function secondsWords(seconds: number): string {
  if (seconds < 120) return `${round(seconds)} s`;
  if (seconds < 7200) return `${round(seconds / 60)} min`;
  return seconds < 172_800 ? `${round(seconds / 3600)} h` : `${round(seconds / 86_400)} days`;
}

function round(value: number): number {
  return Number(value.toPrecision(2));
}
