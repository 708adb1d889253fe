/**
 * A state visit is one stay in a state, from its StateEntered event to its StateExited event, retries included; visits are
 * told apart by following previousEventId, because parallel branches and Map iterations interleave in a history.
 */
import { detailCount, detailText, payloadBytes } from "./history-event.ts";
import type { HistoryEvent } from "./history-event.ts";

export interface StateVisit {
  /** Null when the event that names it is missing. */
  readonly name: string | null;
  /** `Task`, `Choice`, …: what stands before `StateEntered`. */
  readonly type: string;
  /** False for a visit whose StateEntered event is missing. */
  readonly entered: boolean;
  readonly exited: boolean;
  /** Attempts scheduled (Task) or started (Map, Parallel). */
  readonly attempts: number;
  /** Name of the state that followed in the same scope; null when none did. */
  readonly next: string | null;
  /** Items of the last attempt of a Map; null when not known. */
  readonly items: number | null;
  readonly distributed: boolean;
  /** ARNs of the Map Runs it started. */
  readonly mapRuns: readonly string[];
  readonly inputBytes: number | null;
  readonly outputBytes: number | null;
  /** From entered to exited; null without both times. */
  readonly durationMs: number | null;
  /** Of each attempt that ended, from scheduled to succeeded or failed; without those whose times are not known. */
  readonly attemptDurationsMs: readonly number[];
  /** Error names of failed attempts, in order. */
  readonly errors: readonly string[];
  /** Events of this very visit, without those of states inside it. */
  readonly historyEvents: number;
}

interface Draft {
  name: string | null;
  type: string;
  entered: boolean;
  exited: boolean;
  attempts: number;
  next: string | null;
  items: number | null;
  iterations: number;
  distributed: boolean;
  mapRuns: string[];
  inputBytes: number | null;
  outputBytes: number | null;
  enteredMs: number | null;
  durationMs: number | null;
  attemptStartedMs: number | null;
  attemptDurationsMs: number[];
  errors: string[];
  historyEvents: number;
}

/** Visits that are open at a point of the history, innermost first. */
interface Frame {
  readonly draft: Draft;
  /** Its Map or Parallel has given up: whatever starts next starts outside of it. */
  readonly failed: boolean;
  readonly outer: Frame | null;
}

/** What the history says just after an event: open visits, and the visit that has just been left in this scope. */
interface Position {
  readonly frame: Frame | null;
  readonly left: Draft | null;
}

/** What is gathered while a history is followed. */
interface Reading {
  readonly drafts: Draft[];
  /** The latest visit entered under each name: for events whose previousEventId skips the visit they belong to. */
  readonly latest: Map<string, Frame>;
}

const START: Position = { frame: null, left: null };

export interface FollowedHistory {
  /** In the order entered. */
  readonly visits: readonly StateVisit[];
  /** Events whose previousEventId names an event that is not there, or not before them. */
  readonly broken: number;
}

/** Follows events (each once, by ascending id) and tells the visits apart. */
export function followVisits(events: readonly HistoryEvent[]): FollowedHistory {
  const reading: Reading = { drafts: [], latest: new Map() };
  const positions = new Map<number, Position>([[0, START]]);
  let latest = START;
  let broken = 0;
  for (const event of events) {
    const before = event.previousId === null ? latest : positions.get(event.previousId);
    if (before === undefined) broken++;
    const after = follow(event, before ?? START, reading);
    if (event.id !== null) positions.set(event.id, after);
    latest = after;
  }
  return { visits: reading.drafts.map(toVisit), broken };
}

function follow(event: HistoryEvent, before: Position, reading: Reading): Position {
  const state = /^(.+)State(Entered|Exited|Started|Succeeded|Failed|Aborted)$/.exec(event.type);
  if (state?.[1] !== undefined) {
    const type = state[1];
    if (state[2] === "Entered") return enter(event, type, before, reading);
    if (state[2] === "Exited") return exit(event, type, before, reading);
    if (state[2] === "Started") return startAttempt(event, type, before, reading);
    return endContainer(event, type, before, state[2] ?? "");
  }
  if (event.type.startsWith("MapIteration")) return iterate(event, before, reading);
  if (event.type.startsWith("MapRun")) return runMap(event, before);
  if (event.type === "EvaluationFailed") return failEvaluation(event, before, reading);
  const attempt = /^(?:Task|LambdaFunction|Activity)(.+)$/.exec(event.type);
  if (attempt?.[1] !== undefined) return followAttempt(event, attempt[1], before, reading);
  return before;
}

function enter(event: HistoryEvent, type: string, before: Position, reading: Reading): Position {
  // A leaf that was never left (its execution failed there and was redriven) cannot hold another state.
  const outer = isContainer(before.frame) ? before.frame : (before.frame?.outer ?? null);
  const name = detailText(event, "name");
  if (before.left !== null) before.left.next ??= name;
  const draft = newDraft(name, type, reading);
  draft.entered = true;
  draft.enteredMs = event.timeMs;
  draft.inputBytes = payloadBytes(event, "input");
  draft.historyEvents = 1;
  const frame: Frame = { draft, failed: false, outer };
  if (name !== null) reading.latest.set(name, frame);
  return { frame, left: null };
}

function exit(event: HistoryEvent, type: string, before: Position, reading: Reading): Position {
  const name = detailText(event, "name");
  const frame =
    findFrame(before.frame, (open) => open.type === type && (name === null || open.name === name)) ??
    openVisit(name, reading);
  const draft = frame?.draft ?? newDraft(name, type, reading);
  draft.exited = true;
  draft.outputBytes = payloadBytes(event, "output");
  draft.durationMs = elapsed(draft.enteredMs, event.timeMs);
  draft.historyEvents++;
  return { frame: frame === null ? before.frame : frame.outer, left: draft };
}

function startAttempt(event: HistoryEvent, type: string, before: Position, reading: Reading): Position {
  const frame =
    findFrame(before.frame, (open, failed) => open.type === type && !failed) ??
    newFrame(null, type, before.frame, reading);
  const draft = frame.draft;
  draft.attempts++;
  draft.historyEvents++;
  draft.items = type === "Map" ? detailCount(event, "length") : null;
  draft.iterations = 0;
  return { frame, left: null };
}

function endContainer(event: HistoryEvent, type: string, before: Position, how: string): Position {
  const frame = findFrame(before.frame, (open, failed) => open.type === type && !failed);
  if (frame === null) return before;
  frame.draft.historyEvents++;
  const error = detailText(event, "error");
  if (error !== null) frame.draft.errors.push(error);
  return { frame: how === "Succeeded" ? frame : { ...frame, failed: true }, left: null };
}

function iterate(event: HistoryEvent, before: Position, reading: Reading): Position {
  const name = detailText(event, "name");
  const frame =
    findFrame(before.frame, (open) => open.type === "Map" && (name === null || open.name === name)) ??
    newFrame(name, "Map", before.frame, reading);
  frame.draft.historyEvents++;
  if (event.type === "MapIterationStarted") frame.draft.iterations++;
  return { frame, left: null };
}

function runMap(event: HistoryEvent, before: Position): Position {
  const frame = findFrame(before.frame, (open) => open.type === "Map");
  if (frame === null) return before;
  frame.draft.historyEvents++;
  frame.draft.distributed = true;
  const run = detailText(event, "mapRunArn");
  if (run !== null) frame.draft.mapRuns.push(run);
  const error = detailText(event, "error");
  if (error !== null) frame.draft.errors.push(error);
  return { frame, left: null };
}

function followAttempt(event: HistoryEvent, what: string, before: Position, reading: Reading): Position {
  const frame =
    findFrame(before.frame, (open) => open.type === "Task") ?? newFrame(null, "Task", before.frame, reading);
  const draft = frame.draft;
  draft.historyEvents++;
  if (what === "Scheduled") {
    draft.attempts++;
    draft.attemptStartedMs = event.timeMs;
  } else if (what === "Succeeded" || what === "TimedOut" || what.endsWith("Failed")) {
    const lasted = elapsed(draft.attemptStartedMs, event.timeMs);
    if (lasted !== null) draft.attemptDurationsMs.push(lasted);
    draft.attemptStartedMs = null;
    if (what !== "Succeeded") draft.errors.push(detailText(event, "error") ?? fallbackError(what));
  }
  return { frame, left: null };
}

/** A JSONata expression or a path of the innermost state failed; no attempt need have been made. */
function failEvaluation(event: HistoryEvent, before: Position, reading: Reading): Position {
  const state = detailText(event, "state");
  // AWS links this event to the one before the state was entered.
  const frame =
    findFrame(before.frame, (open) => open.name === state) ?? openVisit(state, reading) ?? before.frame;
  if (frame === null) return before;
  frame.draft.historyEvents++;
  frame.draft.errors.push(detailText(event, "error") ?? "States.QueryEvaluationError");
  return { frame, left: null };
}

/** A Task that fails without naming an error: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
function fallbackError(what: string): string {
  return what === "TimedOut" ? "States.Timeout" : "States.TaskFailed";
}

function isContainer(frame: Frame | null): boolean {
  return frame !== null && (frame.draft.type === "Map" || frame.draft.type === "Parallel") && !frame.failed;
}

function findFrame(from: Frame | null, matches: (draft: Draft, failed: boolean) => boolean): Frame | null {
  let frame = from;
  while (frame !== null && !matches(frame.draft, frame.failed)) frame = frame.outer;
  return frame;
}

function openVisit(name: string | null, reading: Reading): Frame | null {
  const frame = name === null ? undefined : reading.latest.get(name);
  return frame === undefined || frame.draft.exited ? null : frame;
}

function newFrame(name: string | null, type: string, outer: Frame | null, reading: Reading): Frame {
  return { draft: newDraft(name, type, reading), failed: false, outer };
}

function newDraft(name: string | null, type: string, reading: Reading): Draft {
  const draft: Draft = {
    name,
    type,
    entered: false,
    exited: false,
    attempts: 0,
    next: null,
    items: null,
    iterations: 0,
    distributed: false,
    mapRuns: [],
    inputBytes: null,
    outputBytes: null,
    enteredMs: null,
    durationMs: null,
    attemptStartedMs: null,
    attemptDurationsMs: [],
    errors: [],
    historyEvents: 0,
  };
  reading.drafts.push(draft);
  return draft;
}

function elapsed(fromMs: number | null, toMs: number | null): number | null {
  return fromMs === null || toMs === null || toMs < fromMs ? null : toMs - fromMs;
}

function toVisit(draft: Draft): StateVisit {
  const { iterations, enteredMs: _entered, attemptStartedMs: _started, ...visit } = draft;
  return { ...visit, items: draft.type === "Map" ? countItems(draft, iterations) : null };
}

/** A Distributed Map that reads its items itself reports length 0, which says nothing. */
function countItems(draft: Draft, iterations: number): number | null {
  if (draft.distributed && draft.items === 0) return null;
  if (draft.items === null) return iterations > 0 ? iterations : null;
  return Math.max(draft.items, iterations);
}
