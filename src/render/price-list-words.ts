/** Price list words say which prices a report's money is of. */
import { quantityWords } from "./number-words.ts";

export interface PricesUsed {
  readonly currency: string;
  readonly priceListDate: string | null;
  readonly discountPercent: number;
}

/** `USD, of 2026-10-01, less 9 % discount`. */
export function priceListWords({ currency, priceListDate, discountPercent }: PricesUsed): string {
  const discount = discountPercent === 0 ? "" : `, less ${quantityWords(discountPercent)} % discount`;
  return `${currency}, of ${priceListDate ?? "unknown date"}${discount}`;
}
