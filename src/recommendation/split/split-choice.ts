/** The split's place among the types: recommended where it costs clearly less than the best of Standard and Express. */
import type { CostBasis } from "../../cost/cost-estimate.ts";
import type { ExecutionProfile } from "../../graph/execution-profile.ts";
import { RULE_TRANSITIONS } from "../../usage/usage-line.ts";
import type { WorkflowType } from "../../workflow/state-machine.ts";
import { blockersOfState } from "../express-eligibility.ts";
import { totalWithRecords } from "../break-even.ts";
import type { RangedEstimate, WorkflowEstimates } from "../../cost/workflow-estimates.ts";
import { type TypeChoice, monthlyWithRecords } from "../type-choice.ts";
import type { SplitEstimate } from "./split-estimate.ts";

/** A further state machine is something to look after: less than a tenth, or than 1 (of the price list's currency) a month, is not worth it. */
const LEAST_SHARE = 0.1;
const LEAST_PER_MONTH = 1;

export interface SplitChoice {
  readonly isWorthIt: boolean;
  /** Against the workflow as it is declared. */
  readonly savingPerExecution: number | null;
  readonly savingPerMonth: number | null;
  /** Of what the workflow costs as it is declared; null when that is not known. */
  readonly share: number | null;
  readonly confidence: TypeChoice["confidence"];
}

/**
 * Whether a split could be worth recommending at all, told from the visits and the month's cost, long before one is
 * planned. States that Express does not take stay where they are, the start of an execution too, and a cut leaves two
 * transitions for each entry: a split costs no less than that. False is certain, true is not.
 */
export function mayBeWorthIt(
  { likely: { profile }, byType }: WorkflowEstimates,
  type: WorkflowType,
  basis: CostBasis,
): boolean {
  const monthly = monthlyWithRecords(byType[type]);
  if (monthly !== null && monthly < LEAST_PER_MONTH) return false;
  const best = totalWithRecords(byType[type].likely);
  const price = basis.priceList.prices.StateTransition?.tiers[0]?.unitPrice ?? null;
  if (best === null || price === null) return true;
  const billed = profile.states.filter(
    ({ visits, childOf }) => visits > 0 && childOf?.executionType !== "EXPRESS",
  );
  const staying = billed.filter((state) => blockersOfState(state, null).length > 0);
  const starts = profile.children.reduce((sum, { count }) => sum + count, 0);
  const { start, end } = RULE_TRANSITIONS[basis.transitionRule];
  const least = start + end + starts + Math.max(1, transitionsOf(staying));
  return least * price <= (1 - LEAST_SHARE) * best;
}

function transitionsOf(states: ExecutionProfile["states"]): number {
  return states.reduce((sum, { visits, retries }) => sum + visits + retries, 0);
}

export function judgeSplit(
  split: SplitEstimate,
  estimates: WorkflowEstimates,
  choice: TypeChoice,
): SplitChoice {
  const against = (other: RangedEstimate): Omit<SplitChoice, "isWorthIt" | "confidence"> => {
    const [before, after] = [totalWithRecords(other.likely), totalWithRecords(split.likely)];
    const saved = difference(before, after);
    return {
      savingPerExecution: saved,
      savingPerMonth: difference(monthlyWithRecords(other), monthlyWithRecords(split)),
      share: saved === null || before === null || before <= 0 ? null : saved / before,
    };
  };
  const best = against(estimates.byType[choice.type]);
  const isWorthIt =
    (best.share ?? 0) >= LEAST_SHARE && (best.savingPerMonth ?? LEAST_PER_MONTH) >= LEAST_PER_MONTH;
  return {
    ...against(estimates.byType.STANDARD),
    isWorthIt,
    get confidence() {
      return confidenceOf(split);
    },
  };
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

/** High when it saves at every end of the figures' ranges, medium when at most of them. */
function confidenceOf({ savingsAtEnds: savings }: SplitEstimate): TypeChoice["confidence"] {
  const saving = savings.filter((each) => each > 0).length;
  if (saving === savings.length) return "high";
  return 2 * saving > savings.length ? "medium" : "low";
}
