/** A line item is a usage line with its price: the ledger that an estimate is the sum of. */
import { decimalText } from "../decimal-text.ts";
import type { UsageLine } from "../usage/usage-line.ts";
import type { UsageType } from "../usage/usage-line.ts";
import { priceSourceOf } from "./borrowed-price.ts";
import type { PriceList, PriceSource } from "./price-list.ts";
import { priceQuantity, roundToDecimal } from "./tiered-price.ts";
import { keptIn } from "../once.ts";

export interface LineItem extends Omit<UsageLine, "quantity"> {
  /** Per month when executions are known, else per execution. */
  readonly quantity: number;
  readonly unitPrice: number | null;
  readonly cost: number | null;
  readonly price: PriceSource;
}

/** What else the account uses in the month, by usage type: tiers and free units are met by the sum of all. */
export type AccountUsage = ReadonlyMap<UsageType, number>;

export const NO_OTHER_USAGE: AccountUsage = new Map();

/** At list price per execution: the month's average over the tiers when executions are known, else the first tier; nothing free. */
export function listItems(
  lines: readonly UsageLine[],
  priceList: PriceList,
  account: AccountUsage,
): readonly LineItem[] {
  const priceOf = pricesOf(priceList, account);
  // Each field by name, here and below: copying objects that come in many shapes is many times as slow.
  return lines.map(({ usageType, state, text, quantity, unit }) => {
    const { unitPrice, price } = priceOf(usageType);
    const cost = unitPrice === null ? null : roundToDecimal(quantity * unitPrice);
    return { usageType, state, text, quantity, unit, unitPrice, cost, price };
  });
}

/** The total of `listItems`, without the items. */
export function listCost(
  lines: readonly UsageLine[],
  priceList: PriceList,
  account: AccountUsage,
): number | null {
  const priceOf = pricesOf(priceList, account);
  let sum = 0;
  for (const { usageType, quantity } of lines) {
    const { unitPrice } = priceOf(usageType);
    if (unitPrice === null) return null;
    sum += roundToDecimal(quantity * unitPrice);
  }
  return roundToDecimal(sum);
}

/** A month's items at list price: quantities times executions. */
export function monthlyItems(perExecution: readonly LineItem[], executions: number): readonly LineItem[] {
  return perExecution.map(({ usageType, state, text, quantity, unit, unitPrice, price }) => ({
    usageType,
    state,
    text,
    quantity: roundToDecimal(quantity * executions),
    unit,
    unitPrice,
    cost: unitPrice === null ? null : roundToDecimal(quantity * executions * unitPrice),
    price,
  }));
}

/**
 * What the free tier takes off a month's items, as items of their own, below zero. `account` is the whole account's
 * month, this workflow included: free units are shared in proportion to use.
 */
export function freeItems(
  items: readonly LineItem[],
  priceList: PriceList,
  account: AccountUsage,
): readonly LineItem[] {
  const used = new Map<UsageType, { quantity: number; item: LineItem }>();
  for (const item of items) {
    const known = used.get(item.usageType);
    if (known === undefined) used.set(item.usageType, { quantity: item.quantity, item });
    else known.quantity += item.quantity;
  }
  return [...used.values()].flatMap(({ quantity, item }): readonly LineItem[] => {
    const freePerMonth = priceList.prices[item.usageType]?.freePerMonth ?? 0;
    const total = Math.max(account.get(item.usageType) ?? 0, quantity);
    if (freePerMonth === 0 || total === 0) return [];
    const free = quantity * Math.min(1, freePerMonth / total);
    const cost = item.unitPrice === null ? null : -roundToDecimal(free * item.unitPrice);
    return [
      {
        ...item,
        state: null,
        text: `free each month: ${decimalText(freePerMonth)} ${item.unit}`,
        quantity: -free,
        cost,
      },
    ];
  });
}

export type AveragePrice = Pick<LineItem, "unitPrice" | "price">;

/** Each usage type's price, worked out once. */
function pricesOf(priceList: PriceList, account: AccountUsage): (usageType: UsageType) => AveragePrice {
  const prices = new Map<UsageType, AveragePrice>();
  return (usageType) => keptIn(prices, usageType, () => averagePrice(usageType, priceList, account));
}

/** Price per paid unit, averaged over the tiers that the account's month reaches. */
export function averagePrice(
  usageType: UsageType,
  priceList: PriceList,
  account: AccountUsage,
): AveragePrice {
  const price = priceList.prices[usageType];
  if (price === undefined) return { unitPrice: null, price: priceSourceOf(priceList, usageType, []) };
  const [first] = price.tiers;
  // One price for every unit: there is nothing to average.
  if (first?.upTo === null)
    return { unitPrice: first.unitPrice, price: priceSourceOf(priceList, usageType, []) };
  const paid = Math.max((account.get(usageType) ?? 0) - price.freePerMonth, 0);
  const { averageUnitPrice, parts } = priceQuantity(price, paid > 0 ? paid : 1e-9, { free: 0 });
  return {
    unitPrice: paid > 0 ? averageUnitPrice : (parts[0]?.unitPrice ?? null),
    price: priceSourceOf(priceList, usageType, parts),
  };
}

/** What a month's usage costs on top of what else the account uses; null when a price is not known. */
export function addedCost(usage: AccountUsage, others: AccountUsage, priceList: PriceList): number | null {
  let sum = 0;
  for (const [usageType, quantity] of usage) {
    const price = priceList.prices[usageType];
    const already = others.get(usageType) ?? 0;
    const cost = price === undefined ? null : priceQuantity(price, quantity, { already }).cost;
    if (cost === null) return null;
    sum += cost;
  }
  return roundToDecimal(sum);
}

/** Sum of the items' costs; null when any is not known. What the free tier takes off in full leaves 0, not a rounding error. */
export function totalCost(items: readonly LineItem[]): number | null {
  let [sum, turnover] = [0, 0];
  for (const { cost } of items) {
    if (cost === null) return null;
    sum += cost;
    turnover += Math.abs(cost);
  }
  return Math.abs(sum) <= turnover * 1e-14 ? 0 : roundToDecimal(sum);
}
