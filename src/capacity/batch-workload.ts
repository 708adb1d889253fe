/** A batch workload is what is said of a Distributed Map's child, told for another batch: what takes time per item takes more of it. */
import { JOB_DURATION_MS, TASK_DURATION_MS } from "../workflow/default-figures.ts";
import { waitsForWork } from "../workflow/definition/task-resource.ts";
import type { Figure } from "../workflow/figure.ts";
import type { MapState, Scope, State, TaskState } from "../workflow/state-machine.ts";
import { type DurationFigure, type Workload, workloadOfState } from "../workflow/workload/workload.ts";

interface Batched {
  readonly map: MapState;
  readonly workload: Workload;
  /** What is said of all Tasks that answer at once. */
  readonly taskDuration: DurationFigure | null;
}

/** States of one child that run once for its whole batch: what stands in an inline Map of it runs for an item. */
function statesOfBatch({ processor }: MapState): readonly State[] {
  const states: State[] = [];
  const open: Scope[] = [processor];
  for (const scope of open) {
    states.push(...scope.states);
    for (const state of scope.states) if (state.type === "Parallel") open.push(...state.branches);
  }
  return states;
}

export function tasksOfBatch(map: MapState): readonly TaskState[] {
  return statesOfBatch(map).filter((state) => state.type === "Task");
}

/** Durations of Tasks, declared or not, and declared items of Maps are of a batch as written. */
export function scaledBatch({ map, workload, taskDuration }: Batched, by: number): Workload {
  const states = new Map(workload.states);
  for (const state of statesOfBatch(map)) {
    const said = workloadOfState(workload, state);
    if (state.type === "Task") {
      const duration = said.duration ?? undeclaredDuration(state, taskDuration);
      states.set(state.pointer, { ...said, duration: scaledDuration(duration, by) });
    }
    if (state.type === "Map" && said.items !== null)
      states.set(state.pointer, { ...said, items: scaledFigure(said.items, by) });
  }
  return { ...workload, states };
}

function undeclaredDuration(task: TaskState, general: DurationFigure | null): DurationFigure {
  if (waitsForWork(task.resource)) return { ms: JOB_DURATION_MS, percentiles: null };
  return general ?? { ms: TASK_DURATION_MS, percentiles: null };
}

function scaledFigure(figure: Figure, by: number): Figure {
  return { ...figure, value: figure.value * by, low: figure.low * by, high: figure.high * by };
}

function scaledDuration({ ms, percentiles }: DurationFigure, by: number): DurationFigure {
  return {
    ms: scaledFigure(ms, by),
    percentiles: percentiles?.map(([share, each]) => [share, each * by] as const) ?? null,
  };
}
