/** A recorded execution: from AWS's history events, which states were entered where, and what each attempt of a Task gave. */
import { unwrapJson } from "./recorded-value.js";

const STATUS = {
  ExecutionSucceeded: "SUCCEEDED",
  ExecutionFailed: "FAILED",
  ExecutionTimedOut: "TIMED_OUT",
};
const SUCCEEDED = /^(?:Task|LambdaFunction|Activity)Succeeded$/;
const FAILED = /^(?:Task|LambdaFunction|Activity)(?:Failed|SubmitFailed|StartFailed|ScheduleFailed)$/;
const TIMED_OUT = /^(?:Task|LambdaFunction|Activity)TimedOut$/;

/** `{ entered, results, context, status, historyEvents, end }`; status is null when the recording does not reach an end of its own. */
export function readRecording({ events, definition }) {
  const byId = new Map(events.map((event) => [event.id, event]));
  const last = events.at(-1);
  const entered = events
    .filter((event) => event.type.endsWith("StateEntered"))
    .map((event) => ({ name: detailsOf(event).name, index: iterationOf(event, byId) }));
  return {
    entered,
    results: { ...readItems(definition, events, byId), ...readOutcomes(events, byId) },
    context: readContext(events[0]),
    status: STATUS[last?.type] ?? null,
    historyEvents: last?.id ?? 0,
    end: last === undefined ? {} : detailsOf(last),
  };
}

/** What the recording tells of the execution itself. */
function readContext(started) {
  const { roleArn } = started === undefined ? {} : detailsOf(started);
  return roleArn === undefined ? {} : { Execution: { RoleArn: roleArn } };
}

function detailsOf(event) {
  const key = Object.keys(event).find((name) => name.endsWith("EventDetails"));
  return key === undefined ? {} : event[key];
}

/** Walks back until `wanted` says so; recordings link every event to the one it follows from. */
function ancestor(event, byId, wanted) {
  const seen = new Set();
  let current = event;
  while (current !== undefined && !seen.has(current.id)) {
    seen.add(current.id);
    if (wanted(current)) return current;
    current = byId.get(current.previousEventId);
  }
  return undefined;
}

function iterationOf(event, byId) {
  let depth = 0;
  const found = ancestor(event, byId, ({ type }) => {
    if (event.type === "MapStateEntered" && type === event.type) return false;
    if (/^Map(?:State|Iteration)Exited$|^MapStateExited$/.test(type)) depth += 1;
    if (type === "MapStateEntered") depth = Math.max(0, depth - 1);
    return type === "MapIterationStarted" && depth === 0;
  });
  return found === undefined ? null : detailsOf(found).index;
}

function readOutcomes(events, byId) {
  const found = [];
  for (const event of events) {
    const outcome = outcomeOf(event) ?? refusalOf(event, byId);
    const entered = outcome && ancestor(event, byId, ({ type }) => type === "TaskStateEntered");
    if (entered) found.push({ name: detailsOf(entered).name, index: iterationOf(event, byId), outcome });
  }
  // Iterations take their outcomes in iteration order, whatever order they ran in.
  found.sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
  const results = {};
  for (const { name, outcome } of found) (results[name] ??= []).push(outcome);
  return results;
}

function outcomeOf(event) {
  const details = detailsOf(event);
  if (SUCCEEDED.test(event.type)) return { output: plainOutput(details.output) };
  if (TIMED_OUT.test(event.type)) return { error: details.error ?? "States.Timeout" };
  if (!FAILED.test(event.type)) return null;
  const cause = details.cause ?? null;
  return {
    error: details.error ?? null,
    cause: typeof cause === "object" && cause !== null ? JSON.stringify(cause) : cause,
  };
}

/** A Task whose resource does not exist fails before anything is scheduled: the end of the execution tells its outcome. */
function refusalOf(event, byId) {
  const { error, cause } = detailsOf(event);
  if (event.type !== "ExecutionFailed" || byId.get(event.previousEventId)?.type !== "TaskStateEntered")
    return null;
  return typeof cause === "string" && cause.endsWith("does not exist.") ? { error, cause } : null;
}

/** An output is recorded as JSON text, or, when it is an object or array, as the value itself. */
function plainOutput(output) {
  if (typeof output !== "string") return output ?? null;
  try {
    return JSON.parse(output);
  } catch {
    return output;
  }
}

/** What an ItemReader read is not recorded: the Map's own output shows it where it is a plain list of as many items. */
function readItems(definition, events, byId) {
  const results = {};
  for (const event of events.filter(({ type }) => type === "MapStateStarted")) {
    const { name } = detailsOf(ancestor(event, byId, ({ type }) => type === "MapStateEntered") ?? event);
    if (!hasReader(definition, name)) continue;
    const length = detailsOf(event).length ?? 0;
    const exit = events.find((other) => other.type === "MapStateExited" && detailsOf(other).name === name);
    const output = exit === undefined ? null : unwrapJson(detailsOf(exit).output);
    const shown =
      Array.isArray(output) && output.length >= length ? output : Array.from({ length }, () => ({}));
    (results[name] ??= []).push({ output: shown });
  }
  return results;
}

function hasReader(definition, name) {
  return JSON.stringify(definition).includes('"ItemReader"') && typeof name === "string";
}
