/** A borrowed price stands in for one that a region's list does not know, and says so wherever it is used. */
import type { PriceList, PriceOrigin, PriceSource, PriceTier, TieredPrice, UsageType } from "./price-list.ts";
import type { PricedPart } from "./tiered-price.ts";

/** The region whose prices stand in for unknown ones: its list is the fullest. */
export const LENDING_REGION = "us-east-1";

/**
 * Fill what `list` does not know from `lender`, price by price and tier by tier, each marked with `borrowedFrom`.
 * Nothing crosses currencies: with another currency the list comes back as it is. Known prices and free units never change.
 */
export function borrowPrices(list: PriceList, lender: PriceList): PriceList {
  if (list.currency !== lender.currency || list.region === lender.region) return list;
  const prices: Partial<Record<UsageType, TieredPrice>> = {};
  for (const usageType of new Set([...usageTypesOf(lender), ...usageTypesOf(list)])) {
    const lent = lender.prices[usageType];
    const own = list.prices[usageType];
    const price = lent === undefined ? own : borrowPrice(own, lent, lender.region);
    if (price !== undefined) prices[usageType] = price;
  }
  return { ...list, prices };
}

/** Usage types of which at least one tier is borrowed, in the list's order. */
export function borrowedUsageTypes(list: PriceList): readonly UsageType[] {
  return usageTypesOf(list).filter((usageType) =>
    list.prices[usageType]?.tiers.some((tier) => tier.borrowedFrom !== undefined),
  );
}

/**
 * Where the price of a line item came from: borrowed when any tier it used is.
 * `parts` are those of `priceQuantity`; without them (nothing priced yet) the first tier decides.
 */
export function priceSourceOf(
  list: PriceList,
  usageType: UsageType,
  parts: readonly Pick<PricedPart, "borrowedFrom">[] = [],
): PriceSource {
  const price = list.prices[usageType];
  const used = parts.length > 0 ? parts : (price?.tiers.slice(0, 1) ?? []);
  const origin = used.find((part) => part.borrowedFrom)?.borrowedFrom;
  const adjustments = price?.adjustments ?? [];
  const named = (source: string | null) =>
    source === null && adjustments.length === 0
      ? null
      : [source ?? "", ...adjustments].filter(Boolean).join("; ");
  return origin
    ? { region: origin.region, date: origin.date, source: named(origin.source), borrowed: true }
    : {
        region: list.region,
        date: price?.date ?? null,
        source: named(price?.source ?? null),
        borrowed: false,
      };
}

function borrowPrice(own: TieredPrice | undefined, lent: TieredPrice, region: string): TieredPrice {
  const origin = { region, date: lent.date, source: lent.source };
  if (own !== undefined) return borrowTiers(own, lent, origin);
  return { ...lent, tiers: lent.tiers.map((tier) => borrowTier(tier, tier, origin)) };
}

/** The region's own tier bounds stay; a bound inside which the lender's price changes is split at the lender's bounds. */
function borrowTiers(own: TieredPrice, lent: TieredPrice, origin: PriceOrigin): TieredPrice {
  if (own.tiers.every((tier) => tier.unitPrice !== null)) return own;
  const tiers: PriceTier[] = [];
  let from = 0;
  for (const tier of own.tiers) {
    const end = tier.upTo ?? Infinity;
    if (tier.unitPrice !== null) tiers.push(tier);
    else tiers.push(...lentTiersBetween(lent, { from, end, origin }));
    from = end;
  }
  return { ...own, tiers };
}

function lentTiersBetween(
  lent: TieredPrice,
  { from, end, origin }: { from: number; end: number; origin: PriceOrigin },
): PriceTier[] {
  return lent.tiers
    .filter((tier, at) => (tier.upTo ?? Infinity) > from && (lent.tiers[at - 1]?.upTo ?? 0) < end)
    .map((tier) => {
      const upTo = Math.min(tier.upTo ?? Infinity, end);
      return borrowTier({ upTo: upTo === Infinity ? null : upTo, unitPrice: null }, tier, origin);
    });
}

function borrowTier(own: PriceTier, lent: PriceTier, origin: PriceOrigin): PriceTier {
  return lent.unitPrice === null
    ? { upTo: own.upTo, unitPrice: null }
    : { upTo: own.upTo, unitPrice: lent.unitPrice, borrowedFrom: lent.borrowedFrom ?? origin };
}

function usageTypesOf(list: PriceList): UsageType[] {
  return Object.keys(list.prices) as UsageType[];
}
