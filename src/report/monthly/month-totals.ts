/** Month totals are the sums over a month's machines, as `analyze` makes them; and the same sums by account, region, type and tag. */
import type { PriceList } from "../../cost/price-list.ts";
import { roundToDecimal } from "../../cost/tiered-price.ts";
import type { UsageType } from "../../usage/usage-line.ts";
import { type TakenTogether, changesTogether } from "../changes-together.ts";
import { usageOfMonth } from "./machine-month.ts";
import type { CostGroup, MonthTotals, TagGroups } from "./monthly-report.ts";
import type { PricedMachine } from "./price-month.ts";

/** What the changes of type that these machines are recommended save when they alone are taken. */
export type SavedBy = (machines: readonly PricedMachine[]) => TakenTogether;

export function savedIn(
  month: readonly PricedMachine[],
  priceLists: ReadonlyMap<string, PriceList>,
): SavedBy {
  const used = month.flatMap((machine) => {
    const usage = usageOfMonth(machine.month);
    return usage === null ? [] : [{ account: machine.account, region: machine.region, usage }];
  });
  const together = changesTogether(used, priceLists);
  return (machines) =>
    together(
      machines.flatMap(({ account, region, month, recommendation: { type, saving } }) => {
        const [usage, then] = [usageOfMonth(month), usageOfMonth(month, type)];
        if (type === month.type || saving === null || usage === null || then === null) return [];
        return [{ account, region, usage, then, saving }];
      }),
    );
}

export function totalsOfMonth(machines: readonly PricedMachine[], savedBy: SavedBy): MonthTotals {
  const bases = { counted: 0, sampled: 0, expected: 0, unknown: 0 };
  for (const { month } of machines) bases[month.basis] += 1;
  const quantity = (usageType: UsageType): number =>
    machines.reduce((total, machine) => total + (quantityOfMonth(machine, usageType) ?? 0), 0);
  const monthlyCost = costOfMonth(machines);
  const { less, saving } = savedBy(machines);
  return {
    monthlyCost,
    recommendedMonthlyCost: monthlyCost === null ? null : roundToDecimal(monthlyCost - less),
    saving: monthlyCost === null ? null : saving,
    withDownstream: sumOfKnown(machines, (machine) =>
      machine.monthlyCost === null || machine.downstreamMonthlyCost === null
        ? null
        : machine.monthlyCost + machine.downstreamMonthlyCost,
    ),
    unknown: machines.filter(({ monthlyCost }) => monthlyCost === null).length,
    executions: machines.reduce((total, { month }) => total + (month.executions ?? 0), 0),
    transitions: quantity("StateTransition"),
    requests: quantity("StepFunctions-Request"),
    gbSeconds: quantity("StepFunctions-GB-Second"),
    bases,
  };
}

/** Null where no machine's is known. */
export function costOfMonth(machines: readonly PricedMachine[]): number | null {
  return sumOfKnown(machines, ({ monthlyCost }) => monthlyCost);
}

function sumOfKnown(
  machines: readonly PricedMachine[],
  cost: (machine: PricedMachine) => number | null,
): number | null {
  const known = machines.map(cost).filter((each) => each !== null);
  return known.length === 0 ? null : roundToDecimal(known.reduce((total, each) => total + each, 0));
}

/** As the type it has; null when executions are not known. */
export function quantityOfMonth(
  { month: { executions, usage, type, carried } }: PricedMachine,
  usageType: UsageType,
): number | null {
  if (executions === null) return null;
  return (usage[type].get(usageType) ?? 0) * executions + (carried.get(usageType) ?? 0);
}

/** `before` are the machines of the month before; null when it is not given. */
export interface GroupedMonths {
  readonly now: readonly PricedMachine[];
  readonly before: readonly PricedMachine[] | null;
  /** ARNs of machines whose months do not compare. */
  readonly leftOut: ReadonlySet<string>;
  /** Of the month that is now. */
  readonly savedBy: SavedBy;
}

export function groupCosts(months: GroupedMonths, keyOf: (machine: PricedMachine) => string): CostGroup[] {
  return groupBy(months, keyOf).map((group) => ({ ...group, key: group.key! }));
}

/** A tag's values, for every tag that some machine carries; those most machines carry first, AWS's own last. */
export function groupByTags(months: GroupedMonths): readonly TagGroups[] {
  const carriers = new Map<string, number>();
  for (const { month } of months.now)
    for (const { key } of month.machine.tags ?? []) carriers.set(key, (carriers.get(key) ?? 0) + 1);
  const isOwn = (tag: string): number => (tag.startsWith("aws:") ? 1 : 0);
  return [...carriers]
    .sort(([a, m], [b, n]) => isOwn(a) - isOwn(b) || n - m || (a < b ? -1 : 1))
    .map(([tag]) => ({
      tag,
      groups: groupBy(
        months,
        ({ month }) => (month.machine.tags ?? []).find(({ key }) => key === tag)?.value ?? null,
      ),
    }));
}

type Group = TagGroups["groups"][number];

function groupBy(
  { now, before, leftOut, savedBy }: GroupedMonths,
  keyOf: (machine: PricedMachine) => string | null,
): readonly Group[] {
  const isCompared = ({ month }: PricedMachine): boolean => !leftOut.has(month.machine.arn);
  const [members, former] = [membersBy(now, keyOf), membersBy((before ?? []).filter(isCompared), keyOf)];
  const total = costOf(now);
  return [...new Set([...members.keys(), ...former.keys()])]
    .map((key): Group => {
      const own = members.get(key) ?? [];
      const monthlyCost = costOf(own);
      const old = before === null ? null : costOf(former.get(key) ?? []);
      return {
        key,
        machines: own.length,
        executions: own.reduce((sum, { month }) => sum + (month.executions ?? 0), 0),
        monthlyCost,
        share: total === 0 ? null : monthlyCost / total,
        saving: savedBy(own).saving,
        before: old,
        difference: old === null ? null : costOf(own.filter(isCompared)) - old,
      };
    })
    .sort((a, b) => b.monthlyCost - a.monthlyCost || ((a.key ?? "") < (b.key ?? "") ? -1 : 1));
}

function membersBy(
  machines: readonly PricedMachine[],
  keyOf: (machine: PricedMachine) => string | null,
): ReadonlyMap<string | null, readonly PricedMachine[]> {
  const members = new Map<string | null, PricedMachine[]>();
  for (const machine of machines) {
    const key = keyOf(machine);
    const known = members.get(key);
    if (known === undefined) members.set(key, [machine]);
    else known.push(machine);
  }
  return members;
}

function costOf(machines: readonly PricedMachine[]): number {
  return roundToDecimal(machines.reduce((sum, { monthlyCost }) => sum + (monthlyCost ?? 0), 0));
}
