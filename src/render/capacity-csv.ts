/** A capacity report as CSV is one row per limit and quota: bare numbers, an empty field for what is not known. */
import type { CapacityReport } from "../report/capacity-report.ts";
import { type CsvValue, csvTable } from "./csv-table.ts";

/** `p99` of a limit and `peak` of a quota share a column, since both are what a gate looks at. */
const HEAD = ["kind", "code", "mean", "p99_or_peak", "worst", "limit", "breaks_at_per_second", "text"];
export function renderCapacityCsv({ limits, load }: CapacityReport): string {
  const rows: readonly (readonly CsvValue[])[] = [
    ...limits.map(({ code, mean, p99, worst, limit, text }) => [
      "limit",
      code,
      mean,
      p99,
      worst,
      limit,
      null,
      text,
    ]),
    ...(load?.quotas ?? []).map(({ code, mean, peak, limit, breaksAt, unit }) => [
      "quota",
      code,
      mean,
      peak,
      null,
      limit,
      breaksAt,
      unit,
    ]),
  ];
  return csvTable(HEAD, rows);
}
