/** What is simulated of one workflow: the storms of its Retriers, and executions to hold the computed durations against. */
import type { Simulation } from "../capacity/event-loop.ts";
import type { DurationContext } from "../capacity/longest-duration.ts";
import { type StormOutcome, attemptsToOutlast, playStorm, stormVariants } from "../capacity/retry-storm.ts";
import { type SimulatedExecutions, simulateExecutions } from "../capacity/simulated-executions.ts";
import { meanAttempt } from "../capacity/start-load.ts";
import { meanOf, quantileOf } from "../graph/distribution.ts";
import type { ExecutionProfile } from "../graph/execution-profile.ts";
import type { MapState, TaskState, WorkflowType } from "../workflow/state-machine.ts";

export interface StormRequest {
  readonly executions: number;
  /** How long the downstream is down from the start; null = it does not recover. */
  readonly recoveryMs: number | null;
  readonly downstreamLimit: number | null;
}

export interface StormReport extends StormRequest {
  readonly state: string;
  /** What the Retrier is for. */
  readonly errors: readonly string[];
  /** A request that finds room takes so long. */
  readonly requestMs: number;
  readonly maxAttempts: number;
  /** The least MaxAttempts whose last retry comes after the recovery; null = it does not recover, or none is sure to, as with FULL jitter. */
  readonly outlastingAttempts: number | null;
  readonly variants: readonly StormVariantReport[];
}

export interface StormVariantReport extends StormOutcome {
  readonly what: string;
  /** State transitions that the retries add, and what they cost; 0 in Express executions. */
  readonly extraTransitions: number;
  readonly extraCost: number | null;
}

export interface SimulationReport extends SimulatedExecutions {
  /** What is computed without chance, to compare. */
  readonly computed: { readonly meanMs: number; readonly p50Ms: number; readonly p99Ms: number };
}

export interface Simulating extends DurationContext {
  readonly profile: ExecutionProfile;
  readonly type: WorkflowType;
  readonly transitionPrice: number | null;
  readonly seed: number;
}

/** One storm for the first Retrier of each Task that has one and is visited. */
export function* reportStorms(
  simulating: Simulating,
  request: StormRequest,
): Simulation<readonly StormReport[]> {
  const storms: StormReport[] = [];
  for (const { state, visits, childOf } of simulating.profile.states) {
    if (state.type === "Task" && visits > 0 && retrierOf(state) !== undefined)
      storms.push(yield* reportStorm(simulating, { request, task: state, childOf }));
  }
  return storms;
}

function* reportStorm(
  simulating: Simulating,
  {
    request,
    task,
    childOf,
  }: { readonly request: StormRequest; readonly task: TaskState; readonly childOf: MapState | null },
): Simulation<StormReport> {
  const retrier = retrierOf(task)!;
  const requestMs = meanAttempt(task, simulating);
  const isBilled = (childOf?.executionType ?? simulating.type) === "STANDARD";
  const variants: StormVariantReport[] = [];
  for (const { what, retrier: tried } of stormVariants(retrier)) {
    const outcome = yield* playStorm({
      ...request,
      recoveryMs: request.recoveryMs ?? Infinity,
      retrier: tried,
      requestMs,
      seed: simulating.seed,
    });
    const extraTransitions = isBilled ? outcome.retries : 0;
    const { transitionPrice: price } = simulating;
    const extraCost = extraTransitions === 0 ? 0 : price === null ? null : extraTransitions * price;
    variants.push({ what, ...outcome, extraTransitions, extraCost });
  }
  const { maxAttempts, errorEquals: errors } = retrier;
  const outlastingAttempts = attemptsToOutlast(retrier, request.recoveryMs ?? Infinity);
  return { ...request, state: task.name, errors, requestMs, maxAttempts, outlastingAttempts, variants };
}

function retrierOf(task: TaskState) {
  return task.retry.find(({ maxAttempts }) => maxAttempts > 0);
}

export function* reportSimulation(simulating: Simulating, executions: number): Simulation<SimulationReport> {
  const { profile, seed } = simulating;
  const simulated = yield* simulateExecutions(profile.run, simulating, { executions, seed });
  const { durationMs } = profile;
  const computed = {
    meanMs: meanOf(durationMs),
    p50Ms: quantileOf(durationMs, 0.5),
    p99Ms: quantileOf(durationMs, 0.99),
  };
  return { ...simulated, computed };
}
