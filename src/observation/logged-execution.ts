/** A logged execution is an Express execution put together from its log lines, which carry the events of a history. */
import { isJsonObject, ownValue } from "../workflow/text/json-value.ts";
import type { JsonObject } from "../workflow/text/json-value.ts";
import type { ExecutionSample } from "../workflow/fleet/fleet.ts";
import type { SampledExecution } from "./execution-tally.ts";
import { readHistory } from "./read-history.ts";

export interface LoggedExecutions {
  readonly executions: readonly SampledExecution[];
  readonly payloads: NonNullable<ExecutionSample["payloads"]>;
}

/** Only executions of which every line is there count; at most so many, evenly spread over the lines. */
export function readLoggedExecutions(messages: readonly string[], most: number): LoggedExecutions {
  const lines = new Map<string, JsonObject[]>();
  for (const message of messages) {
    const line = parseLine(message);
    const arn = line === null ? undefined : ownValue(line, "execution_arn");
    if (line === null || typeof arn !== "string") continue;
    const known = lines.get(arn);
    if (known === undefined) lines.set(arn, [line]);
    else known.push(line);
  }
  const whole = [...lines.values()].flatMap((events) => {
    const history = readHistory(events.map(eventOf));
    return history.complete && history.status !== null ? [{ events, history, status: history.status }] : [];
  });
  const step = Math.max(1, whole.length / Math.max(1, most));
  const chosen = whole.filter((_, index) => Math.floor(index / step) > Math.floor((index - 1) / step));
  return {
    executions: chosen.map(({ history, status }) => ({
      status,
      weight: 1,
      transitions: history.transitions,
      historyEvents: history.historyEvents,
      states: history.states,
      children: [],
    })),
    payloads: chosen.map(({ events, status }) => ({
      status,
      input: detailOf(events, "ExecutionStarted", "input"),
      output: detailOf(events, "ExecutionSucceeded", "output"),
    })),
  };
}

/** `{ id, type, details, previous_event_id, event_timestamp, execution_arn }`, numbers as text. */
function eventOf(line: JsonObject): JsonObject {
  const details = ownValue(line, "details");
  const number = (key: string): number => Number(ownValue(line, key));
  return {
    id: number("id"),
    previousEventId: number("previous_event_id"),
    type: ownValue(line, "type") ?? "",
    timestamp: number("event_timestamp"),
    ...(isJsonObject(details) ? { loggedEventDetails: details } : {}),
  };
}

function detailOf(events: readonly JsonObject[], type: string, key: string): string | null {
  const details = events.find((event) => ownValue(event, "type") === type)?.details;
  const value = isJsonObject(details) ? ownValue(details, key) : undefined;
  return typeof value === "string" ? value : null;
}

function parseLine(message: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(message);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
