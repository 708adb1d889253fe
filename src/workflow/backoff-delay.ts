/**
 * A backoff delay is the time a Retrier lets pass before its next attempt, before jitter shortens it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 */
import type { Retrier } from "./state-machine.ts";

/** A year: no Standard execution outlives it, and backoff must stay a finite number. */
const MAX_DELAY_SECONDS = 366 * 24 * 3_600;

function longestSeconds({ maxDelaySeconds }: Retrier): number {
  return Math.min(maxDelaySeconds ?? Infinity, MAX_DELAY_SECONDS);
}

/** Milliseconds before retry number `used` + 1; FULL jitter draws evenly between 0 and it. */
export function backoffDelayMs(retrier: Retrier, used: number): number {
  const seconds = retrier.intervalSeconds * retrier.backoffRate ** used;
  return Math.min(seconds, longestSeconds(retrier)) * 1_000;
}

/**
 * Milliseconds from the first failure to retry number `count`: a geometric sum while the delays grow, then as many of
 * the longest. Exact but for the rounding of floats, and as fast for a hundred million retries as for one.
 */
export function backoffSumMs(retrier: Retrier, count: number): number {
  const { intervalSeconds, backoffRate } = retrier;
  const longest = longestSeconds(retrier);
  if (intervalSeconds === 0) return 0;
  const power = Math.log1p(backoffRate - 1);
  const rungs = Math.max(0, Math.ceil(Math.log(longest / intervalSeconds) / power));
  const growing = backoffRate > 1 ? Math.min(count, rungs) : intervalSeconds < longest ? count : 0;
  const ratio = backoffRate === 1 ? growing : Math.expm1(growing * power) / (backoffRate - 1);
  return (intervalSeconds * ratio + (count - growing) * longest) * 1_000;
}
