/** Builds the split report of a workflow: the plan carried out, what it saves, why each other state stays, and what else changes. */
import type { CostBasis } from "../cost/cost-estimate.ts";
import { type WorkflowEstimates, estimateWorkflow } from "../cost/workflow-estimates.ts";
import type { PriceList } from "../cost/price-list.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { judgeExpress } from "../recommendation/express-eligibility.ts";
import { statesOf } from "../recommendation/split/cut-data.ts";
import { type SplitChoice, judgeSplit } from "../recommendation/split/split-choice.ts";
import { isTooLarge } from "../recommendation/split/response-size.ts";
import { resourcesFor } from "../recommendation/split/split-resources.ts";
import {
  MOST_PLANNED_STATES,
  type SplitWorkflow,
  isTooManyStates,
  planFor,
  splitWorkflow,
} from "../recommendation/split/split-workflow.ts";
import { bestSingleCut, whyUncut } from "../recommendation/split/uncut-states.ts";
import { chooseType } from "../recommendation/type-choice.ts";
import type { TransitionRule } from "../usage/usage-line.ts";
import { UserError } from "../user-error.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { otherUsage } from "./build-analysis.ts";
import { reportEstimate } from "./estimate-report.ts";
import { type NestingContext, nestExecutions } from "./nested-executions.ts";
import { reportEligibility } from "./recommendation-report.ts";
import { cautionsOf, reportSplitChanges } from "./split-changes.ts";
import { reportSplitChildren } from "./split-children.ts";
import type { SplitChildReport, SplitReport } from "./split-report.ts";
import { measuredOf } from "./workflow-report.ts";

export interface SplitInput {
  readonly workflow: Workflow;
  /** It and those that live beside it: they may start it, or be started by it, and they share its tiers. */
  readonly workflows: readonly Workflow[];
  readonly priceList: PriceList;
  readonly transitionRule: TransitionRule;
  readonly context: NestingContext;
  readonly diagnostics: readonly Diagnostic[];
}

/** Null when StartAt names no state. Throws a UserError for more states than are planned for. */
export function buildSplit(input: SplitInput): SplitReport | null {
  const { workflow, workflows, priceList, transitionRule } = input;
  const { stateMachine, workload, locate } = workflow;
  const nesting = nestExecutions(workflows, input.context);
  const others = otherUsage(workflows, nesting, transitionRule)(workflow);
  const basis: CostBasis = { priceList, transitionRule, others };
  const executionsPerMonth = nesting.executionsOf(workflow);
  const executions = executionsPerMonth?.value ?? null;
  const context = { ...input.context, childEnds: nesting.childEndsIn(workflow) };
  const measured = measuredOf(workflow);
  const estimates = estimateWorkflow({ stateMachine, workload, context, executions, basis, measured });
  if (estimates === null) return null;
  const splitting = { workflow, estimates, executions, basis };
  if (isTooManyStates(estimates.profile)) throw tooManyStates(workflow);
  const split = splitWorkflow(splitting);
  const plan = split?.plan ?? planFor(splitting);
  const declared = workflow.type ?? "STANDARD";
  const callers = nesting.callersOf(workflow);
  const eligibility = judgeExpress(estimates.profile, workload, { measured, declared, callers });
  const choice = chooseType({ declared, estimates, eligibility, priceList, callers });
  const judged = split === null ? null : judgeSplit(split.estimate, estimates, choice);
  const children = split === null ? [] : childrenOf(split, workflow);
  const perMillion = judged?.savingPerExecution ?? null;
  return {
    schemaVersion: "1",
    kind: "split",
    name: workflow.name,
    type: declared,
    at: workflow.at,
    foundIn: workflow.foundIn,
    region: priceList.region,
    currency: priceList.currency,
    priceListDate: priceList.date,
    discountPercent: priceList.discountPercent ?? 0,
    transitionRule,
    executionsPerMonth,
    verdict: {
      isWorthIt: judged?.isWorthIt ?? false,
      text: verdictText({ workflow, plan, split, judged, estimates, eligible: eligibility.eligible }),
      confidence: judged?.confidence ?? null,
    },
    saving: {
      perMonth: judged?.savingPerMonth ?? null,
      perMillion: perMillion === null ? null : perMillion * 1e6,
      share: judged?.share ?? null,
    },
    estimates: {
      STANDARD: reportEstimate(estimates.byType.STANDARD, executionsPerMonth),
      EXPRESS: reportEstimate(estimates.byType.EXPRESS, executionsPerMonth),
      SPLIT: split === null ? null : reportEstimate(split.estimate, executionsPerMonth),
    },
    eligibility: { EXPRESS: reportEligibility(eligibility, locate) },
    children,
    uncut: whyUncut({ plan, dataBlocker: plan.dataBlocker }).map(({ code, state, text }) => ({
      code,
      state: state.name,
      text,
      at: locate(state.pointer),
    })),
    changes: split === null ? [] : reportSplitChanges({ workflow, split, children, priceList }),
    parent: split?.written.parent ?? null,
    resources:
      split === null
        ? null
        : resourcesFor({ ...workflow, resource: workflow.surroundings?.resource ?? null }, split.written),
    diagnostics: [...workflow.diagnostics, ...input.diagnostics],
  };
}

function tooManyStates({ name }: Workflow): UserError {
  return new UserError(
    "too-many-states",
    `${name} has more than ${MOST_PLANNED_STATES} states: a split is not planned for so many.`,
  );
}

function childrenOf(split: SplitWorkflow, workflow: Workflow): readonly SplitChildReport[] {
  const reported = reportSplitChildren(split).children;
  return split.written.children.map(({ cut, definition, arn }, at): SplitChildReport => {
    const { given, returned, context } = cut.data;
    return {
      ...reported[at]!,
      definition,
      arn,
      variables: { given, returned },
      context,
      cautions: cautionsOf(statesOf(cut.scope, cut.region), workflow),
    };
  });
}

interface Judging {
  readonly workflow: Workflow;
  readonly plan: SplitWorkflow["plan"];
  readonly split: SplitWorkflow | null;
  readonly judged: SplitChoice | null;
  readonly estimates: WorkflowEstimates;
  readonly eligible: boolean;
}

function verdictText({ workflow, plan, split, judged, estimates, eligible }: Judging): string {
  if (split !== null && judged?.isWorthIt === true) {
    const { length } = split.written.children;
    return `${length === 1 ? "One part is" : `${length} parts are`} worth running as ${length === 1 ? "an Express child" : "Express children"}.`;
  }
  if (split !== null) {
    const [express, own] = [estimates.byType.EXPRESS.likely, split.estimate.likely];
    const isBeaten = eligible && (express.costPerExecution ?? Infinity) <= (own.costPerExecution ?? 0);
    if (isBeaten)
      return "The whole workflow may be Express and costs less so: a split is for those that need a Standard parent.";
    return "The cuts below save something, but less than a tenth of the cost, or less than 1 a month: hardly worth a further state machine.";
  }
  if (workflow.workload.needsHistory)
    return "Nothing is cut: redrive or the execution history is needed (needsHistory), and a child keeps neither.";
  if (isTooLarge(workflow.workload))
    return "Nothing is cut: input and output of a call must fit into one response of 256 KiB, and the declared payload does not.";
  if (plan.prices === null)
    return "Nothing is cut: a price that the choice needs is not known for this region.";
  const best = bestSingleCut({ plan, dataBlocker: plan.dataBlocker });
  if (best === null) return "Nothing is cut: no part with one way in and one way out may run as Express.";
  const names =
    best.states.length <= 3 ? best.states.join(", ") : `${best.states[0]!} to ${best.states.at(-1)!}`;
  const cost = Number((-best.saving * 1e6).toPrecision(3));
  return `Nothing is worth cutting: a call is two or three transitions, a request and its GB-seconds, and the best cut (${names}) would cost ${cost} more per million executions than it saves.`;
}
