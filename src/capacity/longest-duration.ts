/**
 * The longest duration of a run is its slowest way through: every attempt at its slowest, every retry spent, delays
 * without the luck of jitter. Nothing bounds a loop, so a run with one has none.
 */
import { applicableRetriers } from "../graph/applicable-retriers.ts";
import { atBound } from "../graph/assumption.ts";
import { type Distribution, point } from "../graph/distribution.ts";
import { mapShape } from "../graph/map-runs.ts";
import { mapTime } from "../graph/map-time.ts";
import type { RunContext, ScopeRun } from "../graph/run-context.ts";
import { attemptEnds, waitDuration } from "../graph/task-visit.ts";
import { backoffDelayMs } from "../workflow/backoff-delay.ts";
import type { Retrier, State, TaskState } from "../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../workflow/workload/workload.ts";

export interface DurationContext {
  readonly workload: Workload;
  readonly taskDuration: RunContext["taskDuration"];
  readonly childEnds: RunContext["childEnds"];
}

/** Milliseconds; null = a loop that nothing bounds. */
export function longestDuration(run: ScopeRun, context: DurationContext): number | null {
  const { solved, unrolled, graph } = run;
  if (solved.loops.some((loop) => loop !== null)) return null;
  const own = new Map<number, number>();
  for (const { state } of unrolled.situations) {
    if (own.has(state)) continue;
    const visit = longestVisit(run, state, context);
    if (visit === null) return null;
    own.set(state, visit);
  }
  const longest = new Float64Array(graph.nodes.length === 0 ? 0 : unrolled.situations.length);
  for (const [node] of solved.components.members.toReversed()) {
    const onward = solved.chain.arcs[node!]!.reduce(
      (most, { to }) => Math.max(most, to < 0 ? 0 : longest[to]!),
      0,
    );
    longest[node!] = own.get(unrolled.situations[node!]!.state)! + onward;
  }
  return longest[0] ?? 0;
}

/** One attempt of a Task at its slowest, ms. */
export function slowestAttempt(task: TaskState, context: DurationContext): number {
  const ends = attemptEnds(task, {
    said: workloadOfState(context.workload, task),
    stand: atBound,
    child: context.childEnds(task),
    general: context.taskDuration,
  });
  return ends.reduce(
    (most, { mass, spent }) => (mass > 0 ? Math.max(most, highest(spent.durationMs)) : most),
    0,
  );
}

/** All delays of a Retrier that is spent, ms. */
function allDelays(retrier: Retrier): number {
  let sum = 0;
  // A Retrier may allow 99,999,999 attempts; delays soon stay at their longest.
  for (let used = 0; used < retrier.maxAttempts; used++) {
    const delay = backoffDelayMs(retrier, used);
    if (used > 0 && delay === backoffDelayMs(retrier, used - 1))
      return sum + delay * (retrier.maxAttempts - used);
    sum += delay;
  }
  return sum;
}

function longestVisit(run: ScopeRun, index: number, context: DurationContext): number | null {
  const state = run.graph.nodes[index]!;
  if (state.type === "Wait")
    return highest(waitDuration(state, workloadOfState(context.workload, state), atBound));
  if (state.type === "Task") return withRetries(state, slowestAttempt(state, context));
  const { inside } = run.stateVisits[index]!;
  if (inside === null) return 0;
  let slowest = 0;
  for (const inner of inside.times > 0 ? inside.runs : []) {
    const each = inner === null ? 0 : longestDuration(inner, context);
    if (each === null) return null;
    slowest = Math.max(slowest, each);
  }
  if (state.type !== "Map") return withRetries(state, slowest);
  // Each run as slow as the slowest.
  const all = mapTime(point(slowest), mapShape(state, Math.ceil(inside.times)));
  return withRetries(state, highest(all));
}

function withRetries(state: State, attempt: number): number {
  if (!("retry" in state)) return attempt;
  const retriers = applicableRetriers(state.retry);
  const retries = retriers.reduce((sum, { maxAttempts }) => sum + maxAttempts, 0);
  return attempt * (1 + retries) + retriers.reduce((sum, retrier) => sum + allDelays(retrier), 0);
}

function highest({ values }: Distribution): number {
  return values[values.length - 1] ?? 0;
}
