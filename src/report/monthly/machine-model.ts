/**
 * A machine model is what the definition of a deployed machine lets expect of one execution, by usage type: all that its
 * month is priced from, beside what AWS counted. Machines of one shape without a sample share a model, because a
 * distribution of durations is only needed where AWS measured none.
 */
import type { Quantities } from "../../cost/account-month.ts";
import { monthlyUsage } from "../../cost/cost-estimate.ts";
import { atLikely } from "../../graph/assumption.ts";
import { type ExecutionProfile, profileExecution } from "../../graph/execution-profile.ts";
import type { RunContext } from "../../graph/run-context.ts";
import { COUNTS_ONLY, DURATION_ONLY } from "../../graph/spent.ts";
import { calibrateWorkload } from "../../observation/calibrated-workload.ts";
import { fitDurations } from "../../observation/fitted-duration.ts";
import { type ExpressEligibility, judgeExpress } from "../../recommendation/express-eligibility.ts";
import { loggingOf, meterCalls, meterLogs, meterTraces } from "../../usage/meter-neighbours.ts";
import { meterWorkflow } from "../../usage/meter-workflow.ts";
import type { TransitionRule, UsageLine } from "../../usage/usage-line.ts";
import { PAYLOAD_KB } from "../../workflow/default-figures.ts";
import { definitionShape } from "../../workflow/definition/definition-shape.ts";
import { parseStateMachine } from "../../workflow/definition/parse-state-machine.ts";
import type { DeployedMachine } from "../../workflow/fleet/deployed-machine.ts";
import type { FleetMachine } from "../../workflow/fleet/fleet.ts";
import { statesWithin } from "../../workflow/state-identity.ts";
import type { StateMachine, WorkflowType } from "../../workflow/state-machine.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";
import { layOverInferred } from "../../workflow/workload/inferred-figures.ts";
import { EMPTY_WORKLOAD, type Workload } from "../../workflow/workload/workload.ts";

export interface MachineModel {
  readonly profile: ExecutionProfile;
  readonly workload: Workload;
  readonly payloadKB: number;
  /** Of a Standard execution, its children's included; of an Express one, its children's alone. */
  readonly standard: Quantities;
  readonly expressChildren: Quantities;
  /** Mean of rounded durations; null where they were not worked out, because AWS measured them. */
  readonly billedDurationMs: number | null;
  /** Logs and traces, by type; then what Tasks call. */
  readonly records: Readonly<Record<WorkflowType, Quantities>>;
  readonly calls: Quantities;
  /** By the definition, and by expected durations where those were worked out. */
  readonly eligibility: ExpressEligibility;
}

/** What stepfare.yml says of a machine. */
export interface DeclaredMachine {
  /** The machine's own settings under it. */
  readonly workload: Workload;
  readonly type: WorkflowType | null;
  /** What its scenarios let infer, by pointers; null = it has none. */
  readonly inferred: Workload | null;
}

export interface ModelledMachine {
  readonly deployed: DeployedMachine;
  /** Null = nothing. */
  readonly declared: DeclaredMachine | null;
  /** Whether AWS measured how long its executions take. */
  readonly isTimed: boolean;
}

export interface ModelContext extends Pick<RunContext, "parseJsonata"> {
  readonly transitionRule: TransitionRule;
}

export type ModelOf = (machine: ModelledMachine) => MachineModel | null;

/** Keeps what machines share. A model is null when the definition cannot be read, or its StartAt names no state. */
export function machineModels(context: ModelContext): ModelOf {
  const shapeOf = knownShapes();
  const models = new Map<string, MachineModel | null>();
  return (modelled) => {
    const { machine } = modelled.deployed;
    const shape = machine.definition === null ? null : shapeOf(machine.arn, machine.definition);
    if (shape === null) return null;
    if (machine.sample !== null || modelled.declared !== null) return buildModel(shape, modelled, context);
    const { logging, tracing, metrics } = machine;
    const measured = needsDurations(shape, modelled) ? (metrics?.durationMs ?? null) : null;
    const key = JSON.stringify([shape.id, logging, tracing, modelled.isTimed, measured]);
    const known = models.get(key);
    if (known !== undefined) return known;
    const model = buildModel(shape, modelled, context);
    models.set(key, model);
    return model;
  };
}

interface Shape {
  readonly id: number;
  readonly stateMachine: StateMachine;
  readonly hasExpressChildren: boolean;
}

/** Null for a definition that cannot be read. From month to month, most machines keep theirs. */
function knownShapes(): (arn: string, definition: string) => Shape | null {
  const latest = new Map<string, { readonly definition: string; readonly shape: Shape | null }>();
  const byText = new Map<string, Shape | null>();
  return (arn, definition) => {
    const known = latest.get(arn);
    if (known?.definition === definition) return known.shape;
    const text = definitionShape(definition);
    const shape = byText.has(text) ? byText.get(text)! : readShape(text, byText.size);
    byText.set(text, shape);
    latest.set(arn, { definition, shape });
    return shape;
  };
}

function readShape(text: string, id: number): Shape | null {
  const stateMachine = parseDeployed(text);
  if (stateMachine === null) return null;
  const hasExpressChildren = statesWithin(stateMachine).some(
    (state) => state.type === "Map" && state.mode === "DISTRIBUTED" && state.executionType === "EXPRESS",
  );
  return { id, stateMachine, hasExpressChildren };
}

/** Without the checks that only a reviewer needs; the size is each machine's own. Null when it cannot be read. */
export function parseDeployed(text: string): StateMachine | null {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
  return parseStateMachine(value, { definitionBytes: 0 }).stateMachine;
}

/** Children of a Distributed Map that are Express are billed by their own time, which AWS does not tell apart. */
function needsDurations({ hasExpressChildren }: Shape, { isTimed }: ModelledMachine): boolean {
  return !isTimed || hasExpressChildren;
}

function buildModel(shape: Shape, modelled: ModelledMachine, context: ModelContext): MachineModel | null {
  const { stateMachine } = shape;
  const isLong = needsDurations(shape, modelled);
  const workload = workloadOf(stateMachine, modelled, isLong);
  const profile = profileExecution(stateMachine, {
    ...context,
    workload,
    stand: atLikely,
    measure: isLong ? DURATION_ONLY : COUNTS_ONLY,
    taskDuration: null,
    childEnds: () => null,
    kept: new Map(),
  });
  if (profile === null) return null;
  const payloadKB = (workload.payloadKB ?? PAYLOAD_KB).value;
  const metering = { profile, payloadKB, definitionBytes: 0, transitionRule: context.transitionRule };
  const express = meterWorkflow("EXPRESS", metering);
  const records = (type: WorkflowType): Quantities =>
    summed([
      ...meterLogs(loggingOf(type, workload), { profile, workload, payloadKB }),
      ...meterTraces(workload),
    ]);
  return {
    profile,
    workload,
    payloadKB,
    standard: summed(meterWorkflow("STANDARD", metering).lines),
    expressChildren: summed(express.lines.filter(({ state }) => state !== null)),
    billedDurationMs: isLong ? express.billedDurationMs : null,
    records: { STANDARD: records("STANDARD"), EXPRESS: records("EXPRESS") },
    calls: summed(meterCalls({ profile, workload, payloadKB }).lines),
    eligibility: judgeExpress(profile, workload),
  };
}

function workloadOf(
  stateMachine: StateMachine,
  { deployed, declared }: ModelledMachine,
  isLong: boolean,
): Workload {
  const said = declared?.workload ?? settingsOf(deployed.machine);
  const calibrated = calibrateWorkload(stateMachine, said, isLong ? deployed : withoutCurves(deployed));
  const measured = deployed.machine.metrics?.durationMs ?? null;
  const fitted = isLong && measured !== null ? fitDurations(stateMachine, calibrated, measured) : calibrated;
  const inferred = declared?.inferred ?? null;
  return inferred === null ? fitted : layOverInferred(inferred, fitted, stateMachine);
}

/** Where no distribution of durations is made, their means are all that is needed of a sample. */
function withoutCurves(deployed: DeployedMachine): DeployedMachine {
  const { sample } = deployed.machine;
  if (sample === null) return deployed;
  const states = sample.states.map((state) =>
    state.durationMs === null ? state : { ...state, durationMs: { ...state.durationMs, percentiles: [] } },
  );
  return { ...deployed, machine: { ...deployed.machine, sample: { ...sample, states } } };
}

/** What a machine's own logging and tracing say. */
export function settingsOf({ logging, tracing }: FleetMachine): Workload {
  return {
    ...EMPTY_WORKLOAD,
    logLevel: logging?.level ?? null,
    logExecutionData: logging?.includeExecutionData ?? null,
    tracing,
  };
}

function summed(lines: readonly UsageLine[]): Quantities {
  return monthlyUsage(lines, 1);
}
