/** A duration is a time span as people write it: `300ms`, `1.5s`, `5m`, `1h30m`; alone, as a range, or by its percentiles. */
import { meanOfPercentiles } from "../percentile-curve.ts";
import type { Parsed, Range } from "./quantity.ts";
import { parseNumber, parseRange, problem, quoted, scaled } from "./quantity.ts";

/** As `DurationFigure`, before it is known where it comes from; milliseconds. */
export interface DurationRange {
  readonly ms: Range;
  readonly percentiles: readonly (readonly [share: number, ms: number])[] | null;
}

export const DURATION_PATTERN = /^(?:\d+(?:_\d+)*(?:\.\d+)? ?(?:ms|s|m|min|h|d) ?)+$/;
/** `p50`, `p99`, `p99.9`; p0 and p100 are the least and the most. */
export const PERCENTILE_PATTERN = /^p(?:100|\d{1,2}(?:\.\d+)?)$/;

const EXAMPLES = "a duration with its unit, such as 300ms, 1.5s, 5m or 2h";

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["min", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** Milliseconds. A number without a unit is refused, because it could be either. */
export function parseDurationMs(written: unknown): Parsed<number> {
  const bare = String(written).trim();
  const isBare =
    typeof written === "number"
      ? Number.isFinite(written) && written > 0
      : /^\d+(?:\.\d+)?$/.test(bare) && Number(bare) > 0;
  if (isBare) return problem(`${quoted(written)} has no unit: write ${bare}ms or ${bare}s`);
  return parseNumber(written, EXAMPLES, (text) => {
    if (text === "0") return 0;
    if (!DURATION_PATTERN.test(text)) return null;
    let ms = 0;
    for (const [, digits, unit] of text.matchAll(/(?<![\d_.])([\d_.]+) ?(ms|min|m|s|h|d)/g)) {
      ms +=
        unit === "s"
          ? scaled(digits, undefined, 3)
          : scaled(digits, undefined, 0) * (UNIT_MS.get(unit ?? "") ?? Number.NaN);
    }
    return ms;
  });
}

/** `300ms`, `{ low, likely, high }` or `{ p50, p99, … }`. */
export function parseDuration(written: unknown): Parsed<DurationRange> {
  const keys =
    typeof written === "object" && written !== null && !Array.isArray(written) ? Object.keys(written) : [];
  if (keys.some((key) => PERCENTILE_PATTERN.test(key)))
    return parsePercentiles(Object.entries(written as object));
  const range = parseRange(written, parseDurationMs);
  if (range.ok) return { ok: true, value: { ms: range.value, percentiles: null } };
  return typeof written === "object" && written !== null
    ? problem(`${range.problem}; for percentiles write { p50: 300ms, p99: 2s }`)
    : range;
}

function parsePercentiles(entries: readonly (readonly [string, unknown])[]): Parsed<DurationRange> {
  const points: (readonly [share: number, ms: number])[] = [];
  for (const [key, written] of entries) {
    if (!PERCENTILE_PATTERN.test(key)) {
      return problem(
        `${quoted(key)} does not go with percentiles: write only keys such as p50, p90, p99 and p99.9`,
      );
    }
    const ms = parseDurationMs(written);
    if (!ms.ok) return problem(`${key}: ${ms.problem}`);
    points.push([scaled(key.slice(1), undefined, -2), ms.value]);
  }
  points.sort(([a], [b]) => a - b);
  const isFalling = points.some(([share, ms], index) => {
    const before = points[index - 1];
    return before !== undefined && (before[1] > ms || before[0] === share);
  });
  if (isFalling)
    return problem("the percentiles fall: write each higher percentile at least as long as the one below it");
  const mean = meanOfPercentiles(points);
  return {
    ok: true,
    value: { ms: { value: mean, low: mean, high: mean }, percentiles: points },
  };
}
