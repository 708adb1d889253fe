/** Compact words are numbers where there is little room, as beside an axis. */
import { moneyWords } from "../number-words.ts";

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });
const compactByCurrency = new Map<string, Intl.NumberFormat>();

/** `1K`, `10M`: ticks have little room. */
export function compactWords(value: number): string {
  return compact.format(value);
}

/** `$1.2K`; small amounts as everywhere, without idle cents. */
export function compactMoney(value: number, currency: string): string {
  if (value < 1000 || !/^[A-Z]{3}$/.test(currency)) return moneyWords(value, currency).replace(/\.00$/, "");
  const format =
    compactByCurrency.get(currency) ??
    new Intl.NumberFormat("en-US", {
      ...{ style: "currency", currency },
      ...{ notation: "compact", maximumSignificantDigits: 3 },
    });
  compactByCurrency.set(currency, format);
  return format.format(value);
}
