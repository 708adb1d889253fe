/** One state of a definition, read by its Type. */
import { didYouMean, nearestName } from "../did-you-mean.ts";
import type { Reading } from "./field-reader.ts";
import {
  checkExclusive,
  checkFieldNames,
  COUNT,
  hasField,
  isJsonata,
  POSITIVE,
  readNumber,
  readString,
  reportAt,
  reportMissing,
  reportType,
  shown,
} from "./field-reader.ts";
import { ownValue } from "../text/json-value.ts";
import { checkCredentials, checkTaskResource } from "./check-task.ts";
import { parseChoices } from "./parse-choice.ts";
import { parseMapFields, processorField } from "./parse-map.ts";
import { parseCatchers, parseRetriers } from "./parse-retry.ts";
import { hasPlaceholder, isPlaceholder } from "./placeholder.ts";
import { STATE_FIELDS } from "./state-fields.ts";
import type { Scope, State, TaskState } from "../state-machine.ts";
import { parseTaskResource } from "./task-resource.ts";

/** Reads a scope inside a state; given by the caller, who knows how deep it may go. */
export type ParseScope = (state: Reading, path: readonly (string | number)[]) => Scope;

const STATE_TYPES = Object.keys(STATE_FIELDS) as readonly State["type"][];
/** https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html */
export const MAX_STATE_NAME_CHARACTERS = 80;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

export function parseState(name: string, reading: Reading, parseScope: ParseScope): State {
  const { fields, pointer, queryLanguage } = reading;
  const state = { name, pointer, queryLanguage, fields };
  const type = readType(reading);
  if (type !== null) checkFieldNames(reading, STATE_FIELDS[type]);
  switch (type ?? "Pass") {
    case "Pass":
      return { ...state, type: "Pass", next: readNext(reading) };
    case "Task":
      return readTask(state, reading);
    case "Choice":
      return {
        ...state,
        type: "Choice",
        choices: parseChoices(reading),
        default: readString(reading, "Default"),
      };
    case "Wait":
      return { ...state, type: "Wait", next: readNext(reading), seconds: readWait(reading) };
    case "Succeed":
      return { ...state, type: "Succeed" };
    case "Fail":
      return { ...state, type: "Fail", error: readFail(reading) };
    case "Parallel": {
      const branches = readBranches(reading, parseScope);
      const next = readNext(reading);
      const { retry, catchers } = readErrorHandling(reading);
      return { ...state, type: "Parallel", next, branches, retry, catch: catchers };
    }
    case "Map": {
      const field = processorField(reading);
      const processor = field === null ? { pointer, startAt: "", states: [] } : parseScope(reading, [field]);
      const map = { ...parseMapFields(reading), processor };
      const next = readNext(reading);
      const { retry, catchers } = readErrorHandling(reading);
      return { ...state, type: "Map", next, ...map, retry, catch: catchers };
    }
  }
}

/** The type, or the type most likely meant; null (and then read as Pass) when it cannot be told. */
function readType(reading: Reading): State["type"] | null {
  const written = readString(reading, "Type", true);
  if (written === null) return null;
  const type = STATE_TYPES.find((known) => known === written);
  if (type !== undefined) return type;
  const message = `${reading.subject} has the unknown type ${shown(written)}.`;
  const hint = didYouMean(written, STATE_TYPES) ?? `Types are ${STATE_TYPES.join(", ")}.`;
  reportAt(reading, "Type", ["unknown-state-type", message], hint);
  const nearest = nearestName(written, STATE_TYPES);
  return STATE_TYPES.find((known) => known === nearest) ?? null;
}

/** The target; null when the state ends its scope, or says nothing of what comes next. */
function readNext(reading: Reading): string | null {
  const next = readString(reading, "Next");
  const end = ownValue(reading.fields, "End");
  if (end !== undefined && typeof end !== "boolean" && !isPlaceholder(end))
    reportType(reading, "End", "true");
  if (end === true && hasField(reading, "Next")) {
    const message = `${reading.subject} has both "Next" and "End"; only one may be set.`;
    reportAt(reading, "End", ["conflicting-fields", message]);
  }
  if (!hasField(reading, "Next") && (end === undefined || end === false)) {
    const message = `${reading.subject} says neither what comes next nor that it ends.`;
    reportAt(reading, null, ["missing-next", message], `Add "Next": "<state>" or "End": true.`);
  }
  return next;
}

function readErrorHandling(reading: Reading) {
  const retry = parseRetriers(reading);
  return { retry, catchers: parseCatchers(reading) };
}

type Common = Pick<State, "name" | "pointer" | "queryLanguage" | "fields">;

function readTask({ name, pointer, queryLanguage, fields }: Common, reading: Reading): TaskState {
  const next = readNext(reading);
  const { retry, catchers } = readErrorHandling(reading);
  const arn = readString(reading, "Resource", true) ?? "";
  const resource = parseTaskResource(arn);
  if (typeof ownValue(reading.fields, "Resource") === "string") checkTaskResource(reading, resource);
  checkCredentials(reading);
  checkExclusive(reading, "TimeoutSeconds", "TimeoutSecondsPath");
  checkExclusive(reading, "HeartbeatSeconds", "HeartbeatSecondsPath");
  const timeoutSeconds = readNumber(reading, "TimeoutSeconds", POSITIVE, true);
  const heartbeatSeconds = readNumber(reading, "HeartbeatSeconds", POSITIVE, true);
  if (timeoutSeconds !== null && heartbeatSeconds !== null && heartbeatSeconds >= timeoutSeconds) {
    const message = `"HeartbeatSeconds" (${heartbeatSeconds}) must be less than "TimeoutSeconds" (${timeoutSeconds}).`;
    reportAt(reading, "HeartbeatSeconds", ["value-out-of-range", message]);
  }
  return {
    name,
    pointer,
    queryLanguage,
    fields,
    type: "Task",
    next,
    retry,
    catch: catchers,
    resource,
    timeoutSeconds,
    heartbeatSeconds,
  };
}

function readWait(reading: Reading): number | null {
  const ways = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];
  const used = ways.filter((way) => hasField(reading, way));
  if (used.length === 0) reportMissing(reading, "Seconds", `Set one of ${ways.join(", ")}.`);
  if (used.length > 1) {
    const message = `${reading.subject} has ${used.join(" and ")}; only one may be set.`;
    reportAt(reading, used[1] ?? null, ["conflicting-fields", message]);
  }
  const timestamp = readString(reading, "Timestamp");
  if (
    timestamp !== null &&
    !TIMESTAMP.test(timestamp) &&
    !hasPlaceholder(timestamp) &&
    !isRunTime(reading, timestamp)
  ) {
    const message = `"Timestamp" is ${shown(timestamp)}, not a date and time as in RFC 3339.`;
    reportAt(reading, "Timestamp", ["invalid-value", message], `Write it as "2030-01-31T12:00:00Z".`);
  }
  return readNumber(reading, "Seconds", COUNT, true);
}

const isRunTime = (reading: Reading, text: string) => reading.queryLanguage === "JSONata" && isJsonata(text);

function readFail(reading: Reading): string | null {
  checkExclusive(reading, "Error", "ErrorPath");
  checkExclusive(reading, "Cause", "CausePath");
  readString(reading, "Cause");
  const error = readString(reading, "Error");
  return error !== null && isRunTime(reading, error) ? null : error;
}

function readBranches(reading: Reading, parseScope: ParseScope): readonly Scope[] {
  const value = ownValue(reading.fields, "Branches");
  if (value === undefined) reportMissing(reading, "Branches");
  if (value === undefined || isPlaceholder(value)) return [];
  if (!Array.isArray(value) || value.length === 0) {
    reportType(reading, "Branches", "an array of at least one branch");
    return [];
  }
  return value.map((_branch, index) => parseScope(reading, ["Branches", index]));
}
