/**
 * A Map plan is the batch and MaxConcurrency proposed for a Distributed Map: among the settings that hold their limits
 * the cheapest that meets the window, with no more children at once than it needs.
 */
import { binomialAbove } from "../graph/binomial-tail.ts";
import { meanOf } from "../graph/distribution.ts";
import { totalOf } from "../graph/execution-profile.ts";
import { waitsForWork } from "../workflow/definition/task-resource.ts";
import { workloadOfState } from "../workflow/workload/workload.ts";
import { tasksOfBatch } from "./batch-workload.ts";
import {
  type MapPlanning,
  type MapSetting,
  failureOf,
  itemBytesOf,
  meanMsOf,
  msOfTransitions,
  profileOf,
  runOfItem,
  settingOf,
} from "./map-setting.ts";
import { ITERATION_EVENTS } from "./history-growth.ts";
import { type PlacedMap, placeMaps } from "./placed-map.ts";
import { HARD_QUOTAS } from "./quotas.ts";

export interface MapPlan {
  readonly state: string;
  /** Names of the Maps around it, outermost first. */
  readonly within: readonly string[];
  /** Map Runs of one execution that are open together at most; items, times and settings are of one of them. */
  readonly runsAtOnce: number;
  /** Of one Map Run. */
  readonly items: number;
  readonly asWritten: MapSetting;
  /** Null when no setting holds everything. */
  readonly proposed: MapSetting | null;
  /** Settings that no other beats in both time and cost, fastest first, at all the concurrency there may be. */
  readonly frontier: readonly MapSetting[];
  /** ToleratedFailureCount, of items, that keeps a failed run below one in a thousand, of the setting as written. */
  readonly neededTolerance: number;
  readonly childFailure: number;
  readonly inline: InlineInstead;
  readonly notes: readonly string[];
}

/** The same items as an inline Map: why that does not do. */
export interface InlineInstead {
  /** Bytes an item may have for the list of all to fit in 256 KiB. */
  readonly bytesPerItem: number;
  readonly listBytes: number | null;
  readonly waves: number;
  readonly durationMs: number;
  readonly fullAtItems: number;
}

const BATCHES = [1, 2, 5, 10, 20, 25, 40, 50, 100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000];
const RUN_FAILS_TARGET = 0.001;

/** Null when the Map is not a Distributed Map with items. */
export function planMap(planning: MapPlanning): MapPlan | null {
  const { map } = planning;
  const profile = profileOf(planning.stateMachine, planning.workload, planning);
  const placed =
    profile === null ? undefined : placeMaps(profile, planning.workload).find((each) => each.map === map);
  if (placed === undefined || placed.items < 1) return null;
  const { childRun, within, runsAtOnce } = placed;
  const items = Math.ceil(placed.items);
  const written = { batch: Math.max(1, Math.round(items / Math.max(1, placed.children))), items };
  const setting = (batch: number, width: number | null): MapSetting =>
    settingOf(planning, { ...written, size: batch, width });
  const asWritten = setting(written.batch, map.maxConcurrency ?? HARD_QUOTAS.distributedMapConcurrency);
  const atMost = batchesOf(planning, written, asWritten).map((batch) => {
    const wide = (each: number): MapSetting =>
      setting(batch, Math.min(mostAtOnce(planning, runsAtOnce * each), Math.ceil(items / batch)));
    const alone = wide(1);
    const { requestsPerChild } = alone;
    return requestsPerChild === 1 || planning.downstreamLimit === null ? alone : wide(requestsPerChild);
  });
  const holding = atMost.filter(({ breaks }) => breaks.length === 0);
  const cheapest = holding.toSorted(
    (a, b) => (a.cost ?? 0) - (b.cost ?? 0) || a.makespan.p99Ms - b.makespan.p99Ms,
  )[0];
  const failure = failureOf(childRun);
  return {
    state: map.name,
    within,
    runsAtOnce,
    items,
    asWritten,
    proposed:
      cheapest === undefined
        ? null
        : leastWidth(planning, cheapest, (width) => setting(cheapest.batch, width)),
    frontier: frontierOf(holding),
    neededTolerance: Math.min(items, written.batch * toleranceFor(asWritten.children, failure)),
    childFailure: failure,
    inline: inlineInstead(planning, written),
    notes: notesOf(planning, asWritten, placed),
  };
}

/** Children of one Map Run, so that what is open together, `each` times as much, stays within what the downstream bears. */
function mostAtOnce({ downstreamLimit }: MapPlanning, each: number): number {
  const most = HARD_QUOTAS.distributedMapConcurrency;
  return downstreamLimit === null ? most : Math.max(1, Math.min(most, Math.floor(downstreamLimit / each)));
}

/** The least MaxConcurrency that still ends within the window; all there may be when there is no window. */
function leastWidth(
  { windowMs }: MapPlanning,
  fastest: MapSetting,
  setting: (width: number) => MapSetting,
): MapSetting {
  if (windowMs === null) return fastest;
  // Time falls as width grows, up to the step of a wave: search by what each setting itself says.
  let [low, high, best] = [1, fastest.maxConcurrency, fastest];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const tried = setting(middle);
    if (tried.breaks.length === 0) {
      best = tried;
      high = middle;
    } else low = middle + 1;
  }
  return best;
}

/** Batches worth trying: round ones, the one as written, the largest that five minutes and 256 KiB allow. */
function batchesOf(
  planning: MapPlanning,
  { batch, items }: { readonly batch: number; readonly items: number },
  asWritten: MapSetting,
): readonly number[] {
  // Without an ItemBatcher a child is written for one item: another batch would be another program.
  if (planning.map.itemBatcher === null) return [batch];
  const itemBytes = itemBytesOf(planning);
  const bySize =
    itemBytes === null || itemBytes === 0 ? items : Math.floor(HARD_QUOTAS.payloadBytes / itemBytes);
  const longest = asWritten.childWithRetryMs ?? asWritten.childMs;
  const byTime =
    asWritten.childLimitMs === null || longest === 0
      ? items
      : Math.floor((batch * asWritten.childLimitMs) / longest);
  const most = Math.max(1, Math.min(items, bySize, byTime));
  const tried = [...BATCHES.filter((size) => size < most), most, most - 1, batch].filter(
    (size) => size >= 1 && size <= items,
  );
  return [...new Set(tried)].toSorted((a, b) => a - b);
}

function frontierOf(settings: readonly MapSetting[]): readonly MapSetting[] {
  const byTime = settings.toSorted(
    (a, b) => a.makespan.p99Ms - b.makespan.p99Ms || (a.cost ?? 0) - (b.cost ?? 0),
  );
  let least = Infinity;
  return byTime.filter(({ cost }) => {
    if (cost === null || cost >= least - 1e-12) return false;
    least = cost;
    return true;
  });
}

/** Smallest count of failed children that, tolerated, keeps a run's failure below the target. */
export function toleranceFor(children: number, failure: number, target = RUN_FAILS_TARGET): number {
  let [low, high] = [0, children];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (binomialAbove(children, failure, middle) <= target) high = middle;
    else low = middle + 1;
  }
  return low;
}

function inlineInstead(
  planning: MapPlanning,
  { items, batch }: { readonly items: number; readonly batch: number },
): InlineInstead {
  const itemBytes = itemBytesOf(planning);
  const itemRun = runOfItem(planning, batch);
  const waves = Math.ceil(items / HARD_QUOTAS.inlineMapConcurrency);
  const eventsEach = ITERATION_EVENTS + meanOf(totalOf(itemRun.outcomes, "historyEvents"));
  return {
    bytesPerItem: HARD_QUOTAS.payloadBytes / items,
    listBytes: itemBytes === null ? null : items * itemBytes,
    waves,
    durationMs: waves * meanMsOf(itemRun),
    // The execution's start and end, the Map's four.
    fullAtItems: Math.floor((HARD_QUOTAS.historyEvents - 6) / eventsEach),
  };
}

function notesOf(
  { map, workload, context, stateTransition }: MapPlanning,
  { batch, children, childWithRetryMs, childLimitMs, makespan }: MapSetting,
  { within, runsAtOnce, childRun }: PlacedMap,
): readonly string[] {
  const undeclared = tasksOfBatch(map).filter(
    (task) =>
      workloadOfState(workload, task).duration === null &&
      (context.taskDuration === null || waitsForWork(task.resource)),
  );
  const throttledMs = msOfTransitions({ map, stateTransition }, { childRun, count: runsAtOnce * children });
  const late = childLimitMs !== null && childWithRetryMs !== null && childWithRetryMs > childLimitMs;
  return [
    ...(runsAtOnce > 1
      ? [
          `up to ${runsAtOnce} runs of it are open together inside of ${within.join(" and ")}; times and settings are of one, and the downstream limit is shared by all`,
        ]
      : []),
    ...(throttledMs > 0 && throttledMs >= makespan.p99Ms
      ? [
          `the region's quota of ${stateTransition.perSecond} state transitions a second is what takes the time, not MaxConcurrency`,
        ]
      : []),
    ...(late
      ? [
          `a batch of ${batch} retried once after a full attempt takes ${Math.round(childWithRetryMs / 1000)} s, more than the ${childLimitMs / 1000} s of an Express child`,
        ]
      : []),
    ...(map.itemBatcher === null
      ? ["without an ItemBatcher each child is written for one item, so only MaxConcurrency is planned"]
      : [`durations are of a batch of ${batch}, and are taken to grow with the batch`]),
    ...(itemBytesOf({ map, workload }) === null
      ? ["the size of an item is not declared (itemKB): batches are not held against 256 KiB"]
      : []),
    ...undeclared.map(({ name }) =>
      map.itemBatcher === null
        ? `the duration of ${name} is not declared: a default stands for it`
        : `the duration of ${name} is not declared: a default stands for a batch of ${batch}, and grows with it`,
    ),
  ];
}
