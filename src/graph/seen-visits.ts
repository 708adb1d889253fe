/**
 * Seen visits are visits of a Task, Map or Parallel as they really went, attempt by attempt: they say which way each
 * left and after how many retries, which no share of attempts can say of them all.
 */
import type { SeenVisit } from "../workflow/workload/workload.ts";
import { inSequence, NOTHING_SPENT, type Spent } from "./spent.ts";
import {
  type AttemptEnd,
  type Attempts,
  type EndedVisits,
  type VisitEnds,
  endVisit,
  firstHandling,
  mixedEnds,
  retryDelay,
} from "./retry-chain.ts";

/** Attempts of one visit that are followed. */
const MAX_ATTEMPTS = 2_000;

/** As `followAttempts`, for visits whose attempts are known; `visit.ends` say what an attempt spends. */
export function followSeen(visit: Attempts, seen: readonly SeenVisit[]): VisitEnds {
  const ended: EndedVisits = new Map();
  let attempts = 0;
  for (const each of seen) {
    if (each.share > 0) attempts += each.share * followOne(visit, each, ended);
  }
  return { ends: mixedEnds(ended), attempts };
}

/** The number of attempts. */
function followOne(visit: Attempts, { attempts, share: mass }: SeenVisit, ended: EndedVisits): number {
  const counters = visit.retry.map(() => 0);
  let spent = NOTHING_SPENT;
  for (let attempt = 0; ; attempt++) {
    const error = attempts[Math.min(attempt, attempts.length - 1)] ?? null;
    spent = inSequence(spent, spentOn(visit.ends, error));
    const retrier = firstHandling(visit.retry, error);
    const used = counters[retrier]!;
    if (retrier < 0 || used >= visit.retry[retrier]!.maxAttempts || attempt >= MAX_ATTEMPTS) {
      endVisit(ended, { error, visit, mass, spent, attempt });
      return attempt + 1;
    }
    const delay: Spent = { ...NOTHING_SPENT, durationMs: retryDelay(visit.retry[retrier]!, used) };
    spent = inSequence(inSequence(spent, visit.perRetry), delay);
    counters[retrier] = used + 1;
  }
}

/** What an attempt of this end spends; of one that no figure makes happen, what the likeliest does, of failures if it is one. */
function spentOn(ends: readonly AttemptEnd[], error: string | null): Spent {
  const same = ends.find((end) => end.error === error);
  if (same !== undefined) return same.spent;
  const isAlike = (end: AttemptEnd): number => Number((end.error === null) === (error === null));
  const [likeliest] = ends.toSorted((a, b) => isAlike(b) - isAlike(a) || b.mass - a.mass);
  return likeliest?.spent ?? NOTHING_SPENT;
}
