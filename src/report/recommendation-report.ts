/** Reports the recommended type: the verdict in a sentence, its proof, and the assumptions that carry it. */
import type { MovedAssumption, WorkflowEstimates } from "../cost/workflow-estimates.ts";
import { HARD_QUOTAS } from "../capacity/quotas.ts";
import type { Assumption } from "../graph/assumption.ts";
import type { BreakEven } from "../recommendation/break-even.ts";
import type { ExpressEligibility, ExpressReason } from "../recommendation/express-eligibility.ts";
import { type SplitChoice, judgeSplit } from "../recommendation/split/split-choice.ts";
import { secondsAtBreakEven } from "../recommendation/split/split-plan.ts";
import type { SplitWorkflow } from "../recommendation/split/split-workflow.ts";
import { type WaitingCaller, callerWords } from "../recommendation/waiting-caller.ts";
import type { TypeChoice } from "../recommendation/type-choice.ts";
import { lazyFields } from "../once.ts";
import { MEMORY_STEP_MB } from "../usage/express-billing.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { Locate } from "../workflow/workflow.ts";
import type { AssumptionReport, Eligibility, Reason, TypeRecommendation } from "./analysis-report.ts";

export function reportEligibility(
  { eligible, blockers, cautions }: ExpressEligibility,
  locate: Locate,
): Eligibility {
  const reason = ({ code, state, pointer, text }: ExpressReason): Reason => ({
    code,
    state,
    text,
    get at() {
      return locate(pointer);
    },
  });
  return { eligible, blockers: blockers.map(reason), cautions: cautions.map(reason) };
}

export interface Recommending {
  readonly choice: TypeChoice;
  readonly declared: WorkflowType;
  readonly estimates: WorkflowEstimates;
  readonly eligibility: ExpressEligibility;
  readonly callers?: readonly WaitingCaller[];
  /** Null when no cut saves anything. */
  readonly split: SplitWorkflow | null;
}

export function reportRecommendation(recommending: Recommending): TypeRecommendation {
  const { choice, estimates, split } = recommending;
  const judged = split === null ? null : judgeSplit(split.estimate, estimates, choice);
  if (split !== null && judged?.isWorthIt === true) return reportSplit(split, judged, estimates);
  return lazyFields<TypeRecommendation>({
    type: () => choice.type,
    saving: () => choice.savingPerMonth,
    savingPerMillion: () => (choice.savingPerExecution === null ? null : choice.savingPerExecution * 1e6),
    text: () => sentence(recommending),
    breakEven: () => possibleBreakEven(choice.breakEven),
    confidence: () => choice.confidence,
    assumptions: () => assumptionsOf(estimates, choice.type),
  });
}

function reportSplit(
  { written, plan }: SplitWorkflow,
  judged: SplitChoice,
  estimates: WorkflowEstimates,
): TypeRecommendation {
  const { savingPerExecution, savingPerMonth, share } = judged;
  const [first, ...others] = written.children;
  const more =
    others.length === 0
      ? ""
      : `, and ${others.length === 1 ? "one more part" : `${others.length} more parts`}`;
  const less = share === null ? "" : `, ${Number((share * 100).toPrecision(3))} % per execution`;
  const parts = written.children.length === 1 ? "an Express child" : "Express children";
  return {
    type: "SPLIT",
    saving: savingPerMonth,
    savingPerMillion: savingPerExecution === null ? null : savingPerExecution * 1e6,
    text: `A split costs less at these figures${less}: ${first!.task.replace(/^Run /, "")}${more} as ${parts} that a Standard parent starts and waits for. What runs there leaves no execution history; stepfare split writes the definitions and says what else changes.`,
    breakEven: {
      executionsPerMonth: null,
      durationSeconds: secondsAtBreakEven(plan),
      memoryMB: null,
    },
    get confidence() {
      return judged.confidence;
    },
    get assumptions() {
      return assumptionsOf(estimates, "STANDARD");
    },
  };
}

/**
 * As AWS has executions: none as Express lasts longer than five minutes, and memory is billed in steps, of which this is
 * the most at no more than Standard's price. Null where the least already is dearer.
 */
function possibleBreakEven({ executionsPerMonth, durationSeconds, memoryMB }: BreakEven): BreakEven {
  const steps = Math.floor((memoryMB ?? 0) / MEMORY_STEP_MB + 1e-9);
  return {
    executionsPerMonth,
    durationSeconds:
      (durationSeconds ?? Infinity) > HARD_QUOTAS.expressDurationSeconds ? null : durationSeconds,
    memoryMB: steps === 0 ? null : steps * MEMORY_STEP_MB,
  };
}

function sentence({ choice, declared, estimates, eligibility, callers = [] }: Recommending): string {
  const { STANDARD, EXPRESS } = estimates.byType;
  const perExecution = {
    STANDARD: STANDARD.likely.costPerExecution,
    EXPRESS: EXPRESS.likely.costPerExecution,
  };
  switch (choice.why) {
    case "express-blocked": {
      const [first] = eligibility.blockers;
      const more = eligibility.blockers.length - 1;
      const where = first!.state === null ? "" : `${first!.state}: `;
      const others = more > 0 ? `, and ${more} more` : "";
      const kept =
        declared === "EXPRESS"
          ? "AWS would reject or cut off this workflow as Express"
          : "Express is not possible";
      return `${kept} (${where}${first!.text}${others}).`;
    }
    case "standard-cheaper":
      return (perExecution.STANDARD ?? 0) > (perExecution.EXPRESS ?? Infinity)
        ? "Standard costs less a month at these figures, though more per execution: its first transitions of a month are free, and it needs no log."
        : `Standard costs less at these figures${savedWords(perExecution.STANDARD, perExecution.EXPRESS)}.`;
    case "standard-refused": {
      const caller = callers.find(({ waitsBy }) => waitsBy === "startSyncExecution")!;
      return `Standard would cost less at these figures${savedWords(perExecution.STANDARD, perExecution.EXPRESS)}, but ${callerWords(caller)} calls it by startSyncExecution, which takes Express workflows alone.`;
    }
    case "same-cost":
      return "Both types cost the same at these figures.";
    case "unknown-price":
      return "A price that the comparison needs is not known for this region.";
    case "express-cheaper": {
      const repeats = eligibility.cautions.filter(({ code }) => code === "at-least-once").length;
      const safe =
        repeats === 0
          ? ""
          : ` Only if its Tasks may run twice: asynchronous Express executions are at least once, and ${repeats === 1 ? "one Task shows" : `${repeats} Tasks show`} no idempotency.`;
      const move =
        declared === "STANDARD"
          ? " The type cannot be changed in place: a switch is a new state machine."
          : "";
      const logs =
        declared === "STANDARD" &&
        (EXPRESS.likely.recordsPerExecution ?? 0) > (STANDARD.likely.recordsPerExecution ?? 0)
          ? " The saving has paid for the log that it needs in place of the execution history."
          : "";
      return `Express costs less at these figures${savedWords(perExecution.EXPRESS, perExecution.STANDARD)}.${logs}${safe}${move}`;
    }
  }
}

/** What the cheaper type saves of the other's cost; nothing where it saves nothing. */
function savedWords(cheaper: number | null, dearer: number | null): string {
  if (cheaper === null || dearer === null || cheaper <= 0 || dearer <= cheaper) return "";
  const less = (1 - cheaper / dearer) * 100;
  return `, ${Number(less.toPrecision(3))} % per execution`;
}

/** Figures with a range by what they move, then the others as they come. */
function assumptionsOf(
  { moved, assumptions }: WorkflowEstimates,
  type: WorkflowType,
): readonly AssumptionReport[] {
  const byImpact = [...moved].sort((a, b) => (spread(b, type) ?? 0) - (spread(a, type) ?? 0));
  const told = new Set(byImpact.map(({ assumption }) => assumption.id));
  return [
    ...byImpact.map((each): AssumptionReport => ({
      ...wordsOf(each.assumption),
      costAtLow: million(each.low[type]),
      costAtHigh: million(each.high[type]),
      spread: million(spread(each, type)),
    })),
    ...assumptions
      .filter(({ id }) => !told.has(id))
      .map((assumption): AssumptionReport => ({
        ...wordsOf(assumption),
        costAtLow: null,
        costAtHigh: null,
        spread: null,
      })),
  ];
}

function wordsOf({
  text,
  key,
  figure,
  unit,
}: Assumption): Pick<AssumptionReport, "text" | "key" | "figure" | "unit"> {
  return { text, key, figure, unit };
}

function spread({ low, high }: MovedAssumption, type: WorkflowType): number | null {
  const [a, b] = [low[type], high[type]];
  return a === null || b === null ? null : Math.abs(b - a);
}

function million(cost: number | null): number | null {
  return cost === null ? null : cost * 1e6;
}
