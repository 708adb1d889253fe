/**
 * Gap reasons are why a bill parts from what was expected. Billed less predicted is, for each usage, quantity apart at
 * list price, price apart at the billed quantity, and free units apart; then the rows that are no usage. The reasons
 * add up to the gap.
 */
import type { Quantities } from "../../cost/account-month.ts";
import { decimalText } from "../../decimal-text.ts";
import type { BilledSum } from "../../usage/billed-usage.ts";
import type { WorkflowUsageType } from "../../usage/usage-line.ts";
import type { WorkflowType } from "../../workflow/state-machine.ts";
import type { BilledItem, BilledQuantity, BilledRate } from "./billed-items.ts";
import { amountWords } from "../judge-diff.ts";
import { NOTHING } from "./billed-items.ts";
import type { UnreadFleetMachine } from "../monthly/fleet-month.ts";
import type { UnreadUsage } from "./unread-usage.ts";
import type { GapReason } from "./reconciliation-report.ts";

export interface ExpectedItem {
  /** By usage type, of the month. */
  readonly predicted: Quantities;
  /** As AWS counted of the same machines; null where it did not. */
  readonly measured: Quantities | null;
  /** Machines of the item whose definition could not be read, by type: nothing is predicted of them. */
  readonly unread: Readonly<Record<WorkflowType, UnreadUsage>>;
  readonly currency: string;
  /** Transitions that AWS counted of machines of which none started in the month: nothing lets expect them. */
  readonly carried: number;
  /** What the predicted free units take off, 0 or less. */
  readonly free: number;
  /** The part of the predicted transitions that another start rule, which the figures support, would add or take. */
  readonly ruleTransitions: number;
  readonly ruleText: string;
  /** Paid, averaged over the tiers that the account reaches. */
  readonly priceOf: (usageType: WorkflowUsageType) => number;
  /** The region whose price stands in for one that is not known; null = the region's own price. */
  readonly borrowedFrom: (usageType: WorkflowUsageType) => string | null;
  /** Machines of the item of which CloudWatch said nothing. */
  readonly uncounted: readonly string[];
}

const USAGE = ["StateTransition", "StepFunctions-Request", "StepFunctions-GB-Second"] as const;
const DUST = 1e-9;

export function explainGap(item: BilledItem, expected: ExpectedItem, gap: number): readonly GapReason[] {
  const reasons = [
    ...USAGE.flatMap((usageType) => usageReasons(usageType, item.usage.get(usageType) ?? NOTHING, expected)),
    freeReason(item, expected),
    ...item.charges.map(chargeReason),
  ];
  return settle(merge(reasons), gap);
}

/** Of what is billed and in no fleet: its usage, and apart from that its credits, refunds and taxes. */
export function explainUnexpected(
  item: BilledItem,
  gap: number,
  unread: readonly UnreadFleetMachine[],
): readonly GapReason[] {
  const used = [...item.usage.values()].reduce((sum, { cost }) => sum + cost, 0);
  const what = item.arn === "" ? "no machine of this account and region is" : "this machine is not";
  const [first] = unread;
  const missing: GapReason =
    first === undefined
      ? {
          cause: "missing-machine",
          text: `${what} in the fleet: deleted since, or not collected`,
          cost: used,
        }
      : {
          cause: "unread-machine",
          text:
            item.arn === ""
              ? unreadText(unread.map(({ machine }) => machine.name))
              : `this machine is in the fleet, but ${first.why}`,
          cost: used,
        };
  return settle(merge([missing, ...item.charges.map(chargeReason)]), gap);
}

function unreadText(names: readonly string[]): string {
  const whose = names.length === 1 ? "its definition" : "their definitions";
  return `nothing is expected of ${listed(names)}: ${whose} could not be read`;
}

/** Of what is in the fleet and has no row in the bill. */
export function explainUnbilled(gap: number): readonly GapReason[] {
  const text = "the bill has no row of it: it may be in the bill of another account or partition";
  return settle([{ cause: "missing-from-bill", text, cost: gap }], gap);
}

function usageReasons(
  usageType: WorkflowUsageType,
  billed: BilledQuantity,
  expected: ExpectedItem,
): readonly GapReason[] {
  const price = expected.priceOf(usageType);
  const predicted = expected.predicted.get(usageType) ?? 0;
  const rule = usageType === "StateTransition" ? expected.ruleTransitions : 0;
  const unit = UNITS[usageType];
  const expectedQuantity = predicted + rule;
  const counted = expected.measured?.get(usageType) ?? (expected.measured === null ? null : 0);
  const { names, counted: unreadCounts } =
    expected.unread[usageType === "StateTransition" ? "STANDARD" : "EXPRESS"];
  const unreadCount = unreadCounts?.get(usageType) ?? (unreadCounts === null ? null : 0);
  const reasonOf = (cause: GapReason["cause"], text: string, quantity: number): GapReason => ({
    cause,
    text,
    cost: quantity * price,
  });
  const ofUnread = (quantity: number): readonly GapReason[] =>
    names.length === 0 ? [] : [reasonOf("unread-machine", unreadText(names), quantity)];
  const told = (): readonly GapReason[] => {
    if (expected.uncounted.length > 0) {
      const text = `CloudWatch said nothing of ${listed(expected.uncounted)}`;
      const unread = unreadCount ?? 0;
      return [
        reasonOf(
          "missing-from-cloudwatch",
          unreadCount === null ? `${text}; ${unreadText(names)}` : text,
          billed.quantity - expectedQuantity - unread,
        ),
        ...ofUnread(unread),
      ];
    }
    // Where it was not counted, what is billed beyond all that is known of the others.
    const unread = unreadCount ?? Math.max(0, billed.quantity - (counted ?? expectedQuantity));
    const own = counted ?? billed.quantity - unread;
    const carried =
      usageType === "StateTransition" && expected.carried > 0
        ? `; ${shown(expected.carried)} are of executions that had started before the month`
        : "";
    return [
      ...ofUnread(unread),
      reasonOf(
        "expectation",
        `AWS counted ${shown(own)} ${unit}, where ${shown(expectedQuantity)} are expected${carried}`,
        own - expectedQuantity,
      ),
      reasonOf(
        "counting",
        `${shown(billed.quantity)} ${unit} are billed, where CloudWatch counted ${shown(own + unread)}`,
        billed.quantity - own - unread,
      ),
    ];
  };
  return [
    { cause: "start-rule", text: expected.ruleText, cost: rule * price },
    ...told(),
    priceReason(billed, {
      price,
      unit,
      currency: expected.currency,
      borrowedFrom: expected.borrowedFrom(usageType),
    }),
  ];
}

const UNITS: Readonly<Record<WorkflowUsageType, string>> = {
  StateTransition: "state transitions",
  "StepFunctions-Request": "Express requests",
  "StepFunctions-GB-Second": "GB-seconds",
};

/** Rates of which one begins when another has ended are a change; others are tiers, or a price that is not the list's. */
function priceReason(
  { quantity, free, cost, rates }: BilledQuantity,
  {
    price,
    unit,
    currency,
    borrowedFrom,
  }: {
    readonly price: number;
    readonly unit: string;
    readonly currency: string;
    readonly borrowedFrom: string | null;
  },
): GapReason {
  const apart = cost - (quantity - free) * price;
  const change = changeOf(rates);
  const expected =
    borrowedFrom === null ? "the list's" : `that of ${borrowedFrom}, which stands in for the region's own`;
  if (change === null)
    return { cause: "price", text: `${unit} are billed at another price than ${expected}`, cost: apart };
  const { before, after } = change;
  return {
    cause: "price-change",
    text: `${unit} cost ${plain(before.rate)} ${currency} each until ${before.until} and ${plain(after.rate)} from ${after.from}`,
    cost: apart,
  };
}

function changeOf(rates: readonly BilledRate[]): { before: BilledRate; after: BilledRate } | null {
  const byRate = new Map<string, BilledRate>();
  for (const each of rates) {
    const key = each.rate.toPrecision(4);
    const known = byRate.get(key);
    byRate.set(
      key,
      known === undefined
        ? each
        : {
            ...each,
            from: known.from < each.from ? known.from : each.from,
            until: known.until > each.until ? known.until : each.until,
          },
    );
  }
  const inTime = [...byRate.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
  for (const [index, after] of inTime.slice(1).entries()) {
    const before = inTime[index]!;
    if (before.until !== "" && after.from !== "" && before.until <= after.from && before.from < after.from)
      return { before, after };
  }
  return null;
}

function freeReason({ usage }: BilledItem, { priceOf, free, currency }: ExpectedItem): GapReason {
  const billed = [...usage].reduce((sum, [usageType, each]) => sum + each.free * priceOf(usageType), 0);
  const money = (amount: number): string => `${amountWords(amount)} ${currency}`;
  const text = `free units took off ${money(billed)} on the bill, where ${money(-free)} are expected`;
  return { cause: "free-tier", text, cost: -billed - free };
}

function chargeReason({ lineType, usageType, cost }: BilledSum): GapReason {
  const cause = causeOf(lineType);
  return {
    cause,
    text: `${lineType || "rows of no kind"}${usageType === "" ? "" : ` (${usageType})`}`,
    cost,
  };
}

function causeOf(lineType: string): GapReason["cause"] {
  if (/credit/i.test(lineType)) return "credit";
  if (/refund|adjustment/i.test(lineType)) return "refund";
  if (/tax/i.test(lineType)) return "tax";
  return /discount|saving/i.test(lineType) ? "discount" : "other-charge";
}

/** Reasons of one cause and text are one. */
function merge(reasons: readonly GapReason[]): readonly GapReason[] {
  const merged = new Map<string, GapReason>();
  for (const reason of reasons) {
    const key = `${reason.cause}\n${reason.text}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? reason : { ...reason, cost: known.cost + reason.cost });
  }
  return [...merged.values()];
}

/** The dearest first; what rounding leaves goes to it, what is more than rounding is told as such. */
function settle(reasons: readonly GapReason[], gap: number): readonly GapReason[] {
  const scale = Math.max(Math.abs(gap), ...reasons.map(({ cost }) => Math.abs(cost)));
  const real = reasons
    .filter(({ cost }) => Math.abs(cost) > DUST * Math.max(scale, 1e-6))
    .sort((a, b) => Math.abs(b.cost) - Math.abs(a.cost) || (a.cause < b.cause ? -1 : 1));
  const rest = gap - real.reduce((sum, { cost }) => sum + cost, 0);
  if (Math.abs(rest) > 1e-6 * scale && Math.abs(rest) > 1e-9)
    return [...real, { cause: "rest", text: "everything else", cost: rest }];
  return real.map((reason, index) => (index === 0 ? { ...reason, cost: reason.cost + rest } : reason));
}

export function listed(names: readonly string[]): string {
  return names.length <= 3
    ? names.join(", ")
    : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}

function shown(value: number): string {
  return decimalText(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4)), {
    maximumSignificantDigits: 15,
  });
}

function plain(value: number): string {
  return String(Number(value.toPrecision(6)));
}
