/** The schema of `policies:` in stepfare.yml. */
import * as z from "zod";
import { INCREASE_PERCENT, parseIncrease } from "./increase.ts";
import type { Budget, BudgetMeasure, Policies, Policy } from "./policies.ts";
import { COUNT_PATTERN, parseCount } from "./quantity.ts";
import { NOT_NEGATIVE, group, mapOf, readBy, textMatching } from "./schema-parts.ts";

const amount = readBy(parseCount, { anyOf: [NOT_NEGATIVE, textMatching(COUNT_PATTERN)] });
const increase = readBy(parseIncrease, {
  anyOf: [NOT_NEGATIVE, textMatching(COUNT_PATTERN), textMatching(INCREASE_PERCENT)],
});

const measures = <T extends z.ZodType>(one: T, what: string) => ({
  monthlyCost: one.nullish().describe(`${what} per month, in the currency of the price list.`),
  costPerMillion: one.nullish().describe(`${what} per million executions, at list price.`),
  transitions: one.nullish().describe(`State transitions per execution${what === "Cost" ? "" : " more"}.`),
});

const budget = group({
  ...measures(amount, "Cost"),
  increase: group(measures(increase, "Increase of the cost"))
    .nullish()
    .describe("How much more than before: an amount, or a percentage such as 10%."),
});

const policy = group({
  total: budget.nullish().describe("Budget of all workflows together."),
  eachWorkflow: budget.nullish().describe("Budget of each workflow by itself."),
  workflows: mapOf(budget.nullish())
    .nullish()
    .describe("Budgets of workflows by name; * stands for anything."),
  findings: z
    .enum(["error", "warning", "info"])
    .nullish()
    .describe("New diagnostics of this severity or a worse one."),
  limits: z
    .enum(["likely", "worst"])
    .nullish()
    .describe("Limits of AWS newly passed: at the 99th percentile (likely), or in the worst case already."),
  typeSwitch: z.boolean().nullish().describe("A workflow that changes its type."),
});

export const policies = group({
  warn: policy.nullish().describe("What is told and lets the run pass."),
  deny: policy.nullish().describe("What fails the run, with exit code 1."),
});

type PolicyValue = NonNullable<z.output<typeof policy>>;
type BudgetValue = NonNullable<z.output<typeof budget>>;

export function buildPolicies(value: z.output<typeof policies> | null | undefined): Policies | null {
  if (!value) return null;
  return {
    warn: value.warn ? buildPolicy(value.warn) : null,
    deny: value.deny ? buildPolicy(value.deny) : null,
  };
}

function buildPolicy({ total, eachWorkflow, workflows, findings, limits, typeSwitch }: PolicyValue): Policy {
  const named = [...(workflows ?? [])].flatMap(([name, value]) =>
    value ? [[name, buildBudget(value)] as const] : [],
  );
  return {
    total: total ? buildBudget(total) : null,
    eachWorkflow: eachWorkflow ? buildBudget(eachWorkflow) : null,
    workflows: new Map(named),
    findings: findings ?? null,
    limits: limits ?? null,
    typeSwitch: typeSwitch ?? false,
  };
}

function buildBudget({ increase: more, ...amounts }: BudgetValue): Budget {
  return { amounts: byMeasure(amounts), increases: byMeasure(more ?? {}) };
}

function byMeasure<T>(given: { readonly [Measure in BudgetMeasure]?: T | null | undefined }): Record<
  BudgetMeasure,
  T | null
> {
  const { monthlyCost, costPerMillion, transitions } = given;
  return {
    monthlyCost: monthlyCost ?? null,
    costPerMillion: costPerMillion ?? null,
    transitions: transitions ?? null,
  };
}
