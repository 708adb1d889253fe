/** Month totals are the sums over a month's machines, as `analyze` makes them; and the same sums by account, region, type and tag. */
import { roundToDecimal } from "../../cost/tiered-price.ts";
import type { UsageType } from "../../usage/usage-line.ts";
import type { CostGroup, MonthTotals, TagGroups } from "./monthly-report.ts";
import type { PricedMachine } from "./price-month.ts";

export function totalsOfMonth(machines: readonly PricedMachine[]): MonthTotals {
  const sum = (cost: (machine: PricedMachine) => number | null): number | null => {
    const known = machines.map(cost).filter((each) => each !== null);
    return known.length === 0 ? null : roundToDecimal(known.reduce((total, each) => total + each, 0));
  };
  const bases = { counted: 0, sampled: 0, expected: 0, unknown: 0 };
  for (const { month } of machines) bases[month.basis] += 1;
  const quantity = (usageType: UsageType): number =>
    machines.reduce((total, machine) => total + (quantityOfMonth(machine, usageType) ?? 0), 0);
  return {
    monthlyCost: sum(({ monthlyCost }) => monthlyCost),
    recommendedMonthlyCost: sum(({ recommendation }) => recommendation.monthlyCost),
    saving: sum(({ recommendation }) => recommendation.saving),
    withDownstream: sum(({ monthlyCost, downstreamMonthlyCost }) =>
      monthlyCost === null || downstreamMonthlyCost === null ? null : monthlyCost + downstreamMonthlyCost,
    ),
    unknown: machines.filter(({ monthlyCost }) => monthlyCost === null).length,
    executions: machines.reduce((total, { month }) => total + (month.executions ?? 0), 0),
    transitions: quantity("StateTransition"),
    requests: quantity("StepFunctions-Request"),
    gbSeconds: quantity("StepFunctions-GB-Second"),
    bases,
  };
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
  { now, before, leftOut }: GroupedMonths,
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
        saving: own.reduce((sum, { recommendation }) => sum + (recommendation.saving ?? 0), 0),
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
