/** A placed Map is a Distributed Map with where it runs: inside which Maps, with how many items, and how many runs of it are open together. */
import type { ExecutionProfile } from "../graph/execution-profile.ts";
import { atLikely } from "../graph/assumption.ts";
import { batchSizeOf, childrenOf } from "../graph/map-runs.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import type { MapState } from "../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import { HARD_QUOTAS } from "./quotas.ts";

export interface PlacedMap {
  readonly map: MapState;
  /** Of one child execution. */
  readonly childRun: ScopeRun;
  /** Of one Map Run, before batching. */
  readonly items: number;
  readonly children: number;
  /** Names of the Maps around it, outermost first. */
  readonly within: readonly string[];
  /** Map Runs of one execution that are open together at most: the Maps around it run several of it side by side. */
  readonly runsAtOnce: number;
}

interface Open {
  readonly run: ScopeRun;
  readonly within: readonly string[];
  readonly atOnce: number;
}

/** Every Distributed Map that has items, the outer before the inner. */
export function placeMaps({ run }: ExecutionProfile, workload: Workload): readonly PlacedMap[] {
  const placed: PlacedMap[] = [];
  const open: Open[] = [{ run, within: [], atOnce: 1 }];
  // Grows while it is walked: what runs inside follows what it runs in.
  for (const { run: scope, within, atOnce } of open) {
    scope.graph.nodes.forEach((state, index) => {
      const { inside } = scope.stateVisits[index]!;
      if (inside === null) return;
      const runs = inside.runs.filter((inner) => inner !== null);
      if (state.type !== "Map") {
        open.push(...runs.map((inner) => ({ run: inner, within, atOnce })));
        return;
      }
      const items = inside.items ?? 0;
      const size = batchSizeOf(state, workloadOfState(workload, state), atLikely);
      const children = childrenOf(items, size);
      const [childRun] = runs;
      if (childRun === undefined || items === 0) return;
      if (state.mode === "DISTRIBUTED")
        placed.push({ map: state, childRun, items, children, within, runsAtOnce: atOnce });
      const around = { within: [...within, state.name], atOnce: atOnce * widthOf(state, children) };
      open.push({ run: childRun, ...around });
    });
  }
  return placed;
}

function widthOf({ mode, maxConcurrency }: MapState, runs: number): number {
  const most = mode === "INLINE" ? HARD_QUOTAS.inlineMapConcurrency : HARD_QUOTAS.distributedMapConcurrency;
  return Math.max(1, Math.ceil(Math.min(runs, maxConcurrency ?? most, most)));
}
