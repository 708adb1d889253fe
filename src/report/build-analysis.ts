/** Builds the analysis report of a set of workflows: related to each other, sharing tiers and free units, most expensive first. */
import { accountUsage, monthlyUsage } from "../cost/cost-estimate.ts";
import { type AccountUsage, NO_OTHER_USAGE } from "../cost/line-item.ts";
import type { PriceList } from "../cost/price-list.ts";
import { roundToDecimal } from "../cost/tiered-price.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { EVERYTHING, WHAT_IS_BILLED } from "../graph/spent.ts";
import type { ScenarioRuns } from "../scenario/scenario-run.ts";
import { meterWorkflow } from "../usage/meter-workflow.ts";
import type { TransitionRule } from "../usage/usage-line.ts";
import { PAYLOAD_KB } from "../workflow/default-figures.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { AnalysisReport, Estimate, NestedExecution, WorkflowReport } from "./analysis-report.ts";
import { type TakenTogether, type TypeChange, changesTogether } from "./changes-together.ts";
import { type NestedExecutions, type NestingContext, nestExecutions } from "./nested-executions.ts";
import { measuredOf, reportWorkflow } from "./workflow-report.ts";

export interface AnalysisInput {
  readonly workflows: readonly Workflow[];
  readonly priceList: PriceList;
  readonly transitionRule: TransitionRule;
  /** What the account uses in the month beside these workflows: free units are the account's; absent = nothing. */
  readonly elsewhere?: AccountUsage;
  readonly context: NestingContext;
  /** Scenarios acted out, of the workflows that have any. */
  readonly scenarios?: ScenarioRuns;
  /** Paths shown per workflow. */
  readonly top: number;
  /** Whether the workflows are going to be drawn; absent = not. */
  readonly pictures?: boolean;
  /** Of most workflows little more than their costs is going to be read, see `Estimating`. */
  readonly atAGlance?: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

export function buildAnalysis(input: AnalysisInput): AnalysisReport {
  const { workflows, priceList, transitionRule, context, top } = input;
  const measure = input.atAGlance === true ? WHAT_IS_BILLED : EVERYTHING;
  const nesting = nestExecutions(workflows, { ...context, measure: () => measure });
  const others = otherUsage(workflows, nesting, transitionRule);
  const reported = new Map<Workflow, WorkflowReport>();
  const unreadable: Diagnostic[] = [];
  for (const workflow of workflows) {
    const report = reportWorkflow({
      workflow,
      context: { ...context, childEnds: nesting.childEndsIn(workflow) },
      kept: nesting.keptOf(workflow),
      executions: nesting.executionsOf(workflow),
      basis: { priceList, transitionRule, others: withElsewhere(others(workflow), input.elsewhere) },
      top,
      pictures: input.pictures === true,
      ...(input.atAGlance === undefined ? {} : { atAGlance: input.atAGlance }),
      nested: () => (nesting.starts(workflow) ? nestedOf(workflow, nesting, reported) : []),
      scenarios: input.scenarios?.get(workflow.stateMachine) ?? [],
      startedTypes: startedTypes(workflow, nesting),
      callers: nesting.callersOf(workflow),
      diagnostics: diagnoseNesting(workflow, nesting),
    });
    if (report === null) unreadable.push(...workflow.diagnostics, cannotStart(workflow));
    else reported.set(workflow, report);
  }
  const reports = [...reported.values()];
  return {
    schemaVersion: "1",
    kind: "analysis",
    region: priceList.region,
    currency: priceList.currency,
    priceListDate: priceList.date,
    discountPercent: priceList.discountPercent ?? 0,
    transitionRule,
    totals: totalsOf([{ account: "", priceList, reports, elsewhere: input.elsewhere ?? NO_OTHER_USAGE }]),
    workflows: mostExpensiveFirst(reports),
    diagnostics: [...input.diagnostics, ...unreadable],
  };
}

function withElsewhere(others: AccountUsage, elsewhere: AccountUsage = NO_OTHER_USAGE): AccountUsage {
  return elsewhere.size === 0 ? others : accountUsage([others, elsewhere]);
}

/** State transitions that workflows make AWS bill in a month, each as its declared type. */
export function monthlyTransitions(
  workflows: readonly Workflow[],
  nesting: NestedExecutions,
  transitionRule: TransitionRule,
): number {
  return usageOf(workflows, nesting, transitionRule).get("StateTransition") ?? 0;
}

/** What workflows use in a month, each as its declared type; `nesting` may be that of more workflows. */
export function usageOf(
  workflows: readonly Workflow[],
  nesting: NestedExecutions,
  transitionRule: TransitionRule,
): AccountUsage {
  return accountUsage([...monthlyUsages(workflows, nesting, transitionRule).values()]);
}

/** What the other workflows use in the month, each as its declared type; nothing when one stands alone. */
export function otherUsage(
  workflows: readonly Workflow[],
  nesting: NestedExecutions,
  transitionRule: TransitionRule,
): (workflow: Workflow) => AccountUsage {
  if (workflows.length < 2) return () => NO_OTHER_USAGE;
  const own = monthlyUsages(workflows, nesting, transitionRule);
  const total = accountUsage([...own.values()]);
  return (workflow) => {
    const mine = own.get(workflow);
    if (mine === undefined) return total;
    return new Map(
      [...total].map(([usageType, quantity]) => [
        usageType,
        Math.max(0, quantity - (mine.get(usageType) ?? 0)),
      ]),
    );
  };
}

/** Workflows whose executions are not known have no entry. */
function monthlyUsages(
  workflows: readonly Workflow[],
  nesting: NestedExecutions,
  transitionRule: TransitionRule,
): ReadonlyMap<Workflow, AccountUsage> {
  const own = new Map<Workflow, AccountUsage>();
  for (const workflow of workflows) {
    const executions = nesting.executionsOf(workflow)?.value ?? null;
    const profile = executions === null ? null : nesting.profileOf(workflow);
    if (profile === null || executions === null) continue;
    const { stateMachine, workload, type } = workflow;
    const payloadKB = (workload.payloadKB ?? PAYLOAD_KB).value;
    const { definitionBytes } = stateMachine;
    const measured = measuredOf(workflow);
    const metering = { profile, transitionRule, definitionBytes, payloadKB, measured };
    const { lines, carried } = meterWorkflow(type ?? "STANDARD", metering);
    own.set(workflow, accountUsage([monthlyUsage(lines, executions), monthlyUsage(carried, 1)]));
  }
  return own;
}

function nestedOf(
  workflow: Workflow,
  nesting: NestedExecutions,
  reported: ReadonlyMap<Workflow, WorkflowReport>,
): readonly NestedExecution[] {
  return nesting.startsOf(workflow).flatMap(({ task, starts, child }) => {
    const report = child === null ? undefined : reported.get(child);
    if (report === undefined) return [];
    const { costPerExecution } = report.estimates[report.type];
    return [{ state: task.name, workflow: report.name, type: report.type, starts, costPerExecution }];
  });
}

/** By the Task's pointer, where the workflow it starts is one of the set. */
export function startedTypes(
  workflow: Workflow,
  nesting: NestedExecutions,
): ReadonlyMap<string, WorkflowType> {
  if (!nesting.starts(workflow)) return new Map();
  return new Map(
    nesting
      .startsOf(workflow)
      .flatMap(({ task, child }) =>
        child === null ? [] : [[task.pointer, child.type ?? "STANDARD"] as const],
      ),
  );
}

function diagnoseNesting(workflow: Workflow, nesting: NestedExecutions): readonly Diagnostic[] {
  if (!nesting.starts(workflow)) return [];
  const recursion: Diagnostic[] = nesting.recursive(workflow)
    ? [
        {
          code: "recursive-start",
          severity: "warning",
          message:
            "this workflow starts itself, directly or through others: executions of its own making are not in its cost",
          at: workflow.at,
          hint: "Declare executionsPerMonth with all executions counted, those it starts included.",
        },
      ]
    : [];
  const unresolved = nesting.startsOf(workflow).flatMap(({ task, target, child }): Diagnostic[] => {
    if (child !== null) return [];
    const named = target === "" ? "another workflow" : target;
    return [
      {
        code: "unknown-child-workflow",
        severity: "info",
        message: `${task.name} starts ${named}, whose definition is not among those analysed: its executions are not in the total`,
        at: workflow.locate(task.pointer),
        hint: "Analyse both together, for example the folder that holds them.",
      },
    ];
  });
  return [...recursion, ...unresolved];
}

function cannotStart(workflow: Workflow): Diagnostic {
  return {
    code: "not-analysed",
    severity: "error",
    message: `${workflow.name} could not be analysed: its StartAt names no state`,
    at: workflow.at,
    hint: null,
  };
}

/** Reports of one account and region. */
export interface ReportedPlace {
  readonly account: string;
  readonly priceList: PriceList;
  readonly reports: readonly WorkflowReport[];
  /** What the account uses there beside them. */
  readonly elsewhere: AccountUsage;
}

export function totalsOf(places: readonly ReportedPlace[]): AnalysisReport["totals"] {
  const reports = places.flatMap((place) => place.reports);
  const sum = (cost: (report: WorkflowReport) => number | null): number | null => {
    const known = reports
      .filter(hasMonth)
      .map(cost)
      .filter((each) => each !== null);
    return known.length === 0 ? null : roundToDecimal(known.reduce((total, each) => total + each, 0));
  };
  const declared = ({ estimates, type }: WorkflowReport): number | null => estimates[type].monthlyCost;
  const monthlyCost = sum(declared);
  const { less, saving } = changedTogether(places);
  return {
    monthlyCost,
    recommendedMonthlyCost: monthlyCost === null ? null : roundToDecimal(monthlyCost - less),
    saving: monthlyCost === null ? null : saving,
    withDownstream: sum((report) => {
      const own = declared(report);
      const beside = report.estimates[report.type].downstreamMonthlyCost;
      return own === null || beside === null ? null : own + beside;
    }),
    unknown: reports.filter((report) => declared(report) === null).length,
  };
}

/** Without executions there is no month; a recommendation, whose split takes time to plan, is then not asked for. */
function hasMonth({ executionsPerMonth }: WorkflowReport): boolean {
  return executionsPerMonth !== null;
}

function changedTogether(places: readonly ReportedPlace[]): TakenTogether {
  const changes = places.flatMap(({ account, priceList: { region }, reports }) =>
    reports.filter(hasMonth).flatMap(({ type, estimates, recommendation }): readonly TypeChange[] => {
      const { type: chosen, saving } = recommendation;
      const then = estimates[chosen];
      if (chosen === type || saving === null || then === null) return [];
      return [{ account, region, usage: billedUsage(estimates[type]), then: billedUsage(then), saving }];
    }),
  );
  if (changes.length === 0) return { less: 0, saving: 0 };
  const used = places.flatMap(({ account, priceList: { region }, reports, elsewhere }) => [
    { account, region, usage: elsewhere },
    ...reports.map(({ estimates, type }) => ({ account, region, usage: billedUsage(estimates[type]) })),
  ]);
  const priceLists = new Map(places.map(({ priceList }) => [priceList.region, priceList]));
  return changesTogether(used, priceLists)(changes);
}

/** What Step Functions bills in the month; nothing where executions are not known. */
function billedUsage({ transitionsPerMonth, requestsPerMonth, gbSeconds }: Estimate): AccountUsage {
  return new Map([
    ["StateTransition", transitionsPerMonth ?? 0],
    ["StepFunctions-Request", requestsPerMonth ?? 0],
    ["StepFunctions-GB-Second", gbSeconds ?? 0],
  ]);
}

/** By the month where known, then by the price of one execution; names settle ties. */
export function mostExpensiveFirst(reports: readonly WorkflowReport[]): readonly WorkflowReport[] {
  const month = ({ estimates, type }: WorkflowReport): number => estimates[type].monthlyCost ?? -1;
  const each = ({ estimates, type }: WorkflowReport): number => estimates[type].costPerExecution ?? -1;
  return [...reports].sort(
    (a, b) => month(b) - month(a) || each(b) - each(a) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}
