/** The sample plan says which executions to read: spread evenly over the period, and over the ways executions end. */
import type { EndStatus } from "../workflow/fleet/fleet.ts";

export interface Stratum<T> {
  readonly status: EndStatus;
  /** Executions of the period that ended so; null = as many as are listed. */
  readonly population: number | null;
  /** By start. */
  readonly listed: readonly T[];
}

export interface PlannedStratum<T> {
  readonly status: EndStatus;
  readonly population: number;
  readonly chosen: readonly T[];
}

/** Rare ways to end get at least this many, or all there are. */
const LEAST = 3;

/** Failures are rare and tell most about retries: each status gets a few, the rest goes by population. */
export function planSample<T>(
  strata: readonly Stratum<T>[],
  histories: number,
): readonly PlannedStratum<T>[] {
  const there = strata
    .filter(({ listed }) => listed.length > 0)
    .map((stratum) => ({ ...stratum, population: Math.max(stratum.population ?? 0, stratum.listed.length) }));
  const total = there.reduce((sum, { population }) => sum + population, 0);
  const least = Math.min(LEAST, Math.floor(histories / Math.max(1, there.length)));
  const atLeast = there.map(({ listed }) => Math.min(least, listed.length));
  const free = Math.max(0, histories - atLeast.reduce((sum, count) => sum + count, 0));
  const sizes = there.map(({ population, listed }, index) =>
    Math.min(listed.length, atLeast[index]! + Math.floor((free * population) / total)),
  );
  // What rounding and short lists leave goes to the lists that still have executions, the first ones first.
  let rest = histories - sizes.reduce((sum, count) => sum + count, 0);
  for (const [index, { listed }] of there.entries()) {
    const more = Math.min(rest, listed.length - sizes[index]!);
    sizes[index] = sizes[index]! + more;
    rest -= more;
  }
  return there.map(({ status, population, listed }, index) => ({
    status,
    population,
    chosen: spread(listed, sizes[index]!),
  }));
}

/** So many of a list, at even distances. */
function spread<T>(list: readonly T[], count: number): readonly T[] {
  return Array.from({ length: count }, (_, i) => list[Math.floor(((i + 0.5) * list.length) / count)]!);
}
