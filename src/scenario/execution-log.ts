/**
 * An execution log is what happened in one execution, step by step in virtual time, with the history events each step
 * leaves; it ends where AWS ends a Standard execution's history.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
 */
import { compareMoments } from "./data/moment.ts";
import type { Moment } from "./data/moment.ts";

/** AWS fails a Standard execution whose 25,000th event would not be ExecutionSucceeded. */
export const MAX_HISTORY_EVENTS = 25_000;
/** What the states may write: ExecutionStarted and the last event are kept apart. */
const STANDARD_BUDGET = MAX_HISTORY_EVENTS - 2;
/** An Express execution has no such limit; one that has done this much in no time loops until its five minutes are over. */
const EXPRESS_BUDGET = 100_000;

export interface LoggedStep extends Moment {
  readonly kind: "entered" | "attempted" | "retried" | "chose" | "caught" | "exited" | "noted";
  readonly name: string;
  readonly pointer: string;
  readonly type: string;
  /** Of the nearest Map iteration around; null outside of any. */
  readonly index: number | null;
  /** History events this step writes. */
  readonly events: number;
  /** attempted: counts from 0. */
  readonly attempt: number | null;
  /** attempted: null when it succeeded; retried, caught: what for. */
  readonly error: string | null;
  /** A further name the error answers to. */
  readonly alias: string | null;
  /** exited, chose, caught: the state that follows; null when the scope ends. */
  readonly to: string | null;
  /** attempted: its duration; retried: the delay. */
  readonly lastedMs: number | null;
}

/** Grows while one execution is acted out; belongs to that execution alone. */
export interface ExecutionLog {
  steps: LoggedStep[];
  events: number;
  /** Where the history is full, as far as known by now. */
  fullAt: Moment | null;
  readonly budget: number;
  nextCheck: number;
}

export function openLog(type: "STANDARD" | "EXPRESS"): ExecutionLog {
  const budget = type === "STANDARD" ? STANDARD_BUDGET : EXPRESS_BUDGET;
  return { steps: [], events: 0, fullAt: null, budget, nextCheck: budget };
}

/** False when the step lies where the history is already full. */
export function appendStep(log: ExecutionLog, step: LoggedStep): boolean {
  if (log.fullAt !== null && compareMoments(step, log.fullAt) >= 0) return false;
  log.steps.push(step);
  log.events += step.events;
  if (log.events <= log.nextCheck) return true;
  log.fullAt = findFull(log);
  log.nextCheck = log.events + log.budget;
  return log.fullAt === null || compareMoments(step, log.fullAt) < 0;
}

/** The first moment at which the events before it and at it pass the budget. */
function findFull(log: ExecutionLog): Moment | null {
  let events = 0;
  for (const step of orderedSteps(log)) {
    events += step.events;
    if (events > log.budget) return step;
  }
  return null;
}

/** Forgets what branches did after one of them failed; `from` is where they began to write. */
export function dropAfter(log: ExecutionLog, moment: Moment, from: number): void {
  const kept = log.steps.slice(from).filter((step) => compareMoments(step, moment) <= 0);
  log.steps = [...log.steps.slice(0, from), ...kept];
  log.events = log.steps.reduce((sum, step) => sum + step.events, 0);
  if (log.fullAt !== null && compareMoments(moment, log.fullAt) < 0) {
    log.fullAt = null;
    log.nextCheck = Math.max(log.budget, log.events);
  }
}

/** The steps in virtual time; those of one moment in the order of branches. */
export function orderedSteps(log: ExecutionLog): readonly LoggedStep[] {
  const { steps } = log;
  const inOrder = steps.every((step, at) => at === 0 || compareMoments(steps[at - 1] as Moment, step) <= 0);
  return inOrder ? steps : [...steps].sort(compareMoments);
}

/** The history's end when states wrote more than fits; null when all fits. */
export function closeLog(log: ExecutionLog): Moment | null {
  const fullAt = log.events > log.budget ? findFull(log) : null;
  if (fullAt === null) return null;
  log.steps = log.steps.filter((step) => compareMoments(step, fullAt) < 0);
  log.events = log.steps.reduce((sum, step) => sum + step.events, 0);
  return fullAt;
}
