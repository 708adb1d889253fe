/**
 * Map runs are what one attempt of a Map spends over all its items: inside the execution (inline), or as child
 * executions of their own (distributed). How long they take together is bounded in map-time.ts.
 */
import { chancesToBeFirst } from "./first-of-many.ts";
import { BATCH_ITEMS, DISTRIBUTED_ITEMS, INLINE_ITEMS, ITEM_KB } from "../workflow/default-figures.ts";
import type { Figure } from "../workflow/figure.ts";
import { isJsonObject, ownValue } from "../workflow/text/json-value.ts";
import type { MapState } from "../workflow/state-machine.ts";
import type { StateWorkload } from "../workflow/workload/workload.ts";
import type { Standpoint } from "./assumption.ts";
import { binomialAbove } from "./binomial-tail.ts";
import { type Distribution, ZERO, convolvePower, mix, point, shifted } from "./distribution.ts";
import { type MapShape, listScheduled, mapTime, sooner } from "./map-time.ts";
import {
  type RunsSpent,
  type Spent,
  type SpentShare,
  alongside,
  combineRuns,
  inSequence,
  mixSpent,
  repeatRuns,
} from "./spent.ts";
import type { Outcome } from "./spent-by-outcome.ts";

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
const INLINE_CONCURRENCY = 40;
/** https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html */
const DISTRIBUTED_CONCURRENCY = 10_000;
/** Items that one Map Run takes. Same page. */
const MOST_ITEMS = 100_000_000;
/** Children dispatched per second by the child's type; from public measurements, medium confidence. */
const DISPATCH_PER_SECOND = { EXPRESS: 1_000, STANDARD: 100 } as const;

/** How a Map takes its runs: iterations, or child executions. */
export function mapShape(map: MapState, runs: number): MapShape {
  const [most, dispatchMs] =
    map.mode === "INLINE"
      ? [INLINE_CONCURRENCY, 0]
      : [DISTRIBUTED_CONCURRENCY, 1000 / DISPATCH_PER_SECOND[map.executionType]];
  return { runs, width: Math.min(map.maxConcurrency ?? most, most), dispatchMs };
}

/** Items of one entry of the Map: as said, or the default. */
export function itemsOf(map: MapState, said: StateWorkload, stand: Standpoint): number {
  const figure = itemsFigure(map, said);
  const key = `states.${map.name}.items`;
  return Math.max(
    0,
    stand({ id: `${map.pointer}:items`, key, text: `items of ${map.name}`, figure, unit: "count" }),
  );
}

export function itemsFigure(map: MapState, said: StateWorkload): Figure {
  const figure = said.items ?? (map.mode === "INLINE" ? INLINE_ITEMS : DISTRIBUTED_ITEMS);
  const most = mostItemsRead(map);
  if (most === null || Math.max(figure.value, figure.high) <= most) return figure;
  const [value, low, high] = [figure.value, figure.low, figure.high].map((items) => Math.min(items, most));
  const note = `no more than ReaderConfig.MaxItems, ${most}${figure.note === null ? "" : `; ${figure.note}`}`;
  return { value: value!, low: low!, high: high!, basis: figure.basis, note };
}

/** Literal `MaxItems` of an ItemReader. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html */
function mostItemsRead({ fields }: MapState): number | null {
  const reader = ownValue(fields, "ItemReader");
  const config = isJsonObject(reader) ? ownValue(reader, "ReaderConfig") : undefined;
  const most = isJsonObject(config) ? ownValue(config, "MaxItems") : undefined;
  return typeof most === "number" && most > 0 ? most : null;
}

/** Children of a Distributed Map: one for each item, or each batch of so many. */
export function childrenOf(items: number, size: number): number {
  return size === 1 ? items : Math.ceil(items / size - 1e-9);
}

/** Items of one full batch, by the tighter of both limits; 1 without an ItemBatcher. */
export function batchSizeOf(map: MapState, said: StateWorkload, stand: Standpoint): number {
  const { itemBatcher: batch } = map;
  if (batch === null) return 1;
  const { maxItemsPerBatch, maxInputBytesPerBatch } = batch;
  const assumed = (what: "batchItems" | "itemKB", text: string, figure: Figure): number =>
    stand({
      id: `${map.pointer}:${what}`,
      key: `states.${map.name}.${what}`,
      text: `${text} of ${map.name}`,
      figure,
      unit: what === "itemKB" ? "KB" : "count",
    });
  const isComputed =
    maxItemsPerBatch === null && (maxInputBytesPerBatch === null || said.batchItems !== null);
  const byItems = isComputed
    ? assumed("batchItems", "items of a batch", said.batchItems ?? BATCH_ITEMS)
    : (maxItemsPerBatch ?? Infinity);
  if (maxInputBytesPerBatch === null || byItems === 1) return Math.max(1, byItems);
  const itemBytes = assumed("itemKB", "size of an item", said.itemKB ?? ITEM_KB) * 1000;
  // Of items without a size there is one batch.
  const byBytes = itemBytes === 0 ? MOST_ITEMS : Math.floor(maxInputBytesPerBatch / itemBytes);
  return Math.max(1, Math.min(byItems, byBytes));
}

/** All items of an inline Map, by whether all succeeded; a broken number of items mixes its whole neighbours. */
export function inlineRuns(map: MapState, outcomes: readonly Outcome[], items: number): RunsSpent {
  const item = runsOf(withIterationEvents(outcomes));
  const whole = (n: number): RunsSpent => {
    const shape = mapShape(map, n);
    const concurrency = shape.width;
    if (n <= concurrency) return repeatRuns(item, n, alongside);
    const slots = (turns: number, count: number): RunsSpent =>
      repeatRuns(repeatRuns(item, turns, inSequence), count, alongside);
    const turns = Math.floor(n / concurrency);
    const longer = n % concurrency;
    const shorter = slots(turns, concurrency - longer);
    const runs = longer === 0 ? shorter : combineRuns(slots(turns + 1, longer), shorter, alongside);
    if (runs.ok === null) return runs;
    // Of runs that all succeed; those of which one fails are counted in full anyway.
    const { mass, of } = runs.ok;
    const scheduled = listScheduled(item.ok!.of.durationMs, shape);
    return { ...runs, ok: { mass, of: { ...of, durationMs: sooner(of.durationMs, scheduled) } } };
  };
  const below = Math.floor(items);
  const part = items - below;
  return part < 1e-9 ? whole(below) : mixRuns(whole(below), whole(below + 1), part);
}

/** MapIterationStarted and MapIterationSucceeded around each item. */
function withIterationEvents(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.map((outcome) => ({
    ...outcome,
    spent: { ...outcome.spent, historyEvents: shifted(outcome.spent.historyEvents, 2) },
  }));
}

/** Branches of a Parallel, all at once. */
export function parallelRuns(branches: readonly (readonly Outcome[])[]): RunsSpent {
  return branches.map(runsOf).reduce((all, branch) => combineRuns(all, branch, alongside));
}

/**
 * Error names of runs that fail, each with its part of the failures: the first failure counts, and which of several is
 * the first is taken to be chance, for how long each takes is mostly a default.
 */
export function failuresOf(
  branches: readonly (readonly Outcome[])[],
): readonly (readonly [error: string, part: number])[] {
  const failing = branches.map((outcomes) =>
    outcomes.reduce((sum, { error, mass }) => sum + (error === null ? 0 : mass), 0),
  );
  const first = chancesToBeFirst(failing);
  const masses = new Map<string, number>();
  branches.forEach((outcomes, i) => {
    for (const { error, mass } of outcomes)
      if (error !== null) masses.set(error, (masses.get(error) ?? 0) + mass * first[i]!);
  });
  const total = [...masses.values()].reduce((sum, mass) => sum + mass, 0);
  return [...masses].map(([error, mass]) => [error, mass / total]);
}

function runsOf(outcomes: readonly Outcome[]): RunsSpent {
  const part = (failed: boolean): SpentShare | null =>
    mixSpent(
      outcomes
        .filter((outcome) => (outcome.error !== null) === failed)
        .map(({ mass, spent }) => ({ mass, of: spent })),
    );
  return { ok: part(false), failed: part(true) };
}

function mixRuns(a: RunsSpent, b: RunsSpent, partOfB: number): RunsSpent {
  const scaled = (share: SpentShare | null, by: number): SpentShare[] =>
    share === null ? [] : [{ mass: share.mass * by, of: share.of }];
  return {
    ok: mixSpent([...scaled(a.ok, 1 - partOfB), ...scaled(b.ok, partOfB)]),
    failed: mixSpent([...scaled(a.failed, 1 - partOfB), ...scaled(b.failed, partOfB)]),
  };
}

export interface DistributedRuns {
  /** Of the Map state's whole attempt; transitions are what the children add to the parent's bill. */
  readonly spent: Spent;
  /** Chance that more items fail than are tolerated. */
  readonly failureShare: number;
}

/** Children as executions of their own: each start is one transition, and so are a STANDARD child's states. */
export function distributedRuns(
  map: MapState,
  outcomes: readonly Outcome[],
  { items, size, children }: Batches & { readonly children: number },
): DistributedRuns {
  const all = mixSpent(outcomes.map(({ mass, spent }) => ({ mass, of: spent })))!.of;
  const failing = outcomes.reduce((sum, outcome) => sum + (outcome.error === null ? 0 : outcome.mass), 0);
  const own = map.executionType === "STANDARD" ? shifted(all.transitions, 1) : point(1);
  const below = Math.floor(children);
  const transitions = mixedPower(own, children);
  return {
    spent: {
      transitions,
      durationMs: childrenDuration(map, all.durationMs, below === children ? below : below + 1),
      historyEvents: ZERO,
    },
    failureShare: runFailure(map, { items, size }, failing),
  };
}

function mixedPower(base: Distribution, n: number): Distribution {
  const below = Math.floor(n);
  const part = n - below;
  if (part < 1e-9) return convolvePower(base, below);
  return mix([
    { mass: 1 - part, of: convolvePower(base, below) },
    { mass: part, of: convolvePower(base, below + 1) },
  ])!.of;
}

export interface Batches {
  readonly items: number;
  /** Items of each batch but the last, which holds what is left. */
  readonly size: number;
}

/**
 * Chance that more items fail than are tolerated: a child that fails, which each does with chance `failing`, takes all
 * items of its batch with it. https://docs.aws.amazon.com/step-functions/latest/dg/maprun-fail-threshold.html
 */
export function runFailure(map: MapState, { items, size }: Batches, failing: number): number {
  if (items === 0) return 0;
  const tolerated = toleratedItems(map, items);
  const full = Math.ceil(items / size - 1e-9) - 1;
  const last = items - full * size;
  const beside = (failed: number): number =>
    binomialAbove(full, failing, Math.floor((tolerated - failed) / size + 1e-9));
  return (1 - failing) * beside(0) + failing * beside(last);
}

/** Failed items that a Map Run tolerates: none where no limit is given, all where it is computed, else the tighter of both. */
function toleratedItems(map: MapState, items: number): number {
  const { toleratedFailurePercentage: percentage, toleratedFailureCount: count } = map;
  if (percentage === null && count === null) return computesTolerance(map) ? items : 0;
  return Math.min((items * (percentage ?? 100)) / 100, count ?? Infinity);
}

/** By a path, or in JSONata. */
export function computesTolerance({ fields }: MapState): boolean {
  return ["ToleratedFailurePercentage", "ToleratedFailureCount"].some(
    (name) => ownValue(fields, `${name}Path`) !== undefined || typeof ownValue(fields, name) === "string",
  );
}

function childrenDuration(map: MapState, child: Distribution, children: number): Distribution {
  return mapTime(child, mapShape(map, children));
}
