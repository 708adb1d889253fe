/** Change reasons are what a cost's change is due to, in words with the figures that moved. */
import { decimalText } from "../../decimal-text.ts";
import type { ChangeReason, LeftOutMachine, MachineSides, MonthChange, Mover } from "./monthly-report.ts";
import {
  type MonthPair,
  type ReasonAmounts,
  changeOfMachine,
  whyLeftOut,
  withRest,
} from "./machine-change.ts";
import { transitionsPerExecution } from "./machine-report.ts";
import type { PricedMachine } from "./price-month.ts";

type Cause = ChangeReason["cause"];

export interface ComparedMonths {
  readonly change: MonthChange;
  readonly movers: readonly Mover[];
}

/** Over all machines, each cause's amounts added up; and the machines that moved, the largest move first. */
export function compareMonths(month: string, pairs: readonly MonthPair[]): ComparedMonths {
  const sums = new Map<Cause, number>();
  const movers: Mover[] = [];
  const leftOut: LeftOutMachine[] = [];
  const compared: MonthPair[] = [];
  for (const pair of pairs) {
    const why = whyLeftOut(pair);
    if (why !== null) {
      leftOut.push({ ...sidesOf(pair), ...why });
      continue;
    }
    compared.push(pair);
    const { difference, amounts } = changeOfMachine(pair);
    for (const [cause, cost] of amounts) sums.set(cause, (sums.get(cause) ?? 0) + cost);
    if (difference !== 0) movers.push(moverOf(pair, difference, amounts));
  }
  const { before, after } = sumsOf(compared, ({ monthlyCost }) => monthlyCost);
  const difference = after - before;
  const whole = difference === 0 && sums.size === 0 ? new Map<Cause, number>() : withRest(sums, difference);
  return {
    change: {
      month,
      before,
      after,
      difference,
      perMillion: sumsOf(compared, ({ costPerExecution }) =>
        costPerExecution === null ? null : costPerExecution * 1e6,
      ),
      transitions: sumsOf(compared, transitionsPerExecution),
      because: reasonsOf(whole, (cause) => TOTAL_WORDS[cause]),
      leftOut: largestFirst(leftOut, ({ before: old, after: now }) => now ?? old ?? 0),
    },
    movers: largestFirst(movers, (mover) => mover.difference),
  };
}

/** Both months' sums of a figure, over machines that have it in each month that they are there in. */
function sumsOf(
  pairs: readonly MonthPair[],
  figure: (side: PricedMachine) => number | null,
): { readonly before: number; readonly after: number } {
  const sums = { before: 0, after: 0 };
  for (const pair of pairs) {
    const [before, after] = [pair.before, pair.after].map((side) => (side === null ? 0 : figure(side)));
    if (before == null || after == null) continue;
    sums.before += before;
    sums.after += after;
  }
  return sums;
}

function largestFirst<T extends { readonly arn: string }>(
  machines: readonly T[],
  size: (machine: T) => number,
): readonly T[] {
  return [...machines].sort(
    (a, b) => Math.abs(size(b)) - Math.abs(size(a)) || (a.arn < b.arn ? -1 : a.arn > b.arn ? 1 : 0),
  );
}

function sidesOf(pair: MonthPair): MachineSides {
  const { arn, name, account, region } = (pair.after ?? pair.before)!.month.machine;
  return {
    arn,
    name,
    account,
    region,
    before: pair.before?.monthlyCost ?? null,
    after: pair.after?.monthlyCost ?? null,
  };
}

function moverOf(pair: MonthPair, difference: number, amounts: ReasonAmounts): Mover {
  return {
    ...sidesOf(pair),
    difference,
    because: reasonsOf(amounts, (cause) => wordsOf(cause, pair)),
  };
}

function reasonsOf(amounts: ReasonAmounts, text: (cause: Cause) => string): readonly ChangeReason[] {
  return [...amounts]
    .map(([cause, cost]) => ({ cause, text: text(cause), cost }))
    .sort((a, b) => Math.abs(b.cost) - Math.abs(a.cost) || (a.cause < b.cause ? -1 : 1));
}

const TOTAL_WORDS: Readonly<Record<Cause, string>> = {
  executions: "more or fewer executions",
  "per-execution": "transitions per execution, or what child executions use",
  duration: "billed time per execution",
  memory: "billed memory per execution",
  type: "machines that are of another type",
  prices: "list prices",
  tier: "volume tiers, which the account's machines reach together",
  "free-tier": "the month's free tier, which the account's machines share",
  carried: "executions that had started before the month",
  added: "machines that are new",
  removed: "machines that are gone",
  other: "everything else",
};

function wordsOf(cause: Cause, { before, after }: MonthPair): string {
  const from = (figure: (side: PricedMachine) => number): string =>
    `${shown(figure(before!))} → ${shown(figure(after!))}`;
  switch (cause) {
    case "executions":
      return `executions ${from(({ month }) => month.executions ?? 0)}`;
    case "per-execution":
      return before!.month.type === "STANDARD"
        ? `transitions per execution ${from(({ month }) => month.usage.STANDARD.get("StateTransition") ?? 0)}`
        : "what child executions use";
    case "duration":
      return `billed time ${from(({ month }) => month.billedDurationMs)} ms per execution`;
    case "memory":
      return `billed memory ${from(({ month }) => month.billedMemoryMB)} MB`;
    case "type":
      return `type ${before!.month.type} → ${after!.month.type}, and what an execution uses as that`;
    case "added":
      return "new this month";
    case "removed":
      return "gone this month";
    default:
      return TOTAL_WORDS[cause];
  }
}

function shown(value: number): string {
  const rounded = value >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
  return decimalText(rounded, { maximumSignificantDigits: 15 });
}
