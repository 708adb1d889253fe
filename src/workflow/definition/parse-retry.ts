/**
 * Retriers and Catchers: what a state does about errors.
 * Rules: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
import { didYouMean } from "../did-you-mean.ts";
import type { NumberRule, Reading } from "./field-reader.ts";
import {
  checkFieldNames,
  kindOf,
  readNumber,
  readObjects,
  readOneOf,
  readString,
  reportAt,
  reportMissing,
  reportType,
  shown,
} from "./field-reader.ts";
import type { JsonValue } from "../text/json-value.ts";
import { ownValue, pointerTo } from "../text/json-value.ts";
import { isPlaceholder } from "./placeholder.ts";
import { CATCHER_FIELDS, RETRIER_FIELDS } from "./state-fields.ts";
import type { Catcher, Retrier } from "../state-machine.ts";
import { COUNT, POSITIVE } from "./field-reader.ts";

const RESERVED_ERRORS = [
  ...["States.ALL", "States.DataLimitExceeded", "States.ExceedToleratedFailureThreshold"],
  ...[
    "States.HeartbeatTimeout",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
  ],
  ...[
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.BranchFailed",
  ],
  ...["States.ResultPathMatchFailure", "States.ResultWriterFailed", "States.Runtime", "States.TaskFailed"],
  ...["States.Timeout", "States.Http.Socket"],
];
/** HTTP Tasks fail with `States.Http.StatusCode.404` and the like. */
const HTTP_ERROR = /^States\.Http\./;

const BACKOFF: NumberRule = { min: 1, max: Number.MAX_VALUE, integer: false };
const MAX_DELAY: NumberRule = { min: 1, max: 31_622_400, integer: true };

/** Step Functions' defaults: 1 second, 3 attempts, rate 2, no jitter. */
export function parseRetriers(state: Reading): readonly Retrier[] {
  const list = readObjects(state, "Retry", `A Retrier of ${state.subject}`);
  checkWildcardLast(list);
  return list.map((reading) => {
    checkFieldNames(reading, RETRIER_FIELDS);
    const intervalSeconds = readNumber(reading, "IntervalSeconds", POSITIVE);
    const maxDelaySeconds = readNumber(reading, "MaxDelaySeconds", MAX_DELAY);
    if (maxDelaySeconds !== null && maxDelaySeconds <= (intervalSeconds ?? 1)) {
      const message = `"MaxDelaySeconds" must be greater than "IntervalSeconds" (${intervalSeconds ?? 1}).`;
      reportAt(reading, "MaxDelaySeconds", ["value-out-of-range", message]);
    }
    return {
      pointer: reading.pointer,
      errorEquals: parseErrorEquals(reading),
      intervalSeconds: intervalSeconds ?? 1,
      maxAttempts: readNumber(reading, "MaxAttempts", COUNT) ?? 3,
      backoffRate: readNumber(reading, "BackoffRate", BACKOFF) ?? 2,
      maxDelaySeconds,
      jitterStrategy: readOneOf(reading, "JitterStrategy", ["FULL", "NONE"]) ?? "NONE",
    };
  });
}

export function parseCatchers(state: Reading): readonly Catcher[] {
  const list = readObjects(state, "Catch", `A Catcher of ${state.subject}`);
  checkWildcardLast(list);
  return list.flatMap((reading) => {
    checkFieldNames(reading, CATCHER_FIELDS);
    const errorEquals = parseErrorEquals(reading);
    const next = readString(reading, "Next", true);
    return next === null ? [] : [{ pointer: reading.pointer, errorEquals, next }];
  });
}

function parseErrorEquals(reading: Reading): readonly string[] {
  const value = ownValue(reading.fields, "ErrorEquals");
  if (value === undefined) reportMissing(reading, "ErrorEquals");
  if (value === undefined || isPlaceholder(value)) return [];
  if (!Array.isArray(value) || value.length === 0) {
    reportType(reading, "ErrorEquals", "an array of at least one error name");
    return [];
  }
  const names: readonly JsonValue[] = value;
  const list = { ...reading, pointer: pointerTo(reading.pointer, "ErrorEquals") };
  names.forEach((name, index) => checkErrorName(list, name, index));
  if (names.length > 1 && names.includes("States.ALL")) {
    reportAt(reading, "ErrorEquals", [
      "misplaced-wildcard",
      `"States.ALL" must stand alone in "ErrorEquals".`,
    ]);
  }
  return names.filter((name) => typeof name === "string");
}

function checkErrorName(list: Reading, name: JsonValue, index: number): void {
  if (typeof name !== "string") {
    if (!isPlaceholder(name))
      reportAt(list, String(index), ["wrong-type", `An error name must be a string, not ${kindOf(name)}.`]);
    return;
  }
  if (!name.startsWith("States.") || RESERVED_ERRORS.includes(name) || HTTP_ERROR.test(name)) return;
  list.report({
    code: "unknown-error-name",
    severity: "warning",
    message: `Names that start with "States." are reserved, and ${shown(name)} is not one of them, so it never matches.`,
    pointer: pointerTo(list.pointer, index),
    hint: didYouMean(name, RESERVED_ERRORS),
  });
}

function checkWildcardLast(list: readonly Reading[]): void {
  for (const reading of list.slice(0, -1)) {
    const names = ownValue(reading.fields, "ErrorEquals");
    if (!Array.isArray(names) || !names.includes("States.ALL")) continue;
    const message = `"States.ALL" matches every error, so what follows it never applies; it must come last.`;
    reportAt(reading, "ErrorEquals", ["misplaced-wildcard", message]);
  }
}
