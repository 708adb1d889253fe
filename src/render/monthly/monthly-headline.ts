/** The monthly headline is what a month's report comes to, a line each: what it cost, what changed and why, what to do first. */
import type { LeftOutMachine, MonthlyReport } from "../../report/monthly/monthly-report.ts";
import { leadingReasons } from "./leading-reasons.ts";
import { reconciliationHeadline } from "./reconciliation-sections.ts";
import {
  countedWords,
  moneyWords,
  quantityWords,
  rangeWords,
  shareWords,
  signedMoney,
} from "../number-words.ts";

export function monthlyHeadline(report: MonthlyReport): readonly string[] {
  return [
    costLine(report),
    ...forecastLine(report),
    ...changeLine(report),
    ...savingLine(report),
    ...watchLine(report),
    ...(report.reconciliation === null ? [] : reconciliationHeadline(report.reconciliation)),
  ];
}

function costLine({ totals, currency, month, machines, accounts, regions, period }: MonthlyReport): string {
  if (machines.length === 0) return `${month}: no machine was read, so there is nothing to price.`;
  const what = period.partial ? "at its rate so far costs" : "cost";
  const where = `${countedWords(machines.length, "machine")} in ${countedWords(accounts.length, "account")} and ${countedWords(regions.length, "region")}`;
  const beside =
    totals.withDownstream === null || totals.withDownstream === totals.monthlyCost
      ? ""
      : `; ${moneyWords(totals.withDownstream, currency)} with neighbouring services`;
  const unknown = totals.unknown === 0 ? "" : `; ${countedWords(totals.unknown, "machine")} of unknown cost`;
  return `${month} ${what} ${moneyWords(totals.monthlyCost, currency)}: ${where}, ${quantityWords(totals.executions)} executions${beside}${unknown}.`;
}

function forecastLine({ forecast, currency }: MonthlyReport): readonly string[] {
  if (forecast === null) return [];
  const { monthlyCost, low, high, costSoFar, daysRead, coverage } = forecast;
  const range = rangeWords(moneyWords(low, currency), moneyWords(high, currency));
  return [
    `${moneyWords(costSoFar, currency)} so far, after ${countedWords(daysRead, "whole day")}; at the month's end ${moneyWords(monthlyCost, currency)} (${range}, ${shareWords(coverage)}).`,
  ];
}

function changeLine({ change, currency }: MonthlyReport): readonly string[] {
  if (change === null) return [];
  const { difference, before, month, because, leftOut } = change;
  const apart = leftOut.length === 0 ? [] : [leftOutLine(leftOut, month, currency)];
  if (difference === 0) return [`As much as ${month}.`, ...apart];
  const share = before === 0 ? "" : ` (${signedShare(difference / before)})`;
  const why = leadingReasons(because, 3, currency);
  return [`${signedMoney(difference, currency)}${share} against ${month}: ${why}.`, ...apart];
}

function leftOutLine(leftOut: readonly LeftOutMachine[], month: string, currency: string): string {
  const sum = (side: "before" | "after"): string =>
    moneyWords(
      leftOut.reduce((all, machine) => all + (machine[side] ?? 0), 0),
      currency,
    );
  return `Not compared: ${countedWords(leftOut.length, "machine")} whose cost is known in one of the months only (${sum("before")} in ${month}, ${sum("after")} now).`;
}

function savingLine({ totals, machines, currency }: MonthlyReport): readonly string[] {
  if (totals.saving === null || totals.saving <= 0) return [];
  const count = machines.filter(({ recommendation }) => (recommendation.saving ?? 0) > 0).length;
  return [
    `${moneyWords(totals.saving, currency)} a month saved if ${countedWords(count, "machine")} were of the other type.`,
  ];
}

function watchLine({ anomalies, troubled, unread, totals }: MonthlyReport): readonly string[] {
  const estimated = totals.bases.expected + totals.bases.sampled;
  const parts = [
    ...(anomalies.length === 0 ? [] : [countedWords(anomalies.length, "anomaly", "anomalies")]),
    ...(troubled.length === 0 ? [] : [`${countedWords(troubled.length, "machine")} in trouble`]),
    ...(unread.length === 0 ? [] : [`${countedWords(unread.length, "machine")} not read, in no sum`]),
    ...(estimated === 0
      ? []
      : [`${countedWords(estimated, "machine")} priced by their definition or a sample`]),
  ];
  return parts.length === 0 ? [] : [`Look at: ${parts.join(", ")}.`];
}

function signedShare(share: number): string {
  return share < 0 ? `-${shareWords(-share)}` : `+${shareWords(share)}`;
}
