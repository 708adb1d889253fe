/**
 * A split's estimate is what its parent and its children cost together: the parent's states less those that were cut,
 * the states that stand in for them, and each call's request and GB-seconds. From the very profile that prices the
 * workflow as it is, so that both differ by the cuts alone.
 */
import {
  type CostBasis,
  type CostEstimate,
  type EstimateInput,
  priceMetered,
} from "../../cost/cost-estimate.ts";
import type { RangedEstimate, WorkflowEstimates } from "../../cost/workflow-estimates.ts";
import type { ExecutionProfile, ProfiledState } from "../../graph/execution-profile.ts";
import { totalWithRecords } from "../break-even.ts";
import { lazyFields, once } from "../../once.ts";
import { durationOf } from "../../graph/region/region-time.ts";
import { meanBilledMs } from "../../usage/express-billing.ts";
import { logLine, loggingOf, meterCalls, meterLogs, meterTraces } from "../../usage/meter-neighbours.ts";
import {
  type MeteredWorkflow,
  meterWorkflow,
  requestLines,
  transitionLine,
} from "../../usage/meter-workflow.ts";
import type { UsageLine } from "../../usage/usage-line.ts";
import { statesWithin } from "../../workflow/state-identity.ts";
import { type RegionUse, addedLogEvents, childMemoryMB, standInTransitions, useOf } from "./region-use.ts";
import { type RemainingScope, remainingScopes } from "./remaining-scope.ts";
import { type ScopeFlow, flowsOfScopes } from "./scope-flow.ts";
import type { PlannedCut } from "./split-plan.ts";

/** A cut, and what the child and the Task that starts it are called. */
export interface NamedCut {
  readonly cut: PlannedCut;
  readonly child: string;
  readonly task: string;
}

/** A saving at each end of the figures' ranges, against the workflow as it is. */
export interface SplitEstimate extends RangedEstimate<"SPLIT"> {
  readonly savingsAtEnds: readonly number[];
}

export function estimateSplit(
  cuts: readonly NamedCut[],
  estimates: WorkflowEstimates,
  basis: CostBasis,
): SplitEstimate {
  const likely = priceSplit(cuts, estimates.likely, basis);
  const priceEnd = (input: EstimateInput) => {
    const [split, standard] = [priceSplit(cuts, input, basis), priceStandard(input, basis)];
    return {
      cost: split.costPerExecution,
      saving: difference(totalWithRecords(standard), totalWithRecords(split)),
    };
  };
  const ends = once(() => {
    const corners = estimates.corners();
    const priced = new Map([...new Set(corners)].map((input) => [input, priceEnd(input)]));
    return corners.map((input) => priced.get(input)!);
  });
  const known = once(() =>
    [likely.costPerExecution, ...ends().map(({ cost }) => cost)].filter((cost) => cost !== null),
  );
  return lazyFields<SplitEstimate>({
    likely: () => likely,
    lowPerExecution: () => (likely.costPerExecution === null ? null : Math.min(...known())),
    highPerExecution: () => (likely.costPerExecution === null ? null : Math.max(...known())),
    savingsAtEnds: () => ends().flatMap(({ saving }) => saving ?? []),
  });
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function priceStandard(input: EstimateInput, basis: CostBasis): CostEstimate<"STANDARD"> {
  const metered = meterWorkflow("STANDARD", { ...input, transitionRule: basis.transitionRule });
  const records = [
    ...meterLogs(loggingOf("STANDARD", input.workload), input),
    ...meterTraces(input.workload),
  ];
  return priceMetered(
    { type: "STANDARD", metered, calls: () => meterCalls(input), records },
    input.executions,
    basis,
  );
}

function priceSplit(
  cuts: readonly NamedCut[],
  input: EstimateInput,
  basis: CostBasis,
): CostEstimate<"SPLIT"> {
  const { profile, payloadKB } = input;
  const inScope = (scope: ScopeFlow): readonly NamedCut[] =>
    cuts.filter(({ cut }) => pointerOf(cut.scope) === pointerOf(scope));
  const remaining = remainingScopes(flowsOfScopes(profile.run), (scope) =>
    inScope(scope).map(({ cut }) => cut.region),
  );
  const calls = remaining.flatMap(({ scope, runs }) =>
    inScope(scope).map((named): Call => {
      const use = useOf(named.cut.region, scope);
      const billedMs = meanBilledMs(durationOf(scope.times().of(named.cut.region)));
      return { ...named, runs, use, billedMs, memoryMB: childMemoryMB(use, payloadKB) };
    }),
  );
  const left = { ...profile, states: statesLeft(profile, remaining) };
  const parent = meterWorkflow("STANDARD", { ...input, profile: left, transitionRule: basis.transitionRule });
  const metered = withCalls(parent, calls);
  const records = recordLines(calls, input);
  return priceMetered(
    { type: "SPLIT", metered, calls: () => meterCalls(input), records },
    input.executions,
    basis,
  );
}

interface Call extends NamedCut {
  /** Of its scope per execution of the workflow. */
  readonly runs: number;
  readonly use: RegionUse;
  readonly billedMs: number;
  readonly memoryMB: number;
}

function pointerOf({ run }: ScopeFlow): string {
  return run.graph.scope.pointer;
}

/** Per execution of the workflow. */
function callsPerExecution({ runs, use }: Call): number {
  return runs * use.entries;
}

/** What stays in the parent, with all that runs inside it. */
function statesLeft(
  profile: ExecutionProfile,
  remaining: readonly RemainingScope[],
): readonly ProfiledState[] {
  const shares = new Map<string, number>();
  for (const { scope, runs, visits } of remaining) {
    if (scope.runs === 0) continue;
    const { graph, visits: before } = scope.run;
    graph.nodes.forEach((state, node) => {
      if (visits[node] === before[node]) return;
      const share = (runs * visits[node]!) / (scope.runs * before[node]!);
      // A scope inside comes later, and tells its own states' shares.
      for (const { pointer } of statesWithin({
        pointer: state.pointer,
        startAt: state.name,
        states: [state],
      }))
        shares.set(pointer, share);
    });
  }
  return profile.states.map((profiled) => {
    const share = shares.get(profiled.state.pointer);
    return share === undefined
      ? profiled
      : { ...profiled, visits: profiled.visits * share, retries: profiled.retries * share };
  });
}

function withCalls(parent: MeteredWorkflow, calls: readonly Call[]): MeteredWorkflow {
  const total = calls.reduce((sum, call) => sum + callsPerExecution(call), 0);
  const meanMs = calls.reduce((sum, call) => sum + callsPerExecution(call) * call.billedMs, 0);
  const lines = calls.flatMap((call): readonly UsageLine[] => {
    const { task, child, runs, use, billedMs, memoryMB } = call;
    const text = `calls of ${child}, with the check of each`;
    const requests = callsPerExecution(call);
    return [
      ...transitionLine(task, text, runs * standInTransitions(use.entries, use.failures, use.ends)),
      ...requestLines(task, { requests, billedDurationMs: billedMs, memoryMB, what: `each ${child}` }),
    ];
  });
  return {
    lines: [...parent.lines, ...lines],
    carried: parent.carried,
    billedMemoryMB: Math.max(0, ...calls.map(({ memoryMB }) => memoryMB)),
    billedDurationMs: total > 0 ? meanMs / total : 0,
  };
}

function recordLines(calls: readonly Call[], input: EstimateInput): readonly UsageLine[] {
  const { workload, payloadKB } = input;
  const [parentLogs, childLogs] = [loggingOf("STANDARD", workload), loggingOf("EXPRESS", workload)];
  const events = calls.reduce(
    (sum, { runs, use }) => sum + runs * addedLogEvents(use, { parentLogs, childLogs }),
    0,
  );
  const executions = 1 + calls.reduce((sum, call) => sum + callsPerExecution(call), 0);
  return [
    ...meterLogs(parentLogs, input),
    ...(events > 0 ? [logLine(events, childLogs, payloadKB)] : []),
    ...meterTraces(workload, executions),
  ];
}
