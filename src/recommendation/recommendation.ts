/** A recommendation is a changed workflow with what it saves: priced by the very estimate that priced the original. */
import type { UsageType } from "../usage/usage-line.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { JsonPatch } from "./json-patch.ts";

export type ImplementationEffort = "low" | "medium" | "high";

/** What a rule proposes, before it is priced. */
export interface Proposal {
  /** Names of the states it is about; empty = the workflow as a whole. */
  readonly states: readonly string[];
  /** Pointer of what it stands on. */
  readonly pointer: string;
  readonly advice: string;
  readonly effort: ImplementationEffort;
  /** What must be so for it to be safe. */
  readonly conditions: readonly string[];
  /** How the definition changes; empty when only the type, the logging or other surroundings do. */
  readonly change: JsonPatch;
  /** The change is ready to be used as it stands; otherwise it serves to price the idea, and is not shown. */
  readonly isMechanical: boolean;
  /** The changed workflow does the same with the same data: executions differ in their states alone. */
  readonly keepsBehaviour: boolean;
  /**
   * Where the change lets more executions fail, a patch that lets them go on: priced with it on both sides too, what they
   * then skip is no saving. The lesser of the two savings is told.
   */
  readonly goingOn?: JsonPatch;
  /** Laid over the changed workflow. */
  readonly around?: Partial<Pick<Workflow, "type" | "workload">>;
  /** Usage that is paid today as well, though not by a state that shows: left out of both sides. */
  readonly paidEitherWay?: readonly UsageType[];
}

export interface Recommendation extends Proposal {
  readonly rule: string;
  readonly workflow: Workflow;
  /** Neighbouring services included; null without executions, or where a price is not known. */
  readonly estimatedMonthlySavings: number | null;
  /** Per million executions at list price; null where a price is not known. */
  readonly savingPerMillion: number | null;
  /** The part of `savingPerMillion` that is Step Functions' own. */
  readonly ownSavingPerMillion: number | null;
}
