/**
 * Item batches are a Distributed Map's items in groups, each the input of one child execution.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html
 */
import { isJsonObject, ownValue } from "../../workflow/text/json-value.ts";
import type { JsonObject, JsonValue } from "../../workflow/text/json-value.ts";
import type { MapState } from "../../workflow/state-machine.ts";
import { queryDataOf } from "../execution-thread.ts";
import type { Visit } from "../execution-thread.ts";
import type { Flow } from "../flow.ts";
import { compileQuery, evaluateQuery } from "../data/jsonata-expression.ts";
import { compileNumber } from "../data/numeric-field.ts";
import { payloadBytes } from "../action/payload-limit.ts";
import { applyTemplate, templateOf } from "../data/state-data.ts";

export interface ChildInput {
  readonly value: JsonValue;
  /** Items this child stands for: tolerances count items. */
  readonly items: number;
}

/** A child takes one item when nothing is said of batches. */
export type BatchesOf = (visit: Visit, items: readonly JsonValue[]) => Flow<readonly ChildInput[]>;

export function compileBatches(state: MapState): BatchesOf {
  const batcher = ownValue(state.fields, "ItemBatcher");
  if (!isJsonObject(batcher)) {
    return function* (_visit, items) {
      return items.map((value) => ({ value, items: 1 }));
    };
  }
  const most = compileNumber(state, batcher, "MaxItemsPerBatch");
  const bytes = compileNumber(state, batcher, "MaxInputBytesPerBatch");
  const inputOf = compileBatchInput(state, batcher);
  return function* (visit, items) {
    const maxItems = most === null ? Infinity : ((yield* most(visit, visit.input)) ?? Infinity);
    const maxBytes = bytes === null ? Infinity : ((yield* bytes(visit, visit.input)) ?? Infinity);
    const shared = yield* inputOf(visit);
    return groupItems(items, { maxItems, maxBytes, shared });
  };
}

function compileBatchInput(state: MapState, batcher: JsonObject): (visit: Visit) => Flow<JsonObject> {
  const source = ownValue(batcher, "BatchInput");
  const isJsonata = state.queryLanguage === "JSONata";
  const query = isJsonata && source !== undefined ? compileQuery(source, "ItemBatcher/BatchInput") : null;
  const template = isJsonata ? null : templateOf(batcher, "BatchInput");
  return function* (visit) {
    if (source === undefined) return {};
    if (template !== null) return { BatchInput: applyTemplate(template, visit, visit.input) };
    return { BatchInput: yield* evaluateQuery(query, source, queryDataOf(visit)) };
  };
}

interface Bounds {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly shared: JsonObject;
}

/** Fills each batch as far as both limits allow; an item too large for any batch stands alone. */
function groupItems(
  items: readonly JsonValue[],
  { maxItems, maxBytes, shared }: Bounds,
): readonly ChildInput[] {
  const frame = payloadBytes({ ...shared, Items: [] });
  const batches: JsonValue[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const size = maxBytes === Infinity ? 0 : payloadBytes(item) + 1;
    const batch = batches.at(-1);
    if (batch === undefined || batch.length >= maxItems || bytes + size > maxBytes) {
      batches.push([item]);
      bytes = frame + size;
    } else {
      batch.push(item);
      bytes += size;
    }
  }
  return batches.map((batch) => ({ value: { ...shared, Items: batch }, items: batch.length }));
}
