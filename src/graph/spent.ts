/** What is spent on a stretch of an execution: transitions, time and history events, each as a distribution. */
import { type Distribution, type Weighted, ZERO, convolve, maximum, mix, powerBy } from "./distribution.ts";

export interface Spent {
  /** State transitions as a Standard workflow is billed: entries, retries, and children of a Distributed Map. */
  readonly transitions: Distribution;
  readonly durationMs: Distribution;
  readonly historyEvents: Distribution;
}

/** A share of all that can happen, and what it spends. */
export interface SpentShare {
  readonly mass: number;
  readonly of: Spent;
}

export const NOTHING_SPENT: Spent = { transitions: ZERO, durationMs: ZERO, historyEvents: ZERO };

export const EVERYTHING: ReadonlySet<keyof Spent> = new Set(["transitions", "durationMs", "historyEvents"]);
/** What an execution is billed by, as either type. */
export const WHAT_IS_BILLED: ReadonlySet<keyof Spent> = new Set(["transitions", "durationMs"]);
export const DURATION_ONLY: ReadonlySet<keyof Spent> = new Set(["durationMs"]);
export const COUNTS_ONLY: ReadonlySet<keyof Spent> = new Set();

/** The measured metrics alone. */
export function measured(spent: Spent, measure: ReadonlySet<keyof Spent>): Spent {
  return {
    transitions: measure.has("transitions") ? spent.transitions : ZERO,
    durationMs: measure.has("durationMs") ? spent.durationMs : ZERO,
    historyEvents: measure.has("historyEvents") ? spent.historyEvents : ZERO,
  };
}

export function inSequence(a: Spent, b: Spent): Spent {
  if (a === NOTHING_SPENT) return b;
  if (b === NOTHING_SPENT) return a;
  return {
    transitions: convolve(a.transitions, b.transitions),
    durationMs: convolve(a.durationMs, b.durationMs),
    historyEvents: convolve(a.historyEvents, b.historyEvents),
  };
}

/** At the same time: counts add, the longer duration lasts. */
export function alongside(a: Spent, b: Spent): Spent {
  return {
    transitions: convolve(a.transitions, b.transitions),
    durationMs: maximum(a.durationMs, b.durationMs),
    historyEvents: convolve(a.historyEvents, b.historyEvents),
  };
}

/** Null when the parts have no mass. */
export function mixSpent(parts: readonly SpentShare[]): SpentShare | null {
  const live = parts.filter((part) => part.mass > 0);
  if (live.length <= 1) return live[0] ?? null;
  const mixOf = (metric: keyof Spent): Distribution =>
    mix(live.map((part): Weighted => ({ mass: part.mass, of: part.of[metric] })))!.of;
  return {
    mass: live.reduce((sum, part) => sum + part.mass, 0),
    of: {
      transitions: mixOf("transitions"),
      durationMs: mixOf("durationMs"),
      historyEvents: mixOf("historyEvents"),
    },
  };
}

/** What several runs spend together, apart by whether all succeeded or at least one failed. */
export interface RunsSpent {
  readonly ok: SpentShare | null;
  readonly failed: SpentShare | null;
}

const NO_RUNS: RunsSpent = { ok: { mass: 1, of: NOTHING_SPENT }, failed: null };

/** Two sets of runs together; `together` says whether their durations add or overlap. All are counted in full even when one fails. */
export function combineRuns(a: RunsSpent, b: RunsSpent, together: (a: Spent, b: Spent) => Spent): RunsSpent {
  const both = (x: SpentShare | null, y: SpentShare | null): SpentShare[] =>
    x === null || y === null ? [] : [{ mass: x.mass * y.mass, of: together(x.of, y.of) }];
  return {
    ok: both(a.ok, b.ok)[0] ?? null,
    failed: mixSpent([...both(a.failed, b.failed), ...both(a.failed, b.ok), ...both(a.ok, b.failed)]),
  };
}

export function repeatRuns(
  run: RunsSpent,
  times: number,
  together: (a: Spent, b: Spent) => Spent,
): RunsSpent {
  return powerBy(run, times, NO_RUNS, (a, b) => combineRuns(a, b, together));
}
