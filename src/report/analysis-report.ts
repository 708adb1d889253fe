/** The analysis report is all that `analyze` has to say, as plain data; its field names are a promise (schemaVersion "1"). */
import type { UsageType } from "../usage/usage-line.ts";
import type { Diagnostic, Place, Severity } from "../diagnostic.ts";
import type { PatchOperation } from "../recommendation/json-patch.ts";
import type { TransitionRule } from "../usage/usage-line.ts";
import type { Figure } from "../workflow/figure.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { StateIds } from "../workflow/state-identity.ts";
import type { FoundIn } from "../workflow/workflow.ts";
import type { WorkflowPictures } from "./workflow-pictures.ts";

export type { TransitionRule } from "../usage/usage-line.ts";

/** Money is in `currency`; quantities are numbers; null is "not known", never 0. */
export interface AnalysisReport {
  readonly schemaVersion: "1";
  readonly kind: "analysis";
  readonly region: string;
  readonly currency: string;
  readonly priceListDate: string | null;
  /** Percent taken off the list price. */
  readonly discountPercent: number;
  readonly transitionRule: TransitionRule;
  readonly totals: {
    readonly monthlyCost: number | null;
    /** With every change of type that is recommended taken together, as is the saving: not the sum of the workflows' own. */
    readonly recommendedMonthlyCost: number | null;
    /** What the logs and traces that differ by type cost is in it. */
    readonly saving: number | null;
    readonly withDownstream: number | null;
    /** Workflows whose monthly cost is not known, and so in none of the sums. */
    readonly unknown: number;
  };
  /** Most expensive first. */
  readonly workflows: readonly WorkflowReport[];
  /** What concerns no single workflow: unreadable files, unknown names in stepfare.yml, borrowed prices. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Plain data; its costly fields may be getters that work them out when they are read. */
export interface WorkflowReport {
  readonly name: string;
  /** The type as it is declared, STANDARD when nothing says. */
  readonly type: WorkflowType;
  readonly at: Place;
  readonly foundIn: FoundIn;
  /** The same in two reports when the definition's JSON, or the declared figures, are the same. */
  readonly contentIds: { readonly definition: string; readonly figures: string };
  /** Null when no executions are known: then monthly money is null too. */
  readonly executionsPerMonth: Figure | null;
  readonly transitions: TransitionSummary;
  readonly durationMs: DurationSummary;
  readonly paths: PathSummary;
  /** Executions acted out, from the workflow's scenario files, in the order written. */
  readonly scenarios: readonly ScenarioReport[];
  readonly branches: readonly BranchReport[];
  readonly states: readonly StateReport[];
  readonly estimates: {
    readonly STANDARD: Estimate;
    readonly EXPRESS: Estimate;
    readonly SPLIT: Estimate | null;
  };
  readonly eligibility: { readonly EXPRESS: Eligibility };
  readonly recommendation: TypeRecommendation;
  /** What `estimates.SPLIT` is the price of; null where that is. `stepfare split` writes the definitions. */
  readonly split: SplitSummary | null;
  /** Executions of other workflows of the same report that this one starts; they are billed, and counted, there. */
  readonly nested: readonly NestedExecution[];
  /** Changed workflows that cost less, the one that saves most first. */
  readonly opportunities: readonly OpportunityReport[];
  /** Risks, the gravest first. */
  readonly findings: readonly FindingReport[];
  readonly checks: CheckSummary;
  readonly limits: readonly LimitReport[];
  readonly diagnostics: readonly Diagnostic[];
  /** Only for formats that draw. */
  readonly pictures?: WorkflowPictures;
}

export interface OpportunityReport {
  /** Has a page: `stepfare explain <rule>`. */
  readonly rule: string;
  readonly title: string;
  /** Names of the states it is about; empty = the workflow as a whole. */
  readonly states: readonly string[];
  readonly at: Place;
  readonly advice: string;
  /** Of the workflow as it is, less that of the changed one, neighbouring services included; null without executions or a price. */
  readonly estimatedMonthlySavings: number | null;
  readonly savingPerMillion: number | null;
  /** The part of `savingPerMillion` that is Step Functions' own. */
  readonly ownSavingPerMillion: number | null;
  readonly implementationEffort: "low" | "medium" | "high";
  /** What must be so for it to be safe. */
  readonly conditions: readonly string[];
  /** The change as RFC 6902 operations on the definition; null where it takes a person. */
  readonly patch: readonly PatchOperation[] | null;
  /** The changed workflow does the same with the same data. */
  readonly keepsBehaviour: boolean;
}

export interface FindingReport {
  /** The same from version to version while the states keep their names. */
  readonly id: string;
  /** Has a page: `stepfare explain <rule>`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly states: readonly string[];
  readonly at: Place;
  /** What is wrong and what may come of it. */
  readonly text: string;
  readonly remedy: string;
  /** Text for the template that mends it. */
  readonly adds: { readonly cloudformation: string; readonly terraform: string } | null;
}

export interface CheckSummary {
  /** Rules that had something to judge and found nothing. */
  readonly passed: readonly { readonly rule: string; readonly text: string }[];
  readonly notApplicable: readonly string[];
  /** Not shown, because stepfare.yml says why. */
  readonly suppressed: readonly {
    readonly id: string;
    readonly rule: string;
    readonly states: readonly string[];
    readonly reason: string;
  }[];
  /** Rules that threw, which is a mistake of ours: nothing is known of them here. */
  readonly failed: readonly Diagnostic[];
}

export interface SplitSummary {
  /** Parts of the workflow to run as Express children, the one that saves most first. */
  readonly children: readonly SplitChild[];
}

export interface SplitChild {
  /** Of its state machine. */
  readonly name: string;
  /** The Task of the parent that starts it. */
  readonly task: string;
  /** That run in it, and no more in the parent; what runs inside them goes along. */
  readonly states: readonly string[];
  /** That only failures lead to: they run in it, and in the parent too where others lead there. */
  readonly copied: readonly string[];
  readonly callsPerExecution: number;
  /** Of one call. */
  readonly billedDurationMs: number;
  readonly p99Ms: number;
  readonly billedMemoryMB: number;
  /** List price; null when one is not known. */
  readonly savingPerExecution: number | null;
}

export interface NestedExecution {
  /** The Task that starts them. */
  readonly state: string;
  readonly workflow: string;
  readonly type: WorkflowType;
  /** Starts per execution of this workflow. */
  readonly starts: number;
  /** List price of one such execution. */
  readonly costPerExecution: number | null;
}

/** State transitions per execution, as a Standard workflow is billed, children of a Distributed Map included. */
export interface TransitionSummary {
  readonly start: number;
  readonly entered: number;
  readonly retries: number;
  readonly end: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** Null = unbounded: `unboundedBy` names the states of the loop. */
  readonly worst: number | null;
  readonly unboundedBy: readonly string[];
  /** Where AWS ends such a loop, at most: what a runaway execution can cost. Null = it is bounded, or not known. */
  readonly endedAt: {
    readonly transitions: number;
    readonly by: "history-events" | "TimeoutSeconds" | "execution-duration";
  } | null;
  /** What the other start rules would give per execution. */
  readonly byRule: Readonly<Record<TransitionRule, number>>;
}

export interface DurationSummary {
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  /** Worst basis of any Task's duration that enters: `default` = nobody said how long Tasks take. */
  readonly basis: Figure["basis"];
}

export interface PathSummary {
  /** Exact, as a decimal string: may pass 2^53. */
  readonly count: string;
  /** The same of the ways to fail with nobody to catch it. */
  readonly failureCount: string;
  /** Share of executions that the shown paths (failure paths included) cover. */
  readonly shownShare: number;
  readonly failurePaths: readonly PathReport[];
  readonly shown: readonly PathReport[];
}

export interface PathReport {
  readonly id: string;
  readonly share: number;
  readonly states: readonly string[];
  /** Expected rounds of each loop on the path, by its entry state. */
  readonly rounds: Readonly<Record<string, number>>;
  /** Items of each Map on the path, by its name. */
  readonly items: Readonly<Record<string, number>>;
  /** States whose error a Catcher takes on this path, in its order: what sets it apart from one without the error. */
  readonly caught: readonly string[];
  readonly transitions: number;
  readonly historyEvents: number;
  readonly durationMs: number;
  readonly standardCost: number | null;
  readonly expressCost: number | null;
}

export interface ScenarioReport {
  readonly name: string;
  /** How often such an execution comes, relative to the others. */
  readonly weight: number;
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  /** The name of the error that ended it. */
  readonly error: string | null;
  /** False: it does not run as its file says; then none of its figures are used. */
  readonly passed: boolean;
  /** In the order first entered; `visits` has how often each is entered, children of Distributed Maps included. */
  readonly states: readonly string[];
  readonly visits: readonly number[];
  /** As billed under the run's transition rule, children's included. */
  readonly transitions: number;
  readonly retries: number;
  readonly historyEvents: number;
  readonly durationMs: number;
  /** List price of this very execution, its children included. */
  readonly standardCost: number | null;
  readonly expressCost: number | null;
  /** In the scenario file. */
  readonly at: Place;
}

export interface BranchReport {
  readonly state: string;
  /** Rule number ("0", "1", …) or "default". */
  readonly rule: string;
  readonly to: string;
  /** Share of the Choice's visits that leave this way. */
  readonly share: number;
  readonly basis: Figure["basis"];
  /** Expected transitions and Standard list price from this branch's target to the end of the scope. */
  readonly transitions: number;
  readonly standardCost: number | null;
}

export interface StateReport {
  readonly name: string;
  readonly pointer: string;
  readonly type: string;
  /** Per execution, all numbers. */
  readonly visits: number;
  readonly retries: number;
  /** Visits and retries of this very state, without what runs inside it. */
  readonly transitions: number;
  readonly historyEvents: number;
  readonly standardCost: number | null;
  /** Runs of what is inside, for each attempt: items or batches of a Map, 1 for a Parallel; null for other states. */
  readonly iterations: number | null;
  /** Child executions that a Distributed Map starts per execution; each is one transition more. */
  readonly childExecutions: number;
  /** What it is without its name, the strictest first: what follows it too, its own fields, roughly. */
  readonly ids: StateIds;
}

export interface Estimate {
  readonly type: WorkflowType | "SPLIT";
  /** After the free tier; null when executions or a price are not known. */
  readonly monthlyCost: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** At list price, before the free tier. */
  readonly costPerExecution: number | null;
  readonly lowPerExecution: number | null;
  readonly highPerExecution: number | null;
  /** All the workflow makes AWS bill per month, children included; null without executions. */
  readonly transitionsPerMonth: number | null;
  readonly requestsPerMonth: number | null;
  readonly gbSeconds: number | null;
  readonly billedMemoryMB: number;
  /** Mean of the rounded durations per Express execution. */
  readonly billedDurationMs: number;
  readonly lineItems: readonly LineItemReport[];
  /** Neighbouring services (Lambda, logs, …), in neither `monthlyCost` nor `costPerExecution`. */
  readonly downstream: readonly LineItemReport[];
  readonly downstreamMonthlyCost: number | null;
}

export interface LineItemReport {
  readonly usageType: UsageType;
  /** Null: the execution's own start or end, or the whole workflow. */
  readonly state: string | null;
  /** What it is, for people: "start of each execution", "retries of Charge". */
  readonly text: string;
  /** Per month when executions are known, else per execution (`per` says which). */
  readonly quantity: number;
  readonly per: "month" | "execution";
  readonly unit: string;
  readonly unitPrice: number | null;
  readonly cost: number | null;
  readonly price: {
    readonly region: string;
    readonly date: string | null;
    readonly source: string | null;
    readonly borrowed: boolean;
  };
}

export interface Eligibility {
  readonly eligible: boolean;
  readonly blockers: readonly Reason[];
  readonly cautions: readonly Reason[];
}

export interface Reason {
  readonly code: string;
  readonly state: string | null;
  readonly text: string;
  readonly at: Place;
}

export interface TypeRecommendation {
  readonly type: WorkflowType | "SPLIT";
  /** Per month against the declared type; per million executions when executions are unknown is in `savingPerMillion`. */
  readonly saving: number | null;
  readonly savingPerMillion: number | null;
  readonly text: string;
  /** Where the cheaper type changes, all else equal; null = it does not. */
  readonly breakEven: {
    readonly executionsPerMonth: number | null;
    readonly durationSeconds: number | null;
    readonly memoryMB: number | null;
  };
  readonly confidence: "high" | "medium" | "low";
  /** Figures that carry the result, the one that moves it most first. */
  readonly assumptions: readonly AssumptionReport[];
}

export interface AssumptionReport {
  /** What is assumed: "duration of tasks nobody declared", "items of ProcessLineItems". */
  readonly text: string;
  /** The key in stepfare.yml that declares it, e.g. `states.ProcessLineItems.items`. */
  readonly key: string;
  readonly figure: Figure;
  /** What the figure counts, so that it can be shown in words: a number of things, a share 0–1, milliseconds, MB or KB. */
  readonly unit: "count" | "share" | "ms" | "MB" | "KB";
  /** Cost per million executions of the recommended type at the figure's low and high end, and the spread between. */
  readonly costAtLow: number | null;
  readonly costAtHigh: number | null;
  readonly spread: number | null;
}

export interface LimitReport {
  readonly code: string;
  readonly mean: number | null;
  readonly p99: number | null;
  readonly worst: number | null;
  readonly limit: number;
  /** Share of the limit reached at the mean, or the item or round count at which it is reached, as `text` says. */
  readonly reachedAt: number | null;
  readonly text: string;
}
