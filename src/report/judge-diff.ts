/** The judgement of a diff: which policies it breaks. Crossing a budget counts; being over it already does not. */
import type { CostSummary } from "../cost/cost-change.ts";
import { CURRENCY_SIGNS } from "../currency-signs.ts";
import { decimalText } from "../decimal-text.ts";
import {
  type Budget,
  type BudgetMeasure,
  type Increase,
  NO_BUDGET,
  type Policies,
  type Policy,
} from "../workflow/workload/policies.ts";
import { matchesWildcard } from "../workflow/wildcard.ts";
import type { DiffReport, DiffWorkflow } from "./diff-report.ts";
import { type PolicyVerdict, judgePolicies } from "./policy-verdict.ts";

/** `failOn` are policies of the command line: they deny, and add to those of the file. */
export function judgeDiff(
  diff: DiffReport,
  policies: readonly (Policies | null)[],
  { warningsFail = false }: { readonly warningsFail?: boolean } = {},
): PolicyVerdict {
  return judgePolicies({ policies, warningsFail, breaches: (policy) => breaches(diff, policy) });
}

function breaches(diff: DiffReport, policy: Policy): readonly string[] {
  const money: Money = (amount) => moneyText(amount, diff.currency);
  const compared = diff.workflows.filter(({ unread }) => unread === null);
  const touched = compared.filter(
    ({ status, newFindings }) => status !== "unchanged" || newFindings.length > 0,
  );
  return [
    ...(policy.total === null ? [] : totalBreaches(diff, policy.total, { money, isState: false })),
    ...compared.flatMap((workflow) =>
      budgetsFor(workflow, policy).flatMap((budget) =>
        budgetBreaches(workflow.name, workflow, budget, { money, isState: false }),
      ),
    ),
    ...touched.flatMap((workflow) => findingBreaches(workflow, policy)),
    ...(policy.findings === null ? [] : unreadBreaches(diff)),
  ];
}

/** Those of the workflow's own name stand over those for each. */
export function budgetsFor(
  { name }: { readonly name: string },
  { eachWorkflow, workflows }: Policy,
): readonly Budget[] {
  const named = [...workflows]
    .filter(([pattern]) => matchesWildcard(pattern, name))
    .map(([, budget]) => budget);
  return named.length > 0 ? named : eachWorkflow === null ? [] : [eachWorkflow];
}

type Money = (amount: number) => string;
type Amounts = Readonly<Record<BudgetMeasure, number | null>>;
export interface Sides {
  readonly before: Amounts | null;
  readonly after: Amounts | null;
}

export const MEASURES: Readonly<
  Record<BudgetMeasure, { readonly what: string; readonly isMoney: boolean; readonly per: string }>
> = {
  monthlyCost: { what: "cost per month", isMoney: true, per: " a month" },
  costPerMillion: { what: "cost per million executions", isMoney: true, per: " per million executions" },
  transitions: { what: "transitions per execution", isMoney: false, per: " transitions per execution" },
};

/** Rounding alone crosses nothing. */
const NOISE = 1e-9;

interface Budgeting {
  readonly money: Money;
  /** A month is over its budget whether or not the month before was; a change only crosses one. */
  readonly isState: boolean;
}

export function budgetBreaches(
  subject: string,
  sides: Sides,
  budget: Budget,
  { money, isState }: Budgeting,
): readonly string[] {
  if (sides.after === null) return [];
  return (Object.keys(MEASURES) as BudgetMeasure[]).flatMap((measure) => {
    const { isMoney, per, what } = MEASURES[measure];
    const after = sides.after?.[measure] ?? null;
    const before = sides.before === null ? 0 : sides.before[measure];
    const plain = isMoney ? money : amountWords;
    const write = (amount: number): string => `${plain(amount)}${per}`;
    if (after === null) return [];
    const amount = budget.amounts[measure];
    const isCrossed =
      amount !== null && after > amount * (1 + NOISE) && (isState || (before ?? 0) <= amount * (1 + NOISE));
    const verb = isState ? "is over" : "crosses";
    const crossed = isCrossed ? [`${subject}: ${write(after)} ${verb} the budget of ${write(amount)}`] : [];
    const limit = budget.increases[measure];
    if (limit === null || before === null) return crossed;
    const most = allowed(limit, before);
    const isTooMuch = after - before > most + NOISE * Math.max(Math.abs(after), Math.abs(before));
    if (!isTooMuch) return crossed;
    const grown = `${subject}: ${what} ${plain(before)} → ${plain(after)}, ${write(after - before)} more than before`;
    return [...crossed, `${grown}, where ${increaseWords(limit, write)} is allowed`];
  });
}

/** What is new has no share of nothing to grow by: a percentage holds only for what was there. */
function allowed(limit: Increase, before: number): number {
  if (limit.kind === "amount") return limit.value;
  return before === 0 ? Number.POSITIVE_INFINITY : (before * limit.value) / 100;
}

function increaseWords(limit: Increase, write: (amount: number) => string): string {
  return limit.kind === "percent" ? `${limit.value}%` : write(limit.value);
}

/** What all come to is over an amount or not by all that is known of it; what it grew by is told by what both sides know. */
function totalBreaches(diff: DiffReport, total: Budget, budgeting: Budgeting): readonly string[] {
  const breachesOf = (sides: Sides, budget: Budget): readonly string[] =>
    budgetBreaches("All workflows together", sides, budget, budgeting);
  return [
    ...breachesOf(knownSides(diff), { ...NO_BUDGET, amounts: total.amounts }),
    ...breachesOf(comparedSides(diff), { ...NO_BUDGET, increases: total.increases }),
  ];
}

function comparedSides({ totals }: DiffReport): Sides {
  const side = (which: "before" | "after"): Amounts => ({
    monthlyCost: totals[which],
    costPerMillion: totals.perMillion[which],
    transitions: totals.transitions[which],
  });
  return { before: side("before"), after: side("after") };
}

function knownSides(diff: DiffReport): Sides {
  const side = (which: "before" | "after"): Amounts => {
    const there = diff.workflows.flatMap((workflow) =>
      workflow.unread === null ? (workflow[which] ?? []) : [],
    );
    const sumOf = (measure: "monthlyCost" | "costPerMillion"): number | null => {
      const known = there.flatMap((summary) => summary[measure] ?? []);
      return known.length > 0 || there.length === 0 ? known.reduce((sum, each) => sum + each, 0) : null;
    };
    const transitions = diff.totals.transitions[which];
    return { monthlyCost: sumOf("monthlyCost"), costPerMillion: sumOf("costPerMillion"), transitions };
  };
  return { before: side("before"), after: side("after") };
}

const SEVERITY = { info: 0, warning: 1, error: 2 } as const;

function findingBreaches(
  { name, before, after, newFindings, newLimits }: DiffWorkflow,
  policy: Policy,
): readonly string[] {
  const { findings, limits, typeSwitch } = policy;
  const found =
    findings === null ? [] : newFindings.filter(({ severity }) => SEVERITY[severity] >= SEVERITY[findings]);
  const passed =
    limits === null ? [] : newLimits.filter((limit) => limits === "worst" || limit.passed === "likely");
  const isSwitched = typeSwitch && isOther(before, after);
  return [
    ...found.map(({ severity, code, message }) => `${name}: new ${severity} ${code}: ${message}`),
    ...passed.map(({ text }) => `${name}: newly past a limit: ${text}`),
    ...(isSwitched ? [`${name}: the type is switched from ${before?.type} to ${after?.type}`] : []),
  ];
}

function isOther(before: CostSummary | null, after: CostSummary | null): boolean {
  return before !== null && after !== null && before.type !== after.type;
}

/** A definition that broke is the worst of findings. */
function unreadBreaches({ workflows }: DiffReport): readonly string[] {
  return workflows
    .filter(({ unread }) => unread === "head")
    .map(({ name }) => `${name}: its definition can no longer be read`);
}

/** `$724.90`: as reports write it. */
export function moneyText(amount: number, currency: string): string {
  const sign = CURRENCY_SIGNS[currency];
  if (sign === undefined) return `${amountWords(amount)} ${currency}`;
  const size = Math.abs(amount);
  const digits =
    size >= 0.01 || size === 0
      ? { minimumFractionDigits: 2, maximumFractionDigits: 2 }
      : { maximumSignificantDigits: 3 };
  return `${amount < 0 ? "-" : ""}${sign}${decimalText(size, digits)}`;
}

export function amountWords(amount: number): string {
  const size = Math.abs(amount);
  const shown = size >= 0.01 ? Number(amount.toFixed(2)) : Number(amount.toPrecision(3));
  return decimalText(shown, { maximumSignificantDigits: 15 });
}
