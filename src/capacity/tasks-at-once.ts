/** Side by side: what a single execution has open at once, or does in a second, where Maps and Parallels run many of it together. */
import { meanOf } from "../graph/distribution.ts";
import { totalOf } from "../graph/execution-profile.ts";
import { mapShape } from "../graph/map-runs.ts";
import type { Inside, ScopeRun } from "../graph/run-context.ts";
import type { MapState, State, TaskState } from "../workflow/state-machine.ts";

/** Tasks of a kind that are open at once, its children's included, at the likely number of items; one state after another is one at a time. */
export function tasksAtOnce(run: ScopeRun, isOf: (task: TaskState) => boolean): number {
  return mostOf(run, {
    ofState: (state) => (state.type === "Task" && isOf(state) ? 1 : 0),
    ofMap: (map, inside, each) => each * runsAtOnce(map, inside),
  });
}

/** Map Runs that are open at once, those in the children of others included. */
export function mapRunsAtOnce(run: ScopeRun): number {
  return mostOf(run, {
    ofState: () => 0,
    ofMap: (map, inside, each) => (map.mode === "INLINE" ? 0 : 1) + each * runsAtOnce(map, inside),
  });
}

/** What Distributed Maps take that start their children as fast as they can. */
export interface MapPace {
  readonly perSecond: number;
  /** Of all children that are started together. */
  readonly transitions: number;
}

/** Of all Maps that run together; of others that which makes most. */
export function paceOfMaps(run: ScopeRun): MapPace {
  const most = (what: keyof MapPace): number =>
    mostOf(run, {
      ofState: () => 0,
      ofMap: (map, inside, each) => {
        const together = each * (what === "perSecond" ? runsAtOnce(map, inside) : inside.times);
        return map.mode === "INLINE" ? together : Math.max(paceOf(map, inside)[what], together);
      },
    });
  return { perSecond: most("perSecond"), transitions: most("transitions") };
}

function paceOf(map: MapState, inside: Inside): MapPace {
  const [child] = inside.runs;
  const own = map.executionType === "STANDARD" && child != null ? meanTransitions(child) : 0;
  const transitions = inside.times * (1 + own);
  const { dispatchMs } = mapShape(map, Math.ceil(inside.times));
  const childMs = Math.max(child == null ? 0 : meanMs(child), runsAtOnce(map, inside) * dispatchMs);
  const starts = (1000 * runsAtOnce(map, inside)) / Math.max(childMs, 1e-9);
  return { perSecond: Math.min(transitions, starts * (1 + own)), transitions };
}

/** No more children than are dispatched while one of them runs. */
function runsAtOnce(map: MapState, { times, runs: [each] }: Inside): number {
  const runs = Math.ceil(times - 1e-9);
  const { width, dispatchMs } = mapShape(map, runs);
  const dispatched = dispatchMs === 0 || each == null ? Infinity : Math.ceil(meanMs(each) / dispatchMs);
  return Math.min(runs, width, Math.max(1, dispatched));
}

interface Counting {
  readonly ofState: (state: State) => number;
  /** `each` is of one run of it. */
  readonly ofMap: (map: MapState, inside: Inside, each: number) => number;
}

/** Branches of a Parallel run together, states of a scope one after the other. */
function mostOf(run: ScopeRun, counting: Counting): number {
  return run.graph.nodes.reduce((most, state, index) => {
    if (run.visits[index] === 0) return most;
    const { inside } = run.stateVisits[index]!;
    if (inside === null) return Math.max(most, counting.ofState(state));
    const together = inside.runs.reduce(
      (sum, inner) => sum + (inner === null ? 0 : mostOf(inner, counting)),
      0,
    );
    return Math.max(most, state.type === "Map" ? counting.ofMap(state, inside, together) : together);
  }, 0);
}

function meanMs({ outcomes }: ScopeRun): number {
  return meanOf(totalOf(outcomes, "durationMs"));
}

function meanTransitions({ outcomes }: ScopeRun): number {
  return meanOf(totalOf(outcomes, "transitions"));
}
