/**
 * A tiered price turns a month's quantity into money: free units first, then each tier at its own price.
 *
 * Doubles, rounded to 15 significant digits: a product of two doubles is off by less than 4 parts in 10^16, so rounding to 15
 * digits gives the exact decimal result whenever that has no more than 15 digits, as bills do (7,016,000 × 0.000025 = 175.4).
 * The sum of a few parts stays within the same bound. Checked against exact integers in the test; 200,000 products take 27 ms
 * where decimal.js takes 230.
 */
import type { PriceOrigin, TieredPrice } from "./price-list.ts";

export interface PricedQuantity {
  /** In the price list's currency; null when a tier that is needed has no known price. */
  readonly cost: number | null;
  /** Cost per unit over the whole quantity, free units included; null when the cost is, or the quantity is 0. */
  readonly averageUnitPrice: number | null;
  /** The free units (unit price 0), then each tier that was used; quantities sum to the quantity priced. */
  readonly parts: readonly PricedPart[];
}

export interface PricedPart {
  readonly quantity: number;
  readonly unitPrice: number | null;
  readonly cost: number | null;
  readonly free: boolean;
  readonly borrowedFrom: PriceOrigin | null;
}

export interface PricingOptions {
  /** Units of the month that cost nothing; `price.freePerMonth` unless given (0 gives the list price). */
  readonly free?: number;
  /** Units consumed in the same month before these, free ones included: tiers are met account-wide. */
  readonly already?: number;
}

/**
 * Price `quantity` units, bought after `already` others in the same month.
 * Throws a RangeError for a quantity that is negative or not finite: such a figure is a mistake upstream, not a price.
 */
export function priceQuantity(
  price: TieredPrice,
  quantity: number,
  options: PricingOptions = {},
): PricedQuantity {
  const free = requireAmount("free units", options.free ?? price.freePerMonth);
  const already = requireAmount("units already consumed", options.already ?? 0);
  const parts = splitIntoParts(price, requireAmount("quantity", quantity), { free, already });
  const cost = parts.some((part) => part.cost === null)
    ? null
    : roundToDecimal(parts.reduce((sum, part) => sum + (part.cost ?? 0), 0));
  const averageUnitPrice = cost === null || quantity === 0 ? null : roundToDecimal(cost / quantity);
  return { cost, averageUnitPrice, parts };
}

/** The double nearest to a value's first 15 significant decimal digits: all that a double holds for certain. */
export function roundToDecimal(value: number): number {
  return Number.isSafeInteger(value) && Math.abs(value) < 1e15 ? value : Number(value.toPrecision(15));
}

/** Walks from `already` to `already + quantity`, first through the free units, then up the tiers. */
function splitIntoParts(
  price: TieredPrice,
  quantity: number,
  { free, already }: { free: number; already: number },
): PricedPart[] {
  const parts: PricedPart[] = [];
  const freeLeft = Math.min(quantity, Math.max(0, free - already));
  if (freeLeft > 0) {
    parts.push({ quantity: freeLeft, unitPrice: 0, cost: 0, free: true, borrowedFrom: null });
  }
  let position = Math.max(0, already - free);
  let left = quantity - freeLeft;
  for (const tier of price.tiers) {
    if (left <= 0) break;
    const room = tier.upTo === null ? left : tier.upTo - position;
    if (room <= 0) continue;
    const taken = Math.min(left, room);
    parts.push({
      quantity: taken,
      unitPrice: tier.unitPrice,
      cost: tier.unitPrice === null ? null : roundToDecimal(taken * tier.unitPrice),
      free: false,
      borrowedFrom: tier.borrowedFrom ?? null,
    });
    position += taken;
    left = taken === left ? 0 : left - taken;
  }
  // A list whose last tier ends says nothing about units beyond it: those have no known price.
  if (left > 0) parts.push({ quantity: left, unitPrice: null, cost: null, free: false, borrowedFrom: null });
  return parts;
}

function requireAmount(name: string, amount: number): number {
  if (Number.isFinite(amount) && amount >= 0) return amount;
  throw new RangeError(`${name} must be a finite number of 0 or more, not ${amount}`);
}
