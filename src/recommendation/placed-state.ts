/** A placed state is a state with where it stands: its scope, what it is nested in, and the type of execution it runs in. */
import type { ExecutionProfile } from "../graph/execution-profile.ts";
import { keptIn } from "../once.ts";
import type { MapState, ParallelState, Scope, State, WorkflowType } from "../workflow/state-machine.ts";

export interface PlacedState<S extends State = State> {
  readonly state: S;
  readonly scope: Scope;
  /** Parallel and Map states around it, outermost first. */
  readonly within: readonly (ParallelState | MapState)[];
  /** Of the execution it runs in: the machine's own, or that of the child executions of a Distributed Map. */
  readonly runsAs: WorkflowType;
  /** Per execution of the whole workflow; 0 where the profile has none. */
  readonly visits: number;
}

/** The same without visits, where nothing is priced. */
export function everyState(scope: Scope, type: WorkflowType): readonly PlacedState[] {
  return place(scope, type, new Map());
}

export function placeStates(
  scope: Scope,
  type: WorkflowType,
  profile: ExecutionProfile,
): readonly PlacedState[] {
  return place(scope, type, new Map(profile.states.map(({ state, visits }) => [state.pointer, visits])));
}

/** In the order written, outer before inner; a queue, not recursion. */
function place(
  scope: Scope,
  type: WorkflowType,
  visits: ReadonlyMap<string, number>,
): readonly PlacedState[] {
  const placed: PlacedState[] = [];
  const open: Omit<PlacedState, "state" | "visits">[] = [{ scope, within: [], runsAs: type }];
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    for (const state of at.scope.states) {
      placed.push({ ...at, state, visits: visits.get(state.pointer) ?? 0 });
      if (state.type !== "Parallel" && state.type !== "Map") continue;
      const within = [...at.within, state];
      const distributed = state.type === "Map" && state.mode === "DISTRIBUTED";
      const runsAs = distributed ? state.executionType : at.runsAs;
      for (const inner of state.type === "Map" ? [state.processor] : state.branches)
        open.push({ scope: inner, within, runsAs });
    }
  }
  return placed;
}

type Placed = readonly PlacedState[];

/** Nearly every rule asks for those of one type. */
const groupedByType = new WeakMap<Placed, Map<State["type"], Placed>>();

export function placedOf<T extends State["type"]>(
  states: Placed,
  type: T,
): readonly PlacedState<Extract<State, { type: T }>>[] {
  const groups = keptIn(groupedByType, states, () => new Map<State["type"], Placed>());
  return keptIn(groups, type, () =>
    states.filter(({ state }) => state.type === type),
  ) as readonly PlacedState<Extract<State, { type: T }>>[];
}
