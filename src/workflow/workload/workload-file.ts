/** A workload file is `stepfare.yml` as read: settings of the run, and for each workflow what its definition cannot know. */
import type { Diagnostic, Place } from "../../diagnostic.ts";
import type { Policies } from "./policies.ts";
import type { WorkflowType } from "../state-machine.ts";
import type { Workload } from "./workload.ts";

export interface WorkloadFile {
  /** As it was given to the reader; places and notes name it. */
  readonly file: string;
  readonly region: string | null;
  readonly transitionRule: "entered" | "start+entered" | "start+entered+end" | null;
  readonly prices: {
    /** Percent off the list price, 0 to 100. */
    readonly discountPercent: number | null;
    /** Path of a private price list, as written: relative to the folder of this file. */
    readonly list: string | null;
  };
  /** What holds for every workflow unless its own entry says otherwise; null when there is no such section. */
  readonly defaults: WorkloadEntry | null;
  /** In the order written. */
  readonly workflows: readonly WorkloadEntry[];
  /** What a change may cost; null = nothing is said. */
  readonly policies: Policies | null;
  /** The names and patterns that its policies have budgets for. */
  readonly budgets: readonly { readonly name: string; readonly at: Place }[];
  /** Warnings; errors are thrown when the file is read. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface WorkloadEntry {
  readonly selector: WorkloadSelector;
  readonly type: WorkflowType | null;
  readonly workload: Workload;
  /** As `workload.needsHistory`, but null when the entry does not say. */
  readonly needsHistory: boolean | null;
  /** Path or glob of scenario files as written; null when the entry names none. */
  readonly scenarios: { readonly pattern: string; readonly at: Place } | null;
  readonly at: Place;
  readonly stateKeys: readonly StateKey[];
}

/** Which workflows an entry is for: those of its name, or, once `file` or `arn` is given, those alone. */
export interface WorkloadSelector {
  readonly name: string;
  /** Glob, relative to the folder of the workload file. */
  readonly file: string | null;
  /** ARN in which `*` stands for anything. */
  readonly arn: string | null;
}

/** A name or pointer under `states`, and the places to complain about. */
export interface StateKey {
  readonly key: string;
  readonly at: Place;
  /** Names of the figures given for the state: `items`, `choices`, … */
  readonly figures: readonly { readonly key: string; readonly at: Place }[];
  /** Branches named under `choices`. */
  readonly choices: readonly { readonly key: string; readonly at: Place }[];
}
