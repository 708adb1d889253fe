/**
 * An observed history is what one recorded execution tells: how often each state was entered and retried, what followed it,
 * and the state transitions AWS bills for it.
 */
import { parseHistoryEvents } from "./history-event.ts";
import type { HistoryEvent, HistoryPages } from "./history-event.ts";
import { followVisits } from "./observed-visit.ts";
import type { StateVisit } from "./observed-visit.ts";

/** Counts are of one execution; null is not known. */
export interface ObservedHistory {
  /** start + entered + retries + redrives, as a Standard workflow is billed; children of Distributed Maps and nested executions have histories of their own. */
  readonly transitions: number;
  /** 1 when the history holds the execution's start. */
  readonly start: number;
  /** States entered: one per `…StateEntered` event. */
  readonly entered: number;
  readonly retries: number;
  readonly redrives: number;
  /** Distinct events read; the quota is 25,000. */
  readonly historyEvents: number;
  /** By type, in the order first seen. */
  readonly eventTypes: readonly { readonly type: string; readonly count: number }[];
  /** In the order first entered. */
  readonly states: readonly ObservedState[];
  /** Null while it runs, or when its end is missing. */
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED" | null;
  readonly durationMs: number | null;
  /** True when every event from the start to the end is here. */
  readonly complete: boolean;
  /** Events that others refer to or that ids leave room for, but that are not here. */
  readonly missingEvents: number;
  readonly duplicates: number;
  /** Entries that are no events. */
  readonly unreadable: number;
}

/** All visits of one state; lists hold one entry per visit, or attempt, for which the figure is known. */
export interface ObservedState {
  /** Null gathers events whose state is not named anywhere in what was read. */
  readonly name: string | null;
  readonly type: string;
  readonly entered: number;
  readonly exited: number;
  readonly retries: number;
  readonly historyEvents: number;
  /** What followed, by state; for a Choice these are its branches taken. */
  readonly next: readonly { readonly to: string; readonly count: number }[];
  /** Map: items per visit. */
  readonly items: readonly number[];
  readonly distributed: boolean;
  /** ARNs of the Map Runs it started; DescribeMapRun knows their items. */
  readonly mapRuns: readonly string[];
  readonly durationsMs: readonly number[];
  readonly attemptDurationsMs: readonly number[];
  readonly inputBytes: readonly number[];
  readonly outputBytes: readonly number[];
  /** Failed attempts by error name. */
  readonly errors: readonly { readonly error: string; readonly count: number }[];
}

/**
 * Reads the events of one execution: an array as the SDK gives it, the AWS CLI's `{ events: [...] }`, or an array of such
 * pages, in any order. Never throws: what cannot be read is counted, and `complete` is false.
 */
export function readHistory(input: unknown): ObservedHistory {
  const pages = parseHistoryEvents(input);
  const { events } = pages;
  const { visits, broken } = followVisits(events);
  const start = countType(events, "ExecutionStarted") > 0 ? 1 : 0;
  const redrives = countType(events, "ExecutionRedriven");
  const entered = events.filter((event) => event.type.endsWith("StateEntered")).length;
  const retries = sum(visits.map(retriesOf));
  const missingEvents = Math.max(lastId(events) - events.filter(isNumbered).length, broken > 0 ? 1 : 0);
  const status = readStatus(events);
  return {
    transitions: start + entered + retries + redrives,
    start,
    entered,
    retries,
    redrives,
    historyEvents: events.length,
    eventTypes: tally(events.map((event) => event.type)).map(([type, count]) => ({ type, count })),
    states: groupByState(visits),
    status,
    durationMs: readDurationMs(events),
    complete: start === 1 && status !== null && missingEvents === 0 && isWhole(pages),
    missingEvents,
    duplicates: pages.duplicates,
    unreadable: pages.unreadable,
  };
}

function isWhole({ events, unreadable, moreFollow }: HistoryPages): boolean {
  return unreadable === 0 && !moreFollow && events.every(isNumbered);
}

/** The first attempt of a visit is the visit itself. */
function retriesOf(visit: StateVisit): number {
  return Math.max(0, visit.attempts - 1);
}

function isNumbered(event: HistoryEvent): boolean {
  return event.id !== null;
}

function lastId(events: readonly HistoryEvent[]): number {
  return events.reduce((last, event) => Math.max(last, event.id ?? 0, event.previousId ?? 0), 0);
}

function countType(events: readonly HistoryEvent[], type: string): number {
  return events.filter((event) => event.type === type).length;
}

const STATUS_OF = new Map<string, NonNullable<ObservedHistory["status"]>>([
  ["ExecutionSucceeded", "SUCCEEDED"],
  ["ExecutionFailed", "FAILED"],
  ["ExecutionTimedOut", "TIMED_OUT"],
  ["ExecutionAborted", "ABORTED"],
]);

/** A redrive opens an execution that had ended. */
function readStatus(events: readonly HistoryEvent[]): ObservedHistory["status"] {
  const last = events.findLast((event) => STATUS_OF.has(event.type) || event.type === "ExecutionRedriven");
  return last === undefined ? null : (STATUS_OF.get(last.type) ?? null);
}

function readDurationMs(events: readonly HistoryEvent[]): number | null {
  const from = events.find((event) => event.type === "ExecutionStarted")?.timeMs ?? null;
  const to = events.findLast((event) => STATUS_OF.has(event.type))?.timeMs ?? null;
  return from === null || to === null || to < from ? null : to - from;
}

function groupByState(visits: readonly StateVisit[]): ObservedState[] {
  const groups = new Map<string | null, StateVisit[]>();
  for (const visit of visits) {
    const group = groups.get(visit.name);
    if (group === undefined) groups.set(visit.name, [visit]);
    else group.push(visit);
  }
  return [...groups].map(([name, group]) => summarise(name, group));
}

function summarise(name: string | null, visits: readonly StateVisit[]): ObservedState {
  const known = (pick: (visit: StateVisit) => number | null): number[] =>
    visits.map(pick).filter((value) => value !== null);
  const followers = visits.map((visit) => visit.next).filter((next) => next !== null);
  return {
    name,
    type: visits.find((visit) => visit.entered)?.type ?? visits[0]?.type ?? "",
    entered: visits.filter((visit) => visit.entered).length,
    exited: visits.filter((visit) => visit.exited).length,
    retries: sum(visits.map(retriesOf)),
    historyEvents: sum(visits.map((visit) => visit.historyEvents)),
    next: tally(followers).map(([to, count]) => ({ to, count })),
    items: known((visit) => visit.items),
    distributed: visits.some((visit) => visit.distributed),
    mapRuns: visits.flatMap((visit) => visit.mapRuns),
    durationsMs: known((visit) => visit.durationMs),
    attemptDurationsMs: visits.flatMap((visit) => visit.attemptDurationsMs),
    inputBytes: known((visit) => visit.inputBytes),
    outputBytes: known((visit) => visit.outputBytes),
    errors: tally(visits.flatMap((visit) => visit.errors)).map(([error, count]) => ({ error, count })),
  };
}

function tally(names: readonly string[]): [name: string, count: number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
