/** A workflow review is what all rules say of one workflow: opportunities, findings, what passed and what was suppressed. */
import type { Severity } from "../diagnostic.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { WorkflowEstimates } from "../cost/workflow-estimates.ts";
import type { ExpressEligibility } from "./express-eligibility.ts";
import { placeStates } from "./placed-state.ts";
import { type Pricing, recommend } from "./recommend.ts";
import type { Recommendation } from "./recommendation.ts";
import type { FindingRule, OpportunityRule, Rule, RuleFinding, Subject } from "./rule.ts";
import { findSagas } from "./saga.ts";
import { findSuppression } from "./suppressed.ts";
import type { TypeChoice } from "./type-choice.ts";
import { keptIn } from "../once.ts";

export interface Reviewing {
  readonly workflow: Workflow;
  readonly estimates: WorkflowEstimates;
  readonly eligibility: ExpressEligibility;
  readonly choice: TypeChoice;
  readonly startedTypes: ReadonlyMap<string, WorkflowType>;
  readonly pricing: Pricing;
  readonly rules: {
    readonly opportunities: readonly OpportunityRule[];
    readonly findings: readonly FindingRule[];
  };
}

export interface WorkflowReview {
  /** The one that saves most first. */
  readonly opportunities: readonly Recommendation[];
  /** The gravest first, then by rule. */
  readonly findings: readonly ReviewFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** Rules that had something to judge and found nothing. */
  readonly passed: readonly Rule[];
  readonly notApplicable: readonly Rule[];
  /** Rules that threw: mistakes of ours. */
  readonly broken: readonly BrokenRule[];
}

export interface ReviewFinding extends RuleFinding {
  /** The same from version to version of a definition, while the state keeps its name. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
}

export interface SuppressedFinding {
  readonly id: string;
  readonly rule: string;
  readonly states: readonly string[];
  readonly reason: string;
}

export interface BrokenRule {
  readonly rule: string;
  readonly error: string;
}

export function reviewWorkflow(reviewing: Reviewing): WorkflowReview {
  const subject = subjectOf(reviewing);
  const broken: BrokenRule[] = [];
  const guarded = <T>(rule: Rule, judge: () => T): T | undefined => {
    try {
      return judge();
    } catch (error) {
      broken.push({ rule: rule.id, error: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  };
  const { rules, pricing } = reviewing;
  const refused = isRefused(reviewing.workflow);
  const proposed = rules.opportunities.map((rule) => ({
    rule,
    found: guarded(rule, () =>
      (refused ? null : rule.propose(subject))?.flatMap(
        (proposal) => recommend(rule.id, proposal, { subject, pricing }) ?? [],
      ),
    ),
  }));
  const judged = rules.findings.map((rule) => ({
    rule,
    found: guarded(rule, () => rule.judge(subject)?.map((finding) => identify(rule, finding, subject))),
  }));
  const all = [...proposed, ...judged];
  const isBroken = ({ id }: Rule): boolean => broken.some(({ rule }) => rule === id);
  return {
    ...kept({
      subject,
      opportunities: proposed.flatMap(({ found }) => found ?? []),
      findings: judged.flatMap(({ found }) => found ?? []),
    }),
    passed: all.flatMap(({ rule, found }) => (found?.length === 0 ? [rule] : [])),
    notApplicable: all.flatMap(({ rule, found }) => (found === undefined && !isBroken(rule) ? [rule] : [])),
    broken,
  };
}

/** AWS refuses the definition as it stands, so no change of it is proposed: none could be right. */
export function isRefused({ diagnostics }: Workflow): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

function subjectOf({ workflow, estimates, eligibility, choice, startedTypes }: Reviewing): Subject {
  const type = workflow.type ?? "STANDARD";
  return {
    workflow,
    type,
    states: placeStates(workflow.stateMachine, type, estimates.profile),
    profile: estimates.profile,
    estimates,
    eligibility,
    choice,
    sagas: findSagas(workflow.stateMachine),
    startedTypes,
  };
}

function identify(rule: FindingRule, finding: RuleFinding, { workflow, states }: Subject): ReviewFinding {
  return {
    ...finding,
    rule: rule.id,
    severity: finding.severity ?? rule.severity,
    get id() {
      return findingId(rule.id, finding, { workflow, states });
    },
  };
}

/** Names alone: a Retrier moved up, or a machine moved to another file, is no new finding. */
function findingId(
  rule: string,
  { pointer, states: [name], detail }: RuleFinding,
  { workflow, states }: Pick<Subject, "workflow" | "states">,
): string {
  if (name === undefined) return detail === undefined ? rule : `${rule}#${detail}`;
  const owner = statesNamed(states, name).find(
    ({ state }) => pointer === state.pointer || pointer.startsWith(`${state.pointer}/`),
  );
  const path = owner?.state.pointer.slice(workflow.stateMachine.pointer.length) ?? `/${name}`;
  return `${rule}${path}${detail === undefined ? "" : `#${detail}`}`;
}

type States = Subject["states"];

/** Grouped once per review: a long definition can have a finding on every state. */
const groupedByName = new WeakMap<States, ReadonlyMap<string, States>>();

function statesNamed(states: States, name: string): States {
  return keptIn(groupedByName, states, () => groupByName(states)).get(name) ?? [];
}

function groupByName(states: States): ReadonlyMap<string, States> {
  const groups = new Map<string, States[number][]>();
  for (const placed of states) {
    const group = groups.get(placed.state.name);
    if (group === undefined) groups.set(placed.state.name, [placed]);
    else group.push(placed);
  }
  return groups;
}

interface Found {
  readonly subject: Subject;
  readonly opportunities: readonly Recommendation[];
  readonly findings: readonly ReviewFinding[];
}

function kept({
  subject,
  opportunities,
  findings,
}: Found): Pick<WorkflowReview, "opportunities" | "findings" | "suppressed"> {
  const { suppressions } = subject.workflow.workload;
  const suppressed: SuppressedFinding[] = [];
  const stays = (rule: string, states: readonly string[], id: () => string): boolean => {
    const suppression = findSuppression(suppressions, { rule, states });
    if (suppression !== null) suppressed.push({ id: id(), rule, states, reason: suppression.reason });
    return suppression === null;
  };
  return {
    opportunities: opportunities
      .filter(({ rule, states }) => stays(rule, states, () => [rule, ...states].join("/")))
      .toSorted((a, b) => savingOf(b) - savingOf(a)),
    findings: findings
      .filter((finding) => stays(finding.rule, finding.states, () => finding.id))
      .toSorted((a, b) => RANK[a.severity] - RANK[b.severity]),
    suppressed,
  };
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function savingOf({ estimatedMonthlySavings, savingPerMillion }: Recommendation): number {
  return estimatedMonthlySavings ?? savingPerMillion ?? 0;
}
