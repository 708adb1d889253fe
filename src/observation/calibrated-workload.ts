/**
 * A calibrated workload is a declared workload with what was observed laid over it: counts as they are, shares and means
 * drawn toward what was declared as long as the sample is small. Scale (items, durations) is drawn only toward what a
 * person declared, never toward a default, which knows nothing of this workflow.
 */
import { scopesOf } from "../workflow/definition/check-reachability.ts";
import type { DeployedMachine } from "../workflow/fleet/deployed-machine.ts";
import type { Figure } from "../workflow/figure.ts";
import type { ExecutionSample, ObservedMean, SampledState } from "../workflow/fleet/fleet.ts";
import { meanOfPercentiles } from "../workflow/percentile-curve.ts";
import type { ChoiceState, State, StateMachine } from "../workflow/state-machine.ts";
import {
  type DurationFigure,
  EMPTY_STATE_WORKLOAD,
  type StateWorkload,
  type Workload,
  workloadOfState,
} from "../workflow/workload/workload.ts";
import { calibrateShares, type SharePrior } from "./calibrated-share.ts";
import { executionsOfMonth } from "./fleet-workload.ts";

/** Observations that a declared figure weighs: what a person says counts, and four executions outvote it. */
const DECLARED_WEIGHT = 4;

export function calibrateWorkload(
  stateMachine: StateMachine,
  declared: Workload,
  deployed: DeployedMachine,
): Workload {
  const { machine } = deployed;
  const { sample, logging } = machine;
  return {
    ...declared,
    executionsPerMonth: observedExecutions(deployed) ?? declared.executionsPerMonth,
    payloadKB: observedPayload(machine.workload.payloadKB, sample) ?? declared.payloadKB,
    logLevel: declared.logLevel ?? logging?.level ?? null,
    logExecutionData: declared.logExecutionData ?? logging?.includeExecutionData ?? null,
    tracing: declared.tracing ?? machine.tracing,
    states: sample === null ? declared.states : calibrateStates(stateMachine, declared, sample),
  };
}

function observedExecutions({ machine, month, period }: DeployedMachine): Figure | null {
  const fromMs = Date.parse(period.from);
  const untilMs = Date.parse(period.until);
  const executions = executionsOfMonth(machine.metrics?.started ?? null, { fromMs, untilMs, month });
  if (executions === null) return null;
  const started = machine.metrics?.started ?? 0;
  const days = (untilMs - fromMs) / 86_400_000;
  const scaled = period.partial || month === null;
  const note = scaled
    ? `${started} executions in ${Number(days.toFixed(1))} days from ${period.from.slice(0, 10)}, taken for a whole month`
    : `${started} executions in ${month}`;
  return { value: executions.likely, low: executions.low, high: executions.high, basis: "observed", note };
}

function observedPayload(
  payload: DeployedMachine["machine"]["workload"]["payloadKB"],
  sample: ExecutionSample | null,
): Figure | null {
  if (payload === null || sample === null) return null;
  const { likely, low, high, n } = payload;
  const note = `mean of ${n} outputs in ${executionsText(sample)}`;
  return { value: likely, low, high, basis: "observed", note };
}

function calibrateStates(
  stateMachine: StateMachine,
  declared: Workload,
  sample: ExecutionSample,
): Workload["states"] {
  const seen = new Map(sample.states.map((state) => [state.name, state]));
  const states = new Map(declared.states);
  for (const state of scopesOf(stateMachine).flatMap((scope) => scope.states)) {
    const observed = seen.get(state.name);
    if (observed === undefined || observed.type !== state.type) continue;
    const said = workloadOfState(declared, state);
    // A key that was declared by pointer stays one; histories name states only by name.
    const key = declared.states.has(state.pointer) ? state.pointer : state.name;
    states.set(key, calibrateState(state, { said, observed, sample }));
  }
  return states;
}

interface Calibrating {
  readonly said: StateWorkload;
  readonly observed: SampledState;
  readonly sample: ExecutionSample;
}

function calibrateState(state: State, calibrating: Calibrating): StateWorkload {
  const { said, observed, sample } = calibrating;
  const errors = calibrateErrors(calibrating);
  return {
    ...EMPTY_STATE_WORKLOAD,
    ...said,
    ...(state.type === "Choice" ? calibrateChoice(state, calibrating) : {}),
    items:
      observed.items === null
        ? said.items
        : calibrateMean(
            observed.items,
            said.items,
            `mean of ${observed.items.n} runs in ${executionsText(sample)}`,
          ),
    duration: calibrateDuration(calibrating),
    ...errors,
  };
}

/** Shares by target; rounds would contradict them. */
function calibrateChoice(
  state: ChoiceState,
  { said, observed, sample }: Calibrating,
): Pick<StateWorkload, "choices" | "rounds"> {
  const prior = priorOf(state, said);
  const known = observed.next.filter(({ to }) => prior.shares.has(to));
  const whole = known.reduce((sum, { share }) => sum + share, 0);
  if (whole === 0) return { choices: said.choices, rounds: said.rounds };
  const visits = known.reduce((sum, { count }) => sum + count, 0);
  const choices = calibrateShares(prior, {
    shares: new Map(known.map(({ to, share }) => [to, share / whole])),
    effective: observed.effectiveVisits * whole,
    words: `${visits} visits in ${executionsText(sample)}`,
  });
  return { choices, rounds: null };
}

/** Declared by target or rule, the rest to Default; else all rules alike, half an observation for each way out. */
function priorOf(state: ChoiceState, said: StateWorkload): SharePrior {
  const ways = [
    ...state.choices.map(({ next }, index) => [String(index), next] as const),
    ...(state.default === null ? [] : [["default", state.default] as const]),
  ];
  const targets = [...new Set(ways.map(([, to]) => to))];
  const given = new Map<string, number>();
  let source: string | null = null;
  for (const to of targets) {
    const rules = ways.filter(([, next]) => next === to).map(([rule]) => rule);
    const figures = said.choices.has(to)
      ? [said.choices.get(to)!]
      : rules.flatMap((rule) => said.choices.get(rule) ?? []);
    if (figures.length > 0)
      given.set(
        to,
        figures.reduce((sum, { value }) => sum + value, 0),
      );
    source ??= figures[0]?.note ?? null;
  }
  const equal = new Map(
    targets.map((to) => [to, ways.filter(([, next]) => next === to).length / ways.length]),
  );
  if (given.size === 0) return { shares: equal, weight: targets.length / 2, source: "equal shares" };
  const sum = [...given.values()].reduce((total, share) => total + share, 0);
  const open = targets.filter((to) => !given.has(to));
  const takers = state.default !== null && open.includes(state.default) ? [state.default] : open;
  const rest = Math.max(0, 1 - sum) / Math.max(1, takers.length);
  const all = targets.map((to) => [to, given.get(to) ?? (takers.includes(to) ? rest : 0)] as const);
  const total = all.reduce((whole, [, share]) => whole + share, 0);
  if (total === 0) return { shares: equal, weight: targets.length / 2, source: "equal shares" };
  return {
    shares: new Map(all.map(([to, share]) => [to, share / total])),
    weight: DECLARED_WEIGHT,
    source: `the declared shares (${source ?? "stepfare.yml"})`,
  };
}

/** What is declared and never seen becomes rarer with every attempt; what nobody declared was not expected at all. */
function calibrateErrors({
  said,
  observed,
  sample,
}: Calibrating): Pick<StateWorkload, "errors" | "failureRate"> {
  const { attempts, effectiveAttempts } = observed;
  if (attempts === 0) return { errors: said.errors, failureRate: said.failureRate };
  const declared = new Map([...said.errors].map(([name, { value }]) => [name, value]));
  const names = [...new Set([...declared.keys(), ...observed.errors.map(({ error }) => error)])];
  const rate = said.failureRate?.value ?? 0;
  const whole = [...declared.values()].reduce((sum, share) => sum + share, 0) + rate;
  const isDeclared = whole > 0;
  const other = `the declared failures`;
  const prior: SharePrior = {
    shares: new Map([
      ...names.map((name) => [name, declared.get(name) ?? 0] as const),
      [OTHER_ERROR, rate],
      [NO_ERROR, Math.max(0, 1 - whole)],
    ]),
    weight: isDeclared ? DECLARED_WEIGHT : 1,
    source: isDeclared ? other : "an attempt without error",
  };
  const seen = new Map(observed.errors.map(({ error, share }) => [error, share]));
  const failed = [...seen.values()].reduce((sum, share) => sum + share, 0);
  const figures = calibrateShares(prior, {
    shares: new Map([...seen, [NO_ERROR, Math.max(0, 1 - failed)]]),
    effective: effectiveAttempts,
    words: `${attempts} attempts in ${executionsText(sample)}`,
  });
  return {
    errors: new Map(names.map((name) => [name, figures.get(name)!])),
    failureRate: said.failureRate === null ? null : figures.get(OTHER_ERROR)!,
  };
}

/** No error has such a name. */
const NO_ERROR = "\u0000none";
const OTHER_ERROR = "\u0000other";

function calibrateDuration({ said, observed, sample }: Calibrating): DurationFigure | null {
  const { durationMs } = observed;
  if (durationMs === null) return said.duration;
  const declared = said.duration?.ms.basis === "declared" ? said.duration.ms : null;
  const what = observed.type === "Wait" ? "waits" : "attempts";
  const ms = calibrateMean(
    durationMs,
    declared,
    `mean of ${durationMs.n} ${what} in ${executionsText(sample)}`,
  );
  const usable = durationMs.percentiles.map(([share, value]) => [share, Math.max(1, value)] as const);
  const curve = usable.length < 2 ? 0 : meanOfPercentiles(usable);
  // The shape is that of the percentiles, the mean the one observed.
  const percentiles =
    curve > 0 ? usable.map(([share, value]) => [share, (value * ms.value) / curve] as const) : null;
  return { ms, percentiles };
}

/** The interval holds the observed one too: a wrong declaration must not exclude what was seen. */
function calibrateMean(observed: ObservedMean, declared: Figure | null, note: string): Figure {
  const { mean, low, high, n } = observed;
  if (declared === null) return { value: mean, low, high, basis: "observed", note };
  const draw = (value: number): number =>
    (n * value + DECLARED_WEIGHT * declared.value) / (n + DECLARED_WEIGHT);
  return {
    value: draw(mean),
    low: Math.min(low, draw(low)),
    high: Math.max(high, draw(high)),
    basis: "observed",
    note: `${note}; the declared ${Number(declared.value.toPrecision(6))} weighs like ${DECLARED_WEIGHT} more`,
  };
}

function executionsText({ histories, executions, source }: ExecutionSample): string {
  const of = executions === null ? "" : ` of ${Math.round(executions)}`;
  return `${histories}${of} executions${source === "logs" ? " (logs)" : ""}`;
}
