/** Unread usage is what machines used whose definition could not be read: all that is known of them is what AWS counted. */
import type { Quantities } from "../../cost/account-month.ts";
import { accountUsage } from "../../cost/cost-estimate.ts";
import { gbSeconds } from "../../usage/express-billing.ts";
import type { WorkflowType } from "../../workflow/state-machine.ts";
import type { UnreadFleetMachine } from "../monthly/fleet-month.ts";

export interface UnreadUsage {
  readonly names: readonly string[];
  /** Null where AWS did not count all that is billed of one of them. */
  readonly counted: Quantities | null;
}

export function unreadUsage(unread: readonly UnreadFleetMachine[], type: WorkflowType): UnreadUsage {
  const own = unread.map(({ machine }) => machine).filter((machine) => machine.type === type);
  const counted = own.flatMap((machine) => countedUsage(machine) ?? []);
  return {
    names: own.map(({ name }) => name),
    counted: counted.length === own.length ? accountUsage(counted) : null,
  };
}

function countedUsage({ type, metrics }: UnreadFleetMachine["machine"]): Quantities | null {
  if (metrics === null) return null;
  const { started, transitions, expressBilledDurationMs, expressBilledMemoryMB } = metrics;
  if (type === "STANDARD") return transitions === null ? null : new Map([["StateTransition", transitions]]);
  if (started === null || expressBilledDurationMs === null || expressBilledMemoryMB === null) return null;
  return new Map([
    ["StepFunctions-Request", started],
    ["StepFunctions-GB-Second", gbSeconds(expressBilledDurationMs, expressBilledMemoryMB)],
  ]);
}
