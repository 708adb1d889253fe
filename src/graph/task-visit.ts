/** A task visit is what entering one Task spends, by the edge it leaves on. Event counts: docs on execution history, counted in recorded histories. */
import { JOB_DURATION_MS, TASK_DURATION_MS, WAIT_DURATION_MS } from "../workflow/default-figures.ts";
import { ANY_ERROR } from "../workflow/definition/error-names.ts";
import { waitsForWork } from "../workflow/definition/task-resource.ts";
import type { Figure } from "../workflow/figure.ts";
import type { TaskState, WaitState } from "../workflow/state-machine.ts";
import type { DurationFigure, StateWorkload } from "../workflow/workload/workload.ts";
import type { Standpoint } from "./assumption.ts";
import {
  type Distribution,
  type Weighted,
  ZERO,
  fromAtoms,
  maximum,
  mix,
  point,
  shareAbove,
} from "./distribution.ts";
import { distributionOf } from "./duration-distribution.ts";
import type { AttemptEnd } from "./retry-chain.ts";
import type { ChildEnds } from "./run-context.ts";

const TIMEOUT = "States.Timeout";

/** Scheduled, started, succeeded or failed; a job or a callback is also submitted. */
function eventsPerAttempt(task: TaskState): number {
  return isJob(task) ? 4 : 3;
}

/** A Task that waits for a job to end or for a token to come back: AWS polls or waits, the workflow is not billed. */
export function isJob(task: TaskState): boolean {
  return task.resource.pattern !== "REQUEST_RESPONSE";
}

export interface AttemptFigures {
  readonly said: StateWorkload;
  readonly stand: Standpoint;
  /** Of the execution it starts and waits for, when known. */
  readonly child: ChildEnds | null;
  /** What is said of all Tasks that answer at once. */
  readonly general: DurationFigure | null;
}

/**
 * Ends of one attempt: success, and each error with its share. Errors that exceed all attempts are scaled to them. No
 * attempt outlasts its TimeoutSeconds: what a declared duration has past it ends with States.Timeout, unless more is
 * said to; a duration that nobody declared is shortened to it, and makes nothing fail. A Task whose child fails does
 * so, unless errors of its own are said of it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html (TimeoutSeconds)
 */
export function attemptEnds(task: TaskState, figures: AttemptFigures): readonly AttemptEnd[] {
  const { said, stand, child } = figures;
  const whole = child === null ? taskDuration(task, figures) : durationOf(child);
  const declared = errorShares(task, said, stand);
  if (child !== null && declared.length === 0) return endsOfChild(task, child);
  const isDeclared = child === null && said.duration?.ms.basis === "declared";
  const { within, late } = endedAt(task.timeoutSeconds, whole, isDeclared);
  const errors = timingOut(declared, late);
  const failing = errors.reduce((sum, [, share]) => sum + share, 0);
  const scale = failing > 1 ? 1 / failing : 1;
  return [
    attemptEnd(task, { error: null, mass: Math.max(0, 1 - failing), durationMs: within }),
    ...errors.map(([error, share]) => {
      const durationMs = failedAfter(error, task, within);
      return attemptEnd(task, { error, mass: share * scale, durationMs });
    }),
  ];
}

interface TimedEnd extends Pick<AttemptEnd, "error" | "mass"> {
  readonly durationMs: Distribution;
}

function attemptEnd(task: TaskState, { error, mass, durationMs }: TimedEnd): AttemptEnd {
  const historyEvents = point(eventsPerAttempt(task));
  return { error, mass, spent: { transitions: ZERO, durationMs, historyEvents } };
}

function endsOfChild(task: TaskState, { succeeded, failed }: ChildEnds): readonly AttemptEnd[] {
  const end = (error: string | null, { mass, of }: Weighted): AttemptEnd =>
    attemptEnd(task, { error, mass, durationMs: endedAt(task.timeoutSeconds, of, false).within });
  const success = succeeded ?? { mass: 0, of: failed?.of ?? ZERO };
  return [end(null, success), ...(failed === null ? [] : [end("States.TaskFailed", failed)])];
}

function durationOf({ succeeded, failed }: ChildEnds): Distribution {
  return mix([succeeded, failed].filter((end) => end !== null))?.of ?? ZERO;
}

interface EndedInTime {
  /** Duration of the attempts that are not ended by their TimeoutSeconds, ms. */
  readonly within: Distribution;
  /** Share of attempts that are. */
  readonly late: number;
}

function endedAt(timeoutSeconds: number | null, whole: Distribution, isDeclared: boolean): EndedInTime {
  if (timeoutSeconds === null) return { within: whole, late: 0 };
  const most = timeoutSeconds * 1000;
  const late = shareAbove(whole, most);
  if (late === 0) return { within: whole, late };
  const atoms = Array.from(whole.values, (ms, i) => [ms, whole.shares[i]!] as const);
  if (!isDeclared)
    return { within: fromAtoms(atoms.map(([ms, share]) => [Math.min(ms, most), share])), late: 0 };
  const inTime = atoms.filter(([ms]) => ms <= most);
  return inTime.length === 0 ? { within: point(most), late: 1 } : { within: fromAtoms(inTime), late };
}

type ErrorShares = readonly (readonly [error: string, share: number])[];

/** States.Timeout with the larger of its declared share and `late`; what is left of the attempts keeps its proportions. */
function timingOut(errors: ErrorShares, late: number): ErrorShares {
  const declared = errors.find(([error]) => error === TIMEOUT)?.[1] ?? 0;
  const all = Math.max(
    1,
    errors.reduce((sum, [, share]) => sum + share, 0),
  );
  if (late <= declared / all) return errors;
  const left = (1 - late) / (all - declared);
  const others = errors.filter(([error]) => error !== TIMEOUT);
  return [...others.map(([error, share]) => [error, share * left] as const), [TIMEOUT, late]];
}

/** A time-out comes when its time is over, a missed heartbeat no sooner; all else, after the Task's own duration. */
function failedAfter(
  error: string,
  { timeoutSeconds, heartbeatSeconds }: TaskState,
  durationMs: Distribution,
): Distribution {
  if (error === TIMEOUT && timeoutSeconds !== null) return point(timeoutSeconds * 1000);
  if (error === "States.HeartbeatTimeout" && heartbeatSeconds !== null)
    return maximum(durationMs, point(heartbeatSeconds * 1000));
  return durationMs;
}

function errorShares(task: TaskState, said: StateWorkload, stand: Standpoint): ErrorShares {
  const named = [...said.errors].map(([error, figure]) => {
    const name = error === "failureRate" ? ANY_ERROR : error;
    const key = `states.${task.name}.errors.${error}`;
    return [
      name,
      stand({
        id: `${task.pointer}:errors:${error}`,
        key,
        text: `share of attempts of ${task.name} that fail with ${error}`,
        figure,
        unit: "share",
      }),
    ] as const;
  });
  const figure = said.failureRate;
  if (figure === null) return named;
  const key = `states.${task.name}.failureRate`;
  return [
    ...named,
    [
      ANY_ERROR,
      stand({
        id: `${task.pointer}:failureRate`,
        key,
        text: `failure rate of ${task.name}`,
        figure,
        unit: "share",
      }),
    ],
  ];
}

function taskDuration(
  task: TaskState,
  { said, stand, general }: Omit<AttemptFigures, "child">,
): Distribution {
  const job = waitsForWork(task.resource);
  const duration = said.duration ?? (job ? null : general);
  if (duration === null)
    return point(undeclared(stand, job ? "jobs" : "tasks", job ? JOB_DURATION_MS : TASK_DURATION_MS));
  const own = said.duration !== null;
  const ms = stand({
    id: own ? `${task.pointer}:duration` : "default:duration:tasks",
    key: own ? `states.${task.name}.duration` : "states.<name>.duration",
    text: own ? `duration of ${task.name}` : "duration of the Tasks that have none of their own",
    figure: duration.ms,
    unit: "ms",
  });
  return distributionOf(duration, ms);
}

/** All undeclared durations of a kind stand and fall together: one assumption. */
function undeclared(stand: Standpoint, kind: "tasks" | "jobs" | "waits", figure: Figure): number {
  const texts = { tasks: "Tasks", jobs: "jobs and callbacks", waits: "Waits" } as const;
  return stand({
    id: `default:duration:${kind}`,
    key: "states.<name>.duration",
    text: `duration of each of the ${texts[kind]} that nobody has declared`,
    figure,
    unit: "ms",
  });
}

/** A Wait takes its seconds; one computed at run time what is declared. */
export function waitDuration(wait: WaitState, said: StateWorkload, stand: Standpoint): Distribution {
  if (wait.seconds !== null) return point(wait.seconds * 1000);
  if (said.duration === null) return point(undeclared(stand, "waits", WAIT_DURATION_MS));
  const figure = said.duration.ms;
  const key = `states.${wait.name}.duration`;
  return distributionOf(
    said.duration,
    stand({ id: `${wait.pointer}:duration`, key, text: `duration of ${wait.name}`, figure, unit: "ms" }),
  );
}
