/** A Map setting is a Distributed Map with its batch and MaxConcurrency changed: the same workflow, profiled and priced as any other. */
import { type CostBasis, estimateCost } from "../cost/cost-estimate.ts";
import { atLikely } from "../graph/assumption.ts";
import { type Distribution, meanOf, quantileOf } from "../graph/distribution.ts";
import { type ExecutionProfile, failedShare, profileExecution, totalOf } from "../graph/execution-profile.ts";
import { mapShape, runFailure } from "../graph/map-runs.ts";
import type { RunContext, ScopeRun } from "../graph/run-context.ts";
import { EVERYTHING } from "../graph/spent.ts";
import { isJob } from "../graph/task-visit.ts";
import { backoffDelayMs } from "../workflow/backoff-delay.ts";
import { PAYLOAD_KB } from "../workflow/default-figures.ts";
import type { MapState, Scope, State, StateMachine, WorkflowType } from "../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import { scaledBatch, tasksOfBatch } from "./batch-workload.ts";
import { OWN_EVENTS } from "./history-growth.ts";
import { slowestAttempt } from "./longest-duration.ts";
import { type Makespan, type MapRunShape, makespanOf } from "./map-makespan.ts";
import { type PlacedMap, placeMaps } from "./placed-map.ts";
import { HARD_QUOTAS, LAMBDA_SECONDS, type TokenBucket } from "./quotas.ts";
import { tasksAtOnce } from "./tasks-at-once.ts";

export interface MapPlanning {
  readonly stateMachine: StateMachine;
  readonly type: WorkflowType;
  readonly workload: Workload;
  readonly context: Pick<RunContext, "parseJsonata" | "taskDuration" | "childEnds">;
  /** A Distributed Map, wherever it stands. */
  readonly map: MapState;
  readonly basis: CostBasis;
  /** Null = not given. */
  readonly windowMs: number | null;
  readonly downstreamLimit: number | null;
  /** The region's bucket that all transitions draw on. */
  readonly stateTransition: TokenBucket;
  readonly seed: number;
}

export interface MapSetting {
  readonly batch: number;
  readonly maxConcurrency: number;
  readonly children: number;
  /** Requests that one child has open at once. */
  readonly requestsPerChild: number;
  /** Of one child: mean, and with one retry of its slowest Task after a full attempt; null = it has no Retrier. */
  readonly childMs: number;
  readonly childWithRetryMs: number | null;
  /** Null = five minutes do not bind it. */
  readonly childLimitMs: number | null;
  readonly batchBytes: number | null;
  readonly makespan: Makespan;
  /** Window less the makespan's p99; null without a window. */
  readonly slackMs: number | null;
  /** List price of one execution of the workflow. */
  readonly cost: number | null;
  /** Chance that more items fail than are tolerated. */
  readonly runFails: number;
  /** What it breaks, in plain words; empty when it holds everything. */
  readonly breaks: readonly string[];
}

interface SettingOf {
  /** As written, which the declared durations are of. */
  readonly batch: number;
  readonly items: number;
  readonly size: number;
  readonly width: number | null;
}

interface SetMap {
  readonly changed: MapState;
  readonly stateMachine: StateMachine;
  readonly workload: Workload;
  readonly profile: ExecutionProfile;
  readonly placed: PlacedMap;
}

function setMap(planning: MapPlanning, { batch, size, width }: Omit<SettingOf, "items">): SetMap {
  const { map } = planning;
  const changed = changedMap(map, { size, width, isWritten: size === batch });
  const stateMachine = withState(planning.stateMachine, map, changed);
  const workload =
    size === batch ? planning.workload : scaledBatch({ ...planning, ...planning.context }, size / batch);
  const profile = profileOf(stateMachine, workload, planning)!;
  const placed = placeMaps(profile, workload).find(({ map: each }) => each === changed)!;
  return { changed, stateMachine, workload, profile, placed };
}

/** What a child does for one item; of one that is no more than an inline Map of its batch, what that does for an item. */
export function runOfItem(planning: MapPlanning, batch: number): ScopeRun {
  const { placed } = setMap(planning, { batch, size: 1, width: null });
  const [only, ...others] = placed.childRun.stateVisits;
  const inside = others.length > 0 || placed.childRun.graph.nodes[0]?.type !== "Map" ? null : only?.inside;
  const isOfItem = inside != null && inside.childType === null && inside.times === 1;
  return (isOfItem ? inside.runs[0] : null) ?? placed.childRun;
}

export function settingOf(planning: MapPlanning, { batch, items, size, width }: SettingOf): MapSetting {
  const { map, windowMs, downstreamLimit } = planning;
  const { changed, stateMachine, workload, profile, placed } = setMap(planning, { batch, size, width });
  const children = Math.ceil(items / size);
  const { childRun } = placed;
  const childMs = profile.children.find(({ state }) => state === changed)!.durationMs;
  const maxConcurrency = Math.min(
    width ?? HARD_QUOTAS.distributedMapConcurrency,
    HARD_QUOTAS.distributedMapConcurrency,
  );
  const { runsAtOnce } = placed;
  const makespan = noFaster(
    makespanOf(shapeOf(changed, { children, width: maxConcurrency, childMs }), planning.seed),
    msOfTransitions(planning, { childRun, count: runsAtOnce * children }),
  );
  const itemBytes = itemBytesOf(planning);
  const input = {
    profile,
    workload,
    definitionBytes: stateMachine.definitionBytes,
    payloadKB: (workload.payloadKB ?? PAYLOAD_KB).value,
    executions: null,
  };
  const found = {
    batch: size,
    maxConcurrency,
    children,
    requestsPerChild: tasksAtOnce(childRun, (task) => !isJob(task)),
    childMs: meanOf(childMs),
    childWithRetryMs: withOneRetry(childRun, { ...planning, workload }),
    childLimitMs: map.executionType === "EXPRESS" ? HARD_QUOTAS.expressDurationSeconds * 1000 : null,
    batchBytes: itemBytes === null ? null : size * itemBytes,
    makespan,
    slackMs: windowMs === null ? null : windowMs - makespan.p99Ms,
    cost: estimateCost(planning.type, input, planning.basis).costPerExecution,
    runFails: runFailure(map, { items, size }, failureOf(childRun)),
  };
  const overlong = overlongFunctions({ ...planning, workload });
  return {
    ...found,
    breaks: [...breaksOf(found, { childMs, childRun, map, downstreamLimit, runsAtOnce }), ...overlong],
  };
}

interface Bearing {
  readonly map: MapState;
  readonly childMs: Distribution;
  readonly childRun: ScopeRun;
  readonly downstreamLimit: number | null;
  readonly runsAtOnce: number;
}

function breaksOf(
  setting: Omit<MapSetting, "breaks">,
  { map, childMs, childRun, downstreamLimit, runsAtOnce }: Bearing,
): readonly string[] {
  const { childLimitMs, childWithRetryMs, batchBytes, slackMs, requestsPerChild } = setting;
  const { maxConcurrency, children } = setting;
  const dispatched = Math.ceil(meanOf(childMs) / mapShape(map, children).dispatchMs);
  const childrenAtOnce = Math.min(maxConcurrency, children, Math.max(1, dispatched));
  const late = childLimitMs !== null && quantileOf(childMs, 0.99) > childLimitMs;
  const lateRetry = childLimitMs !== null && !late && (childWithRetryMs ?? 0) > childLimitMs;
  return [
    ...(late ? ["a child takes more than an Express execution's five minutes"] : []),
    ...(lateRetry ? ["one retry after a full attempt passes an Express child's five minutes"] : []),
    ...(batchBytes !== null && batchBytes > HARD_QUOTAS.payloadBytes
      ? ["a batch is larger than 256 KiB"]
      : []),
    ...(map.executionType === "STANDARD" && eventsOf(childRun) > HARD_QUOTAS.historyEvents
      ? ["the history of a child passes 25,000 events"]
      : []),
    ...(slackMs !== null && slackMs < 0 ? ["it does not end within the window"] : []),
    ...(downstreamLimit !== null && runsAtOnce * childrenAtOnce * requestsPerChild > downstreamLimit
      ? ["more requests at once than the downstream bears"]
      : []),
  ];
}

/** The time that the region's bucket takes to let so many children through, the first from a full one; ms. */
export function msOfTransitions(
  { map, stateTransition: { bucket, perSecond } }: Pick<MapPlanning, "map" | "stateTransition">,
  { childRun, count }: { readonly childRun: ScopeRun; readonly count: number },
): number {
  const own = map.executionType === "STANDARD" ? meanOf(totalOf(childRun.outcomes, "transitions")) : 0;
  return Math.max(0, (1000 * (count * (1 + own) - bucket)) / perSecond);
}

function noFaster({ meanMs, p99Ms, basis }: Makespan, ms: number): Makespan {
  return { meanMs: Math.max(meanMs, ms), p99Ms: Math.max(p99Ms, ms), basis };
}

/** Of a slow one among a hundred children. */
function eventsOf({ outcomes }: ScopeRun): number {
  return quantileOf(totalOf(outcomes, "historyEvents"), 0.99) + OWN_EVENTS;
}

function overlongFunctions({ map, context, workload }: MapPlanning): readonly string[] {
  return tasksOfBatch(map).flatMap((state) => {
    if (state.resource.service !== "lambda" || isJob(state)) return [];
    const isOverlong = slowestAttempt(state, { ...context, workload }) > LAMBDA_SECONDS * 1000;
    return isOverlong ? [`${state.name} takes more than the fifteen minutes of a Lambda function`] : [];
  });
}

export function itemBytesOf({ map, workload }: Pick<MapPlanning, "map" | "workload">): number | null {
  const { itemKB } = workloadOfState(workload, map);
  return itemKB === null ? null : itemKB.value * 1000;
}

export function failureOf(run: ScopeRun): number {
  return failedShare(run.outcomes);
}

/** A child whose slowest Task with a Retrier is retried once, after an attempt as long as any; ms. Null = none has one. */
function withOneRetry(child: ScopeRun, { workload, context }: MapPlanning): number | null {
  let most: number | null = null;
  // What lasts longer beside a branch hides as much of a retry in it.
  const open = [{ run: child, hiddenMs: 0 }];
  for (const { run, hiddenMs } of open) {
    run.graph.nodes.forEach((state, node) => {
      const [retrier] = state.type === "Task" ? state.retry.filter(({ maxAttempts }) => maxAttempts > 0) : [];
      if (state.type === "Task" && retrier !== undefined) {
        const ms = slowestAttempt(state, { ...context, workload }) + backoffDelayMs(retrier, 0);
        most = Math.max(most ?? 0, ms - hiddenMs);
      }
      if (state.type !== "Parallel") return;
      const { ends, inside } = run.stateVisits[node]!;
      const visitMs = ends.reduce((sum, { share, spent }) => sum + share * meanOf(spent.durationMs), 0);
      for (const branch of inside?.runs ?? [])
        if (branch !== null)
          open.push({ run: branch, hiddenMs: hiddenMs + Math.max(0, visitMs - meanMsOf(branch)) });
    });
  }
  return most === null ? null : meanMsOf(child) + most;
}

export function meanMsOf({ outcomes }: ScopeRun): number {
  return meanOf(totalOf(outcomes, "durationMs"));
}

function shapeOf(map: MapState, shape: Pick<MapRunShape, "children" | "width" | "childMs">): MapRunShape {
  return { ...shape, dispatchPerSecond: 1000 / mapShape(map, shape.children).dispatchMs };
}

export function profileOf(
  stateMachine: StateMachine,
  workload: Workload,
  { context }: Pick<MapPlanning, "context">,
): ExecutionProfile | null {
  return profileExecution(stateMachine, {
    ...context,
    workload,
    stand: atLikely,
    measure: EVERYTHING,
    kept: new Map(),
  });
}

function changedMap(
  map: MapState,
  {
    size,
    width,
    isWritten,
  }: { readonly size: number; readonly width: number | null; readonly isWritten: boolean },
): MapState {
  if (isWritten) return { ...map, maxConcurrency: width };
  return {
    ...map,
    maxConcurrency: width,
    itemBatcher: { maxItemsPerBatch: size, maxInputBytesPerBatch: null },
  };
}

/** As deep as the reader lets definitions nest. */
function withState<S extends Scope>(scope: S, old: MapState, changed: MapState): S {
  const stateOf = (state: State): State => {
    if (state === old) return changed;
    if (state.type === "Map") return { ...state, processor: withState(state.processor, old, changed) };
    if (state.type !== "Parallel") return state;
    return { ...state, branches: state.branches.map((branch) => withState(branch, old, changed)) };
  };
  const holds = `${old.pointer}/`.startsWith(`${scope.pointer}/`);
  return holds ? { ...scope, states: scope.states.map(stateOf) } : scope;
}
