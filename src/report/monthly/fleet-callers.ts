/** The machines of a fleet that wait for one another: a machine's type must be one that its callers can wait for. */
import type { WaitingCaller } from "../../recommendation/waiting-caller.ts";
import { startTarget, waitsBy } from "../../workflow/execution-start.ts";
import type { FleetMachine } from "../../workflow/fleet/fleet.ts";
import { statesWithin } from "../../workflow/state-identity.ts";
import { parseDeployed } from "./machine-model.ts";

/** By the ARN of the machine that is waited for. Most definitions start nothing, and are not read for it. */
export function callersInFleet(
  machines: readonly FleetMachine[],
): ReadonlyMap<string, readonly WaitingCaller[]> {
  const callers = new Map<string, WaitingCaller[]>();
  for (const { name, definition } of machines) {
    if (definition === null || !/start(sync)?execution/i.test(definition)) continue;
    for (const state of statesWithin(parseDeployed(definition) ?? { pointer: "", startAt: "", states: [] })) {
      const by = state.type === "Task" ? waitsBy(state) : null;
      if (state.type !== "Task" || by === null) continue;
      const target = machineArn(startTarget(state)!);
      const known = callers.get(target) ?? [];
      callers.set(target, [...known, { workflow: name, state: state.name, at: null, waitsBy: by }]);
    }
  }
  return callers;
}

/** Without the version or alias that it names. */
function machineArn(target: string): string {
  return target.split(":").slice(0, 7).join(":");
}
