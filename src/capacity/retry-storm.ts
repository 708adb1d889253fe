/**
 * A retry storm is many executions whose Task fails at the same moment and that all retry as one Retrier says, played
 * against a downstream that is down for a while and then bears so many requests at once. What finds no room fails at
 * once, as a throttled call does, and retries again.
 */
import { backoffDelayMs, backoffSumMs } from "../workflow/backoff-delay.ts";
import type { Retrier } from "../workflow/state-machine.ts";
import { type Draw, type Simulation, drawFrom, playEvents } from "./event-loop.ts";

export interface Storm {
  readonly executions: number;
  readonly retrier: Retrier;
  /** Requests it bears at once; null = any number. */
  readonly downstreamLimit: number | null;
  /** Down from the start for so long, ms. */
  readonly recoveryMs: number;
  /** A request that finds room holds it so long, ms. */
  readonly requestMs: number;
  readonly seed: number;
}

export interface StormOutcome {
  /** Retries in the busiest second, and when it begins. */
  readonly peakPerSecond: number;
  readonly peakAtSecond: number;
  /** Of the first retry of each alone. */
  readonly firstPeakPerSecond: number;
  /** The seconds with most retries, in their order: [second, requests]. */
  readonly bursts: readonly (readonly [second: number, requests: number])[];
  /** Until the last execution has its answer, or gives up, ms. */
  readonly drainedMs: number;
  readonly exhaustedShare: number;
  readonly retries: number;
  /** The storm in columns of equal length: retries in the busiest second of each. */
  readonly columnSeconds: number;
  readonly columns: readonly number[];
  /** It was stopped before its end. */
  readonly isPartial: boolean;
}

const MOST_BURSTS = 5;
const MOST_COLUMNS = 60;
/** What ASL lets MaxAttempts be. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const MOST_ATTEMPTS = 99_999_999;
/** A sum of delays that is short of the recovery by no more than its own rounding has reached it. */
const ROUNDING = 1e-12;

/** All executions fail at 0; that first failure is no retry and is not counted. */
export function* playStorm(storm: Storm): Simulation<StormOutcome> {
  const { executions, retrier, downstreamLimit, recoveryMs, requestMs } = storm;
  const draw = drawFrom(storm.seed);
  const used = new Uint32Array(executions);
  const perSecond = new Map<number, number>();
  const firstPerSecond = new Map<number, number>();
  // Past the last execution's number stands the end of some request.
  const ended = executions;
  let [busy, retries, exhausted, drainedMs] = [0, 0, 0, 0];
  const first: [number, number][] = [];
  for (let id = 0; id < executions; id++) {
    const delay = delayMs(retrier, 0, draw);
    if (retrier.maxAttempts > 0) first.push([delay, id]);
    else exhausted++;
  }
  const { isPartial } = yield* playEvents(first, (id, at, plan) => {
    if (id === ended) {
      busy--;
      return;
    }
    retries++;
    countAt(perSecond, at);
    if (used[id]!++ === 0) countAt(firstPerSecond, at);
    const served = at >= recoveryMs && (downstreamLimit === null || busy < downstreamLimit);
    drainedMs = Math.max(drainedMs, served ? at + requestMs : at);
    if (served) {
      busy++;
      plan(ended, at + requestMs);
    } else if (used[id]! < retrier.maxAttempts) plan(id, at + delayMs(retrier, used[id]!, draw));
    else exhausted++;
  });
  return {
    ...peakOf(perSecond),
    firstPeakPerSecond: peakOf(firstPerSecond).peakPerSecond,
    bursts: burstsOf(perSecond),
    drainedMs,
    exhaustedShare: exhausted / executions,
    retries,
    ...columnsOf(perSecond),
    isPartial,
  };
}

function delayMs(retrier: Retrier, used: number, draw: Draw): number {
  const longest = backoffDelayMs(retrier, used);
  return retrier.jitterStrategy === "FULL" ? draw() * longest : longest;
}

function countAt(perSecond: Map<number, number>, ms: number): void {
  const second = Math.floor(ms / 1000);
  perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
}

function peakOf(
  perSecond: ReadonlyMap<number, number>,
): Pick<StormOutcome, "peakPerSecond" | "peakAtSecond"> {
  let [peakPerSecond, peakAtSecond] = [0, 0];
  for (const [second, requests] of perSecond) {
    if (requests > peakPerSecond) [peakPerSecond, peakAtSecond] = [requests, second];
  }
  return { peakPerSecond, peakAtSecond };
}

function burstsOf(perSecond: ReadonlyMap<number, number>): StormOutcome["bursts"] {
  const busiest = [...perSecond].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]);
  return busiest.slice(0, MOST_BURSTS).toSorted((a, b) => a[0] - b[0]);
}

function columnsOf(perSecond: ReadonlyMap<number, number>): Pick<StormOutcome, "columnSeconds" | "columns"> {
  let last = 0;
  for (const second of perSecond.keys()) last = Math.max(last, second);
  const columnSeconds = Math.ceil((last + 1) / MOST_COLUMNS);
  const columns = Array.from({ length: Math.ceil((last + 1) / columnSeconds) }, () => 0);
  for (const [second, requests] of perSecond) {
    const column = Math.floor(second / columnSeconds);
    columns[column] = Math.max(columns[column]!, requests);
  }
  return { columnSeconds, columns };
}

/**
 * The least MaxAttempts whose last retry comes when the downstream is back; null = none does, or none is sure to, since
 * FULL jitter may draw any delay as short as nothing.
 */
export function attemptsToOutlast(retrier: Retrier, recoveryMs: number): number | null {
  const outlasts = (attempts: number): boolean =>
    backoffSumMs(retrier, attempts) >= recoveryMs * (1 - ROUNDING);
  if (retrier.jitterStrategy === "FULL" || !outlasts(MOST_ATTEMPTS)) return null;
  let [below, enough] = [0, MOST_ATTEMPTS];
  while (enough - below > 1) {
    const middle = Math.floor((below + enough) / 2);
    if (outlasts(middle)) enough = middle;
    else below = middle;
  }
  return enough;
}

export interface StormVariant {
  readonly what: string;
  readonly retrier: Retrier;
}

/** The Retrier as written, with FULL jitter, and with its delays kept to the middle one; without those it has already. */
export function stormVariants(retrier: Retrier): readonly StormVariant[] {
  const middle = backoffDelayMs(retrier, Math.floor((retrier.maxAttempts - 1) / 2)) / 1000;
  const maxDelaySeconds = Math.max(1, Math.ceil(middle));
  const jittered: Retrier = { ...retrier, jitterStrategy: "FULL" };
  const grows = backoffDelayMs(retrier, retrier.maxAttempts - 1) / 1000 > maxDelaySeconds;
  return [
    { what: "as written", retrier },
    ...(retrier.jitterStrategy === "FULL" ? [] : [{ what: "JitterStrategy FULL", retrier: jittered }]),
    ...(grows
      ? [{ what: `MaxDelaySeconds ${maxDelaySeconds}`, retrier: { ...retrier, maxDelaySeconds } }]
      : []),
  ];
}
