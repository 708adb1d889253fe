/** Compact words are numbers where there is little room, as beside an axis. */
import { moneyWords } from "../number-words.ts";

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });
const byCurrency = new Map<string, Intl.NumberFormat>();

/** `1K`, `10M`: ticks have little room. */
export function compactWords(value: number): string {
  return compact.format(value);
}

/** `$1.2K`, `$1E-9`; amounts between as everywhere, without idle cents. */
export function compactMoney(value: number, currency: string): string {
  const size = Math.abs(value);
  const notation = size >= LARGE ? "compact" : "scientific";
  if (size === 0 || (size >= SMALL && size < LARGE) || !/^[A-Z]{3}$/.test(currency))
    return moneyWords(value, currency).replace(/\.00$/, "");
  const key = `${notation} ${currency}`;
  const format =
    byCurrency.get(key) ??
    new Intl.NumberFormat("en-US", {
      style: "currency",
      currency,
      notation,
      maximumSignificantDigits: 3,
    });
  byCurrency.set(key, format);
  return format.format(value);
}

const SMALL = 0.001;
const LARGE = 1000;
