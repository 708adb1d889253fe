/** Map items are what a Map iterates over: its items, what each iteration gets of them, and how they are batched. */
import { isJsonObject, ownValue } from "../../workflow/text/json-value.ts";
import type { JsonObject, JsonValue } from "../../workflow/text/json-value.ts";
import type { MapState } from "../../workflow/state-machine.ts";
import { queryDataOf } from "../execution-thread.ts";
import type { Thread, Visit } from "../execution-thread.ts";
import type { Flow } from "../flow.ts";
import {
  compileQuery,
  evaluateQuery,
  isExpression,
  raiseQuery,
  raiseType,
} from "../data/jsonata-expression.ts";
import { shownText } from "../data/json-text.ts";
import { applyTemplate, compileSelection, templateOf } from "../data/state-data.ts";
import { raiseRuntime } from "../states-error.ts";

export type Items = readonly JsonValue[];
export type ItemsOf = (visit: Visit, selected: JsonValue) => Flow<Items>;
/** The input of one iteration; the thread's `map` says which. */
export type ItemInput = (visit: Visit, selected: JsonValue, iteration: Thread) => Flow<JsonValue>;

export function compileItems(state: MapState): ItemsOf {
  if (state.queryLanguage === "JSONata") return compileQueriedItems(state);
  const path = compileSelection(state.fields, "ItemsPath");
  const shown = ownValue(state.fields, "ItemsPath") ?? "$";
  return function* (visit, selected) {
    const items = path(visit, selected);
    if (Array.isArray(items)) return items as Items;
    return raiseRuntime(`Reference path "${shownText(shown)}" must point to array.`);
  };
}

function compileQueriedItems({ fields, mode }: MapState): ItemsOf {
  const source = ownValue(fields, "Items");
  const query = source === undefined ? null : compileQuery(source, "Items");
  return function* (visit, selected) {
    const items = source === undefined ? selected : yield* evaluateQuery(query, source, queryDataOf(visit));
    if (Array.isArray(items)) return items as Items;
    // A Distributed Map also goes through the members of an object.
    if (mode === "DISTRIBUTED" && isJsonObject(items)) {
      return Object.entries(items).map(([Key, Value]) => ({ Key, Value }));
    }
    if (isExpression(source)) return raiseType(source, { field: "Items", expected: "array", value: items });
    const cause = `Map state input must be an array but was: ${JSON.stringify(items)}`;
    return raiseQuery(cause, source === undefined ? null : "Items");
  };
}

/** ItemSelector, or the older Parameters; without one, an iteration gets its item. */
export function compileItemInput(state: MapState): ItemInput {
  const { fields } = state;
  if (state.queryLanguage === "JSONata") {
    const source = ownValue(fields, "ItemSelector");
    const query = source === undefined ? null : compileQuery(source, "ItemSelector");
    return function* (visit, _selected, iteration) {
      if (source === undefined) return itemOf(iteration);
      return yield* evaluateQuery(query, source, queryDataOf({ ...visit, thread: iteration }));
    };
  }
  const template = templateOf(fields, "ItemSelector") ?? templateOf(fields, "Parameters");
  return function* (visit, selected, iteration) {
    if (template === null) return itemOf(iteration);
    return applyTemplate(template, { ...visit, thread: iteration }, selected);
  };
}

function itemOf(iteration: Thread): JsonValue {
  const item = iteration.map?.["Item"];
  return isJsonObject(item) ? (item["Value"] ?? null) : null;
}

/** `$$.Map` of one iteration. */
export function mapContext(items: Items, index: number): JsonObject {
  return { Item: { Index: index, Value: items[index] ?? null } };
}
