/**
 * A moment is a point of virtual time: milliseconds since the execution started, and, among steps that take no
 * time, how many steps came before it. So branches that take 0 ms still advance in turn, one step each.
 */
export interface Moment {
  readonly ms: number;
  readonly tick: number;
}

/** Negative when a comes before b. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.ms === b.ms ? a.tick - b.tick : a.ms - b.ms;
}

export function isAfter(moment: Moment, limit: Moment | null): boolean {
  return limit !== null && compareMoments(moment, limit) > 0;
}

export function laterMoment(a: Moment, b: Moment): Moment {
  return compareMoments(a, b) >= 0 ? a : b;
}

export function earlierMoment(a: Moment | null, b: Moment | null): Moment | null {
  if (a === null || b === null) return a ?? b;
  return compareMoments(a, b) <= 0 ? a : b;
}
