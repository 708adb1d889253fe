/** Builds the monthly report from fleet files: each month priced as `analyze` prices it, and compared with the one before. */
import type { PriceList } from "../../cost/price-list.ts";
import type { Diagnostic } from "../../diagnostic.ts";
import type { BilledUsage } from "../../usage/billed-usage.ts";
import { carriedTransitions } from "../../usage/measure-execution.ts";
import type { TransitionRule } from "../../usage/usage-line.ts";
import { buildReconciliation } from "../reconcile/build-reconciliation.ts";
import { shareAccounts } from "./account-sharing.ts";
import { compareMonths } from "./change-reasons.ts";
import { forecastCost } from "./cost-forecast.ts";
import { type FleetMonth, placeKey } from "./fleet-month.ts";
import type { MonthPair } from "./machine-change.ts";
import { transitionsAlone } from "./machine-month.ts";
import { reportMachine, reportUnread, sumNeighbours } from "./machine-report.ts";
import {
  type SavedBy,
  costOfMonth,
  groupByTags,
  groupCosts,
  savedIn,
  totalsOfMonth,
} from "./month-totals.ts";
import { type WatchedMonth, findAnomalies, troubledMachines } from "./month-watch.ts";
import type { MonthSummary, MonthlyReport } from "./monthly-report.ts";
import { type MergedMonth, mergeMonths } from "./months-together.ts";
import { type PricedMachine, priceMachines } from "./price-month.ts";

export interface MonthlyInput {
  /** In any order; at least one. */
  readonly fleets: readonly FleetMonth[];
  /** By region, of one currency. */
  readonly priceLists: ReadonlyMap<string, PriceList>;
  readonly currency: string;
  readonly discountPercent: number;
  readonly transitionRule: TransitionRule;
  /** Of the newest month; null = none is given. */
  readonly bill: BilledUsage | null;
  readonly diagnostics: readonly Diagnostic[];
}

interface Month extends MergedMonth {
  readonly priced: readonly PricedMachine[];
  readonly savedBy: SavedBy;
  readonly watched: WatchedMonth;
}

/** Passes its verdict until it is judged. */
export function buildMonthlyReport(input: MonthlyInput): MonthlyReport {
  const months = mergeMonths(input.fleets).map((merged) => priceMerged(merged, input));
  const month = months.at(-1)!;
  const before = months.length > 1 ? months.at(-2)! : null;
  const compared = before === null ? null : compareMonths(before.month, pairsOf(before, month));
  const leftOut = new Set(compared?.change.leftOut.map(({ arn }) => arn));
  const sides = { now: month.priced, before: before?.priced ?? null, leftOut, savedBy: month.savedBy };
  const dates = [...input.priceLists.values()].flatMap(({ date }) => date ?? []).sort();
  const earlier = months.slice(0, -1).map(({ watched }) => watched);
  const { bill } = input;
  const reconciliation =
    bill === null ? null : buildReconciliation({ ...input, month, bill, diagnostics: [] });
  return {
    schemaVersion: "1",
    kind: "fleet-report",
    month: month.month,
    period: month.period,
    currency: input.currency,
    priceListDate: dates[0] ?? null,
    discountPercent: input.discountPercent,
    transitionRule: input.transitionRule,
    ...placesOf(month),
    totals: totalsOfMonth(month.priced, month.savedBy),
    change: compared?.change ?? null,
    forecast: forecastCost({
      period: month.period,
      now: month.watched,
      earlier,
      costAt: (factor) => costAt(month, factor, input),
    }),
    months: months.map((each) => summarize(each, input)),
    groups: {
      account: groupCosts(sides, ({ account }) => account),
      region: groupCosts(sides, ({ region }) => region),
      type: groupCosts(sides, (machine) => machine.month.type),
      tags: groupByTags(sides),
    },
    machines: machinesOf(months),
    movers: compared?.movers ?? [],
    anomalies: findAnomalies(month.watched, before?.watched ?? null),
    troubled: troubledMachines(month.priced),
    neighbours: sumNeighbours(month.priced, input.priceLists),
    sharing: shareAccounts(month.priced, input.priceLists),
    unread: month.unread.map((each) => reportUnread(each, input.priceLists)),
    // What it has to say is said of the report as a whole, once.
    reconciliation: reconciliation === null ? null : { ...reconciliation, diagnostics: [] },
    verdict: { passed: true, reasons: [], warnings: [] },
    diagnostics: [
      ...input.diagnostics,
      ...months.flatMap(({ diagnostics }) => diagnostics),
      ...gaps(months),
      ...(reconciliation?.diagnostics ?? []),
    ],
  };
}

function priceMerged(merged: MergedMonth, { priceLists }: MonthlyInput): Month {
  const priced = priceMachines(merged.machines, { priceLists });
  const { from, days } = merged.period;
  const lastDayIsPart = Math.abs(days - Math.round(days)) > 1e-6;
  const savedBy = savedIn(priced, priceLists);
  return { ...merged, priced, savedBy, watched: { machines: priced, from, lastDayIsPart } };
}

function placesOf({ places }: Month): Pick<MonthlyReport, "accounts" | "regions"> {
  const split = [...places].map((place) => place.split("/"));
  const sorted = (index: number): readonly string[] => [
    ...new Set(split.map((parts) => parts[index]!).sort()),
  ];
  return { accounts: sorted(0), regions: sorted(1) };
}

/** What the days read cost, every machine starting `factor` times what it has. */
function costAt({ machines }: Month, factor: number, { priceLists }: MonthlyInput): number | null {
  const soFar = machines.map((each) => {
    const started = each.machine.metrics?.started ?? null;
    const carried = transitionsAlone(
      carriedTransitions({ type: each.deployedType, metrics: each.machine.metrics }) * factor,
    );
    return { ...each, executions: started === null ? null : started * factor, carried };
  });
  return costOfMonth(priceMachines(soFar, { priceLists }));
}

function summarize(month: Month, input: MonthlyInput): MonthSummary {
  return {
    month: month.month,
    period: month.period,
    files: month.files,
    machines: month.machines.length,
    ...totalsOfMonth(month.priced, month.savedBy),
    costSoFar: month.period.partial ? costAt(month, 1, input) : null,
  };
}

function pairsOf(before: Month, after: Month): readonly MonthPair[] {
  const former = new Map(before.priced.map((each) => [each.month.machine.arn, each]));
  const now = new Map(after.priced.map((each) => [each.month.machine.arn, each]));
  const whyNot = { before: whyUnread(before), after: whyUnread(after) };
  return [...new Set([...now.keys(), ...former.keys()])].map((arn) => {
    const [old, own] = [former.get(arn) ?? null, now.get(arn) ?? null];
    const place = placeKey((own ?? old)!);
    return {
      before: old,
      after: own,
      collected: { before: before.places.has(place), after: after.places.has(place) },
      unread: { before: whyNot.before.get(arn) ?? null, after: whyNot.after.get(arn) ?? null },
    };
  });
}

function whyUnread({ unread }: Month): ReadonlyMap<string, string> {
  return new Map(unread.map(({ machine, why }) => [machine.arn, why]));
}

function machinesOf(months: readonly Month[]): MonthlyReport["machines"] {
  const byMonth = months.map(({ priced }) => new Map(priced.map((each) => [each.month.machine.arn, each])));
  return months
    .at(-1)!
    .priced.map((machine) =>
      reportMachine(
        machine,
        byMonth.map((byArn) => byArn.get(machine.month.machine.arn) ?? null),
      ),
    )
    .sort(
      (a, b) =>
        (b.monthlyCost ?? -1) - (a.monthlyCost ?? -1) ||
        (b.costPerMillion ?? -1) - (a.costPerMillion ?? -1) ||
        (a.arn < b.arn ? -1 : 1),
    );
}

/** Months that are missing, and places that only some months have: sums of such months do not compare. */
function gaps(months: readonly Month[]): readonly Diagnostic[] {
  return months.slice(1).flatMap((month, index): readonly Diagnostic[] => {
    const before = months[index]!;
    const next = new Date(`${before.month}-01T00:00:00Z`);
    next.setUTCMonth(next.getUTCMonth() + 1);
    const isNext = next.toISOString().slice(0, 7) === month.month;
    const lacking = [...before.places].filter((place) => !month.places.has(place));
    const added = [...month.places].filter((place) => !before.places.has(place));
    return [
      ...(isNext ? [] : [missingMonths(before.month, month.month)]),
      ...(lacking.length + added.length === 0 ? [] : [otherPlaces(before, month, { lacking, added })]),
    ];
  });
}

function missingMonths(before: string, after: string): Diagnostic {
  return {
    code: "missing-months",
    severity: "info",
    message: `no month is given between ${before} and ${after}: changes are from the one to the other`,
    at: null,
    hint: null,
  };
}

function otherPlaces(
  before: Month,
  after: Month,
  { lacking, added }: { readonly lacking: readonly string[]; readonly added: readonly string[] },
): Diagnostic {
  const parts = [
    ...(lacking.length === 0 ? [] : [`${lacking.join(", ")} only in ${before.month}`]),
    ...(added.length === 0 ? [] : [`${added.join(", ")} only in ${after.month}`]),
  ];
  return {
    code: "different-accounts",
    severity: "warning",
    message: `the months were read of different accounts or regions: ${parts.join("; ")}; their machines are not compared, and count neither as gone nor as new`,
    at: null,
    hint: "Collect every month with the same --region, --role-arn and --organization-role.",
  };
}
