/** Compact words are numbers where there is little room, as beside an axis. */
import { moneyWords } from "../number-words.ts";

/** `1K`, `10M`: ticks have little room. */
export function compactWords(value: number): string {
  return new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 }).format(value);
}

/** `$1.2K`; small amounts as everywhere, without idle cents. */
export function compactMoney(value: number, currency: string): string {
  return value >= 1000 && /^[A-Z]{3}$/.test(currency)
    ? new Intl.NumberFormat("en-US", {
        style: "currency",
        currency,
        notation: "compact",
        maximumSignificantDigits: 3,
      }).format(value)
    : moneyWords(value, currency).replace(/\.00$/, "");
}
