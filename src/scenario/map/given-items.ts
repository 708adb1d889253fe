/**
 * Given items are what a Distributed Map reads: the Map state's own outcomes stand for its ItemReader, since what lies
 * in a bucket cannot be known from a definition.
 */
import { isJsonObject, ownValue } from "../../workflow/text/json-value.ts";
import type { JsonObject } from "../../workflow/text/json-value.ts";
import type { MapState } from "../../workflow/state-machine.ts";
import type { Visit } from "../execution-thread.ts";
import { compileItems } from "./map-items.ts";
import type { Items, ItemsOf } from "./map-items.ts";
import { compileNumber } from "../data/numeric-field.ts";
import { raise, statesError } from "../states-error.ts";

export function compileGivenItems(state: MapState): ItemsOf {
  const reader = ownValue(state.fields, "ItemReader");
  if (!isJsonObject(reader)) return compileItems(state);
  const config = ownValue(reader, "ReaderConfig");
  const limits: JsonObject = isJsonObject(config) ? config : {};
  const maxItems = compileNumber(state, limits, "MaxItems");
  return function* (visit, selected) {
    const most = maxItems === null ? null : yield* maxItems(visit, selected);
    const items = readItems(visit, state);
    // Zero, like no limit, takes all there is.
    return most === null || most === 0 ? items : items.slice(0, most);
  };
}

function readItems(visit: Visit, state: MapState): Items {
  const { outcomes, notices } = visit.thread.execution;
  const outcome = outcomes.next(state);
  if (outcome === null) {
    notices.set(state.pointer, {
      code: "map-items-not-given",
      severity: "warning",
      message: `The items of the Distributed Map "${state.name}" are not given: it is taken to find none.`,
      at: null,
      hint: `Give them as the state's result: { "${state.name}": [ { "output": [ … ] } ] }.`,
    });
    return [];
  }
  if (outcome.failed) raise(statesError(outcome.error ?? "States.ItemReaderFailed", outcome.cause));
  if (Array.isArray(outcome.output)) return outcome.output as Items;
  if (isJsonObject(outcome.output)) {
    return Object.entries(outcome.output).map(([Key, Value]) => ({ Key, Value }));
  }
  return raise(statesError("States.ItemReaderFailed", "Attempting to map over non-iterable node."));
}
