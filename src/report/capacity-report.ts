/** The capacity report is all that `capacity` has to say of one workflow: its limits, its load, its Maps, and whether that passes. */
import type { Simulation } from "../capacity/event-loop.ts";
import { type MapPlan, planMap } from "../capacity/map-plan.ts";
import { placeMaps } from "../capacity/placed-map.ts";
import type { HoursOfDay, StartRates } from "../capacity/held-at-once.ts";
import { quotasOf } from "../capacity/quotas.ts";
import { type StartLoad, loadOfStarts } from "../capacity/start-load.ts";
import { NO_OTHER_USAGE } from "../cost/line-item.ts";
import type { PriceList } from "../cost/price-list.ts";
import type { Diagnostic, Place } from "../diagnostic.ts";
import { atBound, atLikely } from "../graph/assumption.ts";
import { profileExecution } from "../graph/execution-profile.ts";
import type { RunContext } from "../graph/run-context.ts";
import { COUNTS_ONLY, EVERYTHING } from "../graph/spent.ts";
import { runawayOf } from "../capacity/runaway.ts";
import { RULE_TRANSITIONS, type TransitionRule } from "../usage/usage-line.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { LimitReport } from "./analysis-report.ts";
import { startedTypes } from "./build-analysis.ts";
import { type CapacityGate, type CapacityVerdict, judgeCapacity } from "./judge-capacity.ts";
import { nestExecutions } from "./nested-executions.ts";
import { reportLimits } from "./limit-report.ts";
import {
  type SimulationReport,
  type StormReport,
  type StormRequest,
  reportSimulation,
  reportStorms,
} from "./simulation-report.ts";

/** Times in milliseconds, sizes in bytes, money in `currency`; null is "not known", never 0. */
export interface CapacityReport {
  readonly schemaVersion: "1";
  readonly kind: "capacity";
  readonly name: string;
  readonly type: WorkflowType;
  readonly at: Place;
  readonly region: string;
  readonly currency: string;
  /** Seed of all that was simulated. */
  readonly seed: number;
  /** Executions per second; null when nobody says how often it runs. */
  readonly rates: StartRates | null;
  readonly windowMs: number | null;
  readonly downstreamLimit: number | null;
  readonly limits: readonly LimitReport[];
  /** Null without rates. */
  readonly load: StartLoad | null;
  readonly maps: readonly MapPlan[];
  /** Empty when none is asked for. */
  readonly storms: readonly StormReport[];
  /** Null when none is asked for. */
  readonly simulation: SimulationReport | null;
  /** Whether some simulation was stopped before its end. */
  readonly isPartial: boolean;
  readonly verdict: CapacityVerdict;
  readonly diagnostics: readonly Diagnostic[];
}

export interface CapacityInput {
  readonly workflow: Workflow;
  /** Workflows found beside it: a Task that starts one and waits takes as long as that one does. */
  readonly others: readonly Workflow[];
  readonly priceList: PriceList;
  readonly transitionRule: TransitionRule;
  readonly context: Pick<RunContext, "parseJsonata" | "taskDuration">;
  readonly rates: StartRates | null;
  readonly byHour: HoursOfDay;
  readonly windowMs: number | null;
  readonly downstreamLimit: number | null;
  /** Null = none. */
  readonly storm: StormRequest | null;
  /** Executions to simulate; 0 = none. */
  readonly simulated: number;
  readonly gates: readonly CapacityGate[];
  readonly seed: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Null when StartAt names no state. Gives way while it simulates, so that the run can tell how far it is and be stopped. */
export function* buildCapacityReport(input: CapacityInput): Simulation<CapacityReport | null> {
  const { workflow, priceList, transitionRule, rates, windowMs, downstreamLimit, seed } = input;
  const { stateMachine, workload } = workflow;
  const type = workflow.type ?? "STANDARD";
  const nesting = nestExecutions([workflow, ...input.others], input.context);
  const context = { ...input.context, childEnds: nesting.childEndsIn(workflow) };
  const run = { ...context, workload, kept: new Map() };
  const profile = profileExecution(stateMachine, { ...run, stand: atLikely, measure: EVERYTHING });
  const bound = profileExecution(stateMachine, { ...run, stand: atBound, measure: COUNTS_ONLY });
  if (profile === null || bound === null) return null;
  const limits = reportLimits({
    ...context,
    workload,
    stateMachine,
    profile,
    bound: bound.run,
    runaway: runawayOf(bound.run, { stateMachine, workload, type }),
    type,
  });
  const { start, end } = RULE_TRANSITIONS[transitionRule];
  const load =
    rates === null
      ? null
      : loadOfStarts({
          ...context,
          workload,
          profile,
          type,
          rates,
          byHour: input.byHour,
          startedTypes: startedTypes(workflow, nesting),
          quotas: quotasOf(priceList.region),
          ruleTransitions: start + end,
          downstreamLimit,
        });
  const basis = { priceList, transitionRule, others: NO_OTHER_USAGE };
  const { stateTransition } = quotasOf(priceList.region);
  const planning = {
    ...{ stateMachine, type, workload, context, basis },
    ...{ windowMs, downstreamLimit, stateTransition, seed },
  };
  const maps = placeMaps(profile, workload).flatMap(({ map }) => planMap({ ...planning, map }) ?? []);
  const transitionPrice = priceList.prices.StateTransition?.tiers[0]?.unitPrice ?? null;
  const simulating = { ...context, workload, profile, type, transitionPrice, seed };
  const storms = input.storm === null ? [] : yield* reportStorms(simulating, input.storm);
  const simulation = input.simulated === 0 ? null : yield* reportSimulation(simulating, input.simulated);
  return {
    schemaVersion: "1",
    kind: "capacity",
    name: workflow.name,
    type,
    at: workflow.at,
    region: priceList.region,
    currency: priceList.currency,
    seed,
    rates,
    windowMs,
    downstreamLimit,
    limits,
    load,
    maps,
    storms,
    simulation,
    isPartial:
      simulation?.isPartial === true ||
      storms.some(({ variants }) => variants.some(({ isPartial }) => isPartial)),
    verdict: judgeCapacity(input.gates, { limits, load }),
    diagnostics: [...workflow.diagnostics, ...input.diagnostics],
  };
}
