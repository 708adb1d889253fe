/** The chosen price list is the packaged one with every price that the user's own download knows better. */
import type { PriceList, TieredPrice, UsageType } from "./price-list.ts";

/**
 * Price by price, the downloaded one wins when it is at least as new, or knows a tier that the packaged one does not.
 * A download of another region or currency is left alone. Either may be null; both null gives null.
 */
export function choosePriceList(packaged: PriceList | null, cached: PriceList | null): PriceList | null {
  if (packaged === null || cached === null) return packaged ?? cached;
  if (packaged.region !== cached.region || packaged.currency !== cached.currency) return packaged;
  const prices: Partial<Record<UsageType, TieredPrice>> = { ...packaged.prices };
  for (const [usageType, price] of Object.entries(cached.prices) as [UsageType, TieredPrice][]) {
    if (isBetter(price, packaged.prices[usageType])) prices[usageType] = price;
  }
  const dates = Object.values(prices).map((price) => price.date);
  return { ...packaged, date: newest(dates), prices };
}

function isBetter(cached: TieredPrice, packaged: TieredPrice | undefined): boolean {
  if (packaged === undefined) return true;
  if (hasUnknown(cached)) return hasUnknown(packaged) && isAsNew(cached, packaged);
  return hasUnknown(packaged) || isAsNew(cached, packaged);
}

function hasUnknown(price: TieredPrice): boolean {
  return price.tiers.some((tier) => tier.unitPrice === null);
}

/** ISO dates compare as text; a shorter one ("2026") counts as the beginning of its year. */
function isAsNew(cached: TieredPrice, packaged: TieredPrice): boolean {
  return (cached.date ?? "") >= (packaged.date ?? "");
}

function newest(dates: readonly (string | null)[]): string | null {
  return dates.reduce(
    (latest, date) => (date !== null && (latest === null || date > latest) ? date : latest),
    null,
  );
}
