/**
 * CloudWatch counts the state transitions of an account and region as a whole even where it does not count those of each
 * machine: where the machines come to another number, the month says so, and what is left for those not counted by themselves.
 */
import { decimalText } from "../../decimal-text.ts";
import type { Diagnostic } from "../../diagnostic.ts";
import type { Fleet } from "../../workflow/fleet/fleet.ts";
import { type UnreadFleetMachine, placeKey } from "./fleet-month.ts";
import type { MachineMonth } from "./machine-month.ts";

/** Of what CloudWatch counted of the region; below it, the rule by which starts are counted may account for it. */
const WORTH_A_WORD = 0.05;
const NAMED = 3;

interface StandardMachine {
  readonly name: string;
  /** Of the days read; null when CloudWatch does not count it by itself. */
  readonly counted: number | null;
  /** What its executions let expect; null when they, or the definition, are not known. */
  readonly expected: number | null;
}

export function compareRegions(
  regions: Fleet["regions"],
  machines: readonly MachineMonth[],
  unread: readonly UnreadFleetMachine[],
): readonly Diagnostic[] {
  const byPlace = new Map<string, StandardMachine[]>();
  const add = (place: string, machine: StandardMachine): void => {
    const known = byPlace.get(place);
    if (known === undefined) byPlace.set(place, [machine]);
    else known.push(machine);
  };
  for (const { machine, deployedType, expectedTransitions } of machines) {
    if (deployedType !== "STANDARD") continue;
    const started = machine.metrics?.started ?? null;
    add(placeKey(machine), {
      name: machine.name,
      counted: machine.metrics?.transitions ?? null,
      expected: started === null ? null : started * expectedTransitions,
    });
  }
  for (const { machine } of unread) {
    const counted = machine.metrics?.transitions ?? null;
    if (machine.type === "STANDARD") add(placeKey(machine), { name: machine.name, counted, expected: null });
  }
  const whole = new Map(
    regions.flatMap((region) =>
      region.transitions === null ? [] : [[placeKey(region), region.transitions] as const],
    ),
  );
  return [...whole].flatMap(([place, transitions]) => compare(place, transitions, byPlace.get(place) ?? []));
}

function compare(place: string, whole: number, machines: readonly StandardMachine[]): readonly Diagnostic[] {
  const alone = machines.filter(({ counted }) => counted === null);
  const counted = machines.reduce((sum, machine) => sum + (machine.counted ?? 0), 0);
  const expected = alone.reduce((sum, machine) => sum + (machine.expected ?? 0), 0);
  const all = counted + expected;
  if (Math.abs(whole - all) <= WORTH_A_WORD * whole) return [];
  // What nothing is known of may have used the rest.
  if (whole > all && alone.some((machine) => machine.expected === null)) return [];
  const told = `CloudWatch counted ${shown(whole)} state transitions in ${place}, where its machines come to ${shown(all)}`;
  const left = Math.max(0, whole - counted);
  return [
    {
      code: "regional-transitions",
      severity: whole < all ? "warning" : "info",
      message:
        alone.length === 0
          ? `${told}${whole > all ? ": the others are of machines that were deleted since, or not collected, and in no sum" : ""}`
          : `${told}: ${shown(expected)} are expected of ${named(alone)}, which it does not count one by one, and which used ${shown(left)} at most`,
      at: null,
      hint:
        alone.length === 0
          ? "Collect the region without --name, --arn and --tag, if machines were left out."
          : "Sample their executions (collect --histories 30), or declare their figures in stepfare.yml.",
    },
  ];
}

function named(machines: readonly StandardMachine[]): string {
  const names = machines.slice(0, NAMED).map(({ name }) => name);
  const more = machines.length - names.length;
  return more === 0 ? names.join(", ") : `${names.join(", ")} and ${shown(more)} more`;
}

function shown(count: number): string {
  return decimalText(Math.round(count));
}
