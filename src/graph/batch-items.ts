/**
 * Batch items are the items of an inline Map that goes over the batch its execution was started with, as a child of a
 * Distributed Map with an ItemBatcher. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html
 */
import { DISTRIBUTED_ITEMS } from "../workflow/default-figures.ts";
import { exactFigure } from "../workflow/figure.ts";
import { innerScopes } from "../workflow/state-identity.ts";
import type { MapState, Scope } from "../workflow/state-machine.ts";
import { ownValue } from "../workflow/text/json-value.ts";
import { EMPTY_STATE_WORKLOAD, type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import { type Standpoint, atLikely } from "./assumption.ts";
import { batchSizeOf, childrenOf } from "./map-runs.ts";
import { keptIn } from "../once.ts";

export interface BatchedWorkload {
  readonly workload: Workload;
  /** Whether the batches are as large as the likely figures make them. */
  readonly isLikely: boolean;
}

/** The same workload, with the items of such Maps inferred where nobody says or saw how many there are: a batch's at the standpoint. */
export function withBatchItems(machine: Scope, workload: Workload, stand: Standpoint): BatchedWorkload {
  const batched = batchedMapsOf(machine);
  if (batched.length === 0) return { workload, isLikely: true };
  const states = new Map(workload.states);
  let isLikely = true;
  for (const { outer, inner } of batched) {
    const known = workloadOfState(workload, inner);
    if (known.items !== null) continue;
    const said = workloadOfState(workload, outer);
    const all = (said.items ?? DISTRIBUTED_ITEMS).value;
    const size = batchSizeOf(outer, said, stand);
    isLikely &&= size === batchSizeOf(outer, said, atLikely);
    const children = childrenOf(all, size);
    if (children === 0) continue;
    const each = exactFigure(all / children, "inferred", `a batch of ${outer.name}`);
    states.set(inner.pointer, { ...EMPTY_STATE_WORKLOAD, ...known, items: each });
  }
  return { workload: { ...workload, states }, isLikely };
}

interface BatchedMap {
  readonly outer: MapState;
  readonly inner: MapState;
}

/** By definition, since one is profiled many times. */
const found = new WeakMap<Scope, readonly BatchedMap[]>();

function batchedMapsOf(machine: Scope): readonly BatchedMap[] {
  return keptIn(found, machine, () => findBatchedMaps(machine));
}

function findBatchedMaps(machine: Scope): readonly BatchedMap[] {
  const batched: BatchedMap[] = [];
  const open: { readonly scope: Scope; readonly outer: MapState | null }[] = [
    { scope: machine, outer: null },
  ];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const state of at.scope.states) {
      if (at.outer !== null && state.type === "Map" && takesBatch(state))
        batched.push({ outer: at.outer, inner: state });
      // Inside an inline Map, "Items" would be a field of an item.
      const outer = state.type === "Map" ? batchingOf(state) : at.outer;
      for (const scope of innerScopes(state)) open.push({ scope, outer });
    }
  }
  return batched;
}

function batchingOf(map: MapState): MapState | null {
  return map.mode === "DISTRIBUTED" && map.itemBatcher !== null ? map : null;
}

const BATCH_PATHS = ["$.Items", "$['Items']"];
const BATCH_EXPRESSION = /^\{%\s*\$states\.input\.Items\s*%\}$/;

function takesBatch({ mode, fields }: MapState): boolean {
  if (mode !== "INLINE") return false;
  const [path, items] = [ownValue(fields, "ItemsPath"), ownValue(fields, "Items")];
  return (
    (typeof path === "string" && BATCH_PATHS.includes(path)) ||
    (typeof items === "string" && BATCH_EXPRESSION.test(items))
  );
}
