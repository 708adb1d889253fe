/** A Task in an Express execution whose attempts and retries alone can pass the five minutes the execution has. */
import type { TaskState } from "../../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../../workflow/workload/workload.ts";
import { placedOf } from "../placed-state.ts";
import { climbLadder, secondsWords } from "../retry-ladder.ts";
import type { FindingRule } from "../rule.ts";

const EXPRESS_SECONDS = 300;

export const expressOverrun: FindingRule = {
  id: "express-overrun",
  kind: "finding",
  severity: "warning",
  title: "Attempts and retries that outlast an Express execution",
  passes: "no Task's attempts and retries outlast an Express execution",
  judge: ({ states, workflow }) => {
    const tasks = placedOf(states, "Task").filter(({ runsAs }) => runsAs === "EXPRESS");
    if (tasks.length === 0) return null;
    return tasks.flatMap(({ state }) => {
      const worst = worstSeconds(state, workflow.workload);
      if (worst <= EXPRESS_SECONDS) return [];
      return [
        {
          states: [state.name],
          pointer: state.pointer,
          text: `${state.name} can take ${secondsWords(worst)} with all its retries, and an Express execution ends after 5 min: its last attempts, and its Catchers, are cut off`,
          remedy: `Lower "TimeoutSeconds", "MaxAttempts" or "MaxDelaySeconds" until all attempts fit, or run it as Standard.`,
        },
      ];
    });
  },
};

/** Only what is written or declared: an attempt without timeout or duration counts as nothing. */
function worstSeconds(task: TaskState, workload: Workload): number {
  const { retries, waitSeconds } = climbLadder(task.retry);
  const declared = workloadOfState(workload, task).duration?.ms;
  const known = declared === undefined || declared.basis === "default" ? 0 : declared.high / 1000;
  const attempt = task.timeoutSeconds ?? known;
  return (retries + 1) * attempt + waitSeconds;
}
