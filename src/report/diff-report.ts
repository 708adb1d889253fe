/** The diff report is all that `diff` has to say, as plain data; its field names are a promise (schemaVersion "1"). */
import type { BecauseLine } from "../cost/because-line.ts";
import type { PricedFigure } from "../cost/priced-workflow.ts";
import type { CostSummary } from "../cost/cost-change.ts";
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { LimitReport } from "./analysis-report.ts";
import type { PolicyVerdict } from "./policy-verdict.ts";

/** Money is in `currency`; null is "not known", never 0. */
export interface DiffReport {
  readonly schemaVersion: "1";
  readonly kind: "diff";
  /** What was compared, for people: `origin/main`, a folder, a file. */
  readonly base: string;
  readonly head: string;
  readonly region: string;
  readonly currency: string;
  readonly totals: DiffTotals;
  readonly verdict: PolicyVerdict;
  /** Changed ones first, the largest difference first. */
  readonly workflows: readonly DiffWorkflow[];
  /** What concerns no single workflow, on either side. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Per month, over the workflows whose cost is known on both sides or that are on one side only. */
export interface DiffTotals {
  readonly before: number | null;
  readonly after: number | null;
  readonly difference: number | null;
  /** Workflows that are in none of the sums. */
  readonly unknown: number;
  /** Sums over one execution of each workflow, for when no executions are known. */
  readonly perMillion: {
    readonly before: number | null;
    readonly after: number | null;
    readonly difference: number | null;
  };
  readonly transitions: { readonly before: number; readonly after: number; readonly difference: number };
}

export type DiffStatus = "added" | "removed" | "changed" | "unchanged";

export interface DiffWorkflow {
  readonly name: string;
  /** Where it was called otherwise. */
  readonly formerName: string | null;
  /** By definition, type and figures, never by money. */
  readonly status: DiffStatus;
  readonly at: Place;
  /** Where it stood in another file. */
  readonly formerFile: string | null;
  readonly before: CostSummary | null;
  readonly after: CostSummary | null;
  /** Per month. */
  readonly difference: number | null;
  readonly differencePerMillion: number | null;
  /** What `cost` of the lines is per. */
  readonly per: "month" | "million executions";
  /** The dearest first; they add up to the difference, in cost and in transitions. */
  readonly because: readonly DiffLine[];
  readonly states: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly renamed: readonly { readonly from: string; readonly to: string }[];
  };
  /** The side on which its definition could not be read: then it is in no total. */
  readonly unread: "base" | "head" | null;
  /** Diagnostics that the base did not have. */
  readonly newFindings: readonly Diagnostic[];
  /** Figures that the cost after the change rests on, that nobody has declared or observed, and that the base did not need. */
  readonly newAssumptions: readonly PricedFigure[];
  /** Limits that an execution can pass now and could not before. */
  readonly newLimits: readonly PassedLimit[];
  /** Its states after the change; null where they are unknown, too many, or nothing changed. */
  readonly graph: DiffGraph | null;
}

export interface DiffLine extends BecauseLine {
  /** Whose part it is: the definition's, the figures' (stepfare.yml), or the prices' and the account's. */
  readonly part: "definition" | "figures" | "prices";
}

export interface PassedLimit extends Pick<LimitReport, "code" | "limit" | "text"> {
  /** `likely`: at the mean or the 99th percentile; `worst`: only in the worst case. */
  readonly passed: "likely" | "worst";
}

export interface DiffGraph {
  readonly nodes: readonly DiffGraphNode[];
  /** By index of node. */
  readonly edges: readonly { readonly from: number; readonly to: number }[];
}

export interface DiffGraphNode {
  readonly name: string;
  readonly type: string;
  readonly status: "added" | "changed" | "unchanged";
  /** Index of the Map or Parallel around it; null at the top. */
  readonly within: number | null;
}
