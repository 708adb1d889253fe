/** A diff machine is one workflow of one side of a diff, whether read just now or from a report saved before. */
import type { PricedWorkflow } from "../cost/priced-workflow.ts";
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { WorkflowReport } from "./analysis-report.ts";

export interface DiffMachine {
  readonly name: string;
  readonly at: Place;
  /** Of its definition, from where the side begins: the same file on both sides has the same path. */
  readonly file: string;
  readonly foundIn: WorkflowReport["foundIn"];
  readonly contentIds: WorkflowReport["contentIds"];
  readonly priced: PricedWorkflow;
  /** What needs a whole analysis; asked for only where something changed. */
  readonly details: () => Pick<WorkflowReport, "diagnostics" | "limits"> &
    Partial<Pick<WorkflowReport, "findings">>;
  /** Types of the workflows of its side that its Tasks start, by the Task's pointer; null in a saved report. */
  readonly startedTypes: ReadonlyMap<string, WorkflowType> | null;
  /** Null in a saved report, which holds no definition. */
  readonly workflow: Workflow | null;
  /** Another workflow at this one's place: its account, its prices. Null in a saved report. */
  readonly priceAs: ((other: Workflow, executions: number | null) => PricedWorkflow | null) | null;
}

/** Declared on this side, but not to be read: what it costs is not known. */
export interface UnreadMachine {
  readonly name: string;
  readonly file: string;
}

export interface DiffSide {
  /** How the user named it: `origin/main`, a folder, a file. */
  readonly name: string;
  readonly region: string;
  readonly currency: string;
  readonly machines: readonly DiffMachine[];
  readonly unread: readonly UnreadMachine[];
  /** What concerns no single machine. */
  readonly diagnostics: readonly Diagnostic[];
}
