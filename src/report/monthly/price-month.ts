/** Prices the month of all machines together: as the type each has, and as the other, each where it lives, with what its account shares. */
import { type PricedMonth, type Quantities, accountPricing, listedCost } from "../../cost/account-month.ts";
import { accountUsage } from "../../cost/cost-estimate.ts";
import { type AccountUsage, addedCost } from "../../cost/line-item.ts";
import type { PriceList } from "../../cost/price-list.ts";
import { cheaperType } from "../../recommendation/type-choice.ts";
import type { UsageType } from "../../usage/usage-line.ts";
import type { WorkflowType } from "../../workflow/state-machine.ts";
import { type MachineMonth, usageOfMonth } from "./machine-month.ts";
import { usageByPlace } from "../place-usage.ts";
import type { MachineRecommendation } from "./monthly-report.ts";

export interface PricedMachine {
  readonly month: MachineMonth;
  readonly account: string;
  readonly region: string;
  /** As the type it has; null when executions are not known. */
  readonly priced: PricedMonth | null;
  readonly monthlyCost: number | null;
  /** At list price, before the free tier. */
  readonly costPerExecution: number | null;
  readonly recommendation: MachineRecommendation;
  readonly downstreamMonthlyCost: number | null;
}

export interface MonthPricing {
  /** By region. */
  readonly priceLists: ReadonlyMap<string, PriceList>;
}

/** Each place's machines with the prices that hold there. */
export function priceMachines(
  months: readonly MachineMonth[],
  { priceLists }: MonthPricing,
): readonly PricedMachine[] {
  const places = new Map<string, MachineMonth[]>();
  for (const month of months) {
    const { account, region } = month.machine;
    const key = JSON.stringify([account, region]);
    const known = places.get(key);
    if (known === undefined) places.set(key, [month]);
    else known.push(month);
  }
  const usedIn = usageByPlace(
    months.flatMap((month) => {
      const usage = usageOfMonth(month);
      return usage === null ? [] : [{ ...month.machine, usage }];
    }),
  );
  return [...places.values()].flatMap((here) => {
    const { account, region } = here[0]!.machine;
    const total = usedIn(account, region);
    return pricePlace(here, { account, region, total, priceList: priceLists.get(region)! });
  });
}

interface Place {
  readonly account: string;
  readonly region: string;
  /** What the account uses in the month, transitions of all its regions included. */
  readonly total: AccountUsage;
  readonly priceList: PriceList;
}

function pricePlace(months: readonly MachineMonth[], place: Place): readonly PricedMachine[] {
  const price = accountPricing(place.priceList, place.total);
  return months.map((month) => {
    const { type, executions, usage } = month;
    const quantities = usageOfMonth(month);
    const priced = quantities === null ? null : price(quantities);
    const downstream = recordCost(month, type, place.priceList, month.calls);
    return {
      month,
      account: place.account,
      region: place.region,
      priced,
      monthlyCost: priced?.cost ?? null,
      costPerExecution: listPerExecution(usage[type], price),
      recommendation: recommendType(month, priced, place),
      downstreamMonthlyCost: executions === null || downstream === null ? null : downstream * executions,
    };
  });
}

/** The same average prices, nothing free. */
function listPerExecution(
  perExecution: Quantities,
  price: (month: Quantities) => PricedMonth,
): number | null {
  const { cost, free } = price(perExecution);
  return cost === null ? null : cost - free;
}

/** Records of one execution as a type, and whatever else; neighbours are priced without the account's tiers. */
function recordCost(
  month: MachineMonth,
  type: WorkflowType,
  priceList: PriceList,
  others: Quantities | null,
): number | null {
  const records = listedCost(month.records[type], priceList);
  const beside = others === null ? 0 : listedCost(others, priceList);
  return records === null || beside === null ? null : records + beside;
}

function recommendType(month: MachineMonth, priced: PricedMonth | null, place: Place): MachineRecommendation {
  const { type: declared, executions, eligibility } = month;
  const other: WorkflowType = declared === "STANDARD" ? "EXPRESS" : "STANDARD";
  const perMonth = executions ?? 1;
  const records = (type: WorkflowType): number | null => {
    const cost = recordCost(month, type, place.priceList, null);
    return cost === null ? null : cost * perMonth;
  };
  const costAs = (type: WorkflowType): number | null => sum(addedAs(type, month, place), records(type));
  const costs = { STANDARD: costAs("STANDARD"), EXPRESS: costAs("EXPRESS") };
  const { type, why } = cheaperType(costs, {
    declared,
    eligible: eligibility.eligible,
    callers: month.callers,
  });
  const saving = differenceOf(costs[declared], costs[type]);
  return {
    type,
    why,
    monthlyCost:
      executions === null ? null : type === declared ? (priced?.cost ?? null) : partAs(other, month, place),
    saving: executions === null ? null : saving,
    blocker: eligibility.blockers[0]?.text ?? null,
    cautions: [...new Set(eligibility.cautions.map(({ text }) => text))],
  };
}

/** What the account's month costs with this machine, as the type, less what it would cost without; of one execution at list price where executions are not known. */
function addedAs(type: WorkflowType, month: MachineMonth, place: Place): number | null {
  const own = usageOfMonth(month, type);
  return own === null
    ? listPerExecution(month.usage[type], accountPricing(place.priceList, place.total))
    : addedCost(own, usedBeside(month, place), place.priceList);
}

/** Its part of the account's month as another type; null where executions are not known. */
function partAs(type: WorkflowType, month: MachineMonth, place: Place): number | null {
  const own = usageOfMonth(month, type);
  if (own === null) return null;
  return accountPricing(place.priceList, accountUsage([usedBeside(month, place), own]))(own).cost;
}

/** What the account uses without this machine. */
function usedBeside(month: MachineMonth, { total }: Place): AccountUsage {
  const beside = new Map<UsageType, number>(total);
  for (const [usageType, quantity] of usageOfMonth(month) ?? [])
    beside.set(usageType, Math.max(0, (beside.get(usageType) ?? 0) - quantity));
  return beside;
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function differenceOf(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : before - after;
}
