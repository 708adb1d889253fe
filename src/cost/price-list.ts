/** A price list is what one region charges, in one currency, with the source and date of each price. */
import type { UsageType } from "../usage/usage-line.ts";

export type { UsageType, WorkflowUsageType } from "../usage/usage-line.ts";

export interface PriceList {
  readonly region: string;
  readonly currency: string;
  /** Newest date of any price in it. */
  readonly date: string | null;
  /** Percent taken off what AWS lists; absent = nothing. */
  readonly discountPercent?: number;
  readonly prices: Readonly<Partial<Record<UsageType, TieredPrice>>>;
}

/**
 * Consecutive tiers over the month's quantity; a flat price is one tier with `upTo` null (without end).
 * Prices are in the list's currency per billing unit: one transition, one request, one GB-second, one GB. Null = not known.
 * `upTo` counts the month's units after the free ones, because AWS meters those under a usage type of their own (`Global-…`).
 */
export interface TieredPrice {
  readonly tiers: readonly PriceTier[];
  /** Units per month that cost nothing, for good. */
  readonly freePerMonth: number;
  /** Usage types that draw on these same free units: an account has them once, not once each. */
  readonly freeSharedWith?: readonly UsageType[];
  /** Day the price was read, ISO 8601, or as precise as the source is. */
  readonly date: string | null;
  readonly source: string | null;
  readonly confidence: "high" | "medium" | "low" | null;
  /** What was done to the published price since it was read, e.g. "less 9 % discount". */
  readonly adjustments?: readonly string[];
}

export interface PriceTier {
  readonly upTo: number | null;
  readonly unitPrice: number | null;
  /** The list this tier's price was taken from, when the region's own is not known. */
  readonly borrowedFrom?: PriceOrigin;
}

export interface PriceOrigin {
  readonly region: string;
  readonly date: string | null;
  readonly source: string | null;
}

/** Where the price of a line item came from. */
export interface PriceSource extends PriceOrigin {
  readonly borrowed: boolean;
}
