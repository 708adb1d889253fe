/** A headline is the answer in a few lines: what a workflow costs, which type it should be and why, what to declare first. */
import type { AnalysisReport, Estimate, Reason, WorkflowReport } from "../report/analysis-report.ts";
import {
  assumptionCostWords,
  breakEvenWords,
  executionsWords,
  figureWords,
  monthlyRangeWords,
  perMillionRangeWords,
  savingWords,
  shownEstimates,
  spreadWords,
  typeWords,
} from "./analysis-words.ts";
import { severityCounts } from "./diagnostic-text.ts";
import {
  countedWords,
  durationWords,
  moneyWords,
  perMillionWords,
  quantityWords,
  UNKNOWN,
} from "./number-words.ts";

/** Plain words, names in them not yet safe; "" and empty lists where there is nothing to say. */
export interface Headline {
  readonly name: string;
  readonly type: string;
  readonly facts: string;
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
  };
  readonly breakEven: string;
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

export function writeHeadline(workflow: WorkflowReport, report: AnalysisReport): Headline {
  const { currency } = report;
  const counts = severityCounts(workflow.diagnostics.filter(({ severity }) => severity !== "info"));
  const breakEven = breakEvenWords(workflow);
  return {
    name: workflow.name,
    type: typeWords(workflow.type),
    facts: `${workflow.at.file}:${String(workflow.at.line)} · ${executionsWords(workflow)}`,
    problems: counts === "" ? "" : `${counts}: see Diagnostics below`,
    cost: declaredCostWords(workflow.estimates[workflow.type], currency),
    behindCost: [
      `${quantityWords(workflow.transitions.mean)} transitions per execution (${spreadWords(workflow)})`,
      lastsWords(workflow),
      otherTypesWords(workflow, currency),
      downstreamWords(report),
    ].filter((line) => line !== ""),
    verdict: `${verdictWords(workflow, currency)} (confidence: ${workflow.recommendation.confidence})`,
    changes: workflow.recommendation.type !== workflow.type,
    why: workflow.recommendation.text,
    reasons: headlineReasons(workflow),
    breakEven: breakEven === "" ? "" : `Standard and Express cost the same at ${breakEven}`,
    limits: passedLimits(workflow),
    declare: declareLines(workflow, currency),
  };
}

function declaredCostWords(estimate: Estimate, currency: string): string {
  const type = typeWords(estimate.type);
  const million = perMillionWords(estimate.costPerExecution, currency);
  if (estimate.monthlyCost === null) {
    const range = rangeAside(million, perMillionRangeWords(estimate, currency));
    return million === UNKNOWN
      ? `unknown as ${type}`
      : `${million} per million executions as ${type}${range}`;
  }
  const month = moneyWords(estimate.monthlyCost, currency);
  const range = rangeAside(month, monthlyRangeWords(estimate, currency));
  return `${month} a month as ${type}${range} · ${million} per million`;
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

function otherTypesWords(workflow: WorkflowReport, currency: string): string {
  return shownEstimates(workflow)
    .filter(({ type }) => type !== workflow.type)
    .map((estimate) => {
      const blocked = estimate.type === "EXPRESS" && !workflow.eligibility.EXPRESS.eligible;
      const as = estimate.type === "SPLIT" ? "Split" : `As ${typeWords(estimate.type)}`;
      const type = `${as}${blocked ? ", were it allowed" : ""}`;
      const million = perMillionWords(estimate.costPerExecution, currency);
      if (million === UNKNOWN) return `${type}: cost unknown`;
      return `${type}: ${million} per million${rangeAside(million, perMillionRangeWords(estimate, currency))}`;
    })
    .join(" · ");
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

function headlineReasons(workflow: WorkflowReport): Headline["reasons"] {
  const { blockers, cautions } = workflow.eligibility.EXPRESS;
  if (blockers.length > 0) {
    return { title: "Express is blocked by", tone: "bad", ...shownReasons(blockers) };
  }
  // Cautions matter to who runs as Express, or is told to.
  const matters = workflow.type !== "STANDARD" || workflow.recommendation.type !== "STANDARD";
  return { title: "As Express, mind", tone: "warn", ...shownReasons(matters ? cautions : []) };
}

function shownReasons(reasons: readonly Reason[]): {
  readonly lines: readonly string[];
  readonly more: string;
} {
  const left = reasons.length - REASONS_SHOWN;
  const shown = reasons.slice(0, REASONS_SHOWN);
  return {
    lines: shown.map(({ state, code, at, text }) => {
      const place = `${at.file}:${String(at.line)}`;
      return `${state ?? code} (${place}): ${text}`;
    }),
    more: left <= 0 ? "" : `… ${countedWords(left, "more reason")} under As Express below`,
  };
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

/** The open figures that move the cost most; what is declared already, or moves nothing, needs no asking. */
function declareLines(workflow: WorkflowReport, currency: string): readonly DeclareLine[] {
  const executions: readonly DeclareLine[] =
    workflow.executionsPerMonth === null
      ? [{ key: "executionsPerMonth", figure: UNKNOWN, effect: "turns these into a monthly cost" }]
      : [];
  const open = workflow.recommendation.assumptions
    .filter(({ figure, spread }) => figure.basis !== "declared" && spread !== 0)
    .map((assumption): DeclareLine => {
      const cost = assumptionCostWords(assumption, currency);
      return {
        key: assumption.key,
        figure: `${figureWords(assumption)}, ${assumption.figure.basis}`,
        effect: cost === UNKNOWN ? "" : `${cost} per million`,
      };
    });
  return [...executions, ...open].slice(0, FIGURES_SHOWN);
}
