/**
 * Makes one workflow's part of the analysis report: profile, estimates, verdict, limits, each from the same figures.
 * It is plain data whose costly fields are worked out when they are first read: a table of many workflows reads few.
 */
import type { CostBasis } from "../cost/cost-estimate.ts";
import type { PriceList } from "../cost/price-list.ts";
import { type WorkflowEstimates, estimateWorkflow } from "../cost/workflow-estimates.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { LimitedExecution } from "../capacity/execution-limit.ts";
import { runawayOf } from "../capacity/runaway.ts";
import { atBound } from "../graph/assumption.ts";
import { meanOf, quantileOf } from "../graph/distribution.ts";
import { type ExecutionProfile, profileExecution } from "../graph/execution-profile.ts";
import type { RunContext } from "../graph/run-context.ts";
import { COUNTS_ONLY } from "../graph/spent.ts";
import { type WorstCase, worstCase } from "../graph/worst-case.ts";
import { lazyFields, once } from "../once.ts";
import { type ExpressEligibility, judgeExpress } from "../recommendation/express-eligibility.ts";
import { mayBeWorthIt } from "../recommendation/split/split-choice.ts";
import { splitWorkflow } from "../recommendation/split/split-workflow.ts";
import { drawCurves } from "../recommendation/cost-curves.ts";
import type { WaitingCaller } from "../recommendation/waiting-caller.ts";
import { type TypeChoice, chooseType } from "../recommendation/type-choice.ts";
import { shareOfMonth } from "../observation/fleet-workload.ts";
import type { ScenarioRun } from "../scenario/scenario-run.ts";
import { measureExecution } from "../usage/measure-execution.ts";
import type { MeasuredExecution } from "../usage/measured-execution.ts";
import { RULE_TRANSITIONS, type TransitionRule } from "../usage/usage-line.ts";
import type { Figure } from "../workflow/figure.ts";
import { type StateIds, definitionId, figuresId, identifyStates } from "../workflow/state-identity.ts";
import { withoutInferred } from "../workflow/workload/inferred-figures.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type {
  DurationSummary,
  NestedExecution,
  StateReport,
  TransitionSummary,
  WorkflowReport,
} from "./analysis-report.ts";
import { reportEstimate } from "./estimate-report.ts";
import { reportLimits } from "./limit-report.ts";
import { type PathPricing, reportBranches, reportPaths } from "./path-report.ts";
import { reportEligibility, reportRecommendation } from "./recommendation-report.ts";
import { diagnoseReview, reportReview } from "./review-section.ts";
import { reportSplitChildren } from "./split-children.ts";
import { diagnoseRun } from "./run-diagnostics.ts";
import { reportScenarios } from "./scenario-report.ts";
import { type CostCurves, type WorkflowPictures, pictureWorkflow } from "./workflow-pictures.ts";

export interface WorkflowReporting {
  readonly workflow: Workflow;
  readonly context: Pick<RunContext, "parseJsonata" | "childEnds" | "taskDuration">;
  /** What profiles of this workflow in this context are made of, where some were made already. */
  readonly kept?: RunContext["kept"];
  readonly executions: Figure | null;
  readonly basis: CostBasis;
  /** How many paths to show. */
  readonly top: number;
  /** Whether it is going to be drawn. */
  readonly pictures?: boolean;
  /** Little more than costs is going to be read of it, see `Estimating`. */
  readonly atAGlance?: boolean;
  readonly nested: () => readonly NestedExecution[];
  /** The workflow's scenarios, acted out; absent = it has none. */
  readonly scenarios?: readonly ScenarioRun[];
  /** Types of the workflows that Tasks start, by the Task's pointer, where known. */
  readonly startedTypes: ReadonlyMap<string, WorkflowType>;
  /** Tasks of other workflows that start this one and wait for it, where known. */
  readonly callers: readonly WaitingCaller[];
  /** Learned while relating it to the others. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Null when StartAt names no state: there is nothing to price then. */
export function reportWorkflow(reporting: WorkflowReporting): WorkflowReport | null {
  const { workflow, context, kept, executions, basis, atAGlance, callers } = reporting;
  const { stateMachine, workload } = workflow;
  const measured = measuredOf(workflow);
  const estimates = estimateWorkflow({
    ...{ stateMachine, workload, context, basis, measured, executions: executions?.value ?? null },
    ...(atAGlance === undefined ? {} : { atAGlance }),
    ...(kept === undefined ? {} : { kept }),
  });
  if (estimates === null) return null;
  const declared: WorkflowType = workflow.type ?? "STANDARD";
  const eligibility = judgeExpress(estimates.likely.profile, workload, { measured, declared, callers });
  const choice = chooseType({ declared, estimates, eligibility, priceList: basis.priceList, callers });
  return fieldsOf(reporting, { estimates, eligibility, choice, declared });
}

interface Judged {
  readonly estimates: WorkflowEstimates;
  readonly eligibility: ExpressEligibility;
  readonly choice: TypeChoice;
  readonly declared: WorkflowType;
}

function fieldsOf(reporting: WorkflowReporting, judged: Judged): WorkflowReport {
  const { workflow, context, executions, basis } = reporting;
  const { estimates, eligibility, choice, declared } = judged;
  const { stateMachine, workload, locate } = workflow;
  const worst = once(() => worstOf(reporting, declared));
  const review = once(() => reportReview({ ...reporting, ...judged }));
  const split = once(() =>
    splitWorkflow({ workflow, estimates, basis, executions: executions?.value ?? null }),
  );
  const pricing = pathPricing(estimates, basis);
  const { transitionPrice } = pricing;
  return lazyFields<WorkflowReport>({
    name: () => workflow.name,
    type: () => declared,
    at: () => workflow.at,
    foundIn: () => workflow.foundIn,
    contentIds: () => ({ definition: definitionId(stateMachine), figures: figuresId(workload) }),
    executionsPerMonth: () => executions,
    transitions: () => summarizeTransitions(estimates, worst, basis.transitionRule),
    durationMs: () => summarizeDuration(estimates),
    paths: () => reportPaths(estimates.profile, reporting.top, pricing),
    scenarios: () => reportScenarios(reporting.scenarios ?? [], { ...pricing, workflow }),
    branches: () => reportBranches(estimates.profile.run, transitionPrice),
    states: () =>
      reportStates(
        estimates.profile,
        once(() => identifyStates(stateMachine)),
        transitionPrice,
      ),
    estimates: () =>
      lazyFields<WorkflowReport["estimates"]>({
        STANDARD: () => reportEstimate(estimates.byType.STANDARD, executions),
        EXPRESS: () => reportEstimate(estimates.byType.EXPRESS, executions),
        SPLIT: () => (split() === null ? null : reportEstimate(split()!.estimate, executions)),
      }),
    eligibility: () => ({ EXPRESS: reportEligibility(eligibility, locate) }),
    recommendation: () =>
      reportRecommendation({
        ...judged,
        callers: reporting.callers,
        split: mayBeWorthIt(estimates, choice.type, basis) ? split() : null,
      }),
    split: () => (split() === null ? null : reportSplitChildren(split()!)),
    nested: reporting.nested,
    opportunities: () => review().opportunities,
    findings: () => review().findings,
    checks: () => review().checks,
    limits: () =>
      reportLimits({
        ...context,
        ...worst(),
        ...{ profile: estimates.profile, stateMachine, workload, type: declared },
      }),
    diagnostics: () => [
      ...workflow.diagnostics,
      ...reporting.diagnostics,
      ...diagnoseRun({ ...judged, locate }),
      ...diagnoseReview(workflow),
    ],
    ...(reporting.pictures === true
      ? { pictures: () => picturesOf(judged, { executions, priceList: basis.priceList }) }
      : {}),
  });
}

function pathPricing({ byType }: WorkflowEstimates, { priceList, transitionRule }: CostBasis): PathPricing {
  const { start, end } = RULE_TRANSITIONS[transitionRule];
  return {
    ruleTransitions: start + end,
    transitionPrice: priceList.prices.StateTransition?.tiers[0]?.unitPrice ?? null,
    express: byType.EXPRESS.likely,
  };
}

/** Of a machine as it runs; what its twin uses says nothing of a definition that differs. */
export function measuredOf({ foundIn, deployed }: Workflow): MeasuredExecution | null {
  return foundIn === "aws" && deployed !== undefined
    ? measureExecution(deployed.machine, shareOfMonth(deployed))
    : null;
}

function picturesOf(
  { estimates, choice }: Judged,
  { executions, priceList }: { readonly executions: Figure | null; readonly priceList: PriceList },
): WorkflowPictures {
  const curves = (): CostCurves =>
    drawCurves({
      standard: estimates.byType.STANDARD.likely,
      express: estimates.byType.EXPRESS.likely,
      priceList,
      breakEven: choice.breakEven,
      executions: executions?.value ?? null,
    });
  return pictureWorkflow(estimates.profile, { curves, crossings: () => choice.breakEven });
}

interface Worst extends Pick<LimitedExecution, "bound" | "runaway"> {
  readonly worst: WorstCase;
}

function worstOf({ workflow, context, kept }: WorkflowReporting, type: WorkflowType): Worst {
  const { stateMachine } = workflow;
  const workload = withoutInferred(workflow.workload);
  // What is kept holds for its own workload alone.
  const { run: bound } = profileExecution(stateMachine, {
    ...context,
    workload,
    stand: atBound,
    measure: COUNTS_ONLY,
    kept: (workload === workflow.workload ? kept : undefined) ?? new Map(),
  })!;
  return { bound, worst: worstCase(bound), runaway: runawayOf(bound, { stateMachine, workload, type }) };
}

function summarizeTransitions(
  estimates: WorkflowEstimates,
  worst: () => Worst,
  transitionRule: TransitionRule,
): TransitionSummary {
  const { start, end } = RULE_TRANSITIONS[transitionRule];
  const { states, children, transitions } = estimates.likely.profile;
  const billed = states.filter(({ childOf }) => childOf === null || childOf.executionType === "STANDARD");
  const started = children.reduce((sum, { count }) => sum + count, 0);
  const entered = billed.reduce((sum, { visits }) => sum + visits, 0) + started;
  const retries = billed.reduce((sum, state) => sum + state.retries, 0);
  const own = entered + retries;
  const at = (p: number): number => quantileOf(transitions, p) + start + end;
  return lazyFields<TransitionSummary>({
    start: () => start,
    entered: () => entered,
    retries: () => retries,
    end: () => end,
    mean: () => start + own + end,
    p50: () => at(0.5),
    p90: () => at(0.9),
    p99: () => at(0.99),
    worst: () => {
      const { transitions } = worst().worst;
      return transitions === null ? null : transitions + start + end;
    },
    unboundedBy: () => worst().worst.unboundedBy,
    endedAt: () => endOf(worst(), start + end),
    byRule: () => ({ entered: own, "start+entered": own + 1, "start+entered+end": own + 2 }),
  });
}

function endOf({ runaway }: Worst, ruled: number): TransitionSummary["endedAt"] {
  if (runaway === null || runaway.transitions === null) return null;
  return { transitions: runaway.transitions + ruled, by: runaway.endedBy };
}

function summarizeDuration({ likely, assumptions }: WorkflowEstimates): DurationSummary {
  const { durationMs } = likely.profile;
  const bases = assumptions.filter(({ unit }) => unit === "ms").map(({ figure }) => figure.basis);
  const order = ["default", "inferred", "declared", "observed"] as const;
  return {
    mean: meanOf(durationMs),
    p50: quantileOf(durationMs, 0.5),
    p99: quantileOf(durationMs, 0.99),
    basis: order.find((basis) => bases.includes(basis)) ?? "inferred",
  };
}

function reportStates(
  profile: ExecutionProfile,
  ids: () => ReadonlyMap<string, StateIds>,
  transitionPrice: number | null,
): readonly StateReport[] {
  const started = new Map(profile.children.map(({ state, count }) => [state.pointer, count]));
  return profile.states.map(({ state, visits, retries, historyEvents, iterations, childOf }) => {
    const transitions = childOf?.executionType === "EXPRESS" ? 0 : visits + retries;
    return {
      name: state.name,
      pointer: state.pointer,
      type: state.type,
      visits,
      retries,
      transitions,
      historyEvents,
      standardCost: transitionPrice === null ? null : transitions * transitionPrice,
      iterations,
      childExecutions: started.get(state.pointer) ?? 0,
      get ids() {
        return ids().get(state.pointer)!;
      },
    };
  });
}
