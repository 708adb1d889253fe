/** What `--fail-on` can be told: a policy from the command line, beside those of stepfare.yml. */
import { UserError } from "../user-error.ts";
import { parseIncrease } from "../workflow/workload/increase.ts";
import {
  type Budget,
  type BudgetMeasure,
  NO_BUDGET,
  NO_POLICY,
  type Policies,
  type Policy,
} from "../workflow/workload/policies.ts";
import { parseCount } from "../workflow/workload/quantity.ts";

export interface FailOn {
  readonly policies: Policies;
  /** Whether what stepfare.yml only warns of fails too. */
  readonly warningsFail: boolean;
}

const MEASURES: ReadonlyMap<string, BudgetMeasure> = new Map([
  ["monthly-cost", "monthlyCost"],
  ["cost-per-million", "costPerMillion"],
  ["transitions", "transitions"],
]);

export const FAIL_ON_HELP =
  "what fails the run: warnings, findings[=error|warning|info], limits[=likely|worst], type-switch, " +
  "[total.]monthly-cost|cost-per-million|transitions=500 (crossing) or =+50, =+10% (more than before)";

export const FAIL_ON_BUDGETS_HELP =
  "what fails the run: warnings, [total.]monthly-cost|cost-per-million|transitions=500 (over it) or =+50, =+10% (more than the month before)";

/** The budgets alone, for a report that has no definitions to find fault with. Throws a UserError `invalid-option`. */
export function parseFailOnBudgets(given: readonly string[]): FailOn {
  const read = parseFailOn(given, FAIL_ON_BUDGETS_HELP);
  const { findings, limits, typeSwitch } = read.policies.deny ?? NO_POLICY;
  if (findings === null && limits === null && !typeSwitch) return read;
  throw new UserError(
    "invalid-option",
    "--fail-on: findings, limits and type-switch are of a change, not of a month",
    `--fail-on takes ${FAIL_ON_BUDGETS_HELP}.`,
  );
}

/** Each text is one of `FAIL_ON_HELP`. Throws a UserError `invalid-option` that tells all mistakes, and what is taken. */
export function parseFailOn(given: readonly string[], help = FAIL_ON_HELP): FailOn {
  let policy: Policy = NO_POLICY;
  let warningsFail = false;
  const problems: string[] = [];
  for (const text of given.flatMap((each) => each.split(",")).map((each) => each.trim())) {
    if (text === "warnings") {
      warningsFail = true;
      continue;
    }
    const read = withCondition(policy, text);
    if (typeof read === "string") problems.push(`--fail-on: ${read}`);
    else policy = read;
  }
  if (problems.length > 0)
    throw new UserError("invalid-option", problems.join("\n"), `--fail-on takes ${help}.`);
  return { policies: { warn: null, deny: policy }, warningsFail };
}

/** The policy with the condition, or what is wrong with it. */
function withCondition(policy: Policy, text: string): Policy | string {
  const [name, value] = splitOnce(text);
  switch (name) {
    case "type-switch":
      return value === null
        ? { ...policy, typeSwitch: true }
        : `${JSON.stringify(text)}: type-switch takes no value`;
    case "findings": {
      const severity = (["error", "warning", "info"] as const).find(
        (known) => known === (value ?? "warning"),
      );
      return severity === undefined
        ? `${JSON.stringify(text)}: write error, warning or info`
        : { ...policy, findings: severity };
    }
    case "limits": {
      const limits = (["likely", "worst"] as const).find((known) => known === (value ?? "likely"));
      return limits === undefined ? `${JSON.stringify(text)}: write likely or worst` : { ...policy, limits };
    }
  }
  const isTotal = name.startsWith("total.");
  const measure = MEASURES.get(isTotal ? name.slice("total.".length) : name);
  if (measure === undefined) return `${JSON.stringify(text)} is not known`;
  const scope = isTotal ? "total" : "eachWorkflow";
  const budget = withAmount(policy[scope] ?? NO_BUDGET, measure, value);
  return typeof budget === "string" ? `${JSON.stringify(text)}: ${budget}` : { ...policy, [scope]: budget };
}

function withAmount(budget: Budget, measure: BudgetMeasure, value: string | null): Budget | string {
  if (value === null) return "an amount is missing: write =500, =+50 or =+10%";
  if (!value.startsWith("+")) {
    const amount = parseCount(value);
    return amount.ok
      ? { ...budget, amounts: { ...budget.amounts, [measure]: amount.value } }
      : amount.problem;
  }
  const increase = parseIncrease(value.slice(1));
  return increase.ok
    ? { ...budget, increases: { ...budget.increases, [measure]: increase.value } }
    : increase.problem;
}

function splitOnce(text: string): readonly [string, string | null] {
  const at = text.indexOf("=");
  return at < 0 ? [text, null] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
