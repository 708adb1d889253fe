/**
 * A start load is what executions started at a rate ask of the region's quotas: tokens each second, executions and
 * requests open at once (Little's law: rate × time), and the rate at which each quota breaks.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
import { atLikely } from "../graph/assumption.ts";
import { type Distribution, meanOf, point } from "../graph/distribution.ts";
import type { ExecutionProfile, ProfiledState } from "../graph/execution-profile.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import { attemptEnds, isJob } from "../graph/task-visit.ts";
import { startsExecution, startsSynchronously } from "../workflow/execution-start.ts";
import type { TaskState, WorkflowType } from "../workflow/state-machine.ts";
import { workloadOfState } from "../workflow/workload/workload.ts";
import type { DurationContext } from "./longest-duration.ts";
import {
  type BucketCodes,
  LAMBDA_CONCURRENCY,
  QUOTA_CODES,
  type RegionQuotas,
  type TokenBucket,
} from "./quotas.ts";
import { type HoursOfDay, type StartRates, mostHeld } from "./held-at-once.ts";
import { mapRunsAtOnce, paceOfMaps, tasksAtOnce } from "./tasks-at-once.ts";
import { type WaitingLine, waitInLine } from "./waiting-line.ts";

export interface LoadInput extends DurationContext {
  readonly profile: ExecutionProfile;
  readonly type: WorkflowType;
  readonly rates: StartRates;
  readonly byHour: HoursOfDay;
  readonly quotas: RegionQuotas;
  /** Types of the workflows that Tasks start, by the Task's pointer, where known. */
  readonly startedTypes: ReadonlyMap<string, WorkflowType>;
  /** Start and end as the bill counts them. */
  readonly ruleTransitions: number;
  /** Requests that what the Tasks call bears at once; null = nobody said. */
  readonly downstreamLimit: number | null;
}

export interface QuotaLoad {
  readonly code: string;
  readonly unit: "per second" | "at once";
  readonly mean: number;
  /** Null = no peak is known. */
  readonly peak: number | null;
  readonly limit: number;
  /** Executions per second past which it is broken for good; null = it takes none. */
  readonly breaksAt: number | null;
  /** Executions that may start in one instant, from a full bucket; null where there is no bucket. */
  readonly burst: number | null;
  /** Seconds that the peak may last from a full bucket; null = for ever, or no bucket or no peak. */
  readonly peakLastsSeconds: number | null;
  /** What to ask for in Service Quotas; null = no code is known. */
  readonly quotaCode: string | null;
  /** The same for the bucket's size, which bears short peaks; null = there is no bucket, or no code is known. */
  readonly bucketQuotaCode: string | null;
  /** Whether AWS raises it at all. */
  readonly canBeRaised: boolean;
}

export interface TaskLoad {
  readonly state: string;
  readonly service: string;
  /** Whether it waits for a token or a job: then what it calls is not busy all the while. */
  readonly isWaiting: boolean;
  /** Attempts per execution. */
  readonly attempts: number;
  readonly attemptMs: number;
  readonly requestsPerSecond: number;
  readonly atOnce: number;
  readonly atOnceAtPeak: number | null;
}

export interface StartLoad {
  readonly quotas: readonly QuotaLoad[];
  readonly tasks: readonly TaskLoad[];
  /** Null without a downstream limit, and where a Map sends its requests many at once and not at random. */
  readonly line: WaitingLine | null;
}

export function loadOfStarts(input: LoadInput): StartLoad {
  const { profile, type, quotas, ruleTransitions } = input;
  const called = profile.states.flatMap((state) => taskLoad(state, input));
  const transitions = meanOf(profile.transitions) + ruleTransitions;
  const isStandard = type === "STANDARD";
  const busiest = busiestOf(called);
  const found = [
    isStandard
      ? inBucket("state-transitions", transitions, {
          input,
          byOne: overflowOf(input),
          bucket: quotas.stateTransition,
          codes: QUOTA_CODES.stateTransition,
        })
      : null,
    ...startLoads(input),
    isStandard
      ? atOnce("open-executions", [{ times: 1, ms: profile.durationMs }], {
          input,
          limit: quotas.openExecutions,
          quotaCode: QUOTA_CODES.openExecutions,
        })
      : null,
    ...mapRunLoads(input),
    lambdaLoad(input, called),
    busiest === undefined ? null : downstreamLoad(input, busiest),
  ];
  return {
    quotas: found.filter((load) => load !== null),
    tasks: called.map(({ load }) => load),
    line: busiest === undefined ? null : lineOf(input, busiest),
  };
}

/**
 * Each type of workflow has a bucket of its own. Synchronous starts take from neither.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
function startLoads(input: LoadInput): readonly QuotaLoad[] {
  const { quotas, type, profile, startedTypes } = input;
  const starts: Record<WorkflowType, number> = { STANDARD: 0, EXPRESS: 0, [type]: 1 };
  for (const { state, visits, retries } of profile.states) {
    if (state.type !== "Task" || !startsExecution(state) || startsSynchronously(state)) continue;
    starts[startedTypes.get(state.pointer) ?? "STANDARD"] += visits + retries;
  }
  const inBucketOf = (code: string, of: WorkflowType): QuotaLoad => {
    const [bucket, codes] =
      of === "STANDARD"
        ? [quotas.startStandard, QUOTA_CODES.startStandard]
        : [quotas.startExpress, QUOTA_CODES.startExpress];
    return inBucket(code, starts[of], { input, bucket, codes });
  };
  const other = type === "STANDARD" ? "EXPRESS" : "STANDARD";
  return [
    inBucketOf("start-execution", type),
    ...(starts[other] === 0 ? [] : [inBucketOf("nested-start-execution", other)]),
  ];
}

interface InBucket {
  readonly input: LoadInput;
  readonly bucket: TokenBucket;
  readonly codes: BucketCodes | null;
  /** What a single execution takes in a second, however rarely one starts. */
  readonly byOne?: number;
}

/** What Distributed Maps take in a second, where whole runs are more than a full bucket. */
function overflowOf({ profile, quotas: { stateTransition } }: LoadInput): number {
  const { perSecond, transitions } = paceOfMaps(profile.run);
  return transitions > stateTransition.bucket ? perSecond : 0;
}

/** `each` tokens per execution. */
function inBucket(
  code: string,
  each: number,
  { input: { rates }, bucket, codes, byOne = 0 }: InBucket,
): QuotaLoad {
  const atPeak = rates.peak === null ? null : rates.peak * each;
  const peak = byOne > (atPeak ?? rates.mean * each) ? byOne : atPeak;
  const drain = peak === null ? 0 : peak - bucket.perSecond;
  return {
    code,
    unit: "per second",
    mean: rates.mean * each,
    peak,
    limit: bucket.perSecond,
    breaksAt: each === 0 ? null : bucket.perSecond / each,
    burst: each === 0 ? null : Math.floor(bucket.bucket / each + 1e-9),
    peakLastsSeconds: drain > 0 ? bucket.bucket / drain : null,
    quotaCode: codes?.perSecond ?? null,
    bucketQuotaCode: codes?.bucket ?? null,
    canBeRaised: true,
  };
}

interface AtOnce {
  readonly input: LoadInput;
  readonly limit: number;
  readonly quotaCode?: string;
  readonly canBeRaised?: boolean;
  /** What a single execution has open at once, however rarely one starts. */
  readonly byOne?: number;
}

/** What an execution holds: so many times, each for so long. */
interface Holding {
  readonly times: number;
  readonly ms: Distribution;
}

function atOnce(
  code: string,
  held: readonly Holding[],
  { input: { rates, byHour }, limit, quotaCode, canBeRaised = true, byOne = 1 }: AtOnce,
): QuotaLoad {
  const seconds = held.reduce((sum, { times, ms }) => sum + (times * meanOf(ms)) / 1000, 0);
  const peak = held.reduce<number | null>((sum, { times, ms }) => {
    const most = mostHeld(ms, rates, byHour);
    return sum === null || most === null ? null : sum + times * most;
  }, 0);
  return {
    code,
    unit: "at once",
    mean: rates.mean * seconds,
    peak: byOne > Math.max(1, peak ?? rates.mean * seconds) ? byOne : peak,
    limit,
    breaksAt: seconds === 0 ? null : byOne > limit ? 0 : limit / seconds,
    burst: null,
    peakLastsSeconds: null,
    quotaCode: quotaCode ?? null,
    bucketQuotaCode: null,
    canBeRaised,
  };
}

function mapRunLoads(input: LoadInput): readonly QuotaLoad[] {
  let runs = 0;
  const held: Holding[] = [];
  const open: { readonly run: ScopeRun; readonly times: number }[] = [{ run: input.profile.run, times: 1 }];
  // Grows while it is walked: what runs inside follows what it runs in.
  for (const { run, times } of open) {
    run.graph.nodes.forEach((state, index) => {
      const { inside, attempts, ends } = run.stateVisits[index]!;
      if (inside === null) return;
      const visits = times * run.visits[index]!;
      for (const inner of inside.runs)
        if (inner !== null) open.push({ run: inner, times: visits * attempts * inside.times });
      if (state.type !== "Map" || inside.childType === null) return;
      runs += visits * attempts;
      held.push(...ends.map(({ share, spent }) => ({ times: visits * share, ms: spent.durationMs })));
    });
  }
  if (runs === 0) return [];
  return [
    inBucket("start-map-run", runs, { input, bucket: input.quotas.startMapRun, codes: null }),
    atOnce("open-map-runs", held, {
      input,
      limit: input.quotas.openMapRuns,
      canBeRaised: false,
      byOne: mapRunsAtOnce(input.profile.run),
    }),
  ];
}

interface CalledTask {
  readonly task: TaskState;
  readonly load: TaskLoad;
}

function taskLoad({ state, visits, retries }: ProfiledState, input: LoadInput): readonly CalledTask[] {
  if (state.type !== "Task" || visits === 0) return [];
  const attempts = visits + retries;
  const ms = meanAttempt(state, input);
  const { mean } = input.rates;
  const most = mostHeld(point(ms), input.rates, input.byHour);
  const load: TaskLoad = {
    state: state.name,
    service: state.resource.service,
    isWaiting: isJob(state),
    attempts,
    attemptMs: ms,
    requestsPerSecond: mean * attempts,
    atOnce: (mean * attempts * ms) / 1000,
    atOnceAtPeak: most === null ? null : attempts * most,
  };
  return [{ task: state, load }];
}

/** Mean of one attempt, ms, failed ones included. */
export function meanAttempt(task: TaskState, context: DurationContext): number {
  const ends = attemptEnds(task, {
    said: workloadOfState(context.workload, task),
    stand: atLikely,
    child: context.childEnds(task),
    general: context.taskDuration,
  });
  return ends.reduce((sum, { mass, spent }) => sum + mass * meanOf(spent.durationMs), 0);
}

function lambdaLoad(input: LoadInput, tasks: readonly CalledTask[]): QuotaLoad | null {
  const called = tasks.filter(({ load }) => load.service === "lambda" && !load.isWaiting);
  if (called.length === 0) return null;
  const running = new Set(called.map(({ task }) => task));
  return atOnce("lambda-concurrency", called.map(holdingOf), {
    input,
    limit: LAMBDA_CONCURRENCY,
    quotaCode: QUOTA_CODES.lambdaConcurrency,
    byOne: tasksAtOnce(input.profile.run, (task) => running.has(task)),
  });
}

/** The busiest Task against what its service bears. */
function downstreamLoad(input: LoadInput, busiest: CalledTask): QuotaLoad | null {
  const { downstreamLimit: limit } = input;
  if (limit === null) return null;
  return atOnce("downstream", [holdingOf(busiest)], {
    input,
    limit,
    canBeRaised: false,
    byOne: ownAtOnce(input, busiest),
  });
}

function holdingOf({ load: { attempts, attemptMs } }: CalledTask): Holding {
  return { times: attempts, ms: point(attemptMs) };
}

function ownAtOnce({ profile }: LoadInput, { task: own }: CalledTask): number {
  return tasksAtOnce(profile.run, (task) => task === own);
}

/** What waits for a token or a job keeps nothing busy meanwhile. */
function busiestOf(tasks: readonly CalledTask[]): CalledTask | undefined {
  return tasks
    .filter(({ load }) => !load.isWaiting)
    .toSorted(({ load: a }, { load: b }) => b.atOnce - a.atOnce)[0];
}

function lineOf(input: LoadInput, busiest: CalledTask): WaitingLine | null {
  const places = input.downstreamLimit;
  return places === null || ownAtOnce(input, busiest) > 1 ? null : waitInLine(busiest.load, places);
}
