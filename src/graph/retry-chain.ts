/**
 * A retry chain is one visit of a Task, Map or Parallel state: attempts until one succeeds, a Catcher takes over,
 * or nobody catches. Retriers are asked in order, each with a counter of its own; a chain over the counters
 * gives shares and spending exactly. Attempts less likely than NEGLIGIBLE are not followed.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 */
import { backoffDelayMs } from "../workflow/backoff-delay.ts";
import { ANY_ERROR, matchesError } from "../workflow/error-names.ts";
import type { Catcher, Retrier } from "../workflow/state-machine.ts";
import { type Distribution, fromAtoms, point } from "./distribution.ts";
import { NOTHING_SPENT, type Spent, type SpentShare, inSequence, mixSpent } from "./spent.ts";

/** One attempt's possible ends; masses sum to 1. `error` null is success. */
export interface AttemptEnd {
  readonly error: string | null;
  readonly mass: number;
  readonly spent: Spent;
}

/** One end of the whole visit. `catcher` is the Catcher's number; both null is success. */
export interface VisitEnd {
  readonly error: string | null;
  readonly catcher: number | null;
  readonly mass: number;
  readonly retries: number;
  readonly spent: Spent;
}

export interface Attempts {
  readonly ends: readonly AttemptEnd[];
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
  /** Spent on a retry besides the attempt itself: a transition, its events. */
  readonly perRetry: Spent;
}

const NEGLIGIBLE = 1e-13;
/** Attempts followed one by one; what is still retrying then leaves by its next failure. */
export const MAX_ATTEMPTS = 2_000;

export interface VisitEnds {
  readonly ends: readonly VisitEnd[];
  readonly attempts: number;
}

interface Live {
  readonly counters: readonly number[];
  readonly mass: number;
  readonly spent: Spent;
}

/** Ends of one visit with positive mass, and the expected number of attempts. */
export function followAttempts(visit: Attempts): VisitEnds {
  const ended: EndedVisits = new Map();
  let live: readonly Live[] = [{ counters: visit.retry.map(() => 0), mass: 1, spent: NOTHING_SPENT }];
  let attempts = 0;
  for (let attempt = 0; live.length > 0; attempt++) {
    const retrying = new Map<string, Live[]>();
    for (const at of live) {
      attempts += at.mass;
      for (const end of visit.ends) {
        const mass = at.mass * end.mass;
        if (mass <= 0) continue;
        const spent = inSequence(at.spent, end.spent);
        const retrier = end.error === null ? -1 : retrierFor(visit.retry, end.error);
        const goesOn = retrier >= 0 && at.counters[retrier]! < visit.retry[retrier]!.maxAttempts;
        if (goesOn && mass > NEGLIGIBLE && attempt < MAX_ATTEMPTS) {
          retryLater(retrying, { at, retrier, mass, spent, visit });
        } else {
          endVisit(ended, { error: end.error, visit, mass, spent, attempt });
        }
      }
    }
    live = [...retrying.values()].map(merged);
  }
  return { ends: mixedEnds(ended), attempts };
}

/** Ends gathered by what they lead to. */
export type EndedVisits = Map<
  string,
  { end: Omit<VisitEnd, "mass" | "retries" | "spent">; parts: SpentShare[]; retries: number }
>;

export function mixedEnds(ended: EndedVisits): readonly VisitEnd[] {
  return [...ended.values()].map(({ end, parts, retries }): VisitEnd => {
    const { mass, of } = mixSpent(parts)!;
    return { ...end, mass, retries: retries / mass, spent: of };
  });
}

/** The first Retrier that matches, or -1. A Retrier out of attempts still shields those behind it. */
export function retrierFor(retry: readonly Retrier[], error: string): number {
  return retry.findIndex((retrier) => matchesError(retrier.errorEquals, error));
}

/** Retries spent for certain when the visit ends in this Catcher by the plainest error it names. */
export function retriesBefore(catcher: Catcher, retry: readonly Retrier[]): number {
  const named = catcher.errorEquals.find((name) => !name.startsWith("States.") || name === "States.Timeout");
  const retrier = retrierFor(retry, named ?? ANY_ERROR);
  return retrier < 0 ? 0 : retry[retrier]!.maxAttempts;
}

function retryLater(
  retrying: Map<string, Live[]>,
  {
    at,
    retrier,
    mass,
    spent,
    visit,
  }: { at: Live; retrier: number; mass: number; spent: Spent; visit: Attempts },
): void {
  const counters = at.counters.map((count, i) => (i === retrier ? count + 1 : count));
  const delay: Spent = {
    ...NOTHING_SPENT,
    durationMs: retryDelay(visit.retry[retrier]!, at.counters[retrier]!),
  };
  const next: Live = { counters, mass, spent: inSequence(inSequence(spent, visit.perRetry), delay) };
  const key = counters.join(",");
  const known = retrying.get(key);
  if (known === undefined) retrying.set(key, [next]);
  else known.push(next);
}

/** Adds an end of a visit, after `attempt` retries. */
export function endVisit(
  ended: EndedVisits,
  {
    error,
    visit,
    mass,
    spent,
    attempt,
  }: { error: string | null; visit: Attempts; mass: number; spent: Spent; attempt: number },
): void {
  const found =
    error === null ? -1 : visit.catch.findIndex((catcher) => matchesError(catcher.errorEquals, error));
  const catcher = found < 0 ? null : found;
  const key = catcher === null ? `error ${error ?? ""}` : `catch ${catcher}`;
  const known = ended.get(key) ?? { end: { error, catcher }, parts: [], retries: 0 };
  known.parts.push({ mass, of: spent });
  known.retries += attempt * mass;
  ended.set(key, known);
}

function merged(parts: readonly Live[]): Live {
  const { mass, of } = mixSpent(parts.map((part) => ({ mass: part.mass, of: part.spent })))!;
  return { counters: parts[0]!.counters, mass, spent: of };
}

const JITTER_ATOMS = 16;

/** Delay before retry number `count` + 1 of a Retrier, ms; FULL jitter draws evenly between 0 and it. */
export function retryDelay(retrier: Retrier, count: number): Distribution {
  const ms = backoffDelayMs(retrier, count);
  if (retrier.jitterStrategy === "NONE" || ms === 0) return point(ms);
  return fromAtoms(Array.from({ length: JITTER_ATOMS }, (_, i) => [((i + 0.5) / JITTER_ATOMS) * ms, 1]));
}
