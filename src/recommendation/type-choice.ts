/** The recommended workflow type: the cheapest one that AWS accepts, with how sure that is and what it rests on. */
import type { PriceList } from "../cost/price-list.ts";
import type { RangedEstimate, WorkflowEstimates } from "../cost/workflow-estimates.ts";
import { lazyFields } from "../once.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import { type BreakEven, breakEvenOf, totalWithRecords } from "./break-even.ts";
import type { ExpressEligibility } from "./express-eligibility.ts";
import type { WaitingCaller } from "./waiting-caller.ts";

export interface TypeChoice {
  readonly type: WorkflowType;
  /** Against the declared type; 0 when it stays. Null when a price is not known. */
  readonly savingPerExecution: number | null;
  readonly savingPerMonth: number | null;
  readonly breakEven: BreakEven;
  readonly confidence: "high" | "medium" | "low";
  readonly why: Why;
}

/** Why the type is chosen, for the words to follow from. */
export type Why =
  | "express-blocked"
  | "standard-cheaper"
  | "standard-refused"
  | "express-cheaper"
  | "same-cost"
  | "unknown-price";

export interface TypeChoosing {
  readonly declared: WorkflowType;
  readonly estimates: WorkflowEstimates;
  readonly eligibility: ExpressEligibility;
  readonly priceList: PriceList;
  /** Those that are known. */
  readonly callers?: readonly WaitingCaller[];
}

export function chooseType({
  declared,
  estimates,
  eligibility,
  priceList,
  callers = [],
}: TypeChoosing): TypeChoice {
  const { STANDARD, EXPRESS } = estimates.byType;
  const costs = { STANDARD: totalWithRecords(STANDARD.likely), EXPRESS: totalWithRecords(EXPRESS.likely) };
  const { type, why } = cheaperType(monthlyOr(costs, STANDARD, EXPRESS), {
    declared,
    eligible: eligibility.eligible,
    callers,
  });
  const perExecution = difference(costs[declared], costs[type]);
  const [chosen, other] = type === "EXPRESS" ? [EXPRESS, STANDARD] : [STANDARD, EXPRESS];
  return lazyFields<TypeChoice>({
    type: () => type,
    savingPerExecution: () => perExecution,
    savingPerMonth: () => monthlySaving(estimates, declared, type),
    breakEven: () => breakEvenOf(STANDARD.likely, EXPRESS.likely, priceList),
    confidence: () => (isBlockedByOpenWaits(eligibility) ? "low" : confidenceOf(why, chosen, other)),
    why: () => why,
  });
}

type Costs = Readonly<Record<WorkflowType, number | null>>;

interface Choosing {
  readonly declared: WorkflowType;
  readonly eligible: boolean;
  readonly callers: readonly WaitingCaller[];
}

/** The verdict alone: the cheaper type that AWS accepts, the declared one where nothing decides. */
export function cheaperType(
  costs: Costs,
  { declared, eligible, callers }: Choosing,
): { readonly type: WorkflowType; readonly why: Why } {
  const why = whyOf(costs, eligible);
  const isRefused =
    declared === "EXPRESS" &&
    why === "standard-cheaper" &&
    callers.some(({ waitsBy }) => waitsBy === "startSyncExecution");
  if (isRefused) return { type: "EXPRESS", why: "standard-refused" };
  if (why === "express-cheaper") return { type: "EXPRESS", why };
  return { type: why === "express-blocked" || why === "standard-cheaper" ? "STANDARD" : declared, why };
}

/** With executions known the month decides, free tier and tiers included; else one execution at list price. */
function monthlyOr(perExecution: Costs, standard: RangedEstimate, express: RangedEstimate): Costs {
  const month = { STANDARD: monthlyWithRecords(standard), EXPRESS: monthlyWithRecords(express) };
  return month.STANDARD === null || month.EXPRESS === null ? perExecution : month;
}

/** What the types are compared by in a month: what the workflow adds to the account's month and the records that differ by type. */
export function monthlyWithRecords({ likely }: RangedEstimate<string>): number | null {
  const { addedMonthlyCost, recordsPerMonth } = likely;
  return addedMonthlyCost === null || recordsPerMonth === null ? null : addedMonthlyCost + recordsPerMonth;
}

function monthlySaving(
  { byType }: WorkflowEstimates,
  declared: WorkflowType,
  type: WorkflowType,
): number | null {
  return difference(monthlyWithRecords(byType[declared]), monthlyWithRecords(byType[type]));
}

function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : before - after;
}

function whyOf(costs: Costs, eligible: boolean): Why {
  if (!eligible) return "express-blocked";
  if (costs.STANDARD === null || costs.EXPRESS === null) return "unknown-price";
  if (Math.abs(costs.STANDARD - costs.EXPRESS) <= 1e-9 * Math.max(costs.STANDARD, costs.EXPRESS))
    return "same-cost";
  return costs.STANDARD < costs.EXPRESS ? "standard-cheaper" : "express-cheaper";
}

/** Where nothing blocks Express but what nobody has said yet. */
function isBlockedByOpenWaits({ blockers }: ExpressEligibility): boolean {
  return blockers.length > 0 && blockers.every(({ code }) => code === "open-wait");
}

/** High when the ranges do not meet (or AWS leaves no choice), medium when each type's likely cost stays outside the other's range. */
function confidenceOf(why: Why, chosen: RangedEstimate, other: RangedEstimate): TypeChoice["confidence"] {
  if (why === "express-blocked" || why === "standard-refused") return "high";
  const [high, low] = [chosen.highPerExecution, other.lowPerExecution];
  const [likely, otherLikely] = [chosen.likely.costPerExecution, other.likely.costPerExecution];
  if (high === null || low === null || likely === null || otherLikely === null) return "low";
  if (high <= low) return "high";
  return high <= otherLikely || likely <= low ? "medium" : "low";
}
