/** A monthly report as CSV is one row per machine: bare numbers, an empty field for what is not known. */
import type { MachineReport, MonthlyReport } from "../../report/monthly/monthly-report.ts";
import { csvText } from "../safe-text.ts";

type CsvValue = string | number | null;

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
];

const SIGNIFICANT_DIGITS = 12;

/** Lines end in CR LF, as RFC 4180 has it. */
export function renderMonthlyCsv(report: MonthlyReport): string {
  const rows = report.machines.map((machine) => COLUMNS.map(([, value]) => csvField(value(machine, report))));
  return [COLUMNS.map(([head]) => head), ...rows].map((fields) => `${fields.join(",")}\r\n`).join("");
}

function csvField(value: CsvValue): string {
  if (value === null) return "";
  if (typeof value === "string") return csvText(value);
  return Number.isFinite(value) ? String(Number(value.toPrecision(SIGNIFICANT_DIGITS))) : "";
}
