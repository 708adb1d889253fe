/**
 * Metering a workflow says what Step Functions itself bills for one execution, as the one type or the other.
 * https://aws.amazon.com/step-functions/pricing/
 */
import type { ChildExecutions, ExecutionProfile } from "../graph/execution-profile.ts";
import type { State, WorkflowType } from "../workflow/state-machine.ts";
import { billedMemoryMB, gbSeconds, meanBilledMs } from "./express-billing.ts";
import type { MeasuredExecution } from "./measured-execution.ts";
import { RULE_TRANSITIONS, type TransitionRule, type UsageLine } from "./usage-line.ts";

export interface Metering {
  readonly profile: ExecutionProfile;
  readonly transitionRule: TransitionRule;
  readonly definitionBytes: number;
  readonly payloadKB: number;
  /** What AWS counted of it stands over what is expected; absent or null = nothing is known. */
  readonly measured?: MeasuredExecution | null;
}

export interface MeteredWorkflow {
  readonly lines: readonly UsageLine[];
  /** Of the month, whatever its executions: what executions of the months before still used in it. */
  readonly carried: readonly UsageLine[];
  /** Of an Express execution of the workflow itself. */
  readonly billedMemoryMB: number;
  readonly billedDurationMs: number;
}

export function meterWorkflow(type: WorkflowType, metering: Metering): MeteredWorkflow {
  const { profile, measured = null } = metering;
  const memoryMB =
    measured?.billedMemoryMB ?? billedMemoryMB({ ...metering, parallelSteps: profile.parallelSteps });
  const billedDurationMs = measured?.billedDurationMs ?? meanBilledMs(profile.durationMs);
  const own = type === "STANDARD" ? standardLines(metering) : expressLines(billedDurationMs, memoryMB);
  const lines = [...own, ...profile.children.flatMap((child) => childLines(child, metering))];
  const counted = type === "STANDARD" ? countedLine(lines, measured?.transitions ?? null) : [];
  const carried = transitionLine(
    null,
    "counted by AWS of executions that started before the month",
    measured?.carriedTransitions ?? 0,
  );
  return { lines: [...lines, ...counted], carried, billedMemoryMB: memoryMB, billedDurationMs };
}

/** What AWS counted beyond the states' own, so that the whole is what it counted; below zero where it counted fewer. */
function countedLine(lines: readonly UsageLine[], transitions: number | null): readonly UsageLine[] {
  if (transitions === null) return [];
  const expected = lines.reduce(
    (sum, { usageType, quantity }) => sum + (usageType === "StateTransition" ? quantity : 0),
    0,
  );
  const rest = transitions - expected;
  if (Math.abs(rest) <= 1e-9 * transitions) return [];
  const text = rest > 0 ? "counted by AWS beyond what is expected" : "expected, but not counted by AWS";
  return transitionLine(null, text, rest);
}

/** A transition for the start (by rule), for each state entered, and for each retry. */
function standardLines({ profile, transitionRule }: Metering): readonly UsageLine[] {
  const { start, end } = RULE_TRANSITIONS[transitionRule];
  const own = profile.states.filter((profiled) => profiled.childOf === null);
  return [
    ...transitionLine(null, "start of each execution", start),
    ...own.flatMap(({ state, visits, retries }) => stateLines(state, visits, retries)),
    ...transitionLine(null, "end of each execution", end),
  ];
}

function stateLines({ name }: State, visits: number, retries: number): readonly UsageLine[] {
  return [
    ...transitionLine(name, `${name} entered`, visits),
    ...transitionLine(name, `retries of ${name}`, retries),
  ];
}

export function transitionLine(state: string | null, text: string, quantity: number): readonly UsageLine[] {
  return quantity === 0 ? [] : [{ usageType: "StateTransition", state, text, quantity, unit: "transitions" }];
}

function expressLines(billedDurationMs: number, memoryMB: number): readonly UsageLine[] {
  return requestLines(null, { requests: 1, billedDurationMs, memoryMB, what: "each execution" });
}

export function requestLines(
  state: string | null,
  {
    requests,
    billedDurationMs,
    memoryMB,
    what,
  }: { requests: number; billedDurationMs: number; memoryMB: number; what: string },
): readonly UsageLine[] {
  return [
    {
      usageType: "StepFunctions-Request",
      state,
      text: `start of ${what}`,
      quantity: requests,
      unit: "requests",
    },
    {
      usageType: "StepFunctions-GB-Second",
      state,
      text: `duration of ${what}`,
      quantity: requests * gbSeconds(billedDurationMs, memoryMB),
      unit: "GB-seconds",
    },
  ];
}

/** A child of a Distributed Map: its start is always one transition; then it is billed by its own type. */
function childLines(child: ChildExecutions, metering: Metering): readonly UsageLine[] {
  const { name } = child.state;
  const started = transitionLine(name, `child executions of ${name} started`, child.count);
  if (child.type === "STANDARD") {
    const inside = metering.profile.states.filter((profiled) => profiled.childOf === child.state);
    return [
      ...started,
      ...inside.flatMap(({ state, visits, retries }) => stateLines(state, visits, retries)),
    ];
  }
  const memoryMB = billedMemoryMB({
    definitionBytes: childDefinitionBytes(child.state),
    payloadKB: metering.payloadKB,
    parallelSteps: child.parallelSteps,
  });
  const express = {
    requests: child.count,
    billedDurationMs: meanBilledMs(child.durationMs),
    memoryMB,
    what: `each child of ${name}`,
  };
  return [...started, ...requestLines(name, express)];
}

/** Of the definition that a Distributed Map's children run. */
export function childDefinitionBytes(state: State): number {
  return new TextEncoder().encode(
    JSON.stringify(state.fields["ItemProcessor"] ?? state.fields["Iterator"] ?? {}),
  ).length;
}
