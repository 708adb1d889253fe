/** Reports what the rules say of one workflow: as data, its places found, and our own mistakes as diagnostics. */
import type { Diagnostic } from "../diagnostic.ts";
import type { Pricing } from "../recommendation/recommend.ts";
import type { Recommendation } from "../recommendation/recommendation.ts";
import { findingRules, opportunityRules, rules } from "../recommendation/rule-list.ts";
import {
  type BrokenRule,
  type ReviewFinding,
  type Reviewing,
  type WorkflowReview,
  isRefused,
  reviewWorkflow,
} from "../recommendation/workflow-review.ts";
import { didYouMean } from "../workflow/did-you-mean.ts";
import type { Figure } from "../workflow/figure.ts";
import type { Locate, Workflow } from "../workflow/workflow.ts";
import type { CheckSummary, FindingReport, OpportunityReport } from "./analysis-report.ts";

export interface ReviewSection {
  readonly opportunities: readonly OpportunityReport[];
  readonly findings: readonly FindingReport[];
  readonly checks: CheckSummary;
}

type ReviewReporting = Omit<Reviewing, "pricing" | "rules"> &
  Omit<Pricing, "executions"> & { readonly executions: Figure | null };

const TITLES: ReadonlyMap<string, string> = new Map(rules.map(({ id, title }) => [id, title]));

export function reportReview(reporting: ReviewReporting): ReviewSection {
  const { workflow, context, executions, basis } = reporting;
  const review = reviewWorkflow({
    ...reporting,
    pricing: { context, basis, executions: executions?.value ?? null },
    rules: { opportunities: opportunityRules, findings: findingRules },
  });
  const { locate } = workflow;
  return {
    opportunities: review.opportunities.map((each) => reportOpportunity(each, locate)),
    findings: review.findings.map((each) => reportFinding(each, locate)),
    checks: summarize(review, workflow),
  };
}

function reportOpportunity(recommendation: Recommendation, locate: Locate): OpportunityReport {
  const { rule, states, pointer, advice, effort, conditions, change, isMechanical } = recommendation;
  return {
    rule,
    title: TITLES.get(rule) ?? rule,
    states,
    get at() {
      return locate(pointer);
    },
    advice,
    estimatedMonthlySavings: recommendation.estimatedMonthlySavings,
    savingPerMillion: recommendation.savingPerMillion,
    ownSavingPerMillion: recommendation.ownSavingPerMillion,
    implementationEffort: effort,
    conditions,
    patch: isMechanical ? change : null,
    keepsBehaviour: recommendation.keepsBehaviour,
  };
}

function reportFinding(finding: ReviewFinding, locate: Locate): FindingReport {
  const { rule, severity, states, pointer, text, remedy, adds = null } = finding;
  return {
    get id() {
      return finding.id;
    },
    rule,
    severity,
    states,
    get at() {
      return locate(pointer);
    },
    ...{ text, remedy, adds },
  };
}

function summarize(
  { passed, notApplicable, suppressed, broken }: WorkflowReview,
  workflow: Workflow,
): CheckSummary {
  return {
    passed: passed.map(({ id, passes }) => ({ rule: id, text: passes })),
    notApplicable: notApplicable.map(({ id }) => id),
    suppressed,
    failed: broken.map((each) => diagnoseBroken(each, workflow)),
  };
}

/** Advice that is missing for a mistake of ours must not look like nothing to advise. */
function diagnoseBroken({ rule, error }: BrokenRule, { name, at }: Workflow): Diagnostic {
  return {
    code: "rule-failed",
    severity: "warning",
    message: `the rule ${rule} failed on ${name}, so nothing is known of it here: ${error}`,
    at,
    hint: "This is a mistake in stepfare, not in your input: please report it with the definition.",
  };
}

/** What is known of a review before any rule has looked. */
export function diagnoseReview(workflow: Workflow): readonly Diagnostic[] {
  return [...unknownRules(workflow), ...(isRefused(workflow) ? [withheld(workflow)] : [])];
}

function withheld({ name, at }: Workflow): Diagnostic {
  return {
    code: "advice-withheld",
    severity: "warning",
    message: `${name} has errors for which AWS refuses it, so no opportunities are proposed: a change of a definition that does not stand cannot be judged`,
    at,
    hint: "Mend the errors first, then look again.",
  };
}

/** Suppressions of rules that there are not. */
function unknownRules({ workload }: Workflow): readonly Diagnostic[] {
  return workload.suppressions
    .filter(({ rule }) => !TITLES.has(rule))
    .map(({ rule, at }) => ({
      code: "unknown-rule-in-workload",
      severity: "warning",
      message: `${JSON.stringify(rule)} is no rule, so there is nothing to suppress`,
      at,
      hint: didYouMean(rule, TITLES.keys()) ?? "stepfare explain lists the rules.",
    }));
}
