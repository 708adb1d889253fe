/**
 * Express eligibility says whether a workflow may be an Express one: blockers with proof, and cautions that a switch
 * must weigh. https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
 */
import { type Distribution, fromAtoms, point, quantileOf, shareAbove } from "../graph/distribution.ts";
import type { ExecutionProfile, ProfiledState } from "../graph/execution-profile.ts";
import { once } from "../once.ts";
import type { MeasuredExecution } from "../usage/measured-execution.ts";
import { type Percentiles, atomsOfPercentiles } from "../workflow/percentile-curve.ts";
import type { State, TaskState, WaitState, WorkflowType } from "../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import { repeatabilityOf } from "./task-effect.ts";
import { type WaitingCaller, callerWords } from "./waiting-caller.ts";

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const EXPRESS_MAX_MS = 300_000;

export interface ExpressReason {
  readonly code: string;
  readonly state: string | null;
  /** Pointer of what it stands on; the machine's own for the workflow as a whole. */
  readonly pointer: string;
  readonly text: string;
}

export interface ExpressEligibility {
  readonly eligible: boolean;
  readonly blockers: readonly ExpressReason[];
  readonly cautions: readonly ExpressReason[];
}

export interface JudgingExpress {
  readonly measured?: MeasuredExecution | null;
  /** What runs as Express already has shown that its Waits are short enough. */
  readonly declared?: WorkflowType;
  /** Those that are known. */
  readonly callers?: readonly WaitingCaller[];
}

/** How long executions really take, where it is measured, stands over how long they are expected to. */
export function judgeExpress(
  profile: ExecutionProfile,
  workload: Workload,
  { measured = null, declared = "STANDARD", callers = [] }: JudgingExpress = {},
): ExpressEligibility {
  const own = profile.states.filter((profiled) => profiled.childOf === null);
  const isShown = declared === "EXPRESS" || measured?.durationMs != null;
  const ofStates = own.flatMap((profiled) =>
    blockersOfState(profiled, isShown ? null : profile.run.workload),
  );
  const blockers = [
    ...ofStates,
    ...(ofStates.length > 0 ? [] : durationBlocker(profile, measured)),
    ...historyBlocker(profile, workload),
    ...(declared === "EXPRESS" ? [] : callerBlocker(profile.run.graph.scope.pointer, callers)),
  ];
  const cautions = once(() => [
    ...own.flatMap(({ state }) => cautionsOfState(state, workload)),
    ...loggingCaution(profile, workload),
  ]);
  return {
    eligible: blockers.length === 0,
    blockers,
    get cautions() {
      return cautions();
    },
  };
}

/**
 * What in a state Express does not take; `visits` 0 leaves out what only an execution that comes by would meet. Without
 * the workload a Wait whose length only an execution knows is let by.
 */
export function blockersOfState(
  { state, visits }: Pick<ProfiledState, "state" | "visits">,
  workload: Workload | null,
): readonly ExpressReason[] {
  const reason = (code: string, text: string): readonly ExpressReason[] => [
    { code, state: state.name, pointer: state.pointer, text },
  ];
  if (state.type === "Map" && state.mode === "DISTRIBUTED") {
    return reason("distributed-map", "a Distributed Map runs only in a Standard workflow");
  }
  if (
    state.type === "Wait" &&
    state.seconds !== null &&
    state.seconds * 1000 > EXPRESS_MAX_MS &&
    visits > 0
  ) {
    return reason("long-wait", `it waits ${state.seconds} s, and an Express execution ends after 300 s`);
  }
  if (state.type === "Wait" && visits > 0 && workload !== null && isOpen(state, workload)) {
    return reason(
      "open-wait",
      `how long it waits is known to an execution alone, which ends after 300 s as Express: declare states.${state.name}.duration`,
    );
  }
  return state.type === "Task" ? taskBlockers(state, reason) : [];
}

/** Nobody said, saw or could work out how long it waits: it may be for a day. */
function isOpen(state: WaitState, workload: Workload): boolean {
  return state.seconds === null && workloadOfState(workload, state).duration === null;
}

function taskBlockers(
  { resource }: TaskState,
  reason: (code: string, text: string) => readonly ExpressReason[],
): readonly ExpressReason[] {
  if (resource.pattern === "WAIT_FOR_TASK_TOKEN")
    return reason("task-token", "it waits for a task token (.waitForTaskToken), which Express rejects");
  if (resource.pattern === "RUN_JOB")
    return reason("run-job", `it waits for a job (${resource.suffix}), which Express rejects`);
  if (resource.kind === "activity")
    return reason("activity", "it is done by an activity worker, which Express rejects");
  return [];
}

/** Executions that would be cut off at five minutes; a Wait that alone is too long has said so already. */
function durationBlocker(
  profile: ExecutionProfile,
  measured: MeasuredExecution | null,
): readonly ExpressReason[] {
  const durationMs =
    measured?.durationMs == null ? profile.durationMs : measuredDurations(measured.durationMs);
  const p99 = quantileOf(durationMs, 0.99);
  if (p99 <= EXPRESS_MAX_MS) return [];
  const share = shareAbove(durationMs, EXPRESS_MAX_MS);
  const text = `its executions take ${Math.round(p99 / 1000)} s at p99 (${percent(share)} pass 300 s), and an Express execution ends after 300 s`;
  return [{ code: "long-duration", state: null, pointer: profile.run.graph.scope.pointer, text }];
}

/** Only those that may pass the limit need their whole curve. */
function measuredDurations(percentiles: Percentiles): Distribution {
  return isFarBelowLimit(percentiles)
    ? point(percentiles.at(-1)![1])
    : fromAtoms(atomsOfPercentiles(percentiles));
}

/** So far that no shape of the tail takes the 99th percentile of durations past Express's five minutes. */
export function isFarBelowLimit(percentiles: Percentiles): boolean {
  return percentiles.at(-1)![1] < EXPRESS_MAX_MS / 10;
}

function historyBlocker(profile: ExecutionProfile, workload: Workload): readonly ExpressReason[] {
  if (!workload.needsHistory) return [];
  const text = "redrive or the execution history is needed (needsHistory), and Express keeps neither";
  return [{ code: "needs-history", state: null, pointer: profile.run.graph.scope.pointer, text }];
}

/** The same for a Standard machine that, as is known by now, others wait for. */
export function withCallers(
  { blockers, ...eligibility }: ExpressEligibility,
  callers: readonly WaitingCaller[],
): ExpressEligibility {
  const all = [...blockers, ...callerBlocker("", callers)];
  return { ...eligibility, blockers: all, eligible: all.length === 0 };
}

function callerBlocker(pointer: string, callers: readonly WaitingCaller[]): readonly ExpressReason[] {
  const [first, ...others] = callers.filter(({ waitsBy }) => waitsBy === "startExecution.sync");
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  const text = `${callerWords(first)}${more} waits for it by startExecution.sync, which AWS does not support for an Express workflow: that Task would have to call startSyncExecution and test the Status`;
  return [{ code: "waiting-caller", state: null, pointer, text }];
}

function cautionsOfState(state: State, workload: Workload): readonly ExpressReason[] {
  if (state.type !== "Task") return [];
  const nested = /^startExecution$/i.test(state.resource.action) && state.resource.suffix !== "";
  const cautions: ExpressReason[] = nested
    ? [
        {
          code: "nested-sync",
          state: state.name,
          pointer: state.pointer,
          text: "AWS does not support startExecution.sync on an Express child; startSyncExecution does it",
        },
      ]
    : [];
  const repeatability = repeatabilityOf(state, workload);
  if (repeatability === "harmless") return cautions;
  const text =
    repeatability === "harmful"
      ? "declared not idempotent, and Express may run it more than once"
      : "Express may run it more than once, and nothing shows that it may be repeated: pass an idempotency key, such as the execution's name, and declare idempotent: true";
  return [...cautions, { code: "at-least-once", state: state.name, pointer: state.pointer, text }];
}

function loggingCaution(
  profile: ExecutionProfile,
  { logLevel, logLevelUnknown }: Workload,
): readonly ExpressReason[] {
  if (logLevel === null ? logLevelUnknown : logLevel !== "OFF") return [];
  const what = logLevel === null ? "no logging is declared" : "logging is off";
  const text = `${what}: Express keeps no history, so without CloudWatch Logs a failure leaves no trace`;
  return [{ code: "no-logging", state: null, pointer: profile.run.graph.scope.pointer, text }];
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
