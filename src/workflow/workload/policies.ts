/** Policies say what a change may cost before it is warned of, or the run fails. */

export interface Policies {
  readonly warn: Policy | null;
  readonly deny: Policy | null;
}

export interface Policy {
  /** Over all workflows together. */
  readonly total: Budget | null;
  /** For each workflow by itself. */
  readonly eachWorkflow: Budget | null;
  /** For the workflows of these names; `*` stands for anything. */
  readonly workflows: ReadonlyMap<string, Budget>;
  /** New diagnostics of this severity or a worse one; null = none count. */
  readonly findings: "error" | "warning" | "info" | null;
  /** Limits of AWS newly passed: likely, or already in the worst case. */
  readonly limits: "likely" | "worst" | null;
  readonly typeSwitch: boolean;
}

export type BudgetMeasure = "monthlyCost" | "costPerMillion" | "transitions";

/** Null = no limit. An amount is crossed, an increase is made; who is over an amount already crosses nothing. */
export interface Budget {
  readonly amounts: Readonly<Record<BudgetMeasure, number | null>>;
  readonly increases: Readonly<Record<BudgetMeasure, Increase | null>>;
}

export type Increase =
  { readonly kind: "amount"; readonly value: number } | { readonly kind: "percent"; readonly value: number };

export const NO_BUDGET: Budget = {
  amounts: { monthlyCost: null, costPerMillion: null, transitions: null },
  increases: { monthlyCost: null, costPerMillion: null, transitions: null },
};

export const NO_POLICY: Policy = {
  total: null,
  eachWorkflow: null,
  workflows: new Map(),
  findings: null,
  limits: null,
  typeSwitch: false,
};
