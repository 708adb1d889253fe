/** Decimal text is a number as people read it in English: thousands apart, rounded half away from zero. */

/** How exactly, as Intl.NumberFormat takes it: by digits that count, where they are given, else by digits after the point. */
export interface DecimalDigits {
  readonly minimumFractionDigits?: number;
  /** 3 where it is not given. */
  readonly maximumFractionDigits?: number;
  readonly minimumSignificantDigits?: number;
  readonly maximumSignificantDigits?: number;
}

/**
 * What Intl.NumberFormat("en-US") writes of up to 15 digits that count, without the tables of all languages that it loads
 * first: those take as long as Node's own start.
 */
export function decimalText(value: number, digits: DecimalDigits = {}): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? "-∞" : "∞";
  const exact = shortestDecimal(Math.abs(value));
  const bySignificance = "minimumSignificantDigits" in digits || "maximumSignificantDigits" in digits;
  const most = bySignificance
    ? (digits.maximumSignificantDigits ?? 21)
    : exact.point + (digits.maximumFractionDigits ?? Math.max(3, digits.minimumFractionDigits ?? 0));
  const { kept, point } = roundedTo(exact, most);
  const whole = kept.slice(0, Math.max(point, 0)).padEnd(point, "0") || "0";
  const fraction = withoutZeros("0".repeat(Math.max(-point, 0)) + kept.slice(Math.max(point, 0)));
  const least = bySignificance
    ? (digits.minimumSignificantDigits ?? 1) - (kept === "" ? 1 : point)
    : (digits.minimumFractionDigits ?? 0);
  const after = fraction.padEnd(least, "0");
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  return `${sign}${thousandsApart(whole)}${after === "" ? "" : `.${after}`}`;
}

/** The fewest digits that tell the number from all others; the decimal point stands after `point` of them. */
function shortestDecimal(size: number): { readonly kept: string; readonly point: number } {
  const [mantissa = "", exponent = "0"] = String(size).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const all = whole + fraction;
  const kept = all.replace(/^0+/, "");
  return { kept, point: kept === "" ? 0 : whole.length + Number(exponent) - (all.length - kept.length) };
}

/** To at most this many digits, half away from zero; none is left of a number that is rounded to 0. */
function roundedTo({ kept, point }: ReturnType<typeof shortestDecimal>, most: number) {
  if (most >= kept.length) return { kept, point };
  const cut = kept.slice(0, Math.max(most, 0));
  if (most < 0 || kept[most]! < "5") return { kept: cut, point };
  const next = String(BigInt(cut) + 1n);
  return { kept: next, point: point + next.length - cut.length };
}

function withoutZeros(fraction: string): string {
  let end = fraction.length;
  while (fraction.charAt(end - 1) === "0") end--;
  return fraction.slice(0, end);
}

function thousandsApart(whole: string): string {
  if (whole.length <= 3) return whole;
  const first = whole.length % 3 || 3;
  const groups = [whole.slice(0, first)];
  for (let at = first; at < whole.length; at += 3) groups.push(whole.slice(at, at + 3));
  return groups.join(",");
}
