/**
 * Simulated executions are a workflow's executions drawn one by one, to hold the computed distribution of durations
 * against; nothing is priced from them. Tasks play attempt by attempt with jitter drawn; a Map or Parallel takes its
 * whole duration from the computed one.
 */
import { atLikely } from "../graph/assumption.ts";
import type { EdgeArc } from "../graph/markov-chain.ts";
import { firstHandling } from "../graph/retry-chain.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import { FAILED } from "../graph/state-graph.ts";
import { attemptEnds } from "../graph/task-visit.ts";
import { backoffDelayMs } from "../workflow/backoff-delay.ts";
import { matchesError } from "../workflow/definition/error-names.ts";
import type { Retrier, TaskState } from "../workflow/state-machine.ts";
import { workloadOfState } from "../workflow/workload/workload.ts";
import { type Draw, type Simulation, drawFrom, samplerOf } from "./event-loop.ts";
import type { DurationContext } from "./longest-duration.ts";

export interface SimulatedExecutions {
  readonly executions: number;
  readonly meanMs: number;
  /** Within 0.2 %. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failedShare: number;
  /** Retries per execution. */
  readonly retries: number;
  readonly isPartial: boolean;
}

/** Adds what one visit takes to the tally, and gives the next situation. */
type Visit = (draw: Draw, tally: Tally) => number;

interface Tally {
  ms: number;
  retries: number;
}

const EXECUTIONS_A_TURN = 20_000;
/** Visits after which an execution counts as ended: a Standard history is full then. */
const MOST_VISITS = 12_500;
const CELL = Math.log(1.002);

export function* simulateExecutions(
  run: ScopeRun,
  context: DurationContext,
  { executions, seed }: { readonly executions: number; readonly seed: number },
): Simulation<SimulatedExecutions> {
  const visits = run.unrolled.situations.map((_, node) => visitOf(run, node, context));
  const draw = drawFrom(seed);
  const cells: number[] = [];
  let [sumMs, failed, retries, done] = [0, 0, 0, 0];
  let isPartial = false;
  while (done < executions && !isPartial) {
    const tally: Tally = { ms: 0, retries: 0 };
    let at = 0;
    for (let visited = 0; at >= 0 && visited < MOST_VISITS; visited++) at = visits[at]!(draw, tally);
    if (at === FAILED) failed++;
    sumMs += tally.ms;
    retries += tally.retries;
    const cell = Math.floor(Math.log1p(tally.ms) / CELL);
    while (cells.length <= cell) cells.push(0);
    cells[cell]!++;
    if (++done % EXECUTIONS_A_TURN === 0) isPartial = (yield done / executions) === true && done < executions;
  }
  return {
    executions: done,
    meanMs: sumMs / done,
    p50Ms: quantile(cells, done * 0.5),
    p99Ms: quantile(cells, done * 0.99),
    failedShare: failed / done,
    retries: retries / done,
    isPartial,
  };
}

/** Middle of the cell in which so many are reached, ms. */
function quantile(cells: readonly number[], count: number): number {
  let sum = 0;
  const cell = cells.findIndex((each) => (sum += each) >= count - 1e-9);
  return Math.expm1((cell + 0.5) * CELL);
}

function visitOf(run: ScopeRun, node: number, context: DurationContext): Visit {
  const state = run.graph.nodes[run.unrolled.situations[node]!.state]!;
  const arcs = run.solved.chain.arcs[node]!;
  const isSeen = workloadOfState(context.workload, state).seenVisits !== null;
  return state.type === "Task" && !isSeen ? taskVisit(state, arcs, context) : arcVisit(arcs);
}

function arcVisit(arcs: readonly EdgeArc[]): Visit {
  const samplers = arcs.map(({ spent }) => samplerOf(spent.durationMs));
  const last = arcs.findLastIndex(({ share }) => share > 0);
  return (draw, tally) => {
    let [at, left] = [0, arcs.length === 1 ? 0 : draw()];
    while (at < last && (left -= arcs[at]!.share) >= 0) at++;
    tally.ms += samplers[at]!(draw);
    return arcs[at]!.to;
  };
}

function taskVisit(task: TaskState, arcs: readonly EdgeArc[], context: DurationContext): Visit {
  const ends = attemptEnds(task, {
    said: workloadOfState(context.workload, task),
    stand: atLikely,
    child: context.childEnds(task),
    general: context.taskDuration,
  }).map(({ error, mass, spent }) => ({
    mass,
    sample: samplerOf(spent.durationMs),
    retrier: firstHandling(task.retry, error),
    to: targetOf(task, arcs, error),
  }));
  const used = task.retry.map(() => 0);
  const last = ends.findLastIndex(({ mass }) => mass > 0);
  return (draw, tally) => {
    used.fill(0);
    for (;;) {
      let [at, left] = [0, last === 0 ? 0 : draw()];
      while (at < last && (left -= ends[at]!.mass) >= 0) at++;
      const { sample, retrier, to } = ends[at]!;
      tally.ms += sample(draw);
      const next = task.retry[retrier];
      if (next === undefined || used[retrier]! >= next.maxAttempts) return to;
      tally.ms += delayMs(next, used[retrier]!++, draw);
      tally.retries++;
    }
  };
}

/** Where a visit leads whose last attempt ended so. */
function targetOf(task: TaskState, arcs: readonly EdgeArc[], error: string | null): number {
  if (error === null) return arcs.find(({ edge }) => edge.kind === "next")?.to ?? -1;
  const catcher = task.catch.findIndex(({ errorEquals }) => matchesError(errorEquals, error));
  const caught = arcs.find(({ edge }) => edge.kind === "catch" && edge.rules.includes(String(catcher)));
  return caught === undefined ? FAILED : caught.to;
}

function delayMs(retrier: Retrier, used: number, draw: Draw): number {
  const longest = backoffDelayMs(retrier, used);
  return retrier.jitterStrategy === "FULL" ? draw() * longest : longest;
}
