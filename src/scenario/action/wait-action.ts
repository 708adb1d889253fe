/** How a Wait acts: virtual time passes, and nothing else. */
import { ownValue } from "../../workflow/text/json-value.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";
import type { WaitState } from "../../workflow/state-machine.ts";
import { logStep, passTime, pathDataOf, queryDataOf } from "../execution-thread.ts";
import type { StateAction, Visit } from "../execution-thread.ts";
import type { Flow } from "../flow.ts";
import { explainMissing, parseJsonPath } from "../data/json-path.ts";
import { shownText } from "../data/json-text.ts";
import { compileQuery, evaluateQuery, raiseQuery, raiseType } from "../data/jsonata-expression.ts";
import { compileStateData } from "../data/state-data.ts";
import { raiseRuntime } from "../states-error.ts";
import { parseTimestamp } from "../data/timestamp.ts";

type WaitTime = (visit: Visit, selected: JsonValue) => Flow<number>;

export function compileWait(state: WaitState): StateAction {
  const data = compileStateData(state);
  const waitTime = compileWaitTime(state);
  return function* (visit) {
    const selected = data.select(visit);
    const ms = yield* waitTime(visit, selected);
    passTime(visit.thread, ms);
    const output = yield* data.finish(visit, selected);
    logStep(visit.thread, visit.compiled, { kind: "exited", events: 1, to: state.next, lastedMs: ms });
    return { output, next: state.next };
  };
}

function compileWaitTime(state: WaitState): WaitTime {
  const { fields } = state;
  if (state.queryLanguage === "JSONata") return compileQueried(state);
  const seconds = ownValue(fields, "SecondsPath");
  const timestamp = ownValue(fields, "TimestampPath");
  if (typeof seconds === "string") return compilePathWait(seconds, secondsAt);
  if (typeof timestamp === "string") return compilePathWait(timestamp, timestampAt);
  return compileLiteral(state);
}

function compileLiteral({ fields }: WaitState): WaitTime {
  const seconds = ownValue(fields, "Seconds");
  const timestamp = ownValue(fields, "Timestamp");
  const at = typeof timestamp === "string" ? parseTimestamp(timestamp) : null;
  return function* (visit) {
    if (typeof seconds === "number" && seconds >= 0) return seconds * 1_000;
    return at === null ? raiseRuntime("The Wait state does not say how long to wait.") : until(visit, at);
  };
}

function compilePathWait(
  text: string,
  read: (visit: Visit, value: JsonValue, text: string) => number,
): WaitTime {
  return function* (visit, selected) {
    const path = parseJsonPath(text);
    const value = path.read(pathDataOf(visit, selected));
    return value === undefined ? raiseRuntime(explainMissing(path, selected)) : read(visit, value, text);
  };
}

function secondsAt(_visit: Visit, value: JsonValue, text: string): number {
  const shown = `${text} == ${shownText(value)}`;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    return raiseRuntime(`The SecondsPath parameter does not reference an integer value: ${shown}`);
  }
  if (value < 0) return raiseRuntime(`The SecondsPath parameter references a negative value: ${shown}`);
  return value * 1_000;
}

function timestampAt(visit: Visit, value: JsonValue, text: string): number {
  const at = typeof value === "string" ? parseTimestamp(value) : null;
  if (at !== null) return until(visit, at);
  return raiseRuntime(
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${text} == ${shownText(value)}`,
  );
}

function compileQueried(state: WaitState): WaitTime {
  const field = Object.hasOwn(state.fields, "Timestamp") ? "Timestamp" : "Seconds";
  const source = ownValue(state.fields, field) ?? null;
  const query = compileQuery(source, field);
  return function* (visit) {
    const value = yield* evaluateQuery(query, source, queryDataOf(visit));
    if (field === "Timestamp") {
      const at = typeof value === "string" ? parseTimestamp(value) : null;
      if (at !== null) return until(visit, at);
      return raiseQuery(
        `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${shownText(value)}`,
        field,
      );
    }
    if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value * 1_000;
    return raiseType(source, { field, expected: "integer", value });
  };
}

/** A time that is past is not waited for. */
function until(visit: Visit, at: number): number {
  const { execution, ms } = visit.thread;
  return Math.max(0, at - execution.startedAtMs - ms);
}
