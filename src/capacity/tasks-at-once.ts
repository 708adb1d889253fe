/** Tasks at once are the most Tasks of one kind that a single execution has open: Maps and Parallels run them side by side. */
import { mapShape } from "../graph/map-runs.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import type { State, TaskState } from "../workflow/state-machine.ts";

/** Its children included, at the likely number of items; one state after another is one at a time. */
export function tasksAtOnce(run: ScopeRun, isOf: (task: TaskState) => boolean): number {
  return run.graph.nodes.reduce((most, state, index) => {
    if (run.visits[index] === 0) return most;
    const { inside } = run.stateVisits[index]!;
    if (inside === null) return state.type === "Task" && isOf(state) ? Math.max(most, 1) : most;
    const each = inside.runs.map((inner) => (inner === null ? 0 : tasksAtOnce(inner, isOf)));
    return Math.max(most, widthOf(state, inside.times) * each.reduce((sum, tasks) => sum + tasks, 0));
  }, 0);
}

/** Branches of a Parallel are counted each for itself. */
function widthOf(state: State, times: number): number {
  if (state.type !== "Map") return 1;
  const runs = Math.ceil(times - 1e-9);
  return Math.min(runs, mapShape(state, runs).width);
}
