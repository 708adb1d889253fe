/** The split report is all that `split` has to say of one workflow, as plain data; its field names are a promise (schemaVersion "1"). */
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { Figure } from "../workflow/figure.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { JsonObject } from "../workflow/text/json-value.ts";
import type { FoundIn } from "../workflow/workflow.ts";
import type { Eligibility, Estimate, Reason, SplitChild, TransitionRule } from "./analysis-report.ts";

/** Money is in `currency`; null is "not known", never 0. */
export interface SplitReport {
  readonly schemaVersion: "1";
  readonly kind: "split";
  readonly name: string;
  readonly type: WorkflowType;
  readonly at: Place;
  readonly foundIn: FoundIn;
  readonly region: string;
  readonly currency: string;
  readonly priceListDate: string | null;
  /** Percent taken off the list price. */
  readonly discountPercent: number;
  readonly transitionRule: TransitionRule;
  readonly executionsPerMonth: Figure | null;
  readonly verdict: {
    /** It saves a tenth at least, and 1 a month where executions are known. */
    readonly isWorthIt: boolean;
    readonly text: string;
    readonly confidence: "high" | "medium" | "low" | null;
  };
  readonly saving: {
    readonly perMonth: number | null;
    readonly perMillion: number | null;
    /** Of what it costs as it is. */
    readonly share: number | null;
  };
  readonly estimates: {
    readonly STANDARD: Estimate;
    readonly EXPRESS: Estimate;
    readonly SPLIT: Estimate | null;
  };
  readonly eligibility: { readonly EXPRESS: Eligibility };
  readonly children: readonly SplitChildReport[];
  /** The states that stay in the parent, each with why. */
  readonly uncut: readonly Reason[];
  /** What is different after the split besides the cost. */
  readonly changes: readonly SplitChange[];
  /** The parent's definition; null when nothing is cut. */
  readonly parent: JsonObject | null;
  /** What to add to where the machine is declared; null when nothing is cut. */
  readonly resources: { readonly language: "yaml" | "hcl" | "ts"; readonly text: string } | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface SplitChildReport extends SplitChild {
  readonly definition: JsonObject;
  /** Stands for its ARN in the parent's definition. */
  readonly arn: string;
  /** Workflow variables that go in and come back, and parts of the parent's context object that go in. */
  readonly variables: { readonly given: readonly string[]; readonly returned: readonly string[] };
  readonly context: readonly string[];
  /** What must be weighed. */
  readonly cautions: readonly Reason[];
}

export interface SplitChange {
  readonly topic:
    | "no-history"
    | "at-most-once"
    | "runs-on"
    | "five-minutes"
    | "payload"
    | "unnamed-error"
    | "call-failure"
    | "permission";
  readonly text: string;
}
