/** Number words are how stepfare writes money, counts, shares and durations for people; null is always "unknown". */

import { CURRENCY_SIGNS } from "../currency-signs.ts";
import { type DecimalDigits, decimalText } from "../decimal-text.ts";

export const UNKNOWN = "unknown";

/** Fixed, so that a report reads the same on every machine. */
const LOCALE = "en-US";
const SMALLEST_MONEY = 1e-9;
const SMALLEST_QUANTITY = 1e-6;
const LARGEST_PLAIN = 1e12;
const LARGEST_COMPACT = 1e15;

/** With a notation it is one of the huge numbers, which Intl writes. */
type Digits = DecimalDigits & Pick<Intl.NumberFormatOptions, "notation" | "compactDisplay">;

const formats = new Map<string, Intl.NumberFormat>();

function write(value: number, digits: Digits): string {
  return digits.notation === undefined
    ? decimalText(value === 0 ? 0 : value, digits)
    : writeByIntl(value, digits);
}

/** Building an Intl.NumberFormat costs some 50 µs, the first of all as long as Node's own start. */
function writeByIntl(value: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify(options);
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(LOCALE, options);
    formats.set(key, format);
  }
  return format.format(value === 0 ? 0 : value);
}

/** `$175.40`, `$0.00000204`, `CN¥12.10`, `$1.2B`: cents where cents can be borne, three digits where they cannot. */
export function moneyWords(amount: number | null, currency: string): string {
  if (amount === null || !Number.isFinite(amount)) return UNKNOWN;
  const size = Math.abs(amount);
  if (size > 0 && size < SMALLEST_MONEY) {
    const limit = writeMoney(SMALLEST_MONEY, currency, { maximumFractionDigits: 9 });
    return amount < 0 ? `-<${limit}` : `<${limit}`;
  }
  return writeMoney(amount, currency, moneyDigits(size));
}

/** `+$175.00`, `-$3.20`, `$0`; null is unknown. */
export function signedMoney(amount: number | null, currency: string): string {
  const words = moneyWords(amount, currency);
  return amount !== null && amount > 0 ? `+${words}` : words;
}

/** A price per single unit, as precise as its list has it: `$0.00001667`. */
export function unitPriceWords(price: number | null, currency: string): string {
  if (price === null || !Number.isFinite(price)) return UNKNOWN;
  if (price !== 0 && Math.abs(price) < SMALLEST_MONEY) return moneyWords(price, currency);
  return writeMoney(price, currency, { minimumFractionDigits: 0, maximumSignificantDigits: 6 });
}

/** An amount per execution, told per million executions. */
export function perMillionWords(costPerExecution: number | null, currency: string): string {
  return moneyWords(costPerExecution === null ? null : costPerExecution * 1e6, currency);
}

function moneyDigits(size: number): Digits {
  if (size === 0) return { maximumFractionDigits: 0 };
  if (size < 0.01) return { minimumSignificantDigits: 2, maximumSignificantDigits: 3 };
  if (size < 0.1) return { minimumFractionDigits: 2, maximumFractionDigits: 3 };
  if (size < 9999.995) return { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  if (size < 999_999_999.5) return { maximumFractionDigits: 0 };
  return hugeDigits(size);
}

function hugeDigits(size: number): Digits {
  const notation = size < LARGEST_COMPACT ? "compact" : "scientific";
  return { notation, minimumSignificantDigits: 1, maximumSignificantDigits: 3 };
}

function writeMoney(amount: number, currency: string, digits: Digits): string {
  // A private price list may name anything as its currency; Intl throws for what is not three letters.
  if (!/^[A-Z]{3}$/.test(currency)) return `${write(amount, digits)} ${currency}`;
  const sign = CURRENCY_SIGNS[currency];
  if (sign === undefined || digits.notation !== undefined)
    return writeByIntl(amount, { style: "currency", currency, ...digits });
  return `${amount < 0 ? "-" : ""}${sign}${decimalText(Math.abs(amount), digits)}`;
}

/** `7,020,000`, `7.02`, `0.00012`: a count or a mean of counts. */
export function quantityWords(quantity: number | null): string {
  if (quantity === null || !Number.isFinite(quantity)) return UNKNOWN;
  const size = Math.abs(quantity);
  if (size > 0 && size < SMALLEST_QUANTITY) return quantity < 0 ? "-<0.000001" : "<0.000001";
  if (size >= LARGEST_PLAIN) return write(quantity, { ...hugeDigits(size), compactDisplay: "long" });
  if (size > 0 && size < 0.01) return write(quantity, { maximumSignificantDigits: 2 });
  if (size < 1) return write(quantity, { maximumSignificantDigits: 3 });
  return write(quantity, { maximumFractionDigits: size < 1000 ? 2 : size < 10_000 ? 1 : 0 });
}

/** An exact count as a decimal string, which may pass any number type: `3`, `12,345`, `about 1.6 × 10^60`. */
export function exactCountWords(count: string): string {
  if (!/^\d+$/.test(count)) return UNKNOWN;
  const digits = count.replace(/^0+(?=\d)/, "");
  if (digits.length <= 15) return write(Number(digits), {});
  const mantissa = `${digits[0] ?? "0"}.${digits[1] ?? "0"}`;
  return `about ${mantissa} × 10^${String(digits.length - 1)}`;
}

/** `2%`, `33.3%`, `>99.9%`, `<0.0001%`: never 0% for what can happen, never 100% for what can fail to. */
export function shareWords(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return UNKNOWN;
  const percent = share * 100;
  if (percent <= 0) return percent === 0 ? "0%" : `${write(percent, { maximumFractionDigits: 1 })}%`;
  if (percent < 0.0001) return "<0.0001%";
  if (percent > 99.9 && percent < 100 - 1e-7) return ">99.9%";
  if (percent < 1) return `${write(percent, { maximumSignificantDigits: 2 })}%`;
  return `${write(percent, { maximumFractionDigits: percent < 10 ? 2 : 1 })}%`;
}

/** `500 ms`, `2.1 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function durationWords(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return UNKNOWN;
  if (ms > 0 && ms < 1) return "<1 ms";
  if (ms < 999.5) return `${write(ms, { maximumFractionDigits: ms < 10 ? 1 : 0 })} ms`;
  if (ms < 59_950) return `${write(ms / 1000, { maximumSignificantDigits: 3 })} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoUnits({ value: seconds, per: 60, large: "min", small: "s" });
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return twoUnits({ value: minutes, per: 60, large: "h", small: "min" });
  const hours = Math.round(minutes / 60);
  if (hours < 24_000) return twoUnits({ value: hours, per: 24, large: "d", small: "h" });
  return `${quantityWords(Math.round(hours / 24))} d`;
}

function twoUnits(time: { value: number; per: number; large: string; small: string }): string {
  const whole = Math.floor(time.value / time.per);
  const rest = time.value % time.per;
  const large = `${write(whole, {})} ${time.large}`;
  return rest === 0 ? large : `${large} ${String(rest)} ${time.small}`;
}

/** `$12.10 – $48.00`, one number where both ends read the same, "unknown" where either end is. */
export function rangeWords(low: string, high: string): string {
  if (low === UNKNOWN || high === UNKNOWN) return UNKNOWN;
  return low === high ? low : `${low} – ${high}`;
}

/** `1 state`, `2 states`, `0 states`. */
export function countedWords(count: number, one: string, many = `${one}s`): string {
  return `${quantityWords(count)} ${count === 1 ? one : many}`;
}
