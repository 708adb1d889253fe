/** A headline is the answer in a few lines: what a workflow costs, which type it should be and why, what to declare first. */
import type { AnalysisReport, Estimate, Reason, WorkflowReport } from "../report/analysis-report.ts";
import {
  assumptionCostWords,
  breakEvenWords,
  executionsWords,
  figureWords,
  monthlyRangeWords,
  savingWords,
  scaledRangeWords,
  shownEstimates,
  movedTypeWords,
  spreadWords,
  typeWords,
} from "./analysis-words.ts";
import { diagnosticsOf, severityCounts } from "./diagnostic-text.ts";
import { groupAlikeReasons } from "./alike-reasons.ts";
import { costScaleOf, workflowScale } from "./cost-scale.ts";
import type { CostScale } from "./cost-scale.ts";
import { opportunitySaving } from "./review-sections.ts";
import { countedWords, durationWords, moneyWords, quantityWords, UNKNOWN } from "./number-words.ts";

/** Plain words, names in them not yet safe; "" and empty lists where there is nothing to say. */
export interface Headline {
  readonly name: string;
  readonly type: string;
  /** Where it stands, and how often it runs. */
  readonly place: string;
  readonly executions: string;
  readonly problems: string;
  /** The cost of the declared type; what lies behind it is in `behindCost`. */
  readonly cost: string;
  readonly behindCost: readonly string[];
  readonly verdict: string;
  /** Another type is recommended. */
  readonly changes: boolean;
  readonly why: string;
  /** Blockers, or else cautions. */
  readonly reasons: {
    readonly title: string;
    readonly tone: "bad" | "warn";
    readonly lines: readonly string[];
    readonly more: string;
    /** Each reason has a line: there is no more to say of them. */
    readonly isAll: boolean;
  };
  readonly breakEven: string;
  /** The first things to change besides the type. */
  readonly change: readonly string[];
  readonly limits: readonly string[];
  readonly declare: readonly DeclareLine[];
}

export interface DeclareLine {
  /** Key in stepfare.yml under the workflow. */
  readonly key: string;
  readonly figure: string;
  readonly effect: string;
}

/** Beyond these, the sections below tell the rest. */
const REASONS_SHOWN = 2;
const FIGURES_SHOWN = 3;
const LIMITS_SHOWN = 2;
const NESTED_SHOWN = 2;

export function writeHeadline(workflow: WorkflowReport, report: AnalysisReport): Headline {
  const { currency } = report;
  const counts = severityCounts(diagnosticsOf(workflow).filter(({ severity }) => severity !== "info"));
  const breakEven = breakEvenWords(workflow);
  const scale = workflowScale(workflow, currency);
  return {
    name: workflow.name,
    type: typeWords(workflow.type),
    place: `${workflow.at.file}:${String(workflow.at.line)}`,
    executions: executionsWords(workflow),
    problems: counts === "" ? "" : `${counts}: see Diagnostics below`,
    cost: declaredCostWords(workflow.estimates[workflow.type], scale),
    behindCost: [
      `${quantityWords(workflow.transitions.mean)} transitions per execution (${spreadWords(workflow)})`,
      lastsWords(workflow),
      otherTypesWords(workflow, scale),
      ...nestedWords(workflow, currency),
      downstreamWords(report),
    ].filter((line) => line !== ""),
    verdict: `${verdictWords(workflow, currency)} (confidence: ${workflow.recommendation.confidence})`,
    changes: workflow.recommendation.type !== workflow.type,
    why: whyWords(workflow),
    reasons: headlineReasons(workflow),
    breakEven: breakEven === "" ? "" : `Break-even at ${breakEven}`,
    change: changeWords(workflow, currency),
    limits: passedLimits(workflow),
    declare: declareLines(workflow, scale),
  };
}

function declaredCostWords(estimate: Estimate, scale: CostScale): string {
  const type = typeWords(estimate.type);
  const cost = scale.words(estimate.costPerExecution);
  if (estimate.monthlyCost === null) {
    const range = rangeAside(cost, scaledRangeWords(estimate, scale));
    return cost === UNKNOWN ? `unknown as ${type}` : `${cost} ${scale.perExecutions} as ${type}${range}`;
  }
  const month = moneyWords(estimate.monthlyCost, scale.currency);
  const isFree = estimate.monthlyCost === 0 && (estimate.costPerExecution ?? 0) > 0;
  const range = isFree
    ? ", within the free tier"
    : rangeAside(month, monthlyRangeWords(estimate, scale.currency));
  return `${month} a month as ${type}${range} · ${cost} ${scale.per}`;
}

/** How long an execution takes, on which Express money rests. */
function lastsWords({ durationMs }: WorkflowReport): string {
  const { mean, p50, p99, basis } = durationMs;
  const spread = p50 === p99 ? "" : `median ${durationWords(p50)}, p99 ${durationWords(p99)}; `;
  return `${durationWords(mean)} per execution (${spread}task durations: ${basis})`;
}

/** A range in brackets, where it says more than the value. */
function rangeAside(value: string, range: string): string {
  return range === value || range === UNKNOWN ? "" : ` (${range})`;
}

function otherTypesWords(workflow: WorkflowReport, scale: CostScale): string {
  return shownEstimates(workflow)
    .filter(({ type }) => type !== workflow.type)
    .map((estimate) => {
      const blocked = estimate.type === "EXPRESS" && !workflow.eligibility.EXPRESS.eligible;
      const as = estimate.type === "SPLIT" ? "Split" : `As ${typeWords(estimate.type)}`;
      const type = `${as}${blocked ? ", were it allowed" : ""}`;
      const cost = scale.words(estimate.costPerExecution);
      if (cost === UNKNOWN) return `${type}: cost unknown`;
      return `${type}: ${cost} ${scale.per}${rangeAside(cost, scaledRangeWords(estimate, scale))}`;
    })
    .join(" · ");
}

/** Executions of other workflows that this one starts: they are in the cost of those. */
function nestedWords({ nested }: WorkflowReport, currency: string): readonly string[] {
  const left = nested.length - NESTED_SHOWN;
  const shown = left <= 1 ? nested : nested.slice(0, NESTED_SHOWN);
  const lines = shown.map(({ workflow, starts, costPerExecution }) => {
    const scale = costScaleOf(costPerExecution, currency);
    const cost = scale.words(costPerExecution);
    const billed = cost === UNKNOWN ? "at a cost that is unknown" : `at ${cost} ${scale.per}`;
    return `starts ${workflow} × ${quantityWords(starts)} per execution, billed there ${billed}`;
  });
  return left <= 1 ? lines : [...lines, `… and starts ${countedWords(left, "more workflow")}`];
}

/** The report's total stands for the workflow's only where it is the only one. */
function downstreamWords({ totals, workflows, currency }: AnalysisReport): string {
  const { withDownstream, monthlyCost } = totals;
  if (workflows.length !== 1 || withDownstream === null || withDownstream === monthlyCost) return "";
  return `${moneyWords(withDownstream, currency)} a month with the neighbouring services it calls`;
}

function verdictWords(workflow: WorkflowReport, currency: string): string {
  const { type } = workflow.recommendation;
  if (type === workflow.type) return `Keep ${typeWords(type)}`;
  const saving = savingWords(workflow, currency);
  return `Change to ${typeWords(type)}${saving === "" ? "" : `: ${saving}`}`;
}

/** Where Express is blocked, the blockers beneath are the reason. */
function whyWords({ eligibility, recommendation }: WorkflowReport): string {
  return eligibility.EXPRESS.blockers.length > 0 && recommendation.type === "STANDARD"
    ? ""
    : recommendation.text;
}

/** The reasons that matter to this workflow, as many as the headline has room for. */
export function headlineReasons(workflow: WorkflowReport): Headline["reasons"] {
  const { blockers, cautions } = workflow.eligibility.EXPRESS;
  if (blockers.length > 0) {
    return { title: "Express is blocked by", tone: "bad", ...shownReasons(blockers, workflow.at.file) };
  }
  // Cautions matter to who runs as Express, or is told to.
  const matters = workflow.type !== "STANDARD" || workflow.recommendation.type !== "STANDARD";
  return {
    title: "As Express, mind",
    tone: "warn",
    ...shownReasons(matters ? cautions : [], workflow.at.file),
  };
}

function shownReasons(
  reasons: readonly Reason[],
  file: string,
): Pick<Headline["reasons"], "lines" | "more" | "isAll"> {
  const alike = groupAlikeReasons(reasons);
  const shown = alike.slice(0, REASONS_SHOWN);
  const left = alike.length - shown.length;
  return {
    lines: shown.map((group) => groupWords(group, file)),
    more: left === 0 ? "" : `… ${countedWords(left, "more reason")} under As Express below`,
    isAll: shown.length === reasons.length,
  };
}

/** Reasons of one and the same text, told by the first of them; the workflow's own file, named above already, goes by its last name. */
function groupWords([first, ...others]: readonly Reason[], file: string): string {
  if (first === undefined) return "";
  const { state, at, text } = first;
  const isOwn = at.file === file;
  const place = `${isOwn ? at.file.replace(/^.*\//s, "") : at.file}:${String(at.line)}`;
  if (state === null) return isOwn ? text : `${text} (${place})`;
  const more = others.length === 0 ? "" : ` and ${countedWords(others.length, "more state")}`;
  return `${state}${more} (${place}): ${text}`;
}

/** What the type is to be, the verdict has said. */
const TYPE_RULES = ["short-standard-workflow", "costly-express-workflow"];

/** The change that saves most, and how much else the review has to say. */
function changeWords({ opportunities, findings }: WorkflowReport, currency: string): readonly string[] {
  const [first, ...others] = opportunities.filter(({ rule }) => !TYPE_RULES.includes(rule));
  const more = others.length === 0 ? "" : `; ${countedWords(others.length, "more change")} below`;
  const change =
    first === undefined
      ? []
      : [`${first.advice} (${first.rule}, saves ${opportunitySaving(first, currency)}${more})`];
  const grave = findings.filter(({ severity }) => severity !== "info");
  if (grave.length === 0) return change;
  const rules = [...new Set(grave.map(({ rule }) => rule))];
  const named =
    rules.length <= 3 ? rules.join(", ") : `${rules.slice(0, 2).join(", ")} and ${rules.length - 2} more`;
  return [...change, `mind ${countedWords(grave.length, "risk")}: ${named}`];
}

/** Limits that an execution can pass; those merely near are told further down. */
function passedLimits(workflow: WorkflowReport): readonly string[] {
  const passed = workflow.limits.filter(
    ({ mean, p99, worst, limit }) => Math.max(mean ?? 0, p99 ?? 0, worst ?? 0) > limit,
  );
  const left = passed.length - LIMITS_SHOWN;
  const shown = left <= 1 ? passed : passed.slice(0, LIMITS_SHOWN);
  const lines = shown.map(({ text }) => text);
  return left <= 1 ? lines : [...lines, `… ${countedWords(left, "more limit")} under Limits below`];
}

/**
 * The open figures that move the cost most. What is declared or observed needs no asking, and what is inferred follows
 * from something else, such as the share that the declared ones leave: declaring it could only contradict them.
 */
function declareLines(workflow: WorkflowReport, scale: CostScale): readonly DeclareLine[] {
  const executions: readonly DeclareLine[] =
    workflow.executionsPerMonth === null
      ? [{ key: "executionsPerMonth", figure: UNKNOWN, effect: "turns these into a monthly cost" }]
      : [];
  const open = workflow.recommendation.assumptions
    .filter(({ figure, spread }) => figure.basis === "default" && spread !== 0)
    .map((assumption): DeclareLine => {
      const cost = assumptionCostWords(assumption, scale);
      return {
        key: assumption.key,
        figure: `${figureWords(assumption)}, ${assumption.figure.basis}`,
        effect: cost === UNKNOWN ? "" : `${cost} ${scale.per}${movedTypeWords(workflow)}`,
      };
    });
  return [...executions, ...open].slice(0, FIGURES_SHOWN);
}
