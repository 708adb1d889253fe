/** A reconciliation as CSV is one row per reason of each gap, and one for an item without a gap: bare numbers. */
import type { ReconciliationReport } from "../../report/reconcile/reconciliation-report.ts";
import { csvText } from "../safe-text.ts";

const HEAD = [
  ...["month", "account", "region", "machine", "arn", "currency", "billed", "measured", "predicted", "gap"],
  ...["billed_transitions", "predicted_transitions", "cause", "cost", "text"],
];
const SIGNIFICANT_DIGITS = 12;

/** Lines end in CR LF, as RFC 4180 has it. */
export function renderReconciliationCsv({ items, month, currency }: ReconciliationReport): string {
  const rows = items.flatMap((item) => {
    const { account, region, machine, arn, billed, measured, predicted, gap } = item;
    const { transitions } = item.quantities;
    const own = [month, account, region, machine, arn, currency, billed, measured, predicted, gap];
    const reasons = item.because.length === 0 ? [null] : item.because;
    return reasons.map((reason) => [
      ...own,
      transitions.billed,
      transitions.predicted,
      reason?.cause ?? null,
      reason?.cost ?? null,
      reason?.text ?? null,
    ]);
  });
  return [HEAD, ...rows.map((row) => row.map(csvField))].map((fields) => `${fields.join(",")}\r\n`).join("");
}

function csvField(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "string") return csvText(value);
  return Number.isFinite(value) ? String(Number(value.toPrecision(SIGNIFICANT_DIGITS))) : "";
}
