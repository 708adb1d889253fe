/** A rule is one thing that can be wrong or wasteful in a workflow; each is a file in rules/, its id the file's name. */
import type { WorkflowEstimates } from "../cost/workflow-estimates.ts";
import type { Severity } from "../diagnostic.ts";
import type { ExecutionProfile } from "../graph/execution-profile.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { ExpressEligibility } from "./express-eligibility.ts";
import type { PlacedState } from "./placed-state.ts";
import type { Proposal } from "./recommendation.ts";
import type { Saga } from "./saga.ts";
import type { TypeChoice } from "./type-choice.ts";

/** What a rule judges: a workflow and all that is known of it. Nothing in it is to be changed. */
export interface Subject {
  readonly workflow: Workflow;
  /** STANDARD when nothing says. */
  readonly type: WorkflowType;
  readonly states: readonly PlacedState[];
  readonly profile: ExecutionProfile;
  readonly estimates: WorkflowEstimates;
  readonly eligibility: ExpressEligibility;
  readonly choice: TypeChoice;
  /** Sagas by scope; empty when no step has an undo. */
  readonly sagas: readonly Saga[];
  /** Types of the workflows that Tasks start, by the Task's pointer, where known. */
  readonly startedTypes: ReadonlyMap<string, WorkflowType>;
}

interface RuleWords {
  readonly id: string;
  /** The failing state, as a heading. */
  readonly title: string;
  /** What holds when the rule finds nothing. */
  readonly passes: string;
}

export interface FindingRule extends RuleWords {
  readonly kind: "finding";
  readonly severity: Severity;
  /** Null: there is nothing here that it could judge. */
  readonly judge: (subject: Subject) => readonly RuleFinding[] | null;
}

export interface OpportunityRule extends RuleWords {
  readonly kind: "opportunity";
  readonly propose: (subject: Subject) => readonly Proposal[] | null;
}

export type Rule = FindingRule | OpportunityRule;

export interface RuleFinding {
  /** Names of the states it is about; empty = the workflow as a whole. */
  readonly states: readonly string[];
  /** Pointer of what it stands on. */
  readonly pointer: string;
  /** What is wrong and what may come of it, in one sentence without a full stop. */
  readonly text: string;
  /** What to write instead. */
  readonly remedy: string;
  /** Tells two findings of one rule at one state apart, from version to version. */
  readonly detail?: string;
  /** When it differs from the rule's. */
  readonly severity?: Severity;
  readonly adds?: TemplateText;
}

/** Text that mends it, for whichever the machine is declared in. */
export interface TemplateText {
  readonly cloudformation: string;
  readonly terraform: string;
}
