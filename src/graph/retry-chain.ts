/**
 * A retry chain is one visit of a Task, Map or Parallel state: attempts until one succeeds, a Catcher takes over,
 * or nobody catches. Retriers are asked in order, each with a counter of its own; a chain over the counters
 * gives shares and spending exactly. Attempts less likely than NEGLIGIBLE are not followed. What still retries after
 * MOST_FOLLOWED of its situations goes on geometrically, with the delays it has reached: exact for one Retrier whose
 * delay has stopped growing; of several, the one that is spent first on average ends the visit.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 */
import { backoffDelayMs, backoffSumMs } from "../workflow/backoff-delay.ts";
import { ANY_ERROR, matchesError } from "../workflow/definition/error-names.ts";
import type { Catcher, Retrier } from "../workflow/state-machine.ts";
import { type Distribution, fromAtoms, point, powerBy } from "./distribution.ts";
import { geometricSum } from "./geometric-sum.ts";
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
const MOST_FOLLOWED = 500;

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
  const [first, ...others] = visit.ends;
  // As most do, of which nobody says that they fail.
  if (first?.error === null && others.length === 0) {
    return { ends: [{ error: null, catcher: null, mass: 1, retries: 0, spent: first.spent }], attempts: 1 };
  }
  const ended: EndedVisits = new Map();
  let live: readonly Live[] = [{ counters: visit.retry.map(() => 0), mass: 1, spent: NOTHING_SPENT }];
  let [attempts, followed] = [0, 0];
  for (let attempt = 0; live.length > 0; attempt++) {
    followed += live.length;
    if (followed > MOST_FOLLOWED) {
      attempts += endGeometrically(ended, { visit, live, attempt });
      break;
    }
    const retrying = new Map<string, Live[]>();
    for (const at of live) {
      attempts += at.mass;
      for (const end of visit.ends) {
        const mass = at.mass * end.mass;
        if (mass <= 0) continue;
        const spent = inSequence(at.spent, end.spent);
        const retrier = firstHandling(visit.retry, end.error);
        const goesOn = retrier >= 0 && at.counters[retrier]! < visit.retry[retrier]!.maxAttempts;
        if (goesOn && mass > NEGLIGIBLE) retryLater(retrying, { at, retrier, mass, spent, visit });
        else endVisit(ended, { error: end.error, visit, mass, spent, attempt });
      }
    }
    live = [...retrying.values()].map(merged);
  }
  return { ends: mixedEnds(ended), attempts };
}

interface StillLive {
  readonly visit: Attempts;
  readonly live: readonly Live[];
  /** Attempts made so far by each of them. */
  readonly attempt: number;
}

/** Ends all that is live, and returns the expected number of its further attempts. */
function endGeometrically(ended: EndedVisits, { visit, live, attempt }: StillLive): number {
  const held = mixSpent(live.map(({ mass, spent }) => ({ mass, of: spent })))!;
  const counters = visit.retry.map((_, i) =>
    live.reduce((sum, at) => sum + (at.mass / held.mass) * at.counters[i]!, 0),
  );
  const failing = visit.ends
    .filter((end) => end.mass > 0)
    .map((end) => ({ ...end, retrier: firstHandling(visit.retry, end.error) }));
  const retried = failing.filter(
    ({ retrier }) => retrier >= 0 && counters[retrier]! < visit.retry[retrier]!.maxAttempts,
  );
  const leaving = failing.filter((end) => !retried.includes(end));
  const round = mixSpent(
    retried.map(({ mass, spent, retrier }) => {
      const delay = retryDelay(visit.retry[retrier]!, Math.round(counters[retrier]!));
      return {
        mass,
        of: inSequence(inSequence(spent, visit.perRetry), { ...NOTHING_SPENT, durationMs: delay }),
      };
    }),
  );
  if (round === null) {
    // All retries are spent just now: this attempt is the last.
    for (const { error, mass, spent } of leaving)
      endVisit(ended, {
        error,
        visit,
        mass: held.mass * mass,
        spent: inSequence(held.of, spent),
        attempt,
      });
    return held.mass;
  }
  const budgets = visit.retry.map((retrier, i) => {
    const share = retried.reduce((sum, end) => sum + (end.retrier === i ? end.mass : 0), 0) / round.mass;
    return share > 0 ? (retrier.maxAttempts - counters[i]!) / share : Infinity;
  });
  const budget = Math.round(Math.min(...budgets));
  const left = leaving.reduce((sum, { mass }) => sum + mass, 0);
  const rounds = geometricSum(round, left, budget + 1);
  const before = inSequence(held.of, rounds.of);
  const lastShare = Math.exp(-budget * Math.log1p(left / round.mass));
  // Σ k rᵏ over Σ rᵏ, for k up to the budget.
  const meanRounds = (rounds.mass - 1 - budget * lastShare * round.mass) / (left * rounds.mass);
  for (const { error, mass, spent } of leaving) {
    const share = held.mass * rounds.mass * mass;
    endVisit(ended, {
      error,
      visit,
      mass: share,
      spent: inSequence(before, spent),
      attempt: attempt + meanRounds,
    });
  }
  if (lastShare > NEGLIGIBLE) {
    const all = powerBy(round.of, budget, NOTHING_SPENT, inSequence);
    for (const { error, mass, spent } of retried) {
      const of = inSequence(inSequence(held.of, all), spent);
      endVisit(ended, {
        error,
        visit,
        mass: held.mass * lastShare * mass,
        spent: of,
        attempt: attempt + budget,
      });
    }
  }
  return held.mass * rounds.mass;
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

/** The first Retrier or Catcher that matches, or -1, as for success. A Retrier out of attempts still shields those behind it. */
export function firstHandling(handlers: readonly (Retrier | Catcher)[], error: string | null): number {
  return handlers.findIndex(({ errorEquals }) => error !== null && matchesError(errorEquals, error));
}

/** Retries spent for certain, and the time they wait in the mean, when the visit ends in this Catcher by the plainest error it names. */
export function retriesBefore(
  catcher: Pick<Catcher, "errorEquals">,
  retry: readonly Retrier[],
): { readonly count: number; readonly waitMs: number } {
  const named = catcher.errorEquals.find((name) => !name.startsWith("States.") || name === "States.Timeout");
  const retrier = retry[firstHandling(retry, named ?? ANY_ERROR)];
  if (retrier === undefined) return { count: 0, waitMs: 0 };
  const { maxAttempts: count, jitterStrategy } = retrier;
  const waitMs = backoffSumMs(retrier, count);
  return { count, waitMs: jitterStrategy === "NONE" ? waitMs : waitMs / 2 };
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
  const found = firstHandling(visit.catch, error);
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
