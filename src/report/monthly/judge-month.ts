/** The judgement of a month: which budgets it breaks, each machine's and all machines' together, in the words of `diff`. */
import type { Budget, BudgetMeasure, Policies, Policy } from "../../workflow/workload/policies.ts";
import { type Sides, amountWords, budgetBreaches, budgetsFor } from "../judge-diff.ts";
import { type PolicyVerdict, judgePolicies } from "../policy-verdict.ts";
import { machineNames } from "./machine-names.ts";
import type { MachineReport, MonthlyReport } from "./monthly-report.ts";

/** `failOn` are policies of the command line: they deny, and add to those of the file. */
export function judgeMonth(
  report: MonthlyReport,
  policies: readonly (Policies | null)[],
  { warningsFail = false }: { readonly warningsFail?: boolean } = {},
): PolicyVerdict {
  return judgePolicies({ policies, warningsFail, breaches: (policy) => breaches(report, policy) });
}

function breaches(report: MonthlyReport, policy: Policy): readonly string[] {
  const money = (amount: number): string => `${amountWords(amount)} ${report.currency}`;
  const over = (subject: string, budget: Budget, sides: Sides): readonly string[] =>
    budgetBreaches(subject, sides, budget, { money, isState: true });
  const total =
    policy.total === null
      ? []
      : over("All machines together", policy.total, {
          before: amounts(report.change?.before ?? null),
          after: amounts(report.totals.monthlyCost),
        });
  const nameOf = machineNames(report);
  return [
    ...total,
    ...report.machines.flatMap((machine) =>
      budgetsFor(machine, policy).flatMap((budget) =>
        over(nameOf(machine.arn, machine.name), budget, sidesOf(machine)),
      ),
    ),
  ];
}

type Amounts = Readonly<Record<BudgetMeasure, number | null>>;

function amounts(monthlyCost: number | null): Amounts {
  return { monthlyCost, costPerMillion: null, transitions: null };
}

function sidesOf({ monthlyCost, costPerMillion, transitions, executions, difference }: MachineReport): Sides {
  const perExecution = transitions === null || !executions ? null : transitions / executions;
  const before = monthlyCost === null || difference === null ? null : monthlyCost - difference;
  return {
    before: amounts(before),
    after: { monthlyCost, costPerMillion, transitions: perExecution },
  };
}
