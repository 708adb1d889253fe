/** A map batch is how many items a child execution of a Distributed Map takes on, and the definition that has it do so. */
import { ITERATION_EVENTS } from "../capacity/history-growth.ts";
import { quantileOf } from "../graph/distribution.ts";
import type { ExecutionProfile } from "../graph/execution-profile.ts";
import { totalOf } from "../graph/execution-profile.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import { waitsForWork } from "../workflow/definition/task-resource.ts";
import { type JsonObject, type JsonValue, isJsonObject, ownValue } from "../workflow/text/json-value.ts";
import type { MapState, Scope, State, WorkflowType } from "../workflow/state-machine.ts";
import { innerScopes } from "../workflow/state-identity.ts";
import { type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import type { JsonPatch, PatchOperation } from "./json-patch.ts";
import { type PathOf } from "./state-removal.ts";

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const PAYLOAD_BYTES = 262_144;
export const INLINE_CONCURRENCY = 40;
const DISTRIBUTED_CONCURRENCY = 10_000;

const MOST_ITEMS = 100;
/** Half of the five minutes an Express child has, the other half for retries. */
const CHILD_MS = 150_000;
/** Half of what the history of a Standard child holds, the other half for retries. */
const CHILD_EVENTS = 12_500;

/** How many items run at once, as children of the Map and inside of each of them. */
interface BatchConcurrency {
  /** MaxConcurrency of the inline Map in a child. */
  readonly inside: number;
  /** MaxConcurrency of the Map itself; null where it is computed at run time, and stays so. */
  readonly children: number | null;
}

/** No more items at once than today, so that what they call sees no more load: one after the other where that is written. */
function keepConcurrency(map: MapState): BatchConcurrency {
  const isComputed =
    map.maxConcurrency === null &&
    ["MaxConcurrency", "MaxConcurrencyPath"].some((name) => (ownValue(map.fields, name) ?? 0) !== 0);
  if (isComputed) return { inside: 1, children: null };
  const unlimited = map.mode === "INLINE" ? INLINE_CONCURRENCY : DISTRIBUTED_CONCURRENCY;
  const today = Math.min(map.maxConcurrency ?? unlimited, unlimited);
  const inside = Math.min(today, INLINE_CONCURRENCY);
  return { inside, children: Math.max(1, Math.floor(today / inside)) };
}

/** Items that fit in the payload, in the time of a child with an inline Map and, of a Standard one, in its history. */
export function chooseBatch(
  map: MapState,
  workload: Workload,
  { item, executionType }: { readonly item: ItemSpent | null; readonly executionType: WorkflowType },
): number {
  const { itemKB } = workloadOfState(workload, map);
  const byBytes =
    itemKB === null || itemKB.value === 0
      ? MOST_ITEMS
      : Math.floor((0.8 * PAYLOAD_BYTES) / (itemKB.value * 1000));
  const byType = item === null ? Infinity : itemsOfChild(item, map, executionType);
  return Math.max(1, Math.min(MOST_ITEMS, byBytes, byType));
}

function itemsOfChild({ durationMs, historyEvents }: ItemSpent, map: MapState, type: WorkflowType): number {
  const inTime =
    durationMs === 0 ? Infinity : Math.floor(CHILD_MS / durationMs) * keepConcurrency(map).inside;
  return type === "EXPRESS"
    ? inTime
    : Math.min(inTime, Math.floor(CHILD_EVENTS / (historyEvents + ITERATION_EVENTS)));
}

/** p99 of what one item takes. */
export interface ItemSpent {
  readonly durationMs: number;
  readonly historyEvents: number;
}

/** Null when the Map is not in the profile. */
export function itemSpent({ run }: ExecutionProfile, map: State): ItemSpent | null {
  const open: ScopeRun[] = [run];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [index, { inside }] of next.stateVisits.entries()) {
      const runs = (inside?.runs ?? []).filter((inner) => inner !== null);
      if (next.graph.nodes[index] === map) {
        const p99 = (what: keyof ItemSpent): number =>
          quantileOf(totalOf(runs[0]?.outcomes ?? [], what), 0.99);
        return { durationMs: p99("durationMs"), historyEvents: p99("historyEvents") };
      }
      open.push(...runs);
    }
  }
  return null;
}

function processorOf(map: MapState): JsonObject {
  const field = ownValue(map.fields, "ItemProcessor") ?? ownValue(map.fields, "Iterator");
  return isJsonObject(field) ? field : {};
}

/** The Map made distributed (or left so), each child running the old processor over its batch. */
export function batchedMap(
  map: MapState,
  { batch, executionType }: { readonly batch: number; readonly executionType: "STANDARD" | "EXPRESS" },
  pathOf: PathOf,
): JsonPatch {
  const { Comment: _, ...inner } = processorOf(map);
  const name = `Each of ${map.name}`.slice(0, 80);
  const items: JsonObject =
    map.queryLanguage === "JSONata" ? { Items: "{% $states.input.Items %}" } : { ItemsPath: "$.Items" };
  const { inside, children } = keepConcurrency(map);
  const each: JsonObject = {
    Type: "Map",
    ...items,
    MaxConcurrency: inside,
    ItemProcessor: { ...inner, ProcessorConfig: { Mode: "INLINE" } },
    End: true,
  };
  const processor: JsonObject = {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: executionType },
    StartAt: name,
    States: { [name]: each },
  };
  const at = pathOf(map.pointer);
  const older: PatchOperation[] = Object.hasOwn(map.fields, "Iterator")
    ? [{ op: "remove", path: `${at}/Iterator` }]
    : [];
  return [
    ...older,
    { op: "add", path: `${at}/ItemProcessor`, value: processor },
    { op: "add", path: `${at}/ItemBatcher`, value: { MaxItemsPerBatch: batch } },
    ...(children === null ? [] : [{ op: "add" as const, path: `${at}/MaxConcurrency`, value: children }]),
  ];
}

/** Nobody reads the list of results, so that its shape does not matter. */
export function discardsResults({ fields }: MapState): boolean {
  return ownValue(fields, "ResultPath") === null;
}

/**
 * What a processor may use of its surroundings only as long as it runs where it does: the item's place, variables
 * assigned outside, and the execution's own name and input, which are the batch's in a child that takes a batch. A name
 * that serves as idempotency key would then be one for all items of a batch, and all but the first of them lost.
 */
export function leansOnSurroundings(map: MapState, around: Scope): boolean {
  const text = JSON.stringify(processorOf(map));
  if (/"\$\$"|(\$\$|\$states\.context)\.(Map\.Item|Execution)|\$states\.context(?!\.)/.test(text))
    return true;
  const assigned = around.states.flatMap(({ fields }) => Object.keys(objectOf(ownValue(fields, "Assign"))));
  return assigned.some((name) => text.includes(`$${name.replace(/\.\$$/, "")}`));
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value ?? null) ? (value as JsonObject) : {};
}

/** Tasks in a processor that an Express execution may not hold, or a Wait that outlasts it. */
export function expressBlockersIn(map: MapState): readonly State[] {
  const blockers: State[] = [];
  const open: Scope[] = [map.processor];
  for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
    for (const state of scope.states) {
      if (isBlocked(state)) blockers.push(state);
      open.push(...innerScopes(state));
    }
  }
  return blockers;
}

function isBlocked(state: State): boolean {
  if (state.type === "Map") return state.mode === "DISTRIBUTED";
  if (state.type === "Wait") return state.seconds === null || state.seconds > 300;
  return state.type === "Task" && waitsForWork(state.resource);
}

/** What becomes of the concurrency, as a condition. */
export function concurrencyWords(map: MapState): string {
  const { inside, children } = keepConcurrency(map);
  return children === null
    ? "with one item at a time in a child, as many items run at once as today"
    : `with ${children} ${children === 1 ? "child" : "children"} of ${inside} ${inside === 1 ? "item" : "items"} at a time, no more items run at once than today; raise it as far as what they call bears`;
}
