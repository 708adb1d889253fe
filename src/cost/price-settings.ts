/** Price settings are what a company pays instead of the list price: a discount on everything, or prices of its own. */
import { UserError } from "../user-error.ts";
import type { PriceList, PriceTier, TieredPrice, UsageType } from "./price-list.ts";
import { roundToDecimal } from "./tiered-price.ts";

export interface PriceSettings {
  /** Percent off every price that is not overridden, 0 to 100; free units stay free units. */
  readonly discountPercent?: number;
  /** A private price list, in the list's own currency and billing units. Taken as paid: the discount leaves them alone. */
  readonly overrides?: Readonly<Partial<Record<UsageType, PriceOverride>>>;
}

/** One price per billing unit, or tiers of it. */
export type PriceOverride =
  | number
  | {
      readonly tiers: readonly PriceTier[];
      readonly freePerMonth?: number;
      readonly date?: string;
      readonly source?: string;
    };

const OWN_SOURCE = "your own price settings";

/** A list with the company's prices in it, each noting what was done. Throws UserError for a discount or price that cannot be. */
export function applyPriceSettings(list: PriceList, settings: PriceSettings): PriceList {
  const discount = settings.discountPercent ?? 0;
  requireDiscount(discount);
  const prices: Partial<Record<UsageType, TieredPrice>> = {};
  for (const [usageType, price] of Object.entries(list.prices) as [UsageType, TieredPrice][]) {
    prices[usageType] = discount === 0 ? price : discountPrice(price, discount);
  }
  for (const [usageType, override] of Object.entries(settings.overrides ?? {}) as [
    UsageType,
    PriceOverride,
  ][]) {
    prices[usageType] = overridePrice(usageType, list.prices[usageType], override);
  }
  return { ...list, ...(discount === 0 ? {} : { discountPercent: discount }), prices };
}

function requireDiscount(percent: number): void {
  if (percent >= 0 && percent <= 100) return;
  throw new UserError(
    "invalid-discount",
    `a discount is a percentage from 0 to 100, not ${percent}`,
    "Write for example `discount: 9%`.",
  );
}

function discountPrice(price: TieredPrice, percent: number): TieredPrice {
  const share = roundToDecimal(1 - percent / 100);
  return {
    ...price,
    tiers: price.tiers.map((tier) => ({
      ...tier,
      unitPrice: tier.unitPrice === null ? null : roundToDecimal(tier.unitPrice * share),
    })),
    adjustments: [...(price.adjustments ?? []), `less ${percent} % discount`],
  };
}

function overridePrice(
  usageType: UsageType,
  listed: TieredPrice | undefined,
  override: PriceOverride,
): TieredPrice {
  const own = typeof override === "number" ? { tiers: [{ upTo: null, unitPrice: override }] } : override;
  requireTiers(usageType, own.tiers);
  return {
    tiers: own.tiers,
    freePerMonth: own.freePerMonth ?? listed?.freePerMonth ?? 0,
    ...(listed?.freeSharedWith === undefined ? {} : { freeSharedWith: listed.freeSharedWith }),
    date: own.date ?? null,
    source: own.source ?? OWN_SOURCE,
    confidence: "high",
  };
}

/** A price may be 0 (a company may have bought it so), never less; bounds rise and only the last tier is without end. */
function requireTiers(usageType: UsageType, tiers: readonly PriceTier[]): void {
  let from = 0;
  tiers.forEach((tier, at) => {
    const last = at === tiers.length - 1;
    const bounded = last ? tier.upTo === null : tier.upTo !== null && tier.upTo > from;
    const priced = tier.unitPrice === null || (Number.isFinite(tier.unitPrice) && tier.unitPrice >= 0);
    if (!bounded || !priced) throw invalidOverride(usageType);
    from = tier.upTo ?? from;
  });
  if (tiers.length === 0) throw invalidOverride(usageType);
}

function invalidOverride(usageType: UsageType): UserError {
  return new UserError(
    "invalid-price",
    `the price given for ${usageType} is not a price: prices are 0 or more, tiers rise, and only the last has no end`,
    "Write one number per billing unit, or tiers such as `[{ upTo: 3600000, unitPrice: 0.00001667 }, { upTo: null, unitPrice: 0.00000833 }]`.",
  );
}
