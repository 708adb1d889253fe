/** Timeouts that contradict each other: the inner one can never be reached, or the heartbeat never missed. */
import type { State, WorkflowType } from "../../workflow/state-machine.ts";
import type { PlacedState } from "../placed-state.ts";
import type { FindingRule, RuleFinding, Subject } from "../rule.ts";

const EXPRESS_SECONDS = 300;

export const contradictingTimeouts: FindingRule = {
  id: "contradicting-timeouts",
  kind: "finding",
  severity: "warning",
  title: "Timeouts that contradict each other",
  passes: "timeouts, heartbeats and waits fit into each other",
  judge: (subject) => {
    const { timeoutSeconds, pointer } = subject.workflow.stateMachine;
    const timed = subject.states.filter(({ state }) => secondsOf(state) !== null);
    const whole: RuleFinding[] =
      subject.type === "EXPRESS" && timeoutSeconds !== null && timeoutSeconds > EXPRESS_SECONDS
        ? [
            finding(
              { name: "the workflow", pointer, whole: true },
              `times out after ${timeoutSeconds} s, but an Express execution ends after 300 s`,
            ),
          ]
        : [];
    if (timed.length === 0 && timeoutSeconds === null) return null;
    return [...whole, ...timed.flatMap((placed) => contradictions(placed, subject))];
  },
};

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
  }
  if (state.type === "Wait" && state.seconds !== null && limit !== null && state.seconds >= limit.seconds)
    found.push(finding(state, `waits ${state.seconds} s, but ${limit.words}`));
  return found;
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
