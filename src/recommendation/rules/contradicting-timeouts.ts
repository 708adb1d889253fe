/** Timeouts that contradict each other, or what takes place within them: an inner one that is never reached, a heartbeat that is never missed, a Task or workflow that mostly takes longer than it may. */
import { quantileOf, shareAbove } from "../../graph/distribution.ts";
import { distributionOf } from "../../graph/duration-distribution.ts";
import { waitsForWork } from "../../workflow/definition/task-resource.ts";
import { type DurationFigure, type Workload, workloadOfState } from "../../workflow/workload/workload.ts";
import type { State, WorkflowType } from "../../workflow/state-machine.ts";
import type { PlacedState } from "../placed-state.ts";
import { secondsWords } from "../retry-ladder.ts";
import type { FindingRule, RuleFinding, Subject } from "../rule.ts";

const EXPRESS_SECONDS = 300;
/** Of attempts or executions: a tail may well be cut off. */
const MOSTLY = 0.5;

export const contradictingTimeouts: FindingRule = {
  id: "contradicting-timeouts",
  kind: "finding",
  severity: "warning",
  title: "Timeouts that contradict each other",
  passes: "timeouts, heartbeats and waits fit into each other",
  judge: (subject) => {
    const { timeoutSeconds, pointer } = subject.workflow.stateMachine;
    const timed = subject.states.filter(({ state }) => secondsOf(state) !== null);
    if (timed.length === 0 && timeoutSeconds === null) return null;
    const whole = timeoutSeconds === null ? [] : contradictionsOfWhole(timeoutSeconds, subject);
    return [
      ...whole.map((what) => finding({ name: "the workflow", pointer, whole: true }, what)),
      ...timed.flatMap((placed) => contradictions(placed, subject)),
    ];
  },
};

function contradictionsOfWhole(timeoutSeconds: number, subject: Subject): readonly string[] {
  const { type, profile, states, workflow } = subject;
  if (type === "EXPRESS" && timeoutSeconds > EXPRESS_SECONDS)
    return [`times out after ${timeoutSeconds} s, but an Express execution ends after 300 s`];
  const median = quantileOf(profile.durationMs, MOSTLY);
  const isKnown = states.every(({ state }) => isTimed(state, workflow.workload));
  if (median <= timeoutSeconds * 1000 || !isKnown) return [];
  return [
    `times out after ${timeoutSeconds} s, but at these figures half of its executions take ${secondsWords(median / 1000)} or more: they end with States.Timeout, and what is counted after that does not happen`,
  ];
}

function secondsOf(state: State): number | null {
  if (state.type === "Task") return state.timeoutSeconds ?? state.heartbeatSeconds;
  return state.type === "Wait" ? state.seconds : null;
}

function contradictions(
  { state, runsAs, within }: PlacedState,
  { workflow, type }: Subject,
): readonly RuleFinding[] {
  const isChild = within.some((outer) => outer.type === "Map" && outer.mode === "DISTRIBUTED");
  const limit = limitOf(isChild ? null : workflow.stateMachine.timeoutSeconds, isChild ? runsAs : type);
  const found: RuleFinding[] = [];
  if (state.type === "Task") {
    const { timeoutSeconds: timeout, heartbeatSeconds: heartbeat } = state;
    if (timeout !== null && heartbeat !== null && heartbeat >= timeout)
      found.push(
        finding(
          state,
          `expects a heartbeat every ${heartbeat} s but times out after ${timeout} s: no heartbeat is ever missed`,
        ),
      );
    if (timeout !== null && limit !== null && timeout > limit.seconds)
      found.push(
        finding(state, `times out after ${timeout} s, but ${limit.words}: its Catchers are never reached`),
      );
    const { duration } = workloadOfState(workflow.workload, state);
    if (timeout !== null && duration?.ms.basis === "declared" && outlasts(duration, timeout * 1000))
      found.push(
        finding(
          state,
          `times out after ${timeout} s, but most of its attempts are declared to take longer: they fail with States.Timeout`,
        ),
      );
  }
  if (state.type === "Wait" && state.seconds !== null && limit !== null && state.seconds >= limit.seconds)
    found.push(finding(state, `waits ${state.seconds} s, but ${limit.words}`));
  return found;
}

/** Whether its time is known, or short where it is not. */
function isTimed(state: State, workload: Workload): boolean {
  if (workloadOfState(workload, state).duration !== null) return true;
  if (state.type === "Wait") return state.seconds !== null;
  return state.type !== "Task" || !waitsForWork(state.resource);
}

function outlasts(duration: DurationFigure, ms: number): boolean {
  return shareAbove(distributionOf(duration, duration.ms.value), ms) > MOSTLY;
}

interface Limit {
  readonly seconds: number;
  readonly words: string;
}

function limitOf(machine: number | null, type: WorkflowType): Limit | null {
  if (type === "EXPRESS" && (machine === null || machine > EXPRESS_SECONDS))
    return { seconds: EXPRESS_SECONDS, words: "an Express execution ends after 300 s" };
  return machine === null ? null : { seconds: machine, words: `the workflow times out after ${machine} s` };
}

function finding(
  {
    name,
    pointer,
    whole = false,
  }: { readonly name: string; readonly pointer: string; readonly whole?: boolean },
  what: string,
): RuleFinding {
  return {
    states: whole ? [] : [name],
    pointer,
    detail: what.replaceAll(/\d+/g, "n"),
    text: `${name} ${what}`,
    remedy: "Let each inner time be shorter than the one around it, retries included.",
  };
}
