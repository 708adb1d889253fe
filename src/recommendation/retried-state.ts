/** A retried state is one with Retriers, wherever it stands. */
import type { MapState, ParallelState, Retrier, TaskState } from "../workflow/state-machine.ts";
import { keptIn } from "../once.ts";
import type { PlacedState } from "./placed-state.ts";

export interface RetriedState {
  readonly state: TaskState | MapState | ParallelState;
  readonly retry: readonly Retrier[];
}

/** Several rules ask for them. */
const retriedOf = new WeakMap<readonly PlacedState[], readonly RetriedState[]>();

export function retriedStates(states: readonly PlacedState[]): readonly RetriedState[] {
  return keptIn(retriedOf, states, () =>
    states.flatMap(({ state }) =>
      "retry" in state && state.retry.length > 0 ? [{ state, retry: state.retry }] : [],
    ),
  );
}
