/**
 * A retry delay is the time a Retrier lets pass before its next attempt.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 */
import type { Retrier } from "../workflow/state-machine.ts";
import type { RandomDraw } from "./random-draw.ts";
import { matchesError } from "./states-error.ts";
import type { StatesError } from "./states-error.ts";

/** How often each Retrier of a state has been used; every Retrier counts for itself. */
export type RetryCounts = readonly number[];

export interface Retry {
  readonly delayMs: number;
  readonly counts: RetryCounts;
}

/** The next attempt, or null when the first Retrier that matches is spent or none matches. */
export function nextRetry(
  retriers: readonly Retrier[],
  counts: RetryCounts,
  { failure, draw }: { readonly failure: StatesError; readonly draw: RandomDraw },
): Retry | null {
  const index = retriers.findIndex((retrier) => matchesError(retrier.errorEquals, failure));
  const retrier = retriers[index];
  if (retrier === undefined) return null;
  const used = counts[index] ?? 0;
  if (used >= retrier.maxAttempts) return null;
  const next = retriers.map((_, position) => (counts[position] ?? 0) + (position === index ? 1 : 0));
  return { delayMs: delayMs(retrier, used, draw), counts: next };
}

function delayMs(retrier: Retrier, used: number, draw: RandomDraw): number {
  const { intervalSeconds, backoffRate, maxDelaySeconds } = retrier;
  const seconds = Math.min(intervalSeconds * backoffRate ** used, maxDelaySeconds ?? Infinity);
  const bounded = Math.min(seconds, MAX_DELAY_SECONDS) * 1_000;
  return Math.round(retrier.jitterStrategy === "FULL" ? draw.unit() * bounded : bounded);
}

/** A year: no Standard execution outlives it, and backoff must stay a finite number. */
const MAX_DELAY_SECONDS = 366 * 24 * 3_600;
