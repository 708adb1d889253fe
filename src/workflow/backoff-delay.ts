/**
 * A backoff delay is the time a Retrier lets pass before its next attempt, before jitter shortens it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 */
import type { Retrier } from "./state-machine.ts";

/** A year: no Standard execution outlives it, and backoff must stay a finite number. */
const MAX_DELAY_SECONDS = 366 * 24 * 3_600;

/** Milliseconds before retry number `used` + 1; FULL jitter draws evenly between 0 and it. */
export function backoffDelayMs(
  { intervalSeconds, backoffRate, maxDelaySeconds }: Retrier,
  used: number,
): number {
  const seconds = Math.min(intervalSeconds * backoffRate ** used, maxDelaySeconds ?? Infinity);
  return Math.min(seconds, MAX_DELAY_SECONDS) * 1_000;
}
