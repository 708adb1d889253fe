/** The machines of a fleet that wait for one another: a machine's type must be one that its callers can wait for. */
import { withCallers } from "../../recommendation/express-eligibility.ts";
import type { WaitingCaller } from "../../recommendation/waiting-caller.ts";
import { startTarget, waitsBy } from "../../workflow/execution-start.ts";
import type { FleetMachine } from "../../workflow/fleet/fleet.ts";
import { statesWithin } from "../../workflow/state-identity.ts";
import { parseDeployed } from "./machine-model.ts";
import type { MachineMonth } from "./machine-month.ts";

/** By the ARN of the machine that is waited for. */
export type WaitingCallers = ReadonlyMap<string, readonly WaitingCaller[]>;

/** Most definitions start nothing, and are not read for it. */
export function callersInFleet(machines: readonly FleetMachine[]): WaitingCallers {
  const callers = new Map<string, WaitingCaller[]>();
  for (const { name, definition } of machines) {
    if (definition === null || !/start(sync)?execution/i.test(definition)) continue;
    const stateMachine = parseDeployed(definition);
    for (const state of stateMachine === null ? [] : statesWithin(stateMachine)) {
      if (state.type !== "Task") continue;
      const by = waitsBy(state);
      if (by === null) continue;
      const target = machineArn(startTarget(state)!);
      const known = callers.get(target) ?? [];
      callers.set(target, [...known, { workflow: name, state: state.name, at: null, waitsBy: by }]);
    }
  }
  return callers;
}

/** The machine as those know it who wait for it, in whichever file of the month they are. */
export function withCallersOf(month: MachineMonth, parts: readonly WaitingCallers[]): MachineMonth {
  const callers = parts.flatMap((part) => part.get(month.machine.arn) ?? []);
  if (callers.length === 0) return month;
  const eligibility =
    month.deployedType === "STANDARD" ? withCallers(month.eligibility, callers) : month.eligibility;
  return { ...month, callers, eligibility };
}

/** Without the version or alias that it names. */
function machineArn(target: string): string {
  return target.split(":").slice(0, 7).join(":");
}
