/** A task visit is what entering one Task spends, by the edge it leaves on. Event counts: docs on execution history, counted in recorded histories. */
import { JOB_DURATION_MS, TASK_DURATION_MS, WAIT_DURATION_MS } from "../workflow/default-figures.ts";
import { ANY_ERROR } from "../workflow/error-names.ts";
import type { Figure } from "../workflow/figure.ts";
import type { TaskState, WaitState } from "../workflow/state-machine.ts";
import type { StateWorkload } from "../workflow/workload.ts";
import type { Standpoint } from "./assumption.ts";
import { type Distribution, ZERO, point } from "./distribution.ts";
import { distributionOf } from "./duration-distribution.ts";
import type { AttemptEnd } from "./retry-chain.ts";

/** Scheduled, started, succeeded or failed; a job or a callback is also submitted. */
export function eventsPerAttempt(task: TaskState): number {
  return isJob(task) ? 4 : 3;
}

/** A Task that waits for a job to end or for a token to come back: AWS polls or waits, the workflow is not billed. */
export function isJob(task: TaskState): boolean {
  return task.resource.pattern !== "REQUEST_RESPONSE";
}

/** Ends of one attempt: success, and each error with its share. Errors that exceed all attempts are scaled to them. */
export function attemptEnds(
  task: TaskState,
  { said, stand, child }: { said: StateWorkload; stand: Standpoint; child: Distribution | null },
): readonly AttemptEnd[] {
  const durationMs = child ?? taskDuration(task, said, stand);
  const events = point(eventsPerAttempt(task));
  const errors = errorShares(task, said, stand);
  const failing = errors.reduce((sum, [, share]) => sum + share, 0);
  const scale = failing > 1 ? 1 / failing : 1;
  const ends = errors.map(([error, share]): AttemptEnd => {
    const timedOut = error === "States.Timeout" && task.timeoutSeconds !== null;
    const lasted = timedOut ? point(task.timeoutSeconds! * 1000) : durationMs;
    return { error, mass: share * scale, spent: { transitions: ZERO, durationMs: lasted, historyEvents: events } };
  });
  const ok = Math.max(0, 1 - failing);
  return [{ error: null, mass: ok, spent: { transitions: ZERO, durationMs, historyEvents: events } }, ...ends];
}

function errorShares(task: TaskState, said: StateWorkload, stand: Standpoint): readonly (readonly [string, number])[] {
  const named = [...said.errors].map(([error, figure]) => {
    const name = error === "failureRate" ? ANY_ERROR : error;
    const key = `states.${task.name}.errors.${error}`;
    return [name, stand({ id: `${task.pointer}:errors:${error}`, key, text: `share of attempts of ${task.name} that fail with ${error}`, figure })] as const;
  });
  const figure = said.failureRate;
  if (figure === null) return named;
  const key = `states.${task.name}.failureRate`;
  return [...named, [ANY_ERROR, stand({ id: `${task.pointer}:failureRate`, key, text: `failure rate of ${task.name}`, figure })]];
}

function taskDuration(task: TaskState, said: StateWorkload, stand: Standpoint): Distribution {
  if (said.duration !== null) {
    const ms = stand({
      id: `${task.pointer}:duration`,
      key: `states.${task.name}.duration`,
      text: `duration of ${task.name}`,
      figure: said.duration.ms,
    });
    return distributionOf(said.duration, ms);
  }
  return point(isJob(task) || task.resource.kind === "activity" ? undeclared(stand, "jobs", JOB_DURATION_MS) : undeclared(stand, "tasks", TASK_DURATION_MS));
}

/** All undeclared durations of a kind stand and fall together: one assumption. */
function undeclared(stand: Standpoint, kind: "tasks" | "jobs" | "waits", figure: Figure): number {
  const texts = { tasks: "Tasks", jobs: "jobs and callbacks", waits: "Waits" } as const;
  return stand({
    id: `default:duration:${kind}`,
    key: "states.<name>.duration",
    text: `duration of each of the ${texts[kind]} that nobody has declared`,
    figure,
  });
}

/** A Wait takes its seconds; one computed at run time what is declared. */
export function waitDuration(wait: WaitState, said: StateWorkload, stand: Standpoint): Distribution {
  if (wait.seconds !== null) return point(wait.seconds * 1000);
  if (said.duration === null) return point(undeclared(stand, "waits", WAIT_DURATION_MS));
  const figure = said.duration.ms;
  const key = `states.${wait.name}.duration`;
  return distributionOf(said.duration, stand({ id: `${wait.pointer}:duration`, key, text: `duration of ${wait.name}`, figure }));
}
