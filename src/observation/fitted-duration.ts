/**
 * Fitted durations are those of Tasks that nobody declared or sampled, chosen so that an execution takes as long in the
 * mean as CloudWatch has measured: every default is stretched by one factor, found by the secant method.
 */
import { meanOf } from "../graph/distribution.ts";
import { profileExecution } from "../graph/execution-profile.ts";
import { DURATION_ONLY } from "../graph/spent.ts";
import { scopesOf } from "../workflow/definition/check-reachability.ts";
import { withKnownFigures } from "../graph/known-figures.ts";
import { JOB_DURATION_MS, TASK_DURATION_MS, WAIT_DURATION_MS } from "../workflow/default-figures.ts";
import { waitsForWork } from "../workflow/definition/task-resource.ts";
import { exactFigure, type Figure } from "../workflow/figure.ts";
import type { MachineMetrics } from "../workflow/fleet/fleet.ts";
import { meanOfPercentiles } from "../workflow/percentile-curve.ts";
import type { State, StateMachine } from "../workflow/state-machine.ts";
import { type DurationFigure, type Workload, workloadOfState } from "../workflow/workload/workload.ts";

type Measured = NonNullable<MachineMetrics["durationMs"]>;

const ROUNDS = 6;
const CLOSE_ENOUGH = 0.002;
/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (executions) */
const LONGEST_CHILD_MS = 300_000;

/** The workload as it is when every duration is known, or none that can be makes the measured mean possible. */
export function fitDurations(stateMachine: StateMachine, workload: Workload, measured: Measured): Workload {
  const known = withKnownFigures(stateMachine, workload, null);
  const open = scopesOf(stateMachine).flatMap((scope) =>
    scope.states.flatMap((state) => {
      const figure = workloadOfState(known, state).duration === null ? defaultOf(state) : null;
      return figure === null ? [] : [{ state, figure }];
    }),
  );
  if (open.length === 0) return workload;
  const factor = findFactor((stretch) => meanDuration(stateMachine, workload, stretch), measured.mean);
  if (factor === null) return workload;
  // What no child can take says that there are other children, or more of them, than is taken.
  const within = expressProcessors(stateMachine);
  const isTooLong = open.some(
    ({ state, figure }) =>
      figure.value * factor > LONGEST_CHILD_MS && within.some((at) => state.pointer.startsWith(`${at}/`)),
  );
  if (isTooLong) return workload;
  const states = new Map(workload.states);
  for (const { state, figure } of open) {
    const said = workloadOfState(workload, state);
    states.set(state.pointer, { ...said, duration: durationOf(figure.value * factor, measured) });
  }
  return { ...workload, states };
}

/** Pointers of what runs in Express children of Distributed Maps. */
function expressProcessors(stateMachine: StateMachine): readonly string[] {
  return scopesOf(stateMachine).flatMap(({ states }) =>
    states.flatMap((state) =>
      state.type === "Map" && state.mode === "DISTRIBUTED" && state.executionType === "EXPRESS"
        ? [state.processor.pointer]
        : [],
    ),
  );
}

/** What the graph takes where nothing is said; null for states whose time is their own. */
function defaultOf(state: State): Figure | null {
  if (state.type === "Wait") return state.seconds === null ? WAIT_DURATION_MS : null;
  if (state.type !== "Task") return null;
  return waitsForWork(state.resource) ? JOB_DURATION_MS : TASK_DURATION_MS;
}

/** Mean duration of an execution, ms, with every undeclared duration stretched; null when it cannot be computed. */
function meanDuration(stateMachine: StateMachine, workload: Workload, stretch: number): number | null {
  const profile = profileExecution(stateMachine, {
    workload,
    stand: ({ id, figure }) => (id.startsWith("default:duration:") ? figure.value * stretch : figure.value),
    measure: DURATION_ONLY,
    parseJsonata: null,
    taskDuration: null,
    childEnds: () => null,
    kept: new Map(),
  });
  return profile === null ? null : meanOf(profile.durationMs);
}

/** Null when no factor above 0 gives the target: then what is known already takes longer than what was measured. */
function findFactor(mean: (stretch: number) => number | null, target: number): number | null {
  let [x0, y0] = [0, mean(0)];
  let [x1, y1] = [1, mean(1)];
  if (y0 === null || y0 >= target) return null;
  for (let round = 0; round < ROUNDS; round++) {
    if (y1 === null || y1 === y0) return null;
    if (Math.abs(y1 - target) <= CLOSE_ENOUGH * target) return x1;
    const next: number = Math.max(0, x1 + ((target - y1) * (x1 - x0)) / (y1 - y0));
    [x0, y0] = [x1, y1];
    [x1, y1] = [next, mean(next)];
  }
  return x1 > 0 ? x1 : null;
}

/** Shaped like the executions' own percentiles, where they are known. */
function durationOf(ms: number, { mean, p50, p90, p99 }: Measured): DurationFigure {
  const note = `fitted: executions took ${Number((mean / 1000).toPrecision(4))} s in the mean (CloudWatch)`;
  const points = [
    [0.5, p50],
    [0.9, p90],
    [0.99, p99],
  ] as const;
  const shape = points.flatMap(([share, value]) =>
    value === null || value <= 0 ? [] : [[share, value] as const],
  );
  const rises = shape.every(([, value], index) => index === 0 || value >= shape[index - 1]![1]);
  const curve = shape.length < 2 || !rises ? 0 : meanOfPercentiles(shape);
  return {
    ms: exactFigure(ms, "observed", note),
    percentiles: curve > 0 ? shape.map(([share, value]) => [share, (value * ms) / curve] as const) : null,
  };
}
