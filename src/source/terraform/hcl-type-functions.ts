/** The functions of Terraform on types, faults and secrets. https://developer.hashicorp.com/terraform/language/functions */
import { asBool, asNumber, unknownCall, unknownOf } from "./hcl-evaluation.ts";
import { ofShape } from "./hcl-function.ts";
import type { HclFunction } from "./hcl-function.ts";
import type { Call } from "./hcl-scope.ts";
import { boolValue, faultValue, numberValue, unknownValue } from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";

export const TYPE_FUNCTIONS: ReadonlyMap<string, HclFunction> = new Map([
  ["try", firstWithoutFault],
  [
    "can",
    ([value], { at }) =>
      value?.kind === "unknown" && !value.isFault ? value : boolValue(value?.kind !== "unknown", at),
  ],
  ["tonumber", ofShape(([value], { at }) => numberOrFault(value, at))],
  ["tobool", ofShape(([value], { at }) => boolOrFault(value, at))],
  ["nonsensitive", ([value], call) => value ?? faultValue("nonsensitive needs a value", call.at)],
  ["sensitive", (_, { at }) => unknownValue("sensitive", at)],
  ["abspath", ([value], call) => value ?? faultValue("abspath needs a path", call.at)],
  ["timestamp", known("timestamp()")],
  ["plantimestamp", known("plantimestamp()")],
  ["uuid", known("uuid()")],
]);

/** Known only when it runs. */
function known(reference: string): HclFunction {
  return (_, { at }) => unknownValue(reference, at);
}

function firstWithoutFault(args: readonly HclValue[], call: Call): HclValue {
  const found = args.find((argument) => argument.kind !== "unknown" || !argument.isFault);
  const last = args.at(-1);
  if (found !== undefined) return found;
  return last?.kind === "unknown" ? unknownCall(last, call) : faultValue("try needs an argument", call.at);
}

function numberOrFault(value: HclValue | undefined, at: Call["at"]): HclValue {
  if (value === undefined || value.kind === "null") return value ?? faultValue("tonumber needs a value", at);
  const number = asNumber(value, at);
  return typeof number === "number" ? numberValue(number, value.at) : unknownOf(number, at);
}

function boolOrFault(value: HclValue | undefined, at: Call["at"]): HclValue {
  if (value === undefined || value.kind === "null") return value ?? faultValue("tobool needs a value", at);
  const bool = asBool(value, at);
  return typeof bool === "boolean" ? boolValue(bool, value.at) : unknownOf(bool, at);
}
