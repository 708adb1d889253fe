/** Builds a reconciliation: a month's bill beside the same month's fleets, item by item. */
import { accountPricing, type Quantities, timesExecutions } from "../../cost/account-month.ts";
import { accountUsage } from "../../cost/cost-estimate.ts";
import { type AccountUsage, averagePrice } from "../../cost/line-item.ts";
import { priceSourceOf } from "../../cost/borrowed-price.ts";
import type { PriceList } from "../../cost/price-list.ts";
import type { Diagnostic } from "../../diagnostic.ts";
import type { BilledUsage } from "../../usage/billed-usage.ts";
import { carriedTransitions } from "../../usage/measure-execution.ts";
import type { TransitionRule } from "../../usage/usage-line.ts";
import type { UnreadFleetMachine } from "../monthly/fleet-month.ts";
import { type MachineMonth, usageSoFar } from "../monthly/machine-month.ts";
import { usageByPlace } from "../place-usage.ts";
import type { MergedMonth } from "../monthly/months-together.ts";
import { type BilledItem, billedItems, itemKind } from "./billed-items.ts";
import { type ExpectedItem, explainGap, explainUnbilled, explainUnexpected, listed } from "./gap-reasons.ts";
import type { ReconciledItem, ReconciliationReport } from "./reconciliation-report.ts";
import { unreadUsage } from "./unread-usage.ts";
import { type CountedExecutions, added, judgeStartRule } from "./start-rule.ts";

export interface Reconciling {
  readonly month: MergedMonth;
  readonly bill: BilledUsage;
  /** By region; of regions that only the bill has too. */
  readonly priceLists: ReadonlyMap<string, PriceList>;
  readonly currency: string;
  readonly transitionRule: TransitionRule;
  readonly diagnostics: readonly Diagnostic[];
}

export function buildReconciliation(reconciling: Reconciling): ReconciliationReport {
  const { month, bill, currency, transitionRule } = reconciling;
  const sums = bill.sums.filter((sum) => sum.month === month.month || sum.month === "");
  const per = itemKind(sums);
  const billed = billedItems(sums, per);
  const sides = pairItems(billed, month, per);
  const isComparable = sums.every((sum) => sum.currency === "" || sum.currency === currency);
  const startRule = judgeStartRule(transitionRule, {
    bill: sides.flatMap((side) => billVote(side, transitionRule)),
    CloudWatch: month.machines.flatMap((machine) => countedVote(machine, transitionRule)),
  });
  const usedIn = usageByPlace(
    // The tiers that are reached are those of what was used, as far as that was counted.
    month.machines.map((each) => ({ ...each.machine, usage: measuredUsage(each) ?? predictedUsage(each) })),
  );
  const items = sides
    .map((side) =>
      reconcileItem(side, {
        ...reconciling,
        used: usedIn(side.account, side.region),
        isComparable,
        supported: startRule.supported,
      }),
    )
    .sort((a, b) => Math.abs(b.gap ?? 0) - Math.abs(a.gap ?? 0) || (nameOf(a) < nameOf(b) ? -1 : 1));
  const total = (of: (item: ReconciledItem) => number | null): number | null =>
    items.reduce<number | null>((sum, item) => {
      const cost = of(item);
      return sum === null || cost === null ? null : sum + cost;
    }, 0);
  const measured = total((item) => item.measured);
  return {
    schemaVersion: "1",
    kind: "reconciliation",
    month: month.month,
    currency,
    transitionRule,
    per,
    sources: bill.sources,
    totals: {
      billed: isComparable ? total((item) => item.billed) : null,
      measured,
      predicted: total((item) => item.predicted),
      gap: isComparable ? total((item) => item.gap) : null,
    },
    items,
    startRule,
    charges: chargesOf(billed),
    diagnostics: [...reconciling.diagnostics, ...diagnose(reconciling, isComparable)],
  };
}

interface Side {
  readonly account: string;
  readonly region: string;
  readonly arn: string | null;
  readonly billed: BilledItem | null;
  readonly machines: readonly MachineMonth[];
  /** Of the fleet too, but nothing is expected of them. */
  readonly unread: readonly UnreadFleetMachine[];
}

function pairItems(
  billed: readonly BilledItem[],
  { machines, unread }: MergedMonth,
  per: ReconciliationReport["per"],
): readonly Side[] {
  const sides = new Map<string, Side>();
  for (const item of billed) {
    const arn = item.arn === "" ? null : item.arn;
    sides.set(keyOf({ ...item, arn }), {
      account: item.account,
      region: item.region,
      arn,
      billed: item,
      machines: [],
      unread: [],
    });
  }
  for (const machine of machines) {
    const { account, region, arn } = machine.machine;
    const place = { account, region, arn: per === "machine" ? arn : null };
    const known = sides.get(keyOf(place)) ?? { ...place, billed: null, machines: [], unread: [] };
    sides.set(keyOf(place), { ...known, machines: [...known.machines, machine] });
  }
  for (const machine of unread) {
    const { account, region, arn } = machine.machine;
    const key = keyOf({ account, region, arn: per === "machine" ? arn : null });
    const known = sides.get(key);
    if (known !== undefined) sides.set(key, { ...known, unread: [...known.unread, machine] });
  }
  return [...sides.values()];
}

function keyOf({ account, region, arn }: { account: string; region: string; arn: string | null }): string {
  return arn ?? JSON.stringify([account, region]);
}

function startedIn({ machine }: MachineMonth): number | null {
  return machine.metrics?.started ?? null;
}

/** What the definitions let expect of the executions there were. */
function predictedUsage(month: MachineMonth): Quantities {
  const { deployedType, usage, expectedTransitions, expectedExpress } = month;
  const own =
    deployedType === "STANDARD"
      ? new Map([...usage.STANDARD, ["StateTransition", expectedTransitions] as const])
      : (expectedExpress ?? usage.EXPRESS);
  return timesExecutions(own, startedIn(month) ?? 0);
}

function measuredUsage(month: MachineMonth): Quantities | null {
  const { deployedBasis, deployedType, usage } = month;
  return deployedBasis === "counted" ? usageSoFar(usage[deployedType], month) : null;
}

/** Null where one is not known. */
function countedOf(counts: readonly (Quantities | null)[]): Quantities | null {
  const known = counts.filter((each) => each !== null);
  return known.length === counts.length ? accountUsage(known) : null;
}

interface ItemPricing extends Reconciling {
  /** What bears on the price there. */
  readonly used: AccountUsage;
  readonly isComparable: boolean;
  readonly supported: TransitionRule | null;
}

function reconcileItem(side: Side, pricing: ItemPricing): ReconciledItem {
  const { account, region, arn, machines } = side;
  const priceList = pricing.priceLists.get(region) ?? [...pricing.priceLists.values()][0]!;
  const price = accountPricing(priceList, pricing.used);
  const usage = accountUsage(machines.map(predictedUsage));
  const predicted = price(usage);
  const counted = machines.map(measuredUsage);
  const unread = {
    STANDARD: unreadUsage(side.unread, "STANDARD"),
    EXPRESS: unreadUsage(side.unread, "EXPRESS"),
  };
  const counts = countedOf(counted);
  const measured =
    machines.length + side.unread.length === 0
      ? null
      : countedOf([counts, unread.STANDARD.counted, unread.EXPRESS.counted]);
  const billed = side.billed ?? { account, region, arn: arn ?? "", usage: new Map(), charges: [], cost: 0 };
  const gap = predicted.cost === null || !pricing.isComparable ? null : billed.cost - predicted.cost;
  const expected: ExpectedItem = {
    predicted: usage,
    measured: counts,
    unread,
    currency: pricing.currency,
    free: predicted.free,
    ...ruleApart(machines, pricing),
    priceOf: (usageType) => averagePrice(usageType, priceList, pricing.used).unitPrice ?? 0,
    borrowedFrom: (usageType) => {
      const { borrowed, region: lender } = priceSourceOf(priceList, usageType);
      return borrowed ? lender : null;
    },
    carried: machines.reduce(
      (sum, { deployedType: type, machine: { metrics } }) => sum + carriedTransitions({ type, metrics }),
      0,
    ),
    uncounted: machines.filter((month) => startedIn(month) === null).map(({ machine }) => machine.name),
  };
  return {
    account,
    region,
    machine:
      machines.length === 1 && arn !== null ? machines[0]!.machine.name : (arn?.split(":").at(-1) ?? null),
    arn,
    billed: pricing.isComparable ? billed.cost : null,
    measured: measured === null ? null : price(measured).cost,
    predicted: predicted.cost,
    gap,
    quantities: quantitiesOf(billed, {
      measured,
      predicted: machines.length === 0 ? null : usage,
    }),
    because:
      gap === null
        ? []
        : machines.length === 0
          ? explainUnexpected(billed, gap, side.unread)
          : side.billed === null
            ? explainUnbilled(gap)
            : explainGap(billed, expected, gap),
  };
}

function ruleApart(
  machines: readonly MachineMonth[],
  { supported, transitionRule }: ItemPricing,
): Pick<ExpectedItem, "ruleTransitions" | "ruleText"> {
  if (supported === null || supported === transitionRule) return { ruleTransitions: 0, ruleText: "" };
  const executions = machines.reduce(
    (sum, month) => sum + (month.deployedType === "STANDARD" ? (startedIn(month) ?? 0) : 0),
    0,
  );
  return {
    ruleTransitions: executions * (added(supported) - added(transitionRule)),
    ruleText: `AWS counts ${supported}, and ${transitionRule} is in use`,
  };
}

function quantitiesOf(
  { usage }: BilledItem,
  { measured, predicted }: { readonly measured: Quantities | null; readonly predicted: Quantities | null },
): ReconciledItem["quantities"] {
  const of = (usageType: "StateTransition" | "StepFunctions-Request" | "StepFunctions-GB-Second") => ({
    billed: usage.get(usageType)?.quantity ?? 0,
    measured: measured === null ? null : (measured.get(usageType) ?? 0),
    predicted: predicted === null ? null : (predicted.get(usageType) ?? 0),
  });
  return {
    transitions: of("StateTransition"),
    requests: of("StepFunctions-Request"),
    gbSeconds: of("StepFunctions-GB-Second"),
  };
}

function billVote({ billed, machines, unread }: Side, used: TransitionRule): readonly CountedExecutions[] {
  const apart = unreadUsage(unread, "STANDARD").counted;
  if (apart === null) return [];
  const transitions =
    (billed?.usage.get("StateTransition")?.quantity ?? 0) - (apart.get("StateTransition") ?? 0);
  if (transitions <= 0 || machines.some((month) => startedIn(month) === null)) return [];
  const own = machines
    .filter(({ deployedType }) => deployedType === "STANDARD")
    .map((month) => expectedOf(month, used));
  const sum = (of: (each: CountedExecutions) => number): number =>
    own.reduce((all, each) => all + of(each), 0);
  return own.length === 0
    ? []
    : [
        {
          executions: sum(({ executions }) => executions),
          transitions,
          entered: sum(({ entered }) => entered),
        },
      ];
}

function countedVote(month: MachineMonth, used: TransitionRule): readonly CountedExecutions[] {
  if (month.deployedType !== "STANDARD" || month.machine.metrics?.transitions == null) return [];
  return [{ ...expectedOf(month, used), transitions: month.machine.metrics.transitions }];
}

function expectedOf(month: MachineMonth, used: TransitionRule): CountedExecutions {
  const executions = startedIn(month) ?? 0;
  return { executions, transitions: 0, entered: executions * (month.expectedTransitions - added(used)) };
}

function chargesOf(items: readonly BilledItem[]): ReconciliationReport["charges"] {
  const charges = new Map<string, { lineType: string; cost: number; rows: number }>();
  for (const { lineType, cost, rows } of items.flatMap((item) => item.charges)) {
    const known = charges.get(lineType) ?? { lineType, cost: 0, rows: 0 };
    charges.set(lineType, { lineType, cost: known.cost + cost, rows: known.rows + rows });
  }
  return [...charges.values()].sort((a, b) => Math.abs(b.cost) - Math.abs(a.cost));
}

function nameOf({ arn, account, region }: ReconciledItem): string {
  return arn ?? `${account}/${region}`;
}

function diagnose({ bill, currency, month }: Reconciling, isComparable: boolean): readonly Diagnostic[] {
  const payers = [...new Set(bill.sums.map(({ payer }) => payer))].filter((payer) => payer !== "").sort();
  const currencies = [...new Set(bill.sums.map((sum) => sum.currency))].filter((each) => each !== "").sort();
  const info = { severity: "info" as const, at: null };
  return [
    ...(isComparable
      ? []
      : [
          {
            code: "bill-currency",
            severity: "warning" as const,
            message: `the bill is in ${currencies.join(", ")} and the price list in ${currency}: quantities are compared, money is not`,
            at: null,
            hint: "Name prices of your own in the bill's currency (prices.list in stepfare.yml).",
          },
        ]),
    ...(payers.length < 2
      ? []
      : [
          {
            ...info,
            code: "several-payers",
            message: `the bill is of ${payers.length} payers (${listed(payers)}): each shares its free tier and tiers among its own accounts only`,
            hint: null,
          },
        ]),
    ...(month.period.partial
      ? [
          {
            ...info,
            code: "partial-month",
            message: `the fleet was read over ${Number(month.period.days.toFixed(1))} of ${month.period.daysInMonth} days of ${month.month}; the bill may hold other days`,
            hint: "Collect the month again once it is over.",
          },
        ]
      : []),
  ];
}
