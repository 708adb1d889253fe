/** A reconciliation as CSV is one row per reason of each gap, and one for an item without a gap: bare numbers. */
import type { ReconciliationReport } from "../../report/reconcile/reconciliation-report.ts";
import { csvTable } from "../csv-table.ts";

const HEAD = [
  ...["month", "account", "region", "machine", "arn", "currency", "billed", "measured", "predicted", "gap"],
  ...["billed_transitions", "predicted_transitions", "cause", "cost", "text"],
];
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
  return csvTable(HEAD, rows);
}
