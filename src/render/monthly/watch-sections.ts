/** The watch sections are what to look at in a month: unusual days, machines in trouble, machines that could not be read. */
import { WATCH_LIMITS } from "../../report/monthly/month-watch.ts";
import type { MonthlyReport } from "../../report/monthly/monthly-report.ts";
import { BENEATH, leftColumn, rightColumn } from "../capacity-columns.ts";
import { type ListOptions, cutList } from "../list-cut.ts";
import { moneyWords, quantityWords, shareWords, signedMoney } from "../number-words.ts";
import type { ReportSection } from "../report-section.ts";
import type { machineNames } from "../../report/monthly/machine-names.ts";

type Names = ReturnType<typeof machineNames>;

export function watchSections(
  report: MonthlyReport,
  names: Names,
  options: ListOptions,
): readonly ReportSection[] {
  return [
    anomalySection(report, names, options),
    troubleSection(report, names, options),
    unreadSection(report, names, options),
  ];
}

function anomalySection(
  { anomalies, currency }: MonthlyReport,
  names: Names,
  options: ListOptions,
): ReportSection {
  const { shown, more } = cutList(anomalies, "anomalies", options);
  return {
    title: "Anomalies",
    aside: `days and failures far from what is usual (robust z of ${WATCH_LIMITS.score} or more)`,
    columns: [leftColumn("machine"), leftColumn("day"), rightColumn("z"), rightColumn("cost"), BENEATH],
    rows: shown.map(({ arn, name, day, score, cost, text }) => [
      names(arn, name),
      day ?? "",
      quantityWords(Math.round(score * 10) / 10),
      cost === null ? "" : signedMoney(cost, currency),
      text,
    ]),
    more,
  };
}

function troubleSection(
  { troubled, currency }: MonthlyReport,
  names: Names,
  options: ListOptions,
): ReportSection {
  const { shown, more } = cutList(troubled, "machines", options);
  const count = (value: number): string => (value === 0 ? "" : quantityWords(value));
  return {
    title: "In trouble",
    aside: `${shareWords(WATCH_LIMITS.share)} or more failed, timed out, aborted or throttled, or failures that cost ${shareWords(WATCH_LIMITS.costShare)} of the month, dearest first: they are billed like others`,
    columns: [
      leftColumn("machine"),
      rightColumn("started"),
      rightColumn("failed"),
      rightColumn("timed out"),
      rightColumn("aborted"),
      rightColumn("throttled"),
      rightColumn("failed share"),
      rightColumn("cost of those"),
    ],
    rows: shown.map((each) => [
      names(each.arn, each.name),
      quantityWords(each.started),
      count(each.failed),
      count(each.timedOut),
      count(each.aborted),
      count(each.throttled),
      each.failedShare === null ? "" : shareWords(each.failedShare),
      moneyWords(each.cost, currency),
    ]),
    more,
  };
}

function unreadSection(
  { unread, currency }: MonthlyReport,
  names: Names,
  options: ListOptions,
): ReportSection {
  const { shown, more } = cutList(unread, "machines", options);
  return {
    title: "Not read",
    aside: "in no sum",
    columns: [
      leftColumn("machine"),
      leftColumn("why"),
      rightColumn("executions"),
      rightColumn("counted, at list price"),
    ],
    rows: shown.map(({ arn, name, why, executions, countedCost }) => [
      names(arn, name),
      why,
      quantityWords(executions),
      moneyWords(countedCost, currency),
    ]),
    more,
  };
}
