/** A cost estimate is what a workflow costs as one type: its own line items, and its neighbours' beside them. */
import type { ExecutionProfile } from "../graph/execution-profile.ts";
import { once } from "../once.ts";
import { type Neighbours, loggingOf, meterCalls, meterLogs, meterTraces } from "../usage/meter-neighbours.ts";
import type { MeasuredExecution } from "../usage/measured-execution.ts";
import { type MeteredWorkflow, meterWorkflow } from "../usage/meter-workflow.ts";
import type { TransitionRule, UsageLine } from "../usage/usage-line.ts";
import type { UsageType } from "../usage/usage-line.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { Workload } from "../workflow/workload/workload.ts";
import {
  type AccountUsage,
  type LineItem,
  NO_OTHER_USAGE,
  addedCost,
  freeItems,
  listCost,
  listItems,
  monthlyItems,
  totalCost,
} from "./line-item.ts";
import type { PriceList } from "./price-list.ts";

export interface CostBasis {
  readonly priceList: PriceList;
  readonly transitionRule: TransitionRule;
  /** What else the account uses in the month, by usage type; tiers and free units depend on the sum. */
  readonly others: AccountUsage;
}

export interface EstimateInput {
  readonly profile: ExecutionProfile;
  readonly workload: Workload;
  readonly definitionBytes: number;
  readonly payloadKB: number;
  /** Null = not known: then there are no monthly items. */
  readonly executions: number | null;
  /** What AWS counted of the deployed machine; absent or null = nothing is known. */
  readonly measured?: MeasuredExecution | null;
}

export interface CostEstimate<Type extends string = WorkflowType> {
  readonly type: Type;
  readonly metered: MeteredWorkflow;
  /** Step Functions' own, per execution at list price. */
  readonly perExecution: readonly LineItem[];
  readonly costPerExecution: number | null;
  /** Logs and traces: neighbours whose cost depends on the type. */
  readonly recordsPerExecution: number | null;
  /** Per month after the free tier; null without executions. */
  readonly monthly: readonly LineItem[] | null;
  /** Its part of the account's month: tiers at their average, free units shared in proportion to use. */
  readonly monthlyCost: number | null;
  /** What the account's month costs with it less what it would cost without: savings are differences of these. */
  readonly addedMonthlyCost: number | null;
  /** Null without executions too. */
  readonly recordsPerMonth: number | null;
  readonly downstream: readonly LineItem[];
  readonly downstreamCost: number | null;
  readonly unknownLambdas: readonly string[];
}

export function estimateCost(type: WorkflowType, input: EstimateInput, basis: CostBasis): CostEstimate {
  const { executions, workload } = input;
  const metered = meterWorkflow(type, { ...input, transitionRule: basis.transitionRule });
  const calls = once(() => meterCalls(input));
  const records = [...meterLogs(loggingOf(type, workload), input), ...meterTraces(workload)];
  return priceMetered({ type, metered, calls, records }, executions, basis);
}

/** One execution as metered, with what its neighbours bill for it. */
export interface MeteredExecution<Type extends string> {
  readonly type: Type;
  readonly metered: MeteredWorkflow;
  /** Worked out when it is asked for. */
  readonly calls: () => Neighbours;
  readonly records: readonly UsageLine[];
}

export function priceMetered<Type extends string>(
  { type, metered, calls, records }: MeteredExecution<Type>,
  executions: number | null,
  basis: CostBasis,
): CostEstimate<Type> {
  const account = accountUsage([
    basis.others,
    monthlyUsage(metered.lines, executions ?? 0),
    monthlyUsage(metered.carried, 1),
  ]);
  const perExecution = listItems(metered.lines, basis.priceList, account);
  const listed =
    executions === null
      ? null
      : [...monthlyItems(perExecution, executions), ...listItems(metered.carried, basis.priceList, account)];
  const monthly = listed === null ? null : [...listed, ...freeItems(listed, basis.priceList, account)];
  const recordItems = listItems(records, basis.priceList, NO_OTHER_USAGE);
  const downstream = once(() => {
    const items = [...listItems(calls().lines, basis.priceList, NO_OTHER_USAGE), ...recordItems];
    return executions === null ? items : monthlyItems(items, executions);
  });
  const monthlyCost = monthly === null ? null : totalCost(monthly);
  return {
    type,
    metered,
    perExecution,
    costPerExecution: totalCost(perExecution),
    recordsPerExecution: totalCost(recordItems),
    monthly,
    monthlyCost,
    get addedMonthlyCost() {
      if (basis.others.size === 0 || executions === null) return monthlyCost;
      const own = accountUsage([monthlyUsage(metered.lines, executions), monthlyUsage(metered.carried, 1)]);
      return addedCost(own, basis.others, basis.priceList);
    },
    recordsPerMonth: executions === null ? null : totalCost(monthlyItems(recordItems, executions)),
    get downstream() {
      return downstream();
    },
    get downstreamCost() {
      return totalCost(downstream());
    },
    get unknownLambdas() {
      return calls().unknownLambdas;
    },
  };
}

/** `costPerExecution` of the estimate alone, for the many standpoints of which nothing else is asked. */
export function priceExecution(type: WorkflowType, input: EstimateInput, basis: CostBasis): number | null {
  const { lines } = meterWorkflow(type, { ...input, transitionRule: basis.transitionRule });
  const account = accountUsage([basis.others, monthlyUsage(lines, input.executions ?? 0)]);
  return listCost(lines, basis.priceList, account);
}

/** Quantity of a usage type per execution. */
export function quantityOf(lines: readonly UsageLine[], usageType: UsageType): number {
  return lines.reduce((sum, line) => sum + (line.usageType === usageType ? line.quantity : 0), 0);
}

/** A month of usage by usage type. */
export function monthlyUsage(lines: readonly UsageLine[], executions: number): AccountUsage {
  const usage = new Map<UsageType, number>();
  for (const { usageType, quantity } of lines)
    usage.set(usageType, (usage.get(usageType) ?? 0) + quantity * executions);
  return usage;
}

export function accountUsage(parts: readonly AccountUsage[]): AccountUsage {
  const sum = new Map<UsageType, number>();
  for (const part of parts)
    for (const [usageType, quantity] of part) sum.set(usageType, (sum.get(usageType) ?? 0) + quantity);
  return sum;
}
