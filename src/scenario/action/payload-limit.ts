/** The payload limit: what one state hands to the next holds at most 256 KiB of JSON. */
import type { JsonValue } from "../../workflow/text/json-value.ts";
import type { Visit } from "../execution-thread.ts";
import { isShallow, utf8Bytes, writeJson } from "../data/json-text.ts";
import { raise, statesError } from "../states-error.ts";

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_PAYLOAD_BYTES = 262_144;

/** Bytes of a value as JSON; infinite when it nests so deep that reading it could exhaust a stack. */
export function payloadBytes(value: JsonValue): number {
  const text = isShallow(value) ? writeJson(value) : undefined;
  if (text === undefined) return Infinity;
  // A text this short cannot pass the limit whatever its characters.
  return text.length * 3 <= MAX_PAYLOAD_BYTES ? text.length : utf8Bytes(text);
}

/** Of what a state hands on. */
export function checkPayload(visit: Visit, output: JsonValue): void {
  checkSize(visit, output, "returned a result");
}

/** Of what Parameters or Arguments make. */
export function checkBuilt(visit: Visit, built: JsonValue): void {
  checkSize(visit, built, "was given an input");
}

/** Of what one Assign stores. https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html */
export function checkAssigned(visit: Visit, values: JsonValue): void {
  checkSize(visit, values, "assigned variables");
}

function checkSize(visit: Visit, value: JsonValue, what: string): void {
  if (value === visit.input || payloadBytes(value) <= MAX_PAYLOAD_BYTES) return;
  const { name } = visit.compiled.state;
  raise(
    statesError(
      "States.DataLimitExceeded",
      `The state/task '${name}' ${what} with a size exceeding the maximum number of bytes service limit.`,
    ),
  );
}
