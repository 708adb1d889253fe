/** The limits of Maps and Parallels: how many items at once, how large lists, batches and gathered results grow. */
import { atLikely } from "../graph/assumption.ts";
import { batchSizeOf, childrenOf, itemsFigure } from "../graph/map-runs.ts";
import { PAYLOAD_KB } from "../workflow/default-figures.ts";
import { ownValue } from "../workflow/text/json-value.ts";
import type { MapState, ParallelState } from "../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import { type ExecutionLimit, type LimitedExecution, countText } from "./execution-limit.ts";
import { HARD_QUOTAS } from "./quotas.ts";

/** A JSON object that names one thing is rarely shorter; past this many items a list is worth a question. */
const SMALL_ITEM_BYTES = 100;

interface EnteredMap {
  readonly map: MapState;
  readonly items: number;
  readonly mostItems: number;
  readonly children: number;
  /** Items of a full batch; 1 without an ItemBatcher. */
  readonly batch: number;
  /** Null when nobody said or saw how large an item is. */
  readonly itemBytes: number | null;
  readonly mostItemBytes: number | null;
}

/** One entry per code, of the Map that comes nearest. */
export function mapLimits({ profile, workload }: LimitedExecution): readonly ExecutionLimit[] {
  const started = new Map(profile.children.map((child) => [child.state, child]));
  const maps = profile.states.flatMap(({ state, visits, iterations }): readonly EnteredMap[] => {
    if (state.type !== "Map" || visits === 0 || iterations === null) return [];
    const said = workloadOfState(workload, state);
    const told = started.get(state);
    const batch = batchSizeOf(state, said, atLikely);
    const items = told?.items ?? iterations;
    const { itemKB } = said;
    return [
      {
        map: state,
        items,
        mostItems: said.items === null ? items : Math.max(items, itemsFigure(state, said).high),
        children: childrenOf(items, batch),
        batch,
        itemBytes: itemKB === null ? null : itemKB.value * 1000,
        mostItemBytes: itemKB === null ? null : itemKB.high * 1000,
      },
    ];
  });
  return [
    ...nearest(maps.flatMap(concurrencyLimit)),
    ...nearest(maps.flatMap(itemCountLimit)),
    ...nearest([
      ...payloadBetweenStates(workload),
      ...gatheredByParallels(profile, workload),
      ...maps.flatMap(payloadLimits),
    ]),
  ];
}

function nearest(limits: readonly ExecutionLimit[]): readonly ExecutionLimit[] {
  const reach = ({ worst, mean, limit }: ExecutionLimit): number => (worst ?? mean ?? limit) / limit;
  return limits.toSorted((a, b) => reach(b) - reach(a)).slice(0, 1);
}

/** A brake, not a wall: more items than this wait for their turn, so the figures never pass the limit. */
function concurrencyLimit({ map, items, mostItems }: EnteredMap): readonly ExecutionLimit[] {
  if (map.mode !== "INLINE") return [];
  const limit = HARD_QUOTAS.inlineMapConcurrency;
  const width = Math.min(map.maxConcurrency ?? limit, limit);
  const waits = Math.ceil(items / limit);
  const text =
    items > limit && width === limit
      ? `items of ${map.name} at once: its ${countText(items)} items run in ${countText(waits)} waves`
      : `items of ${map.name} at once, of the 40 that an inline Map runs`;
  const at = (count: number): number => Math.min(count, width);
  return [
    {
      code: "inline-concurrency",
      mean: at(items),
      p99: at(mostItems),
      worst: at(mostItems),
      limit,
      reachedAt: at(items) / limit,
      text,
    },
  ];
}

function itemCountLimit({ map, items, mostItems, children }: EnteredMap): readonly ExecutionLimit[] {
  if (map.mode !== "DISTRIBUTED") return [];
  const limit = HARD_QUOTAS.mapRunItems;
  const text = `items of ${map.name}, of the most one Map Run takes; ${countText(children)} child executions`;
  return [
    {
      code: "map-run-items",
      mean: items,
      p99: mostItems,
      worst: mostItems,
      limit,
      reachedAt: items / limit,
      text,
    },
  ];
}

function payloadBetweenStates(workload: Workload): readonly ExecutionLimit[] {
  const payloadKB = saidPayload(workload);
  if (payloadKB === null) return [];
  return [payloadLimit(payloadKB.value * 1000, payloadKB.high * 1000, "bytes between states, of 256 KiB")];
}

/** A list of what each branch gives, unless the Parallel keeps only some of it. */
function gatheredByParallels(
  { states }: LimitedExecution["profile"],
  workload: Workload,
): readonly ExecutionLimit[] {
  const payloadKB = saidPayload(workload);
  if (payloadKB === null) return [];
  return states.flatMap(({ state, visits }) => {
    if (state.type !== "Parallel" || visits === 0 || keepsLess(state)) return [];
    const branches = state.branches.length;
    const text = `bytes of what the ${branches} branches of ${state.name} give together, if each gives as much as flows between states, of 256 KiB`;
    return [payloadLimit(branches * payloadKB.value * 1000, branches * payloadKB.high * 1000, text)];
  });
}

function keepsLess({ fields }: ParallelState): boolean {
  const selects = ["ResultSelector", "OutputPath", "Output"].some(
    (field) => ownValue(fields, field) !== undefined,
  );
  return selects || ownValue(fields, "ResultPath") === null;
}

function saidPayload({ payloadKB }: Workload): Workload["payloadKB"] {
  return payloadKB?.basis === PAYLOAD_KB.basis ? null : payloadKB;
}

function payloadLimits(entered: EnteredMap): readonly ExecutionLimit[] {
  const { map, items, batch, itemBytes, mostItems, mostItemBytes } = entered;
  const isListed = map.mode === "INLINE" || map.itemReader === null;
  const gathers = map.mode === "INLINE" || map.resultWriter === null;
  const limit = HARD_QUOTAS.payloadBytes;
  if (itemBytes === null || mostItemBytes === null) {
    // A list written in the definition, or few small items, need no size.
    if (!isListed || Array.isArray(ownValue(map.fields, "Items")) || items * SMALL_ITEM_BYTES <= limit)
      return [];
    const most = Math.floor((limit / items) * 10) / 10;
    const text = `bytes of the list that ${map.name} takes: past 256 KiB once its ${countText(items)} items are larger than ${countText(most)} bytes each; its itemKB is not declared`;
    return [{ code: "payload", mean: null, p99: null, worst: null, limit, reachedAt: null, text }];
  }
  const listed = isListed
    ? `bytes of the list of ${countText(items)} items that ${map.name} takes`
    : `bytes of the results that ${map.name} gathers, if each is as large as its item`;
  const whole =
    isListed || gathers
      ? [payloadLimit(items * itemBytes, mostItems * mostItemBytes, `${listed}, of 256 KiB`)]
      : [];
  if (map.itemBatcher === null || map.itemBatcher.maxInputBytesPerBatch !== null) return whole;
  const text = `bytes of a batch of ${countText(batch)} items of ${map.name}, of 256 KiB`;
  return [...whole, payloadLimit(batch * itemBytes, batch * mostItemBytes, text)];
}

function payloadLimit(mean: number, worst: number, text: string): ExecutionLimit {
  const limit = HARD_QUOTAS.payloadBytes;
  const passed = worst > limit ? "; a payload past it fails the state with States.DataLimitExceeded" : "";
  return { code: "payload", mean, p99: worst, worst, limit, reachedAt: mean / limit, text: text + passed };
}
