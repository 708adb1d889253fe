/** A retried state is one with Retriers, wherever it stands. */
import type { MapState, ParallelState, Retrier, TaskState } from "../workflow/state-machine.ts";
import type { PlacedState } from "./placed-state.ts";

export interface RetriedState {
  readonly state: TaskState | MapState | ParallelState;
  readonly retry: readonly Retrier[];
}

export function retriedStates(states: readonly PlacedState[]): readonly RetriedState[] {
  return states.flatMap(({ state }) =>
    "retry" in state && state.retry.length > 0 ? [{ state, retry: state.retry }] : [],
  );
}
