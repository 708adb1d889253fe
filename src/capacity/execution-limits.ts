/** The limits of one execution: how near it comes to what AWS allows, and the count at which it gets there. */
import { type Distribution, meanOf, quantileOf, shareAbove } from "../graph/distribution.ts";
import { type ExecutionProfile, totalOf } from "../graph/execution-profile.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import { worstCase } from "../graph/worst-case.ts";
import type { MapState, WorkflowType } from "../workflow/state-machine.ts";
import { type ExecutionLimit, type LimitedExecution, countText, percentText } from "./execution-limit.ts";
import { type HistoryGrowth, OWN_EVENTS, historyGrowths } from "./history-growth.ts";
import { longestDuration } from "./longest-duration.ts";
import { mapLimits } from "./map-limits.ts";
import { HARD_QUOTAS } from "./quotas.ts";

/** One entry per code. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export function executionLimits(execution: LimitedExecution): readonly ExecutionLimit[] {
  return [
    ...(execution.type === "STANDARD" ? [historyLimit(execution)] : []),
    ...childHistoryLimits(execution),
    definitionLimit(execution.stateMachine.definitionBytes),
    ...durationLimits(execution),
    ...childDurationLimits(execution),
    ...mapLimits(execution),
  ];
}

function historyLimit({ profile, bound, runaway }: LimitedExecution): ExecutionLimit {
  return historyLimitOf({
    code: "history-events",
    ...profile,
    most: worstCase(bound).historyEvents ?? runaway?.historyEvents ?? null,
    what: "history events of a Standard execution",
  });
}

/** Each Standard child of a Distributed Map has a history of its own; told of the Map whose children are nearest. */
function childHistoryLimits(execution: LimitedExecution): readonly ExecutionLimit[] {
  const limits = childRuns(execution, "STANDARD").map(({ state, run, bound }) =>
    historyLimitOf({
      code: "child-history-events",
      run,
      historyEvents: totalOf(run.outcomes, "historyEvents"),
      most: worstCase(bound).historyEvents,
      what: `history events of a Standard child of ${state.name}`,
    }),
  );
  return limits.toSorted((a, b) => (b.worst ?? Infinity) - (a.worst ?? Infinity)).slice(0, 1);
}

interface FilledHistory extends Pick<ExecutionProfile, "run" | "historyEvents"> {
  readonly code: string;
  /** At worst; null = nothing bounds it. */
  readonly most: number | null;
  readonly what: string;
}

function historyLimitOf({ code, run, historyEvents, most, what }: FilledHistory): ExecutionLimit {
  const limit = HARD_QUOTAS.historyEvents;
  const mean = meanOf(historyEvents) + OWN_EVENTS;
  const p99 = quantileOf(historyEvents, 0.99) + OWN_EVENTS;
  const worst = most === null ? null : most + OWN_EVENTS;
  const chance = shareAbove(historyEvents, limit - OWN_EVENTS);
  const growth = historyGrowths({ run, historyEvents })[0];
  const text = [historyText(what, { p99, worst }), chanceText(chance), growthText(growth)].filter(
    (part) => part !== "",
  );
  return { code, mean, p99, worst, limit, reachedAt: mean / limit, text: text.join("; ") };
}

function historyText(
  what: string,
  { p99, worst }: { readonly p99: number; readonly worst: number | null },
): string {
  const limit = HARD_QUOTAS.historyEvents;
  if (p99 > limit) return `${what}: at p99 past 25,000, where AWS ends the execution`;
  if (worst === null) return `${what}; a loop without a bound can reach 25,000, where AWS ends the execution`;
  return worst > limit
    ? `${what}; the worst case passes 25,000, where AWS ends the execution`
    : `${what}, of 25,000`;
}

function chanceText(chance: number): string {
  return chance < 1e-9 ? "" : `chance of that ${percentText(chance)}`;
}

/** Told where the count at hand is a hundredth of what fills the history, or more. */
function growthText(growth: HistoryGrowth | undefined): string {
  if (growth === undefined || growth.expected < growth.fullAt / 100) return "";
  const { state, unit, eventsEach, fullAt } = growth;
  const each = `each ${countText(eventsEach)} events`;
  return fullAt < 1
    ? `no room for one of the ${unit} of ${state}, ${each}, beside the rest`
    : `full at about ${countText(fullAt)} ${unit} of ${state}, ${each}`;
}

function definitionLimit(bytes: number): ExecutionLimit {
  const limit = HARD_QUOTAS.definitionBytes;
  const text =
    bytes > limit
      ? "the definition is larger than the 1 MB that AWS accepts"
      : "bytes of the definition, of 1 MB";
  return {
    code: "definition-size",
    mean: bytes,
    p99: bytes,
    worst: bytes,
    limit,
    reachedAt: bytes / limit,
    text,
  };
}

/** Of an Express execution five minutes, and whatever TimeoutSeconds says; a Standard one without it has a year. */
function durationLimits(execution: LimitedExecution): readonly ExecutionLimit[] {
  const { profile, bound, stateMachine, type } = execution;
  const declared = stateMachine.timeoutSeconds;
  const longest =
    type === "EXPRESS" ? HARD_QUOTAS.expressDurationSeconds : HARD_QUOTAS.standardDurationSeconds;
  if (declared === null && type === "STANDARD") return [];
  const limit = Math.min(declared ?? longest, longest) * 1000;
  const what =
    declared !== null && declared < longest
      ? `milliseconds of an execution, of its TimeoutSeconds ${countText(declared)}`
      : "milliseconds of an Express execution, of five minutes";
  const worst = longestDuration(bound, execution);
  return [durationLimit({ code: "execution-duration", durationMs: profile.durationMs, worst, limit, what })];
}

/** Express children of a Distributed Map have five minutes too, their retries included; told of the Map that is nearest. */
function childDurationLimits(execution: LimitedExecution): readonly ExecutionLimit[] {
  const limit = HARD_QUOTAS.expressDurationSeconds * 1000;
  const limits = childRuns(execution, "EXPRESS").map(({ state, run, bound }) =>
    durationLimit({
      code: "child-duration",
      durationMs: totalOf(run.outcomes, "durationMs"),
      worst: longestDuration(bound, execution),
      limit,
      what: `milliseconds of an Express child of ${state.name}, of five minutes`,
    }),
  );
  return limits.toSorted((a, b) => (b.worst ?? Infinity) - (a.worst ?? Infinity)).slice(0, 1);
}

interface ChildRun {
  readonly state: MapState;
  readonly run: ScopeRun;
  readonly bound: ScopeRun;
}

/** One child execution of each Distributed Map that starts any of the type. */
function childRuns({ profile, bound }: LimitedExecution, type: WorkflowType): readonly ChildRun[] {
  const found: ChildRun[] = [];
  const open = [{ run: profile.run, bound }];
  // Grows while it is walked. Both are runs of one definition, so that their states are the same.
  for (const at of open) {
    at.run.graph.nodes.forEach((state, index) => {
      const { inside } = at.run.stateVisits[index]!;
      if (inside === null || inside.times === 0 || at.run.visits[index] === 0) return;
      const inBound = at.bound.stateVisits[index]!.inside?.runs ?? [];
      inside.runs.forEach((run, each) => {
        const own = inBound[each];
        if (run === null || own == null) return;
        open.push({ run, bound: own });
        if (state.type === "Map" && inside.childType === type) found.push({ state, run, bound: own });
      });
    });
  }
  return found;
}

interface FilledTime extends Pick<ExecutionLimit, "code" | "worst" | "limit"> {
  readonly durationMs: Distribution;
  readonly what: string;
}

function durationLimit({ code, durationMs, worst, limit, what }: FilledTime): ExecutionLimit {
  const mean = meanOf(durationMs);
  const chance = shareAbove(durationMs, limit);
  const late =
    worst === null ? "a loop without a bound can pass it" : "with every retry spent it passes that";
  const text = [
    what,
    ...(worst === null || worst > limit ? [late] : []),
    ...(chance < 1e-9 ? [] : [`chance ${percentText(chance)}`]),
  ].join("; ");
  return { code, mean, p99: quantileOf(durationMs, 0.99), worst, limit, reachedAt: mean / limit, text };
}
