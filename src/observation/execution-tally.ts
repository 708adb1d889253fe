/**
 * The execution tally is what a sample of executions shows of each state: counts, weighted shares and means with their
 * intervals. An execution is one draw, whatever happens inside it: visits of one execution may resemble each other.
 */
import type { EndStatus, ExecutionSample, ObservedMean, SampledState } from "../workflow/fleet/fleet.ts";
import { type Cluster, type Resamples, bootstrapMean, resamplesOf } from "./bootstrap-mean.ts";
import { type ShareCluster, weighShares } from "./observed-share.ts";
import type { ObservedState } from "./read-history.ts";
import { weightedQuantiles } from "./weighted-quantile.ts";

export interface SampledExecution {
  readonly status: EndStatus;
  /** Executions of the period that it stands for. */
  readonly weight: number;
  readonly transitions: number;
  readonly historyEvents: number;
  readonly states: readonly ObservedState[];
  /** Child executions of its Distributed Maps; each stands for `scale` of them. */
  readonly children: readonly { readonly scale: number; readonly states: readonly ObservedState[] }[];
}

type Tallied = Pick<ExecutionSample, "transitions" | "historyEvents" | "states">;

/** The order of the executions does not matter to the counts; it does to the seeded intervals. */
export function tallyExecutions(executions: readonly SampledExecution[]): Tallied {
  const resamples = resamplesOf(executions.length);
  const perExecution = (pick: (execution: SampledExecution) => number): ObservedMean | null =>
    bootstrapMean(
      executions.map((each) => ({ sum: each.weight * pick(each), count: each.weight, seen: 1 })),
      resamples,
    );
  const names = new Map<string, string>();
  for (const { state } of executions.flatMap(statesOf)) {
    if (state.name !== null && state.type !== "") names.set(state.name, names.get(state.name) ?? state.type);
  }
  const states = [...names].map(([name, type]) => {
    const clusters = executions.map((execution) => ({
      weight: execution.weight,
      states: statesOf(execution).filter(({ state }) => state.name === name),
    }));
    return tallyState({ name, type }, clusters, resamples);
  });
  return {
    transitions: perExecution(({ transitions }) => transitions),
    historyEvents: perExecution(({ historyEvents }) => historyEvents),
    states,
  };
}

interface ScaledState {
  readonly scale: number;
  readonly state: ObservedState;
}

function statesOf({ states, children }: SampledExecution): readonly ScaledState[] {
  return [
    ...states.map((state) => ({ scale: 1, state })),
    ...children.flatMap(({ scale, states: inner }) => inner.map((state) => ({ scale, state }))),
  ];
}

/** One execution's stays in one state. */
interface StateCluster {
  readonly weight: number;
  readonly states: readonly ScaledState[];
}

function tallyState(
  { name, type }: Pick<SampledState, "name" | "type">,
  clusters: readonly StateCluster[],
  resamples: Resamples,
): SampledState {
  const values = (pick: (state: ObservedState) => readonly number[]): ObservedMean | null =>
    bootstrapMean(
      clusters.map((cluster) => clusterOf(cluster, pick)),
      resamples,
    );
  const branches = weighShares(
    shareClusters(clusters, ({ next }) => next.map(({ to, count }) => [to, count])),
  );
  const errors = weighShares(
    shareClusters(
      clusters,
      (state) => state.errors.map(({ error, count }) => [error, count]),
      (state) => state.entered + state.retries,
    ),
  );
  const durations = (state: ObservedState): readonly number[] =>
    type === "Task" ? state.attemptDurationsMs : type === "Wait" ? state.durationsMs : [];
  const durationMs = values(durations);
  const seen = clusters.flatMap(({ states }) => states);
  return {
    name,
    type,
    visits: seen.reduce((sum, { state }) => sum + state.entered, 0),
    visitsPerExecution: bootstrapMean(
      clusters.map(({ weight, states }) => ({
        sum: weight * states.reduce((sum, { scale, state }) => sum + scale * state.entered, 0),
        count: weight,
        seen: 1,
      })),
      resamples,
    )!,
    next: branches.shares.map(({ name: to, count, share }) => ({ to, count, share })),
    effectiveVisits: branches.effective,
    attempts: errors.seen,
    effectiveAttempts: errors.effective,
    errors: errors.shares.map(({ name: error, count, share }) => ({ error, count, share })),
    items: values(({ items }) => items),
    durationMs:
      durationMs === null ? null : { ...durationMs, percentiles: percentilesOf(clusters, durations) },
    inputBytes: values(({ inputBytes }) => inputBytes),
    outputBytes: values(({ outputBytes }) => outputBytes),
  };
}

function clusterOf(
  { weight, states }: StateCluster,
  pick: (state: ObservedState) => readonly number[],
): Cluster {
  let sum = 0;
  let count = 0;
  let seen = 0;
  for (const { scale, state } of states) {
    for (const value of pick(state)) {
      sum += weight * scale * value;
      count += weight * scale;
      seen++;
    }
  }
  return { sum, count, seen };
}

/** `of` counts what the shares are of; absent, the shares' own sum. */
function shareClusters(
  clusters: readonly StateCluster[],
  pick: (state: ObservedState) => readonly (readonly [name: string, count: number])[],
  of?: (state: ObservedState) => number,
): readonly ShareCluster[] {
  return clusters.map(({ weight, states }) => {
    const counts = new Map<string, { count: number; scaled: number }>();
    let total = 0;
    let scaledTotal = 0;
    for (const { scale, state } of states) {
      const picked = pick(state);
      for (const [name, count] of picked) {
        const known = counts.get(name) ?? { count: 0, scaled: 0 };
        counts.set(name, { count: known.count + count, scaled: known.scaled + scale * count });
      }
      const whole = of?.(state) ?? picked.reduce((sum, [, count]) => sum + count, 0);
      total += whole;
      scaledTotal += scale * whole;
    }
    return { weight, counts, total, scaledTotal };
  });
}

/** Fewer where few were seen: a percentile needs a few observations beyond it. */
function percentilesOf(
  clusters: readonly StateCluster[],
  pick: (state: ObservedState) => readonly number[],
): [number, number][] {
  const values = clusters.flatMap(({ weight, states }) =>
    states.flatMap(({ scale, state }) => pick(state).map((value) => [value, weight * scale] as const)),
  );
  const shares = PERCENTILES.filter((share) => Math.min(share, 1 - share) * values.length >= 2);
  return weightedQuantiles(values, shares);
}

const PERCENTILES: readonly number[] = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
