/** A quantity is a number as people write it, with suffix and unit: `1M`, `2.5k`, `50/s`, `2%`, `8KB`, `512MB`. */

/** A value, or what is wrong with the text and what to write instead, as one sentence. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** A number with its range, before it is known where it comes from. */
export interface Range {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Hours of a month, as AWS's own calculator counts: 365 × 24 ÷ 12. https://docs.aws.amazon.com/pricing-calculator/latest/userguide/ */
export const HOURS_PER_MONTH = 730;

const NUMBER = String.raw`(\d+(?:_\d+)*(?:\.\d+)?)(?:[eE]\+?(\d{1,3}))?`;

/** `12`, `1_000_000`, `2.5k`, `1M`, `1.5B`, `1e6`. */
export const COUNT_PATTERN = new RegExp(String.raw`^${NUMBER} ?([kKMB])?$`);
/** A count, alone or per time: `1000000/month`, `1200/day`, `3/h`, `10/min`, `50/s`. */
export const RATE_PATTERN = new RegExp(
  String.raw`^${NUMBER} ?([kKMB])?(?: ?(?:/|per) ?(s|sec|second|min|minute|h|hour|d|day|week|month|year))?$`,
);
/** `0.02` or `2%`. */
export const SHARE_PATTERN = new RegExp(String.raw`^(\d+(?:\.\d+)?|\d*\.\d+)(?:[eE]-?(\d{1,3}))? ?(%)?$`);
/** `8`, `8KB`, `500B`, `1.5MB`: units of 1,000. */
export const SIZE_PATTERN = new RegExp(String.raw`^${NUMBER} ?(B|KB|kB|MB)?$`);
/** `512`, `512MB`, `2GB`: units of 1,024, as Lambda counts memory. */
export const MEMORY_PATTERN = new RegExp(String.raw`^${NUMBER} ?(MB|GB)?$`);

const COUNT_EXPONENTS: ReadonlyMap<string, number> = new Map([
  ["", 0],
  ["k", 3],
  ["K", 3],
  ["M", 6],
  ["B", 9],
]);

/** Occurrences per month of something that occurs once per unit. */
const PER_MONTH: ReadonlyMap<string, number> = new Map([
  ["s", HOURS_PER_MONTH * 3600],
  ["sec", HOURS_PER_MONTH * 3600],
  ["second", HOURS_PER_MONTH * 3600],
  ["min", HOURS_PER_MONTH * 60],
  ["minute", HOURS_PER_MONTH * 60],
  ["h", HOURS_PER_MONTH],
  ["hour", HOURS_PER_MONTH],
  ["d", HOURS_PER_MONTH / 24],
  ["day", HOURS_PER_MONTH / 24],
  ["week", HOURS_PER_MONTH / 168],
  ["month", 1],
  ["year", 1 / 12],
]);

/** A number of things: 0 or more, not necessarily whole (it may be a mean). */
export function parseCount(written: unknown): Parsed<number> {
  return parseNumber(written, "12, 1_000_000, 2.5k or 1M", (text) => {
    const match = COUNT_PATTERN.exec(text);
    return match ? scaled(match[1], match[2], COUNT_EXPONENTS.get(match[3] ?? "") ?? 0) : null;
  });
}

/** Executions per month; a number without a unit is per month already. */
export function parseRate(written: unknown): Parsed<number> {
  return parseNumber(written, "1M, 1000000/month, 1200/day, 3/h, 10/min or 50/s", (text) => {
    const match = RATE_PATTERN.exec(text);
    if (!match) return null;
    const count = scaled(match[1], match[2], COUNT_EXPONENTS.get(match[3] ?? "") ?? 0);
    return count * (PER_MONTH.get(match[4] ?? "month") ?? Number.NaN);
  });
}

/** A share between 0 and 1. */
export function parseShare(written: unknown): Parsed<number> {
  const parsed = parseNumber(written, "a share such as 0.02 or 2%", (text) => {
    const match = SHARE_PATTERN.exec(text);
    if (!match) return null;
    const number = text.replace(/ ?%$/, "");
    return match[3] === undefined ? Number(number) : percent(number);
  });
  if (!parsed.ok || parsed.value <= 1) return parsed;
  return problem(
    `${quoted(written)} is more than the whole: a share lies between 0 and 1; write ${
      typeof written === "number" && written <= 100 ? `${written}% if you mean percent` : "0.02 or 2%"
    }`,
  );
}

/** Kilobytes of 1,000 bytes. */
export function parseSizeKB(written: unknown): Parsed<number> {
  return parseNumber(written, "kilobytes such as 8, 8KB, 500B or 1.5MB", (text) => {
    const match = SIZE_PATTERN.exec(text);
    return match ? scaled(match[1], match[2], SIZE_EXPONENTS.get(match[3] ?? "KB") ?? Number.NaN) : null;
  });
}

const SIZE_EXPONENTS: ReadonlyMap<string, number> = new Map([
  ["B", -3],
  ["KB", 0],
  ["kB", 0],
  ["MB", 3],
]);

/** Megabytes of memory as Lambda configures them; more than 0. */
export function parseMemoryMB(written: unknown): Parsed<number> {
  const parsed = parseNumber(written, "megabytes such as 512, 512MB or 2GB", (text) => {
    const match = MEMORY_PATTERN.exec(text);
    return match ? scaled(match[1], match[2], 0) * (match[3] === "GB" ? 1024 : 1) : null;
  });
  if (!parsed.ok || parsed.value > 0) return parsed;
  return problem(`${quoted(written)} is no memory size: write megabytes such as 512, 512MB or 2GB`);
}

/** `9%`, from 0% to 100%; the sign is needed, because 0.09 could be either. */
export const PERCENT_PATTERN = /^(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?) ?%$/;

/** A percentage, 0 to 100. */
export function parsePercent(written: unknown): Parsed<number> {
  const text = typeof written === "string" ? written.trim() : "";
  if (PERCENT_PATTERN.test(text)) return { ok: true, value: Number(text.replace(/ ?%$/, "")) };
  const meant = typeof written === "number" && written >= 1 && written <= 100 ? written : 9;
  return problem(
    `${quoted(written)} is no percentage from 0% to 100%: write it with its sign, such as ${meant}%`,
  );
}

/** One number, or `{ low, likely, high }` of which only `likely` is needed; each read by `parse`. */
export function parseRange(written: unknown, parse: (written: unknown) => Parsed<number>): Parsed<Range> {
  if (typeof written !== "object" || written === null) {
    const parsed = parse(written);
    return parsed.ok
      ? { ok: true, value: { value: parsed.value, low: parsed.value, high: parsed.value } }
      : parsed;
  }
  const given = new Map(Array.isArray(written) ? [] : Object.entries(written));
  const unknown = [...given.keys()].filter((key) => key !== "low" && key !== "likely" && key !== "high");
  if (unknown.length > 0 || !given.has("likely")) {
    const why = unknown.length > 0 ? `${quoted(unknown[0])} is no part of a range` : "a range needs likely";
    return problem(`${why}: write one number, or { low, likely, high }`);
  }
  const likely = parse(given.get("likely"));
  if (!likely.ok) return problem(`likely: ${likely.problem}`);
  const low = given.has("low") ? parse(given.get("low")) : likely;
  if (!low.ok) return problem(`low: ${low.problem}`);
  const high = given.has("high") ? parse(given.get("high")) : likely;
  if (!high.ok) return problem(`high: ${high.problem}`);
  if (low.value > likely.value || likely.value > high.value) {
    return problem(
      "the range is out of order: write low, likely and high so that each is at least the one before",
    );
  }
  return { ok: true, value: { value: likely.value, low: low.value, high: high.value } };
}

export function problem(text: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: text };
}

/** What was written, short enough for one line of an error. */
export function quoted(written: unknown): string {
  if (typeof written === "string") {
    return JSON.stringify(written.length > 40 ? `${written.slice(0, 40)}…` : written);
  }
  if (typeof written === "number" || typeof written === "boolean" || written == null) return String(written);
  if (typeof written === "bigint") return `${written}n`;
  if (typeof written === "function" || typeof written === "symbol") return `a ${typeof written}`;
  return Array.isArray(written) ? "a list" : "a group of keys";
}

/** The wall that all quantities share: finite numbers of 0 or more, as a number or as text that `read` knows (null = it does not). */
export function parseNumber(
  written: unknown,
  examples: string,
  read: (text: string) => number | null,
): Parsed<number> {
  if (typeof written !== "number" && typeof written !== "string") {
    return problem(`${quoted(written)} is not a number: write ${examples}`);
  }
  const text = String(written).trim();
  const isNegative = typeof written === "number" ? written < 0 : /^-\s*[\d.]/.test(text);
  if (isNegative) return problem(`${quoted(written)} is negative: write 0 or more, as ${examples}`);
  const value = typeof written === "number" ? written : read(text);
  if (value === null || Number.isNaN(value)) {
    return problem(`${quoted(written)} is not understood: write ${examples}`);
  }
  if (!Number.isFinite(value))
    return problem(`${quoted(written)} is without end: write a finite number, such as ${examples}`);
  return { ok: true, value: value === 0 ? 0 : value };
}

/** Shifts the decimal point in the text, so that 1.1M is 1100000 and not 1100000.0000000001. */
export function scaled(digits: string | undefined, exponent: string | undefined, shift: number): number {
  return Number(`${(digits ?? "").replaceAll("_", "")}e${Number(exponent ?? 0) + shift}`);
}

function percent(number: string): number {
  const [digits, exponent] = number.toLowerCase().split("e");
  return scaled(digits, exponent, -2);
}

export function parseRounds(written: unknown): Parsed<number> {
  const parsed = parseCount(written);
  if (!parsed.ok || parsed.value >= 1) return parsed;
  return problem(
    `${quoted(written)} is less than one round, and a loop that is reached is entered once: write 1 or more`,
  );
}
