/**
 * A machine's change is what its cost is due to, from one month to the next. Cost is executions × use of one × price,
 * summed over usage types, so each product's change is shared out among its factors (`product-shares.ts`).
 *
 * Laws: the reasons add up to the difference; nothing changes between a month and itself; swapping negates every reason.
 */
import type { PricedUsagePart } from "../../cost/account-month.ts";
import { type ChangedFactor, shareOut } from "../../cost/product-shares.ts";
import { gbSeconds } from "../../usage/express-billing.ts";
import type { UsageType } from "../../usage/usage-line.ts";
import type { ChangeReason, LeftOutMachine } from "./monthly-report.ts";
import type { PricedMachine } from "./price-month.ts";

type Cause = ChangeReason["cause"];
export type ReasonAmounts = ReadonlyMap<Cause, number>;

/** One machine in two months; null where it is not there. */
export interface MonthPair {
  readonly before: PricedMachine | null;
  readonly after: PricedMachine | null;
  /** Whether that month read its account and region. */
  readonly collected: Sided<boolean>;
  /** Why that month could not read its definition; null when it could, or the machine was not there. */
  readonly unread: Sided<string | null>;
}

interface Sided<T> {
  readonly before: T;
  readonly after: T;
}

export interface MachineChange {
  readonly difference: number;
  readonly amounts: ReasonAmounts;
}

/** Why a machine's months do not compare: it may have run in both, and its cost is known in one of them only. */
export function whyLeftOut(pair: MonthPair): Pick<LeftOutMachine, "cause" | "text"> | null {
  const { before, after, collected, unread } = pair;
  if (before === null || after === null) {
    const side = before === null ? "before" : "after";
    const month = before === null ? "the month before" : "this month";
    if ((before ?? after)?.monthlyCost == null) return null;
    if (unread[side] !== null) return { cause: "unread", text: `${unread[side]} in ${month}` };
    return collected[side]
      ? null
      : { cause: "not-collected", text: `its account and region was not read in ${month}` };
  }
  if ((before.monthlyCost === null) === (after.monthlyCost === null)) return null;
  const [unknown, month] = before.monthlyCost === null ? [before, "the month before"] : [after, "this month"];
  const what = unknown.month.executions === null ? "its executions are" : "its price is";
  return { cause: "not-known", text: `${what} not known in ${month}` };
}

/** Of machines whose months compare: one that is not there costs nothing. */
export function changeOfMachine({ before, after }: MonthPair): MachineChange {
  const difference = (after?.monthlyCost ?? 0) - (before?.monthlyCost ?? 0);
  if (difference === 0) return { difference: 0, amounts: new Map() };
  const whole = (cause: Cause): MachineChange => ({ difference, amounts: new Map([[cause, difference]]) });
  if (before === null) return whole("added");
  if (after === null) return whole("removed");
  const amounts = new Map<Cause, number>();
  const add = (cause: Cause, cost: number): void => {
    if (cost !== 0) amounts.set(cause, (amounts.get(cause) ?? 0) + cost);
  };
  const products =
    before.month.type === after.month.type ? productsOf(before, after) : [typeSwitch(before, after)];
  for (const factors of products) for (const { cause, share } of shareOut(factors)) add(cause, share);
  add("carried", carriedCost(after) - carriedCost(before));
  add("free-tier", (after.priced?.free ?? 0) - (before.priced?.free ?? 0));
  return { difference, amounts: withRest(amounts, difference) };
}

function carriedCost({ month, priced }: PricedMachine): number {
  const paidFor = (usageType: UsageType): number =>
    priced?.parts.find((part) => part.usageType === usageType)?.paid ?? 0;
  return [...month.carried].reduce((sum, [usageType, quantity]) => sum + quantity * paidFor(usageType), 0);
}

type Factor = ChangedFactor<Cause>;

function executionsOf(before: PricedMachine, after: PricedMachine): Factor {
  return {
    cause: "executions",
    before: before.month.executions ?? 0,
    after: after.month.executions ?? 0,
  };
}

/** What an execution uses is not comparable between types, so all of it is due to the switch. */
function typeSwitch(before: PricedMachine, after: PricedMachine): readonly Factor[] {
  const type = { before: before.costPerExecution ?? 0, after: after.costPerExecution ?? 0 };
  return [executionsOf(before, after), { cause: "type", ...type }];
}

function productsOf(before: PricedMachine, after: PricedMachine): readonly (readonly Factor[])[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  const executions = executionsOf(before, after);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((usageType) => {
    const prices = priceFactors(old.get(usageType), now.get(usageType));
    // Where none started, what one uses is not known to have changed.
    const [former, later] = [started(before) ? before : after, started(after) ? after : before];
    return useFactors(usageType, former, later).map((use) => [executions, ...prices, ...use]);
  });
}

function started({ month }: PricedMachine): boolean {
  return month.executions !== 0;
}

function partsOf({ priced }: PricedMachine): ReadonlyMap<UsageType, PricedUsagePart> {
  return new Map((priced?.parts ?? []).map((part) => [part.usageType, part]));
}

/** The list's price, and how far below it the account's volume comes; one that is missing is taken for the other's. */
function priceFactors(old: PricedUsagePart | undefined, now: PricedUsagePart | undefined): readonly Factor[] {
  const paid = { before: old?.paid ?? now?.paid ?? 0, after: now?.paid ?? old?.paid ?? 0 };
  const listed = { before: old?.listed ?? now?.listed ?? 0, after: now?.listed ?? old?.listed ?? 0 };
  if (listed.before === 0 || listed.after === 0) return [{ cause: "prices", ...paid }];
  return [
    { cause: "prices", ...listed },
    { cause: "tier", before: paid.before / listed.before, after: paid.after / listed.after },
  ];
}

/** What one execution uses: its own time and memory apart, and what its child executions use. */
function useFactors(
  usageType: UsageType,
  before: PricedMachine,
  after: PricedMachine,
): readonly (readonly Factor[])[] {
  const use = (side: PricedMachine): number => side.month.usage[side.month.type].get(usageType) ?? 0;
  if (usageType !== "StepFunctions-GB-Second" || before.month.type !== "EXPRESS")
    return [[{ cause: "per-execution", before: use(before), after: use(after) }]];
  const own = ({ month }: PricedMachine): number => gbSeconds(month.billedDurationMs, month.billedMemoryMB);
  const seconds = ({ month }: PricedMachine): number => month.billedDurationMs / 1000;
  const gigabytes = ({ month }: PricedMachine): number => month.billedMemoryMB / 1024;
  const children = { before: use(before) - own(before), after: use(after) - own(after) };
  return [
    [
      { cause: "duration", before: seconds(before), after: seconds(after) },
      { cause: "memory", before: gigabytes(before), after: gigabytes(after) },
    ],
    [{ cause: "per-execution", ...children }],
  ];
}

/** What rounding leaves goes to the largest reason; what is more than rounding is told as such. */
export function withRest(amounts: ReadonlyMap<Cause, number>, difference: number): ReasonAmounts {
  const told = [...amounts.values()];
  const rest = difference - told.reduce((sum, cost) => sum + cost, 0);
  const scale = Math.max(Math.abs(difference), ...told.map(Math.abs));
  const largest = [...amounts].reduce<readonly [Cause, number] | null>(
    (most, each) => (most === null || Math.abs(each[1]) > Math.abs(most[1]) ? each : most),
    null,
  );
  if (largest === null || Math.abs(rest) > 1e-6 * scale) return new Map([...amounts, ["other", rest]]);
  const real = [...amounts].filter(([, cost]) => Math.abs(cost) > 1e-9 * scale);
  const dust = told.reduce((sum, cost) => sum + (Math.abs(cost) > 1e-9 * scale ? 0 : cost), 0);
  return new Map(real.map(([cause, cost]) => [cause, cause === largest[0] ? cost + rest + dust : cost]));
}
