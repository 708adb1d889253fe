/** A machine's month is what it used as either type, per execution: what AWS counted of it, and what its model lets expect of the rest. */
import { type Quantities, timesExecutions } from "../../cost/account-month.ts";
import { accountUsage } from "../../cost/cost-estimate.ts";
import { executionsOfMonth, shareOfMonth } from "../../observation/fleet-workload.ts";
import {
  type ExpressEligibility,
  isFarBelowLimit,
  judgeExpress,
} from "../../recommendation/express-eligibility.ts";
import type { WaitingCaller } from "../../recommendation/waiting-caller.ts";
import { billedMemoryMB, gbSeconds } from "../../usage/express-billing.ts";
import { carriedTransitions, measureExecution } from "../../usage/measure-execution.ts";
import type { MeasuredExecution } from "../../usage/measured-execution.ts";
import type { DeployedMachine } from "../../workflow/fleet/deployed-machine.ts";
import type { FleetMachine } from "../../workflow/fleet/fleet.ts";
import type { WorkflowType } from "../../workflow/state-machine.ts";
import { utf8Length } from "../../workflow/text/decode-text.ts";
import type { DeclaredMachine, MachineModel, ModelOf } from "./machine-model.ts";
import type { CostBasisKind } from "./monthly-report.ts";

/** What the report says of the machine itself; definitions and samples are let go, since fleets are large. */
export type MachineFacts = Pick<FleetMachine, "arn" | "name" | "account" | "region" | "tags" | "metrics">;

export interface MachineMonth {
  readonly machine: MachineFacts;
  /** What is planned: as declared, else as deployed. */
  readonly type: WorkflowType;
  readonly deployedType: WorkflowType;
  /** Of the whole month; null = not known. */
  readonly executions: number | null;
  readonly basis: CostBasisKind;
  /** The same as deployed: of what really ran. */
  readonly deployedBasis: CostBasisKind;
  /** Per execution. */
  readonly usage: Readonly<Record<WorkflowType, Quantities>>;
  readonly records: Readonly<Record<WorkflowType, Quantities>>;
  readonly calls: Quantities;
  /** Of the whole month, beside its executions: what those of the months before still used in it. */
  readonly carried: Quantities;
  /** Of one Express execution of the machine itself. */
  readonly billedDurationMs: number;
  readonly billedMemoryMB: number;
  /** State transitions of a Standard execution as the definition and a sample let expect them, whatever AWS counted. */
  readonly expectedTransitions: number;
  /** The same of what an Express execution uses, whatever AWS measured; null where no bill asks for it. */
  readonly expectedExpress: Quantities | null;
  readonly eligibility: ExpressEligibility;
  /** Machines of the month that wait for its end, once its files are together. */
  readonly callers: readonly WaitingCaller[];
}

export interface MonthMetering {
  readonly modelOf: ModelOf;
  /** A bill is held against the month: what Express machines let expect is worked out beside what AWS measured. */
  readonly isBilled: boolean;
}

/** Null when the definition cannot be read. */
export function machineMonth(
  deployed: DeployedMachine,
  declared: DeclaredMachine | null,
  { modelOf, isBilled }: MonthMetering,
): MachineMonth | null {
  const { machine } = deployed;
  const measured = measureExecution(machine, shareOfMonth(deployed));
  const model = modelOf({ deployed, declared, isTimed: measured?.billedDurationMs != null });
  if (model === null) return null;
  const expectedMemoryMB = billedMemoryMB({
    definitionBytes: utf8Length(machine.definition ?? ""),
    payloadKB: model.payloadKB,
    parallelSteps: model.profile.parallelSteps,
  });
  const memoryMB = measured?.billedMemoryMB ?? expectedMemoryMB;
  const untimed =
    isBilled && machine.type === "EXPRESS" ? modelOf({ deployed, declared, isTimed: false }) : null;
  const type = declared?.type ?? machine.type;
  const billedDurationMs = measured?.billedDurationMs ?? model.billedDurationMs ?? 0;
  return {
    machine: factsOf(machine),
    type,
    deployedType: machine.type,
    executions: executionsIn(deployed) ?? declared?.workload.executionsPerMonth?.value ?? null,
    basis: basisOf(machine, { measured, model, type }),
    deployedBasis: basisOf(machine, { measured, model, type: machine.type }),
    usage: {
      STANDARD: standardUsage(model, measured),
      EXPRESS: expressUsage(model, gbSeconds(billedDurationMs, memoryMB)),
    },
    records: model.records,
    calls: model.calls,
    carried: transitionsAlone(measured?.carriedTransitions ?? 0),
    billedDurationMs,
    billedMemoryMB: memoryMB,
    expectedTransitions: model.standard.get("StateTransition") ?? 0,
    expectedExpress:
      untimed === null
        ? null
        : expressUsage(untimed, gbSeconds(untimed.billedDurationMs ?? 0, expectedMemoryMB)),
    eligibility: eligibilityOf(model, measured, machine.type),
    callers: [],
  };
}

function factsOf({ arn, name, account, region, tags, metrics }: FleetMachine): MachineFacts {
  return { arn, name, account, region, tags, metrics };
}

function executionsIn({ machine, month, period }: DeployedMachine): number | null {
  const span = { fromMs: Date.parse(period.from), untilMs: Date.parse(period.until), month };
  return executionsOfMonth(machine.metrics?.started ?? null, span)?.likely ?? null;
}

/** As the type; null when executions are not known. */
export function usageOfMonth(
  { executions, usage, carried, type }: MachineMonth,
  as: WorkflowType = type,
): Quantities | null {
  return executions === null ? null : usageOf(usage[as], executions, carried);
}

/** What executions that started in the days read used as deployed, with what those before them still used. */
export function usageSoFar(perExecution: Quantities, { machine, deployedType }: MachineMonth): Quantities {
  const carried = carriedTransitions({ type: deployedType, metrics: machine.metrics });
  return usageOf(perExecution, machine.metrics?.started ?? 0, transitionsAlone(carried));
}

function usageOf(perExecution: Quantities, executions: number, carried: Quantities): Quantities {
  return accountUsage([timesExecutions(perExecution, executions), carried]);
}

export function transitionsAlone(quantity: number): Quantities {
  return quantity === 0 ? new Map() : new Map([["StateTransition", quantity]]);
}

interface KnownMonth {
  readonly measured: MeasuredExecution | null;
  readonly model: MachineModel;
  readonly type: WorkflowType;
}

/** As a type that it does not have, nothing was counted of it; nor are the Express children of a Distributed Map. */
function basisOf(machine: FleetMachine, { measured, model, type }: KnownMonth): CostBasisKind {
  if (measured === null || machine.metrics?.started == null) return "unknown";
  const isCounted =
    type === machine.type &&
    (type === "STANDARD"
      ? machine.metrics.transitions !== null && !model.standard.has("StepFunctions-Request")
      : machine.metrics.expressBilledDurationMs !== null && measured.billedMemoryMB !== null);
  if (isCounted) return "counted";
  return machine.sample === null ? "expected" : "sampled";
}

function standardUsage({ standard }: MachineModel, measured: MeasuredExecution | null): Quantities {
  if (measured?.transitions == null) return standard;
  return new Map([...standard, ["StateTransition", measured.transitions] as const]);
}

function expressUsage({ expressChildren }: MachineModel, ownGbSeconds: number): Quantities {
  const requests = 1 + (expressChildren.get("StepFunctions-Request") ?? 0);
  const duration = ownGbSeconds + (expressChildren.get("StepFunctions-GB-Second") ?? 0);
  return new Map([
    ...expressChildren,
    ["StepFunctions-Request", requests] as const,
    ["StepFunctions-GB-Second", duration] as const,
  ]);
}

/** Only types and measured durations differ between machines of one model. */
function eligibilityOf(
  model: MachineModel,
  measured: MeasuredExecution | null,
  declared: WorkflowType,
): ExpressEligibility {
  const isBy = (which: string): boolean => model.eligibility.blockers.some(({ code }) => code === which);
  const judged = (): ExpressEligibility =>
    judgeExpress(model.profile, model.workload, { measured, declared });
  if (measured?.durationMs == null)
    return declared === "EXPRESS" && isBy("open-wait") ? judged() : model.eligibility;
  const isAsExpected = !isBy("long-duration") && !isBy("open-wait");
  return isAsExpected && isFarBelowLimit(measured.durationMs) ? model.eligibility : judged();
}
