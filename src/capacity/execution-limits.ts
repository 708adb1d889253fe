/** The limits of one execution: how near it comes to what AWS allows, and the count at which it gets there. */
import { type Distribution, meanOf, quantileOf, shareAbove } from "../graph/distribution.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import { type ExecutionLimit, type LimitedExecution, countText, percentText } from "./execution-limit.ts";
import { type HistoryGrowth, OWN_EVENTS, historyGrowths } from "./history-growth.ts";
import { longestDuration } from "./longest-duration.ts";
import { mapLimits } from "./map-limits.ts";
import { HARD_QUOTAS } from "./quotas.ts";

/** One entry per code. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export function executionLimits(execution: LimitedExecution): readonly ExecutionLimit[] {
  return [
    historyLimit(execution),
    definitionLimit(execution.stateMachine.definitionBytes),
    ...durationLimits(execution),
    ...childDurationLimits(execution),
    ...mapLimits(execution),
  ];
}

function historyLimit({ profile, worst, runaway }: LimitedExecution): ExecutionLimit {
  const limit = HARD_QUOTAS.historyEvents;
  const mean = meanOf(profile.historyEvents) + OWN_EVENTS;
  const p99 = quantileOf(profile.historyEvents, 0.99) + OWN_EVENTS;
  const most = worst.historyEvents ?? runaway?.historyEvents ?? null;
  const atWorst = most === null ? null : most + OWN_EVENTS;
  const chance = shareAbove(profile.historyEvents, limit - OWN_EVENTS);
  const growth = historyGrowths(profile)[0];
  const text = [historyText(p99, atWorst), chanceText(chance), growthText(growth)].filter(
    (part) => part !== "",
  );
  return {
    code: "history-events",
    mean,
    p99,
    worst: atWorst,
    limit,
    reachedAt: mean / limit,
    text: text.join("; "),
  };
}

function historyText(p99: number, worst: number | null): string {
  const what = "history events of a Standard execution";
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
  const { profile, stateMachine, type } = execution;
  const declared = stateMachine.timeoutSeconds;
  const longest =
    type === "EXPRESS" ? HARD_QUOTAS.expressDurationSeconds : HARD_QUOTAS.standardDurationSeconds;
  if (declared === null && type === "STANDARD") return [];
  const limit = Math.min(declared ?? longest, longest) * 1000;
  const what =
    declared !== null && declared < longest
      ? `milliseconds of an execution, of its TimeoutSeconds ${countText(declared)}`
      : "milliseconds of an Express execution, of five minutes";
  const worst = longestDuration(profile.run, execution);
  return [durationLimit("execution-duration", { durationMs: profile.durationMs, worst, limit, what })];
}

/** Express children of a Distributed Map have five minutes too, their retries included; told of the Map that is nearest. */
function childDurationLimits(execution: LimitedExecution): readonly ExecutionLimit[] {
  const { profile } = execution;
  const limit = HARD_QUOTAS.expressDurationSeconds * 1000;
  const started = new Map(profile.children.map((child) => [child.state, child]));
  const limits: ExecutionLimit[] = [];
  const pending: ScopeRun[] = [profile.run];
  for (let run = pending.pop(); run !== undefined; run = pending.pop()) {
    run.graph.nodes.forEach((state, index) => {
      const { inside } = run.stateVisits[index]!;
      for (const inner of inside?.runs ?? []) if (inner !== null) pending.push(inner);
      const child = inside?.runs[0];
      const told = state.type === "Map" ? started.get(state) : undefined;
      if (inside?.childType !== "EXPRESS" || child == null || told === undefined || told.count === 0) return;
      const worst = longestDuration(child, execution);
      const what = `milliseconds of an Express child of ${state.name}, of five minutes`;
      limits.push(durationLimit("child-duration", { durationMs: told.durationMs, worst, limit, what }));
    });
  }
  return limits.toSorted((a, b) => (b.worst ?? Infinity) - (a.worst ?? Infinity)).slice(0, 1);
}

function durationLimit(
  code: string,
  {
    durationMs,
    worst,
    limit,
    what,
  }: {
    readonly durationMs: Distribution;
    readonly worst: number | null;
    readonly limit: number;
    readonly what: string;
  },
): ExecutionLimit {
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
