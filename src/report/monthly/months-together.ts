/** Months put together: the fleet files of a run by month, those of one month merged, each machine once in each. */
import type { Diagnostic } from "../../diagnostic.ts";
import type { FleetMonth, UnreadFleetMachine } from "./fleet-month.ts";
import { withCallersOf } from "./fleet-callers.ts";
import type { MachineMonth } from "./machine-month.ts";
import type { ReportPeriod } from "./monthly-report.ts";
import { compareRegions } from "./regional-transitions.ts";

export interface MergedMonth {
  readonly month: string;
  readonly period: ReportPeriod;
  readonly files: readonly string[];
  readonly places: ReadonlySet<string>;
  readonly machines: readonly MachineMonth[];
  readonly unread: readonly UnreadFleetMachine[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The oldest month first. */
export function mergeMonths(fleets: readonly FleetMonth[]): readonly MergedMonth[] {
  const byMonth = new Map<string, FleetMonth[]>();
  for (const fleet of fleets) byMonth.set(fleet.month, [...(byMonth.get(fleet.month) ?? []), fleet]);
  return [...byMonth.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, parts]) => mergeMonth(month, parts));
}

function mergeMonth(month: string, parts: readonly FleetMonth[]): MergedMonth {
  // What was read last of a machine stands; files of one end keep their order.
  const inOrder = [...parts].sort((a, b) => (a.period.until < b.period.until ? -1 : 1));
  const machines = new Map<string, MachineMonth>();
  const filesOf = new Map<string, string[]>();
  for (const { file, machines: own } of inOrder) {
    for (const each of own) {
      const { arn } = each.machine;
      machines.set(arn, each);
      const known = filesOf.get(arn);
      if (known === undefined) filesOf.set(arn, [file]);
      else known.push(file);
    }
  }
  const repeated = [...filesOf.values()].filter(({ length }) => length > 1);
  const files = parts.map(({ file }) => file).sort();
  const periods = new Set(parts.map(({ period }) => `${period.from} ${period.until}`));
  const unread = inOrder.flatMap((part) => part.unread).filter(({ machine }) => !machines.has(machine.arn));
  const regions = parts.flatMap((part) => part.regions);
  const callers = parts.map((part) => part.callers);
  return {
    month,
    period: periodOf(month, parts),
    files,
    places: new Set(parts.flatMap(({ places }) => [...places])),
    machines: [...machines.values()].map((each) => withCallersOf(each, callers)),
    unread,
    diagnostics: [
      ...parts.flatMap(({ diagnostics }) => diagnostics),
      ...(repeated.length === 0 ? [] : [readTwice(month, repeated)]),
      ...(periods.size === 1
        ? compareRegions(regions, [...machines.values()], unread)
        : [differentPeriods(month, files)]),
    ],
  };
}

function periodOf(month: string, parts: readonly FleetMonth[]): ReportPeriod {
  const from = parts.map(({ period }) => period.from).reduce((a, b) => (a < b ? a : b));
  const until = parts.map(({ period }) => period.until).reduce((a, b) => (a > b ? a : b));
  const days = (Date.parse(until) - Date.parse(from)) / DAY_MS;
  const daysInMonth = lengthOfMonth(month);
  return { from, until, partial: days < daysInMonth - 1e-6, days, daysInMonth };
}

export const DAY_MS = 86_400_000;

function lengthOfMonth(month: string): number {
  const [year, number] = month.split("-").map(Number);
  return (Date.UTC(year!, number, 1) - Date.UTC(year!, number! - 1, 1)) / DAY_MS;
}

/** Files of each machine that is there more than once. */
function readTwice(month: string, repeated: readonly (readonly string[])[]): Diagnostic {
  const files = [...new Set(repeated.flat())].sort();
  const machines = `${repeated.length} ${repeated.length === 1 ? "machine is" : "machines are"}`;
  return {
    code: "overlapping-fleets",
    severity: "warning",
    message: `${machines} there more than once in ${month} (${files.join(", ")}): each counts once, as it was read last`,
    at: null,
    hint: "Give each account and region of a month once.",
  };
}

function differentPeriods(month: string, files: readonly string[]): Diagnostic {
  return {
    code: "overlapping-fleets",
    severity: "warning",
    message: `the files of ${month} (${files.join(", ")}) were read over different days: each machine's month is taken at the rate of its own`,
    at: null,
    hint: "Collect the accounts of a month with one command, or once the month is over.",
  };
}
