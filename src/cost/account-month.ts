/**
 * An account's month is what its machines use together: tiers are met by the sum, free units are shared in proportion
 * to use, and each machine's part of the cost is what the ledger of its own estimate adds up to.
 */
import type { UsageType } from "../usage/usage-line.ts";
import { type AccountUsage, averagePrice } from "./line-item.ts";
import type { PriceList } from "./price-list.ts";
import { roundToDecimal } from "./tiered-price.ts";
import { keptIn } from "../once.ts";

/** Quantities by usage type, of one execution or of a month. */
export type Quantities = ReadonlyMap<UsageType, number>;

export interface PricedMonth {
  /** After the free tier; null when a price that is needed is not known. */
  readonly cost: number | null;
  /** What the free tier took off, 0 or less. */
  readonly free: number;
  readonly parts: readonly PricedUsagePart[];
}

export interface PricedUsagePart {
  readonly usageType: UsageType;
  readonly quantity: number;
  /** Averaged over the tiers that the account's month reaches. */
  readonly paid: number | null;
  /** The list's first tier, discount included. */
  readonly listed: number | null;
}

/** Prices months of one account and region, `account` being all that the account uses; averages are worked out once. */
export function accountPricing(
  priceList: PriceList,
  account: AccountUsage,
): (month: Quantities) => PricedMonth {
  const paid = new Map<UsageType, number | null>();
  const paidFor = (usageType: UsageType): number | null =>
    keptIn(paid, usageType, () => averagePrice(usageType, priceList, account).unitPrice);
  return (month) => {
    const parts: PricedUsagePart[] = [];
    let [sum, free, isKnown] = [0, 0, true];
    for (const [usageType, quantity] of month) {
      const unitPrice = paidFor(usageType);
      const listed = priceList.prices[usageType]?.tiers[0]?.unitPrice ?? null;
      parts.push({ usageType, quantity, paid: unitPrice, listed });
      if (unitPrice === null) isKnown = false;
      else {
        sum += quantity * unitPrice;
        free -= quantity * freeShare(usageType, { priceList, account, quantity }) * unitPrice;
      }
    }
    return { cost: isKnown ? settle(sum, free) : null, free, parts };
  };
}

interface Sharing {
  readonly priceList: PriceList;
  readonly account: AccountUsage;
  readonly quantity: number;
}

function freeShare(usageType: UsageType, { priceList, account, quantity }: Sharing): number {
  const freePerMonth = priceList.prices[usageType]?.freePerMonth ?? 0;
  const total = Math.max(account.get(usageType) ?? 0, quantity);
  return total === 0 ? 0 : Math.min(1, freePerMonth / total);
}

/** What is free in full leaves nothing, not a rounding error. */
function settle(sum: number, free: number): number {
  const cost = sum + free;
  return Math.abs(cost) <= (sum - free) * 1e-14 ? 0 : roundToDecimal(cost);
}

export function timesExecutions(perExecution: Quantities, executions: number): Quantities {
  return new Map([...perExecution].map(([usageType, quantity]) => [usageType, quantity * executions]));
}

/** At list price, nothing free, tiers apart; null when a price is not known. */
export function listedCost(quantities: Quantities, priceList: PriceList): number | null {
  let sum = 0;
  for (const [usageType, quantity] of quantities) {
    const price = priceList.prices[usageType]?.tiers[0]?.unitPrice ?? null;
    if (price === null) return null;
    sum += quantity * price;
  }
  return sum;
}
