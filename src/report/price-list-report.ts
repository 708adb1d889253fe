/** The price list report is what `prices show` has to say: each price in use, with where it came from. */
import type { PriceList, PriceOrigin, TieredPrice, UsageType } from "../cost/price-list.ts";

export interface PriceListReport {
  readonly schemaVersion: "1";
  readonly kind: "prices";
  readonly region: string;
  readonly currency: string;
  readonly date: string | null;
  /** Prices of Step Functions first, then of neighbouring services. */
  readonly prices: readonly PriceReport[];
}

export interface PriceReport {
  readonly usageType: UsageType;
  readonly freePerMonth: number;
  readonly tiers: readonly PriceTierReport[];
  readonly date: string | null;
  readonly source: string | null;
  readonly confidence: TieredPrice["confidence"];
  readonly adjustments: readonly string[];
}

export interface PriceTierReport {
  /** Units of the month, after the free ones, up to which the price holds; null = without end. */
  readonly upTo: number | null;
  /** Null = not known. */
  readonly unitPrice: number | null;
  readonly borrowedFrom: PriceOrigin | null;
}

export function reportPriceList(list: PriceList): PriceListReport {
  return {
    schemaVersion: "1",
    kind: "prices",
    region: list.region,
    currency: list.currency,
    date: list.date,
    prices: (Object.entries(list.prices) as [UsageType, TieredPrice][]).map(([usageType, price]) => ({
      usageType,
      freePerMonth: price.freePerMonth,
      tiers: price.tiers.map(({ upTo, unitPrice, borrowedFrom = null }) => ({
        upTo,
        unitPrice,
        borrowedFrom,
      })),
      date: price.date,
      source: price.source,
      confidence: price.confidence,
      adjustments: price.adjustments ?? [],
    })),
  };
}
