/** Billed items are a bill's sums by machine, or by account and region, each usage with its free part and its rates. */
import type { BilledSum } from "../../usage/billed-usage.ts";
import type { WorkflowUsageType } from "../../usage/usage-line.ts";

export interface BilledItem {
  readonly account: string;
  readonly region: string;
  /** "" for an account and region as a whole. */
  readonly arn: string;
  readonly usage: ReadonlyMap<WorkflowUsageType, BilledQuantity>;
  /** Rows that are no usage. */
  readonly charges: readonly BilledSum[];
  /** Of all rows. */
  readonly cost: number;
}

export interface BilledQuantity {
  readonly quantity: number;
  /** The part of it that cost nothing. */
  readonly free: number;
  readonly cost: number;
  /** Paid rows by their rate: cost per unit, and the days they were used on. */
  readonly rates: readonly BilledRate[];
}

export interface BilledRate {
  readonly rate: number;
  readonly quantity: number;
  readonly from: string;
  readonly until: string;
}

export type PerItem = "machine" | "account and region";

/** A bill tells machines apart when the larger part of its transitions and requests names one. */
export function itemKind(sums: readonly BilledSum[]): PerItem {
  const named = (isNamed: boolean): number =>
    sums.reduce(
      (all, sum) =>
        usageTypeOf(sum) !== null && (machineOf(sum) !== null) === isNamed ? all + sum.cost : all,
      0,
    );
  return named(true) > 0 && named(true) >= named(false) ? "machine" : "account and region";
}

export function billedItems(sums: readonly BilledSum[], per: PerItem): readonly BilledItem[] {
  const groups = new Map<string, BilledSum[]>();
  for (const sum of sums) {
    const arn = per === "machine" ? machineOf(sum) : null;
    // A machine's free units are its own, and of no region in the bill.
    const key = JSON.stringify([sum.account, arn === null ? regionOf(sum) : regionIn(arn), arn ?? ""]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [sum]);
    else known.push(sum);
  }
  const items = [...groups].map(([key, own]) => {
    const [account, region, arn] = JSON.parse(key) as [string, string, string];
    return itemOf({ account, region, arn }, own);
  });
  return spreadFreeUnits(items);
}

function itemOf(
  place: Pick<BilledItem, "account" | "region" | "arn">,
  sums: readonly BilledSum[],
): BilledItem {
  const usage = new Map<WorkflowUsageType, BilledQuantity>();
  const charges: BilledSum[] = [];
  for (const sum of sums) {
    const usageType = usageTypeOf(sum);
    if (usageType === null) charges.push(sum);
    else usage.set(usageType, addSum(usage.get(usageType) ?? NOTHING, sum));
  }
  return { ...place, usage, charges, cost: sums.reduce((all, { cost }) => all + cost, 0) };
}

export const NOTHING: BilledQuantity = { quantity: 0, free: 0, cost: 0, rates: [] };

function addSum({ quantity, free, cost, rates }: BilledQuantity, sum: BilledSum): BilledQuantity {
  const isFree = sum.cost === 0;
  const rate = { rate: sum.cost / sum.quantity, quantity: sum.quantity, from: sum.from, until: sum.until };
  return {
    quantity: quantity + sum.quantity,
    free: free + (isFree ? sum.quantity : 0),
    cost: cost + sum.cost,
    rates: isFree || sum.quantity === 0 ? rates : [...rates, rate],
  };
}

/** Free units are of the account, in no region: they go to its items in proportion to the transitions they paid. */
function spreadFreeUnits(items: readonly BilledItem[]): readonly BilledItem[] {
  const homeless = (item: BilledItem): boolean =>
    item.arn === "" && item.region === "" && item.cost === 0 && item.charges.length === 0;
  const settled = items.filter((item) => !homeless(item));
  return items.filter(homeless).reduce((all, { account, usage }) => {
    const free = usage.get("StateTransition")?.quantity ?? 0;
    const paid = (item: BilledItem): number =>
      item.account === account ? (item.usage.get("StateTransition")?.quantity ?? 0) : 0;
    const total = all.reduce((sum, item) => sum + paid(item), 0);
    if (total === 0 || free === 0)
      return [...all, ...items.filter((item) => homeless(item) && item.account === account)];
    return all.map((item) => {
      const share = (free * paid(item)) / total;
      const own = item.usage.get("StateTransition") ?? NOTHING;
      const grown = { ...own, quantity: own.quantity + share, free: own.free + share };
      return share === 0
        ? item
        : { ...item, usage: new Map([...item.usage, ["StateTransition" as const, grown]]) };
    });
  }, settled);
}

/** Null for rows that are no usage. */
function usageTypeOf({ lineType, usageType }: BilledSum): WorkflowUsageType | null {
  if (!/^(Usage|DiscountedUsage|SavingsPlanCoveredUsage|)$/.test(lineType)) return null;
  if (usageType.endsWith("StateTransition")) return "StateTransition";
  if (usageType.endsWith("StepFunctions-Request")) return "StepFunctions-Request";
  return usageType.endsWith("StepFunctions-GB-Second") ? "StepFunctions-GB-Second" : null;
}

/** ARN of the machine that a row names, or names a version or an alias of; null where it names none. */
function machineOf({ resource }: BilledSum): string | null {
  return /^[^:]*:[^:]*:states:[^:]*:\d*:stateMachine:[^:]+/.exec(resource)?.[0] ?? null;
}

function regionIn(arn: string): string {
  return arn.split(":")[3]!;
}

function regionOf({ region, resource, usageType }: BilledSum): string {
  if (usageType.startsWith("Global-")) return "";
  return region !== "" && region !== "global" ? region : (resource.split(":")[3] ?? "");
}
