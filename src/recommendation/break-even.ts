/** Break-even is where the cheaper type changes, all else equal: in executions per month, in seconds, in MB. */
import { type CostEstimate, monthlyUsage } from "../cost/cost-estimate.ts";
import type { PriceList } from "../cost/price-list.ts";
import { priceQuantity } from "../cost/tiered-price.ts";

export interface BreakEven {
  readonly executionsPerMonth: number | null;
  readonly durationSeconds: number | null;
  readonly memoryMB: number | null;
}

/** Null where no value of that quantity alone makes the types cost the same. */
export function breakEvenOf(standard: CostEstimate, express: CostEstimate, priceList: PriceList): BreakEven {
  return {
    executionsPerMonth: executionsAt(standard, express, priceList),
    ...timeAndMemoryAt(standard, express),
  };
}

/** Express has no free tier, Standard has one: by bisection between one and 10^12 executions on the exact monthly costs. */
function executionsAt(standard: CostEstimate, express: CostEstimate, priceList: PriceList): number | null {
  const [standardMonth, expressMonth] = [monthOf(standard, priceList), monthOf(express, priceList)];
  const difference = (executions: number): number | null => {
    const [a, b] = [standardMonth(executions), expressMonth(executions)];
    return a === null || b === null ? null : a - b;
  };
  const grid = Array.from({ length: 49 }, (_, i) => 10 ** (i / 4));
  for (let i = 1; i < grid.length; i++) {
    const [before, after] = [difference(grid[i - 1]!), difference(grid[i]!)];
    if (before === null || after === null) return null;
    if (before === 0 || Math.sign(before) === Math.sign(after)) continue;
    let [low, high] = [grid[i - 1]!, grid[i]!];
    while (high - low > 0.5 && high / low > 1 + 1e-9) {
      const middle = (low + high) / 2;
      if (Math.sign(difference(middle)!) === Math.sign(before)) low = middle;
      else high = middle;
    }
    return Math.round(high);
  }
  return null;
}

/** The month's cost by executions. */
export function monthOf(estimate: CostEstimate, priceList: PriceList): (executions: number) => number | null {
  const quantities = monthlyUsage(estimate.metered.lines, 1);
  return (executions) => {
    let sum = (estimate.recordsPerExecution ?? 0) * executions;
    for (const [usageType, quantity] of quantities) {
      const price = priceList.prices[usageType];
      const cost = price === undefined ? null : priceQuantity(price, quantity * executions).cost;
      if (cost === null) return null;
      sum += cost;
    }
    return sum;
  };
}

/** Express costs a request and its GB-seconds; solved for the time, or the memory, at which that is Standard's price. */
function timeAndMemoryAt(
  standard: CostEstimate,
  express: CostEstimate,
): Pick<BreakEven, "durationSeconds" | "memoryMB"> {
  const none = { durationSeconds: null, memoryMB: null };
  const own = express.perExecution.filter(
    (item) => item.state === null && item.usageType === "StepFunctions-GB-Second",
  )[0];
  const expressCost = totalWithRecords(express);
  const standardCost = totalWithRecords(standard);
  if (own?.unitPrice == null || own.cost === null || expressCost === null || standardCost === null)
    return none;
  const left = standardCost - (expressCost - own.cost);
  if (left <= 0) return none;
  const gbSeconds = left / own.unitPrice;
  const { billedMemoryMB, billedDurationMs } = express.metered;
  return {
    durationSeconds: gbSeconds / (billedMemoryMB / 1024),
    memoryMB: (gbSeconds / (billedDurationMs / 1000)) * 1024,
  };
}

/** What the types are compared by: the workflow's own cost and the records that differ by type. */
export function totalWithRecords({
  costPerExecution,
  recordsPerExecution,
}: CostEstimate<string>): number | null {
  return costPerExecution === null || recordsPerExecution === null
    ? null
    : costPerExecution + recordsPerExecution;
}
