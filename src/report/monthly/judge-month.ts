/** The judgement of a month: which budgets it breaks, each machine's and all machines' together, in the words of `diff`; and which cannot be judged. */
import {
  type Budget,
  type BudgetMeasure,
  NO_BUDGET,
  type Policies,
  type Policy,
} from "../../workflow/workload/policies.ts";
import { MEASURES, type Sides, budgetBreaches, budgetsFor, moneyText } from "../judge-diff.ts";
import { type PolicyVerdict, judgePolicies } from "../policy-verdict.ts";
import { listed } from "../reconcile/gap-reasons.ts";
import { machineNames } from "./machine-names.ts";
import type { MachineFigures, MachineReport, MonthlyReport } from "./monthly-report.ts";

/** `failOn` are policies of the command line: they deny, and add to those of the file. What cannot be judged only warns. */
export function judgeMonth(
  report: MonthlyReport,
  policies: readonly (Policies | null)[],
  { warningsFail = false }: { readonly warningsFail?: boolean } = {},
): PolicyVerdict {
  const subjects = subjectsOf(report);
  const verdict = judgePolicies({
    policies,
    warningsFail,
    breaches: (policy) => subjects.flatMap((subject) => breaches(report, subject, policy)),
  });
  const given = policies.flatMap((each) => [each?.deny ?? [], each?.warn ?? []].flat());
  return { ...verdict, warnings: [...verdict.warnings, ...unjudged(report, subjects, given)] };
}

type Amounts = Readonly<Record<BudgetMeasure, number | null>>;

/** What a budget is of: all machines together, or one of them. */
interface Subject {
  readonly name: string;
  readonly budgets: (policy: Policy) => readonly Budget[];
  /** What amounts are held against. */
  readonly month: Amounts;
  /** What increases are held against; null before = it was not there. */
  readonly change: Sides;
}

const UNKNOWN: Amounts = { monthlyCost: null, costPerMillion: null, transitions: null };
const NOTHING_BEFORE: Sides = { before: UNKNOWN, after: UNKNOWN };

function subjectsOf(report: MonthlyReport): readonly Subject[] {
  const nameOf = machineNames(report);
  const named = ({ arn, name }: { readonly arn: string; readonly name: string }) => ({
    name: nameOf(arn, name),
    budgets: (policy: Policy) => budgetsFor({ name }, policy),
  });
  const leftOut = new Set(report.change?.leftOut.map(({ arn }) => arn));
  return [
    allTogether(report),
    ...report.machines.map((machine) => ({
      ...named(machine),
      month: amountsOf(machine),
      change: {
        before:
          machine.before !== null
            ? amountsOf(machine.before)
            : report.change === null || leftOut.has(machine.arn)
              ? UNKNOWN
              : null,
        after: amountsOf(machine),
      },
    })),
    ...report.unread.map((machine) => ({ ...named(machine), month: UNKNOWN, change: NOTHING_BEFORE })),
  ];
}

function allTogether({ totals, machines, change }: MonthlyReport): Subject {
  const sum = (of: (machine: MachineReport) => number | null): number | null => {
    const known = machines.flatMap((machine) => of(machine) ?? []);
    return known.length === 0 ? null : known.reduce((all, each) => all + each, 0);
  };
  const side = (which: "before" | "after"): Amounts =>
    change === null
      ? UNKNOWN
      : {
          monthlyCost: change[which],
          costPerMillion: change.perMillion[which],
          transitions: change.transitions[which],
        };
  return {
    name: "All machines together",
    budgets: ({ total }) => (total === null ? [] : [total]),
    month: {
      monthlyCost: totals.monthlyCost,
      costPerMillion: sum(({ costPerMillion }) => costPerMillion),
      transitions: sum(({ transitionsPerExecution }) => transitionsPerExecution),
    },
    change: { before: side("before"), after: side("after") },
  };
}

function amountsOf({ monthlyCost, costPerMillion, transitionsPerExecution }: MachineFigures): Amounts {
  return { monthlyCost, costPerMillion, transitions: transitionsPerExecution };
}

/** Amounts are held against the month, increases against the part of it that compares. */
function breaches(report: MonthlyReport, { name, budgets, month, change }: Subject, policy: Policy) {
  const words = {
    money: (amount: number): string => moneyText(amount, report.currency),
    isState: true,
  };
  const of = (sides: Sides, budget: Budget): readonly string[] => budgetBreaches(name, sides, budget, words);
  return budgets(policy).flatMap((budget) => [
    ...of({ before: null, after: month }, { ...budget, increases: NO_BUDGET.increases }),
    ...of(change, { ...budget, amounts: NO_BUDGET.amounts }),
  ]);
}

/** A sentence for each measure that is budgeted and not known, with whom it concerns. */
function unjudged(
  { month, change }: MonthlyReport,
  subjects: readonly Subject[],
  policies: readonly Policy[],
): readonly string[] {
  const names = new Map<string, Set<string>>();
  const add = (what: string, name: string): void => {
    names.set(what, (names.get(what) ?? new Set()).add(name));
  };
  for (const subject of subjects)
    for (const budget of policies.flatMap(subject.budgets))
      for (const measure of Object.keys(MEASURES) as BudgetMeasure[]) {
        const { what } = MEASURES[measure];
        const { before, after } = subject.change;
        const isKnown = (before === null || before[measure] !== null) && after?.[measure] != null;
        if (budget.amounts[measure] !== null && subject.month[measure] === null)
          add(`the ${what} is not known, so its budget is not judged`, subject.name);
        if (budget.increases[measure] !== null && !isKnown)
          add(`how much the ${what} grew cannot be judged, because ${whyNot(month, change)}`, subject.name);
      }
  return [...names].map(([what, whom]) => `${listed([...whom])}: ${what}`);
}

function whyNot(month: string, change: MonthlyReport["change"]): string {
  return change === null ? `no month before ${month} is given` : `it is not known in both months`;
}
