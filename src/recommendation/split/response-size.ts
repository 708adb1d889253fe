/** The response size bounds what crosses a cut: a synchronous call gives its input and output back in one answer of 256 KiB, each as a string. */
import type { State } from "../../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../../workflow/workload/workload.ts";
import type { ExpressReason } from "../express-eligibility.ts";
import { discardsResults } from "../map-batch.ts";

const MOST_RESPONSE_KB = 262.144;

/** Of the data between states, where somebody has said how large they are. */
export function isTooLarge({ payloadKB }: Workload): boolean {
  return payloadKB !== null && payloadKB.basis !== "default" && 2 * payloadKB.value > MOST_RESPONSE_KB;
}

/** A Map with its list as input, and results as large as its items as output, at their declared or observed sizes. */
export function listTooLarge(state: State, workload: Workload): readonly ExpressReason[] {
  if (state.type !== "Map") return [];
  const { items, itemKB } = workloadOfState(workload, state);
  const listKB = (items?.value ?? 0) * (itemKB?.value ?? 0);
  if (listKB * (discardsResults(state) ? 1 : 2) <= MOST_RESPONSE_KB) return [];
  const text = `its list of ${Number(listKB.toPrecision(3))} KB comes back with its results in one response, of 256 KiB at most`;
  return [{ code: "payload", state: state.name, pointer: state.pointer, text }];
}
