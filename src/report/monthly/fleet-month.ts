/** A fleet's month is one fleet file as the report needs it: its machines metered, and all that is large let go. */
import type { Diagnostic } from "../../diagnostic.ts";
import { monthHolding } from "../../observation/fleet-workload.ts";
import type { Fleet, FleetMachine } from "../../workflow/fleet/fleet.ts";
import { type MachineMonth, type MonthMetering, machineMonth } from "./machine-month.ts";
import { type WaitingCallers, callersInFleet } from "./fleet-callers.ts";
import type { DeclaredMachine } from "./machine-model.ts";

export interface FleetMonth {
  readonly file: string;
  /** `2026-10`. */
  readonly month: string;
  readonly period: Fleet["period"];
  /** Accounts and regions that were read, as `account/region`, those without machines too. */
  readonly places: ReadonlySet<string>;
  readonly regions: Fleet["regions"];
  readonly machines: readonly MachineMonth[];
  /** Who waits for which machine, by its ARN. */
  readonly callers: WaitingCallers;
  readonly unread: readonly UnreadFleetMachine[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface UnreadFleetMachine {
  readonly machine: Pick<FleetMachine, "arn" | "name" | "account" | "region" | "type" | "metrics">;
  readonly why: string;
}

export interface FleetFile {
  readonly file: string;
  readonly fleet: Fleet;
  /** By ARN. */
  readonly declared: ReadonlyMap<string, DeclaredMachine>;
}

/** Null when the fleet's period lies in no single month. */
export function fleetMonth({ file, fleet, declared }: FleetFile, metering: MonthMetering): FleetMonth | null {
  const { from, until } = fleet.period;
  // Some days of one month are a part of it.
  const month = fleet.month ?? monthHolding(Date.parse(from), Date.parse(until));
  if (month === null) return null;
  const machines: MachineMonth[] = [];
  const unread: UnreadFleetMachine[] = [];
  for (const machine of fleet.machines) {
    const metered = machineMonth(
      { machine, month: fleet.month, period: fleet.period },
      declared.get(machine.arn) ?? null,
      metering,
    );
    if (metered === null) unread.push({ machine, why: whyUnread(machine) });
    else machines.push(metered);
  }
  return {
    file,
    month,
    period: fleet.period,
    places: placesOf(fleet),
    regions: fleet.regions,
    callers: callersInFleet(fleet.machines),
    machines,
    unread: unread.map(({ machine: { arn, name, account, region, type, metrics }, why }) => ({
      machine: { arn, name, account, region, type, metrics },
      why,
    })),
    diagnostics: fleet.diagnostics,
  };
}

export function placeKey({ account, region }: { account: string; region: string }): string {
  return `${account}/${region}`;
}

function placesOf({ regions, machines }: Fleet): ReadonlySet<string> {
  return new Set([...regions.map(placeKey), ...machines.map(placeKey)]);
}

function whyUnread({ definition }: FleetMachine): string {
  return definition === null ? "its definition was not collected" : "its definition cannot be read";
}
