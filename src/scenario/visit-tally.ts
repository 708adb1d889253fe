/**
 * A visit tally counts what executions did, state by state: ways taken out of Choices, attempts of each visit,
 * iterations of Maps, times. It is made from the steps in the order they were written, in which visits nest.
 */
import { ANY_ERROR } from "../workflow/definition/error-names.ts";
import type { LoggedStep } from "./execution-log.ts";

/** By JSON pointer; a state of a Distributed Map's children counts over all of them. */
export type VisitTally = ReadonlyMap<string, StateTally>;

export interface StateTally {
  entered: number;
  /** Visits that came to an end of their own, with success. */
  left: number;
  /** Choice: visits that went on to each state. */
  readonly chosen: Map<string, number>;
  /** Task, Map, Parallel: visits by how their attempts ended. */
  readonly visits: Map<string, TalliedVisit>;
  /** Map: iterations or child executions begun; Parallel: attempts whose branches began. */
  iterations: number;
  /** Distributed Map: items given, over all attempts. */
  items: number;
  /** Distributed Map with EXPRESS children: their billed time, each rounded up to AWS's 100 ms. */
  childBilledMs: number;
  /** Task: attempts that took time and were not cut off. */
  readonly attemptMs: TimeTally;
  /** Wait. */
  readonly waitMs: TimeTally;
}

export interface TalliedVisit {
  /** Errors of the attempts that were retried, then how the last ended: an error, or null for success. */
  readonly attempts: readonly (string | null)[];
  /** Nothing took the last attempt on: its error was caught by nobody, or it was cut off (then the error is "cut off"). */
  readonly open: boolean;
  count: number;
}

export interface TimeTally {
  count: number;
  sum: number;
  low: number;
  high: number;
}

/** The end of an attempt that something outside of the state cut off. */
export const CUT_OFF = "cut off";

interface OpenVisit {
  readonly errors: string[];
  last: string | null;
}

/** Grows while one execution is acted out; belongs to that execution alone. */
export type GrowingTally = Map<string, StateTally>;

/** Adds the steps of one execution, or of one child of a Distributed Map. */
export function tallySteps(tally: GrowingTally, steps: readonly LoggedStep[]): void {
  const open = new Map<string, OpenVisit>();
  let before: LoggedStep | null = null;
  for (const [at, step] of steps.entries()) {
    const state = tallyOf(tally, step.pointer);
    if (step.kind === "entered") {
      if (before !== null && beginsIteration(before, step)) tallyOf(tally, before.pointer).iterations += 1;
      leaveOpen(open, state, step.pointer);
      state.entered += 1;
      if (GUARDED.has(step.type)) open.set(step.pointer, { errors: [], last: null });
    } else {
      tallyStep(state, { step, open, goesOn: step.to === null || leadsTo(step, steps[at + 1]) });
    }
    before = step;
  }
  for (const pointer of [...open.keys()]) leaveOpen(open, tallyOf(tally, pointer), pointer);
}

const GUARDED: ReadonlySet<string> = new Set(["Task", "Map", "Parallel"]);

export function tallyOf(tally: GrowingTally, pointer: string): StateTally {
  const known = tally.get(pointer);
  if (known !== undefined) return known;
  const fresh: StateTally = {
    entered: 0,
    left: 0,
    chosen: new Map(),
    visits: new Map(),
    iterations: 0,
    items: 0,
    childBilledMs: 0,
    attemptMs: noTime(),
    waitMs: noTime(),
  };
  tally.set(pointer, fresh);
  return fresh;
}

function noTime(): TimeTally {
  return { count: 0, sum: 0, low: Infinity, high: 0 };
}

/** The Map or Parallel says that it starts, and the first state in it is entered: nothing else stands in this order. */
function beginsIteration(before: LoggedStep, step: LoggedStep): boolean {
  return before.kind === "noted" && step.pointer.startsWith(`${before.pointer}/`);
}

/** A thread writes its steps one after the other: unless the next one enters a state of the same scope, it was cut off. */
function leadsTo(step: LoggedStep, next: LoggedStep | undefined): boolean {
  return next?.kind === "entered" && scopeOf(next) === scopeOf(step);
}

function scopeOf({ pointer }: LoggedStep): string {
  return pointer.slice(0, pointer.lastIndexOf("/"));
}

interface Tallied {
  readonly step: LoggedStep;
  readonly open: Map<string, OpenVisit>;
  /** What should follow the step did. */
  readonly goesOn: boolean;
}

function tallyStep(state: StateTally, { step, open, goesOn }: Tallied): void {
  const visit = open.get(step.pointer);
  const { kind, error, lastedMs } = step;
  if (kind === "chose" && goesOn) state.chosen.set(step.to ?? "", (state.chosen.get(step.to ?? "") ?? 0) + 1);
  if (goesOn && (kind === "exited" || kind === "chose")) state.left += 1;
  if (kind === "exited" && lastedMs !== null) addTime(state.waitMs, lastedMs);
  if (kind === "attempted" && (lastedMs ?? 0) > 0 && error !== "States.Timeout") {
    addTime(state.attemptMs, lastedMs ?? 0);
  }
  if (visit === undefined) return;
  if (kind === "retried") {
    visit.errors.push(nameOf(step));
    visit.last = null;
  } else if ((kind === "caught" || kind === "exited") && !goesOn) {
    visit.last = CUT_OFF;
  } else if (kind === "caught" || kind === "exited") {
    const end = kind === "caught" ? nameOf(step) : null;
    addVisit(state, { attempts: [...visit.errors, end], open: false });
    open.delete(step.pointer);
  } else if (error !== null) {
    visit.last = nameOf(step);
  }
}

/** As Retry and Catch see it. */
function nameOf({ error, alias }: LoggedStep): string {
  return alias ?? (error === null || error === "" ? ANY_ERROR : error);
}

function leaveOpen(open: Map<string, OpenVisit>, state: StateTally, pointer: string): void {
  const visit = open.get(pointer);
  if (visit === undefined) return;
  addVisit(state, { attempts: [...visit.errors, visit.last ?? CUT_OFF], open: true });
  open.delete(pointer);
}

function addVisit(state: StateTally, visit: Omit<TalliedVisit, "count">): void {
  const key = JSON.stringify([visit.attempts, visit.open]);
  const known = state.visits.get(key);
  if (known === undefined) state.visits.set(key, { ...visit, count: 1 });
  else known.count += 1;
}

function addTime(time: TimeTally, ms: number): void {
  time.count += 1;
  time.sum += ms;
  time.low = Math.min(time.low, ms);
  time.high = Math.max(time.high, ms);
}
