/** Analysis words are the sentences that the terminal and the Markdown report share; strangers' names in them are not yet made safe. */
import type {
  AnalysisReport,
  AssumptionReport,
  Estimate,
  LineItemReport,
  PathReport,
  TransitionRule,
  WorkflowReport,
} from "../report/analysis-report.ts";
import { workflowScale } from "./cost-scale.ts";
import type { CostScale } from "./cost-scale.ts";
import {
  countedWords,
  durationWords,
  exactCountWords,
  moneyWords,
  quantityWords,
  rangeWords,
  shareWords,
} from "./number-words.ts";
import { priceListWords } from "./price-list-words.ts";

export type EstimateType = Estimate["type"];

const TYPE_WORDS: Readonly<Record<EstimateType, string>> = {
  STANDARD: "Standard",
  EXPRESS: "Express",
  SPLIT: "Split",
};

export function typeWords(type: EstimateType): string {
  return TYPE_WORDS[type];
}

const RULE_WORDS: Readonly<Record<TransitionRule, string>> = {
  entered: "each state entered and each retry",
  "start+entered": "the start, each state entered and each retry",
  "start+entered+end": "the start, each state entered, each retry and the end",
};

/** Other start rules are worth a word only when they would change the count by more than this share. */
const NOTABLE_DIFFERENCE = 0.05;

/** How it was counted and whose prices were used. */
export function footNotes(report: AnalysisReport): readonly string[] {
  const single = report.workflows.length === 1 ? (report.workflows[0] ?? null) : null;
  const counting = report.workflows.length === 0 ? [] : [countingWords(report.transitionRule, single)];
  return [...counting, pricesUsed(report)];
}

/** How transitions were counted, and what the other rules would give where that differs by more than 5 %. */
function countingWords(rule: TransitionRule, workflow: WorkflowReport | null): string {
  const counted = `Counted as transitions: ${RULE_WORDS[rule]} (${rule})`;
  if (workflow === null) return `${counted}.`;
  const { byRule, mean } = workflow.transitions;
  const others = (Object.keys(RULE_WORDS) as TransitionRule[])
    .filter((other) => other !== rule && Math.abs(byRule[other] - mean) > NOTABLE_DIFFERENCE * mean)
    .map((other) => `${other} would give ${quantityWords(byRule[other])}`);
  return others.length === 0 ? `${counted}.` : `${counted}; ${others.join(", ")}.`;
}

/** Which price list was used, and what had to be borrowed from another region's. */
function pricesUsed(report: AnalysisReport): string {
  const borrowed = borrowedWords(report);
  return `Prices: ${report.region}, ${priceListWords(report)}${borrowed === "" ? "" : `; ${borrowed}`}.`;
}

function borrowedWords(report: AnalysisReport): string {
  const usageTypes = new Map<string, Set<string>>();
  for (const item of report.workflows.flatMap(allLineItems)) {
    if (!item.price.borrowed) continue;
    const known = usageTypes.get(item.price.region) ?? new Set();
    usageTypes.set(item.price.region, known.add(item.usageType));
  }
  return [...usageTypes]
    .map(([region, types]) => `borrowed from ${region}: ${[...types].sort().join(", ")}`)
    .join("; ");
}

/** A split is billed by the usage types of the other two. */
function allLineItems({ estimates: { STANDARD, EXPRESS } }: WorkflowReport): readonly LineItemReport[] {
  return [STANDARD, EXPRESS].flatMap(({ lineItems, downstream }) => [...lineItems, ...downstream]);
}

/** The estimates there are, in the order they are shown. */
export function shownEstimates(workflow: WorkflowReport): readonly Estimate[] {
  const { STANDARD, EXPRESS, SPLIT } = workflow.estimates;
  return SPLIT === null ? [STANDARD, EXPRESS] : [STANDARD, EXPRESS, SPLIT];
}

export function monthlyRangeWords(estimate: Estimate, currency: string): string {
  return rangeWords(moneyWords(estimate.low, currency), moneyWords(estimate.high, currency));
}

export function scaledRangeWords(estimate: Estimate, scale: CostScale): string {
  return rangeWords(scale.words(estimate.lowPerExecution), scale.words(estimate.highPerExecution));
}

/** `1,000,000 executions a month (declared)`, or that nobody said. */
export function executionsWords(workflow: WorkflowReport): string {
  const figure = workflow.executionsPerMonth;
  if (figure === null) return "executions a month: unknown";
  const range =
    figure.low === figure.high
      ? ""
      : `, ${rangeWords(quantityWords(figure.low), quantityWords(figure.high))}`;
  return `${countedWords(figure.value, "execution")} a month (${figure.basis}${range})`;
}

/** `50% of executions take 7 or fewer, 99% 9, none more than 30`. */
export function spreadWords(workflow: WorkflowReport): string {
  const { mean, p50, p99, worst } = workflow.transitions;
  if (worst !== null && p50 === worst && mean === worst) return "the same for every execution";
  const most = worst === null ? runawayWords(workflow.transitions) : `worst ${quantityWords(worst)}`;
  return `median ${quantityWords(p50)}, p99 ${quantityWords(p99)}, ${most}`;
}

const ENDED_BY = {
  "history-events": "25,000 history events end",
  TimeoutSeconds: "TimeoutSeconds ends",
  "execution-duration": "the longest that AWS lets it run ends",
};

/** `worst 362, where TimeoutSeconds ends the loop of Wait and 2 more states`; `worst without bound`, with the loop, where nothing is known to. */
function runawayWords({ p99, unboundedBy, endedAt }: WorkflowReport["transitions"]): string {
  if (unboundedBy.length === 0) return "worst without bound";
  const loop = `loop of ${namesWords(unboundedBy)}`;
  if (endedAt === null) return `worst without bound (${loop})`;
  const most = `${quantityWords(endedAt.transitions)}, where only ${ENDED_BY[endedAt.by]} the ${loop}`;
  // No figure that is said of a loop ends where AWS does.
  return p99 > endedAt.transitions ? `counted on past ${most}` : `worst ${most}`;
}

/** The type whose cost the assumptions move, where it is another than the declared one: ` as Express`. */
export function movedTypeWords({ type, recommendation }: WorkflowReport): string {
  // A split is reckoned from the Standard workflow's assumptions.
  const moved = recommendation.type === "SPLIT" ? "STANDARD" : recommendation.type;
  return moved === type ? "" : ` as ${typeWords(moved)}`;
}

/** Of a loop the state it is entered by tells enough. */
const NAMES_SHOWN = 1;

function namesWords(names: readonly string[]): string {
  const left = names.length - NAMES_SHOWN;
  if (left <= 1) return names.join(", ");
  return `${names.slice(0, NAMES_SHOWN).join(", ")} and ${countedWords(left, "more state")}`;
}

/** `saves $12 a month`, or what the change costs; per million executions where nobody knows how many there are. */
export function savingWords(workflow: WorkflowReport, currency: string): string {
  const { saving, savingPerMillion } = workflow.recommendation;
  const amount = saving ?? savingPerMillion;
  if (amount === null || amount === 0) return "";
  const scale = workflowScale(workflow, currency);
  const per = saving === null ? scale.per : "a month";
  const size = Math.abs(amount);
  const words = saving === null ? scale.words(size / 1e6) : moneyWords(size, currency);
  return amount > 0 ? `saves ${words} ${per}` : `costs ${words} ${per} more`;
}

/** Where the cheaper type changes, all else equal; empty when it does not, or when there is no choice. */
export function breakEvenWords(workflow: WorkflowReport): string {
  if (!workflow.eligibility.EXPRESS.eligible) return "";
  const { executionsPerMonth, durationSeconds, memoryMB } = workflow.recommendation.breakEven;
  return [
    executionsPerMonth === null ? [] : `${quantityWords(Math.round(executionsPerMonth))} executions a month`,
    durationSeconds === null ? [] : `${durationWords(durationSeconds * 1000)} each`,
    memoryMB === null ? [] : `${quantityWords(memoryMB)} MB`,
  ]
    .flat()
    .join(" or ");
}

/** `4 (1 – 40)` in the figure's own unit. */
export function figureWords(assumption: AssumptionReport): string {
  const { value, low, high } = assumption.figure;
  const words = (number: number): string => unitWords(number, assumption.unit);
  return low === high ? words(value) : `${words(value)} (${rangeWords(words(low), words(high))})`;
}

export function unitWords(value: number, unit: AssumptionReport["unit"]): string {
  if (unit === "share") return shareWords(value);
  if (unit === "ms") return durationWords(value);
  return unit === "count" ? quantityWords(value) : `${quantityWords(value)} ${unit}`;
}

/** What the recommended type's cost is at either end of an assumption. */
export function assumptionCostWords({ costAtLow, costAtHigh }: AssumptionReport, scale: CostScale): string {
  const words = (perMillion: number | null): string =>
    scale.words(perMillion === null ? null : perMillion / 1e6);
  return rangeWords(words(costAtLow), words(costAtHigh));
}

/** Of a long path the first and last states tell the most. */
const FIRST_STEPS = 16;
const LAST_STEPS = 4;

/** A path's states with what each loop and Map on it multiplies: `Poll ↺ 3.2 → Each × 120 → Done`. */
export function pathWords(path: PathReport, verbose: boolean): string {
  const left = path.states.length - FIRST_STEPS - LAST_STEPS;
  if (verbose || left <= 1) return path.states.map((state) => stepWords(path, state)).join(" → ");
  const shown = (states: readonly string[]): readonly string[] =>
    states.map((state) => stepWords(path, state));
  return [
    ...shown(path.states.slice(0, FIRST_STEPS)),
    `… ${quantityWords(left)} more states …`,
    ...shown(path.states.slice(-LAST_STEPS)),
  ].join(" → ");
}

function stepWords(path: PathReport, state: string): string {
  const rounds = Object.hasOwn(path.rounds, state) ? path.rounds[state] : undefined;
  const items = Object.hasOwn(path.items, state) ? path.items[state] : undefined;
  const loop = rounds === undefined ? "" : ` ↺ ${quantityWords(rounds)}`;
  const map = items === undefined ? "" : ` × ${quantityWords(items)}`;
  const caught = path.caught.includes(state) ? " (error caught)" : "";
  return `${state}${loop}${map}${caught}`;
}

/** `3 ways through`, and what share of executions the `listed` ones carry where they are not all. */
export function pathCountWords({ paths }: WorkflowReport, listed: readonly PathReport[]): string {
  const { count } = paths;
  const ways = count === "1" ? "1 way through" : `${exactCountWords(count)} ways through`;
  if (String(listed.length) === count) return ways;
  const share = listed.reduce((sum, path) => sum + path.share, 0);
  const likeliest = listed.length === 1 ? "the likeliest" : `the ${String(listed.length)} likeliest`;
  return `${ways}; here ${likeliest}, ${shareWords(Math.min(1, share))} of executions`;
}
