/** A monthly report as CSV is one row per machine, those too that were not read: bare numbers, an empty field for what is not known. */
import type { MachineReport, MonthlyReport, UnreadMachine } from "../../report/monthly/monthly-report.ts";
import { type CsvValue, csvTable } from "../csv-table.ts";

/** Tags stand as `key=value` pairs, separated by semicolons. */
const COLUMNS: readonly (readonly [
  head: string,
  value: (machine: MachineReport, report: MonthlyReport) => CsvValue,
])[] = [
  ["month", (_, { month }) => month],
  ["machine", ({ name }) => name],
  ["account", ({ account }) => account],
  ["region", ({ region }) => region],
  ["arn", ({ arn }) => arn],
  ["type", ({ type }) => type],
  ["rests_on", ({ basis }) => basis],
  ["currency", (_, { currency }) => currency],
  ["executions", ({ executions }) => executions],
  ["transitions", ({ transitions }) => transitions],
  ["requests", ({ requests }) => requests],
  ["gb_seconds", ({ gbSeconds }) => gbSeconds],
  ["monthly_cost", ({ monthlyCost }) => monthlyCost],
  ["difference", ({ difference }) => difference],
  ["downstream_monthly_cost", ({ downstreamMonthlyCost }) => downstreamMonthlyCost],
  ["recommended_type", ({ recommendation }) => recommendation.type],
  ["recommended_monthly_cost", ({ recommendation }) => recommendation.monthlyCost],
  ["saving", ({ recommendation }) => recommendation.saving],
  ["express_blocker", ({ recommendation }) => recommendation.blocker],
  ["tags", ({ tags }) => (tags ?? []).map(({ key, value }) => `${key}=${value}`).join(";")],
  ["not_read", () => null],
];

/** Nothing else is known of the month of a machine that was not read. */
const UNREAD: Readonly<Record<string, (machine: UnreadMachine, report: MonthlyReport) => CsvValue>> = {
  month: (_, { month }) => month,
  machine: ({ name }) => name,
  account: ({ account }) => account,
  region: ({ region }) => region,
  arn: ({ arn }) => arn,
  type: ({ type }) => type,
  currency: (_, { currency }) => currency,
  not_read: ({ why }) => why,
};

export function renderMonthlyCsv(report: MonthlyReport): string {
  return csvTable(
    COLUMNS.map(([head]) => head),
    [
      ...report.machines.map((machine) => COLUMNS.map(([, value]) => value(machine, report))),
      ...report.unread.map((machine) => COLUMNS.map(([head]) => UNREAD[head]?.(machine, report) ?? null)),
    ],
  );
}
