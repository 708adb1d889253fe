/** A changed workload says of a changed workflow's states what was said, or known, of those they replace. */
import {
  EMPTY_STATE_WORKLOAD,
  type StateWorkload,
  type Workload,
  workloadOfState,
} from "../workflow/workload/workload.ts";

/** What is said of one state replaced in part; by pointer, which wins over its name. */
export function withStateFigures(
  workload: Workload,
  state: { readonly name: string; readonly pointer: string },
  figures: Partial<StateWorkload>,
): Workload {
  const known = workloadOfState(workload, state);
  const states = new Map(workload.states);
  states.set(state.pointer, { ...EMPTY_STATE_WORKLOAD, ...known, ...figures });
  return { ...workload, states };
}
