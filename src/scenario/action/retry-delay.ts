/**
 * A retry delay is the time a Retrier lets pass before its next attempt, drawn where it asks for jitter.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 */
import { firstHandling } from "../../graph/retry-chain.ts";
import { backoffDelayMs } from "../../workflow/backoff-delay.ts";
import type { Retrier } from "../../workflow/state-machine.ts";
import type { RandomDraw } from "../data/random-draw.ts";
import { matchedName } from "../states-error.ts";
import type { StatesError } from "../states-error.ts";

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
  const index = firstHandling(retriers, matchedName(failure));
  const retrier = retriers[index];
  if (retrier === undefined) return null;
  const used = counts[index] ?? 0;
  if (used >= retrier.maxAttempts) return null;
  const next = retriers.map((_, position) => (counts[position] ?? 0) + (position === index ? 1 : 0));
  return { delayMs: delayMs(retrier, used, draw), counts: next };
}

function delayMs(retrier: Retrier, used: number, draw: RandomDraw): number {
  const longest = backoffDelayMs(retrier, used);
  return Math.round(retrier.jitterStrategy === "FULL" ? draw.unit() * longest : longest);
}
