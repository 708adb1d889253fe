/**
 * What-if is an analysis calculated anew where it is read: the workflows with all that their cost depends on, packed
 * as JSON, and the same analysis over them with other figures. Workflows that start each other go together; what the
 * others use counts towards tiers and free units as it did.
 */
import { LENDING_REGION, borrowPrices } from "../cost/borrowed-price.ts";
import type { AccountUsage } from "../cost/line-item.ts";
import type { PriceList } from "../cost/price-list.ts";
import type { ParseJsonata } from "../graph/constant-expression.ts";
import type { TransitionRule, UsageType } from "../usage/usage-line.ts";
import { type PackedWorkflow, packWorkflow, unpackWorkflow } from "../workflow/packed-workflow.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { DurationFigure, Workload } from "../workflow/workload/workload.ts";
import type { WorkflowReport } from "./analysis-report.ts";
import { buildAnalysis, usageOf } from "./build-analysis.ts";
import { type NestedExecutions, nestExecutions } from "./nested-executions.ts";

export interface WhatIf {
  readonly region: string;
  readonly transitionRule: TransitionRule;
  readonly taskDuration: DurationFigure | null;
  /** Paths shown. */
  readonly top: number;
  /** Of the regions that can be chosen; that of the run is whole, the others lack what they do not know. */
  readonly priceLists: readonly PriceList[];
  /** Whether those others then take it from the lending region. */
  readonly borrow: boolean;
  readonly workflows: readonly PackedWorkflow[];
  /** One for each workflow of the report that is told in detail, in its order; null = it cannot be calculated anew. */
  readonly subjects: readonly (WhatIfSubject | null)[];
}

export interface WhatIfSubject {
  /** Numbers in `workflows`: the subject first, then those it starts or is started by. */
  readonly members: readonly number[];
  /** What all other workflows use in the month, by the rule that counts transitions. */
  readonly elsewhere: Readonly<Record<TransitionRule, readonly (readonly [UsageType, number])[]>>;
}

export interface WhatIfInput {
  readonly workflows: readonly Workflow[];
  readonly reported: readonly WorkflowReport[];
  readonly priceLists: readonly PriceList[];
  readonly borrow: boolean;
  readonly region: string;
  readonly transitionRule: TransitionRule;
  readonly taskDuration: DurationFigure | null;
  readonly parseJsonata: ParseJsonata | null;
  readonly top: number;
}

export function packWhatIf(input: WhatIfInput): WhatIf {
  const { workflows, reported, priceLists, region, transitionRule, taskDuration, parseJsonata, top } = input;
  const nesting = nestExecutions(workflows, { parseJsonata, taskDuration });
  const packed: Workflow[] = [];
  const numberOf = (workflow: Workflow): number => {
    const known = packed.indexOf(workflow);
    return known >= 0 ? known : packed.push(workflow) - 1;
  };
  const subjects = reported.map((report): WhatIfSubject | null => {
    const subject = workflows.find(({ name, at }) => name === report.name && at === report.at);
    // A deployed machine's month is what AWS counted, which no other figure changes.
    if (subject === undefined || subject.deployed !== undefined) return null;
    const members = relatives(subject, workflows, nesting);
    const others = workflows.filter((workflow) => !members.includes(workflow));
    const elsewhere = (rule: TransitionRule) => [...usageOf(others, nesting, rule)];
    return {
      members: members.map(numberOf),
      elsewhere: {
        entered: elsewhere("entered"),
        "start+entered": elsewhere("start+entered"),
        "start+entered+end": elsewhere("start+entered+end"),
      },
    };
  });
  return {
    region,
    transitionRule,
    taskDuration,
    top,
    priceLists,
    borrow: input.borrow,
    workflows: packed.map(packWorkflow),
    subjects,
  };
}

function pricesOf({ priceLists, borrow, region: own }: WhatIf, region: string): PriceList | null {
  const list = priceLists.find((each) => each.region === region) ?? null;
  const lender = priceLists.find((each) => each.region === LENDING_REGION);
  return list === null || region === own || !borrow || lender === undefined
    ? list
    : borrowPrices(list, lender);
}

/** The workflow, and all that it starts or that start it, directly or through others. */
function relatives(
  subject: Workflow,
  workflows: readonly Workflow[],
  nesting: NestedExecutions,
): readonly Workflow[] {
  const starts = workflows.flatMap((parent) =>
    nesting.starts(parent)
      ? nesting.startsOf(parent).flatMap(({ child }) => (child === null ? [] : [[parent, child] as const]))
      : [],
  );
  const found = [subject];
  // Grows while it is walked.
  for (const one of found) {
    for (const pair of starts) {
      if (!pair.includes(one)) continue;
      for (const other of pair) if (!found.includes(other)) found.push(other);
    }
  }
  return found;
}

export interface Supposition {
  readonly region: string;
  readonly transitionRule: TransitionRule;
  readonly workload: Workload;
}

/** The subject as `analyze` would report it with that region, rule and workload. Null where no price list is at hand. */
export function suppose(
  whatIf: WhatIf,
  subject: WhatIfSubject,
  { supposition, parseJsonata }: { supposition: Supposition; parseJsonata: ParseJsonata | null },
): WorkflowReport | null {
  const { region, transitionRule, workload } = supposition;
  const priceList = pricesOf(whatIf, region);
  if (priceList === null) return null;
  const members = subject.members.map((number) => unpackWorkflow(whatIf.workflows[number]!));
  const [own, ...relations] = members;
  const changed = { ...own!, workload };
  const elsewhere: AccountUsage = new Map(subject.elsewhere[transitionRule]);
  const { workflows } = buildAnalysis({
    workflows: [changed, ...relations],
    priceList,
    transitionRule,
    elsewhere,
    context: { parseJsonata, taskDuration: whatIf.taskDuration },
    top: whatIf.top,
    pictures: true,
    diagnostics: [],
  });
  return workflows.find(({ name, at }) => name === changed.name && at === changed.at) ?? null;
}
