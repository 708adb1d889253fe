/**
 * Trace figures are what traces say of a workflow: shares of branches, items, durations, how visits ended. They are made
 * so that the expected visits of the workflow under them are the weighted mean of the traces' visits: every share is one
 * of visits, and what enters a state in the traces leaves it. Exact unless a Wait, Pass or Choice was cut off or failed,
 * and for batches, whose number is rounded.
 */
import { matchesError, RUNTIME_ERROR } from "../workflow/definition/error-names.ts";
import { exactFigure } from "../workflow/figure.ts";
import type { Figure } from "../workflow/figure.ts";
import { followersOf, innerScopes, statesWithin } from "../workflow/state-identity.ts";
import type { MapState, ParallelState, Scope, State, TaskState } from "../workflow/state-machine.ts";
import { EMPTY_STATE_WORKLOAD, EMPTY_WORKLOAD } from "../workflow/workload/workload.ts";
import type { SeenVisit, StateWorkload, Workload } from "../workflow/workload/workload.ts";
import { CUT_OFF } from "./visit-tally.ts";
import type { StateTally, TalliedVisit, TimeTally, VisitTally } from "./visit-tally.ts";

export interface WeightedTrace {
  readonly weight: number;
  readonly tally: VisitTally;
}

/** Figures of the states that were entered, by their pointers; `source` is the note they all carry. */
export function figuresFromTraces(
  stateMachine: Scope,
  traces: readonly WeightedTrace[],
  source: string | null = null,
): Workload {
  const told = traces.filter(({ weight }) => weight > 0);
  const states = new Map<string, StateWorkload>();
  for (const state of statesWithin(stateMachine)) {
    const figures = figuresOf(state, { told, source });
    if (figures !== null) states.set(state.pointer, figures);
  }
  return { ...EMPTY_WORKLOAD, states };
}

interface Told {
  readonly told: readonly WeightedTrace[];
  readonly source: string | null;
}

interface WeightedTally {
  readonly weight: number;
  readonly of: StateTally;
}

function figuresOf(state: State, { told, source }: Told): StateWorkload | null {
  const tallies = talliesOf(state, told);
  if (tallies.length === 0) return null;
  const inferred = (value: number): Figure => exactFigure(value, "inferred", source);
  switch (state.type) {
    case "Choice":
      return some({ choices: sharesOf(state, tallies, inferred) });
    case "Wait":
      return state.seconds === null ? some({ duration: timeOf(tallies, "waitMs", source) }) : null;
    case "Task": {
      const attempts = attemptsOf(tallies);
      const errors = [...attempts.errors].map(([error, share]) => [error, inferred(share)] as const);
      return some({
        duration: timeOf(tallies, "attemptMs", source),
        errors: new Map(errors),
        seenVisits: errors.length === 0 && !attempts.cut ? null : seenVisitsOf(state, tallies),
      });
    }
    case "Map":
    case "Parallel": {
      const trouble = attemptsOf(tallies).failed > 0 || failsInside(state, told);
      return some({
        items: state.type === "Map" ? itemsOf(state, tallies, source) : null,
        seenVisits: trouble ? seenVisitsOf(state, tallies) : null,
      });
    }
    default:
      return null;
  }
}

function some(figures: Partial<StateWorkload>): StateWorkload {
  return { ...EMPTY_STATE_WORKLOAD, ...figures };
}

function talliesOf(state: State, told: readonly WeightedTrace[]): readonly WeightedTally[] {
  return told.flatMap(({ weight, tally }) => {
    const of = tally.get(state.pointer);
    return of === undefined || of.entered === 0 ? [] : [{ weight, of }];
  });
}

/** Of every way out of the Choice, those never taken too; empty when no visit got so far. */
function sharesOf(
  state: State,
  tallies: readonly WeightedTally[],
  inferred: (value: number) => Figure,
): ReadonlyMap<string, Figure> {
  const taken = new Map<string, number>(followersOf(state).map((name) => [name, 0]));
  let all = 0;
  for (const { weight, of } of tallies) {
    for (const [name, count] of of.chosen) {
      taken.set(name, (taken.get(name) ?? 0) + weight * count);
      all += weight * count;
    }
  }
  if (all === 0) return new Map();
  return new Map([...taken].map(([name, count]) => [name, inferred(count / all)]));
}

interface AttemptShares {
  /** Share of attempts by error. */
  readonly errors: ReadonlyMap<string, number>;
  /** Weighted number of attempts that failed, cut off ones included. */
  readonly failed: number;
  readonly cut: boolean;
}

function attemptsOf(tallies: readonly WeightedTally[]): AttemptShares {
  const errors = new Map<string, number>();
  let [all, failed, cut] = [0, 0, false];
  for (const { weight, attempts, count } of visitsOf(tallies)) {
    for (const end of attempts) {
      all += weight * count;
      if (end === null) continue;
      failed += weight * count;
      if (end === CUT_OFF) cut = true;
      else errors.set(end, (errors.get(end) ?? 0) + weight * count);
    }
  }
  return { errors: new Map([...errors].map(([error, n]) => [error, n / all])), failed, cut };
}

function visitsOf(tallies: readonly WeightedTally[]): readonly (TalliedVisit & { weight: number })[] {
  return tallies.flatMap(({ weight, of }) => [...of.visits.values()].map((visit) => ({ ...visit, weight })));
}

function seenVisitsOf(
  state: TaskState | MapState | ParallelState,
  tallies: readonly WeightedTally[],
): readonly SeenVisit[] {
  const visits = visitsOf(tallies);
  const all = visits.reduce((sum, { weight, count }) => sum + weight * count, 0);
  return visits.map((visit) => ({
    attempts: attemptsAsEnded(state, visit),
    share: (visit.weight * visit.count) / all,
  }));
}

/** A last attempt that was cut off, also while it waited to be tried again, ends the visit as what nothing catches does. */
function attemptsAsEnded(
  { retry, catch: catchers }: TaskState | MapState | ParallelState,
  { attempts, open }: TalliedVisit,
): readonly (string | null)[] {
  const last = attempts.at(-1) ?? null;
  if (!open || last === null) return attempts;
  const goesOn =
    catchers.some(({ errorEquals }) => matchesError(errorEquals, last)) || isRetried(retry, attempts);
  return goesOn || last === CUT_OFF ? [...attempts.slice(0, -1), RUNTIME_ERROR] : attempts;
}

/** Whether the first Retrier that matches the last error has an attempt left. */
function isRetried(retry: TaskState["retry"], attempts: readonly (string | null)[]): boolean {
  const retrierOf = (error: string | null) =>
    retry.find(({ errorEquals }) => error !== null && matchesError(errorEquals, error));
  const last = retrierOf(attempts.at(-1) ?? null);
  if (last === undefined) return false;
  return attempts.slice(0, -1).filter((error) => retrierOf(error) === last).length < last.maxAttempts;
}

/** Whether anything inside failed or was cut off, caught or not. */
function failsInside(state: MapState | ParallelState, told: readonly WeightedTrace[]): boolean {
  const scopes = innerScopes(state);
  return scopes
    .flatMap((scope) => statesWithin(scope))
    .some((inner) => {
      const tallies = talliesOf(inner, told);
      return tallies.length > 0 && (inner.type === "Fail" || attemptsOf(tallies).failed > 0);
    });
}

function itemsOf(state: MapState, tallies: readonly WeightedTally[], source: string | null): Figure | null {
  const batched = state.mode === "DISTRIBUTED" && state.itemBatcher !== null;
  const counts = tallies.flatMap(({ weight, of }) => {
    const attempts = [...of.visits.values()].reduce(
      (sum, each) => sum + each.count * each.attempts.length,
      0,
    );
    return attempts === 0 ? [] : [{ weight, attempts, items: batched ? of.items : of.iterations }];
  });
  const attempts = counts.reduce((sum, each) => sum + each.weight * each.attempts, 0);
  if (attempts === 0) return null;
  const means = counts.map((each) => each.items / each.attempts);
  return {
    value: counts.reduce((sum, each) => sum + each.weight * each.items, 0) / attempts,
    low: Math.min(...means),
    high: Math.max(...means),
    basis: "inferred",
    note: source,
  };
}

/** Null when no outcome says how long it took. */
function timeOf(
  tallies: readonly WeightedTally[],
  which: "attemptMs" | "waitMs",
  source: string | null,
): StateWorkload["duration"] {
  const times = tallies
    .map(({ weight, of }): TimeTally & { weight: number } => ({ ...of[which], weight }))
    .filter(({ count }) => count > 0);
  if (times.length === 0) return null;
  const count = times.reduce((sum, time) => sum + time.weight * time.count, 0);
  const ms: Figure = {
    value: times.reduce((sum, time) => sum + time.weight * time.sum, 0) / count,
    low: Math.min(...times.map(({ low }) => low)),
    high: Math.max(...times.map(({ high }) => high)),
    basis: "inferred",
    note: source,
  };
  return { ms, percentiles: null };
}
