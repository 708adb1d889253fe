/** Reports one machine of the month: its figures, its verdict, its costs over the months; and the sums of its neighbours. */
import { timesExecutions } from "../../cost/account-month.ts";
import { accountUsage } from "../../cost/cost-estimate.ts";
import { averagePrice, NO_OTHER_USAGE } from "../../cost/line-item.ts";
import type { PriceList } from "../../cost/price-list.ts";
import type { UsageType } from "../../usage/usage-line.ts";
import type { UnreadFleetMachine } from "./fleet-month.ts";
import { quantityOfMonth } from "./month-totals.ts";
import type { MachineFigures, MachineReport, NeighbourCost, UnreadMachine } from "./monthly-report.ts";
import type { PricedMachine } from "./price-month.ts";

const MILLION = 1e6;

/** `months` are the same machine in all months, the last one its own; null where it was not there, or not read. */
export function reportMachine(
  priced: PricedMachine,
  months: readonly (PricedMachine | null)[],
): MachineReport {
  const { month, account, region } = priced;
  const { arn, name, tags, metrics } = month.machine;
  const before = months.at(-2) ?? null;
  const own = figuresOf(priced);
  const durations = metrics?.durationMs ?? null;
  return {
    arn,
    name,
    account,
    region,
    type: month.type,
    tags,
    basis: month.basis,
    executions: month.executions,
    transitions: quantityOfMonth(priced, "StateTransition"),
    requests: quantityOfMonth(priced, "StepFunctions-Request"),
    gbSeconds: quantityOfMonth(priced, "StepFunctions-GB-Second"),
    ...own,
    recommendation: priced.recommendation,
    downstreamMonthlyCost: priced.downstreamMonthlyCost,
    durationMs: durations === null ? null : { mean: durations.mean, p50: durations.p50, p99: durations.p99 },
    costs: months.map((each) => each?.monthlyCost ?? null),
    difference:
      before?.monthlyCost == null || own.monthlyCost === null ? null : own.monthlyCost - before.monthlyCost,
    before: before === null ? null : figuresOf(before),
  };
}

function figuresOf(priced: PricedMachine): MachineFigures {
  const { monthlyCost, costPerExecution } = priced;
  return {
    monthlyCost,
    costPerMillion: costPerExecution === null ? null : costPerExecution * MILLION,
    transitionsPerExecution: transitionsPerExecution(priced),
  };
}

export function transitionsPerExecution({ month: { usage, type } }: PricedMachine): number {
  return usage[type].get("StateTransition") ?? 0;
}

/** Of what AWS counted alone. */
export function reportUnread(
  { machine, why }: UnreadFleetMachine,
  priceLists: ReadonlyMap<string, PriceList>,
): UnreadMachine {
  const { arn, name, account, region, metrics, type } = machine;
  const price = (usageType: UsageType): number | null =>
    priceLists.get(region)?.prices[usageType]?.tiers[0]?.unitPrice ?? null;
  const transition = price("StateTransition");
  const transitions = metrics?.transitions ?? null;
  const isCounted = type === "STANDARD" && transitions !== null && transition !== null;
  return {
    arn,
    name,
    account,
    region,
    type,
    why,
    executions: metrics?.started ?? null,
    countedCost: isCounted ? transitions * transition : null,
  };
}

/** By usage type over all machines, the dearest first. */
export function sumNeighbours(
  machines: readonly PricedMachine[],
  priceLists: ReadonlyMap<string, PriceList>,
): readonly NeighbourCost[] {
  const sums = new Map<UsageType, { quantity: number; cost: number | null }>();
  for (const [region, priceList] of priceLists) {
    const here = machines.filter((machine) => machine.region === region);
    const used = accountUsage(
      here.flatMap(({ month: { executions, records, calls, type } }) =>
        executions === null ? [] : [timesExecutions(accountUsage([records[type], calls]), executions)],
      ),
    );
    for (const [usageType, quantity] of used) {
      const { unitPrice } = averagePrice(usageType, priceList, NO_OTHER_USAGE);
      const known = sums.get(usageType) ?? { quantity: 0, cost: 0 };
      const cost = unitPrice === null || known.cost === null ? null : known.cost + quantity * unitPrice;
      sums.set(usageType, { quantity: known.quantity + quantity, cost });
    }
  }
  return [...sums]
    .map(([usageType, { quantity, cost }]) => ({
      usageType,
      unit: UNITS[usageType] ?? "units",
      quantity,
      cost,
    }))
    .filter(({ quantity }) => quantity > 0)
    .sort((a, b) => (b.cost ?? 0) - (a.cost ?? 0) || (a.usageType < b.usageType ? -1 : 1));
}

const UNITS: Partial<Record<UsageType, string>> = {
  "Lambda-GB-Second": "GB-seconds",
  "Lambda-GB-Second-ARM": "GB-seconds",
  "Logs-Ingest-GB": "GB",
  "XRay-Trace": "traces",
  "EventBridge-Event": "events",
  "Lambda-Request": "requests",
};
