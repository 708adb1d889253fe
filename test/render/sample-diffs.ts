/** Sample diffs are diff reports written by hand, for renderers to show. */
import type { DiffLine, DiffReport, DiffWorkflow } from "../../src/report/diff-report.ts";

export function line(fields: Partial<DiffLine> & Pick<DiffLine, "text" | "cost">): DiffLine {
  return { state: null, transitions: 0, cause: "flow", states: [], part: "definition", ...fields };
}

/** 7 transitions become 11, $175 become $275. */
export function changedWorkflow(name: string, fields: Partial<DiffWorkflow> = {}): DiffWorkflow {
  return {
    name,
    formerName: null,
    status: "changed",
    at: { file: `${name}.asl.json`, line: 1, column: 1, pointer: "" },
    formerFile: null,
    before: {
      type: "STANDARD",
      monthlyCost: 175,
      costPerMillion: 175,
      transitions: 7,
      executionsPerMonth: 1e6,
    },
    after: {
      type: "STANDARD",
      monthlyCost: 275,
      costPerMillion: 275,
      transitions: 11,
      executionsPerMonth: 1e6,
    },
    difference: 100,
    differencePerMillion: 100,
    per: "month",
    because: [
      line({
        text: "Poll added (Task, entered 4 times per execution)",
        state: "Poll",
        transitions: 4,
        cost: 100.1,
        cause: "presence",
      }),
      line({
        text: "the month's free tier, which the account's workflows share",
        cost: -0.1,
        cause: "free-tier",
        part: "prices",
      }),
    ],
    states: { added: ["Poll"], removed: [], renamed: [] },
    unread: null,
    newFindings: [],
    newLimits: [],
    newAssumptions: [],
    graph: {
      nodes: [
        { name: "Start", type: "Task", status: "unchanged", within: null },
        { name: "Poll", type: "Choice", status: "added", within: null },
        { name: "Each", type: "Map", status: "changed", within: null },
        { name: "Inner", type: "Task", status: "changed", within: 2 },
      ],
      edges: [
        { from: 0, to: 1 },
        { from: 1, to: 2 },
      ],
    },
    ...fields,
  };
}

/** Executions are not known: no money per month, but a difference all the same. */
export function withoutExecutions(name: string): DiffWorkflow {
  const known = changedWorkflow(name);
  const side = (summary: DiffWorkflow["before"]) =>
    summary && { ...summary, monthlyCost: null, executionsPerMonth: null };
  return {
    ...known,
    before: side(known.before),
    after: side(known.after),
    difference: null,
    per: "million executions",
  };
}

export function diffOf(workflows: readonly DiffWorkflow[], fields: Partial<DiffReport> = {}): DiffReport {
  const sum = (of: (workflow: DiffWorkflow) => number | null | undefined): number | null => {
    const known = workflows.flatMap((workflow) => of(workflow) ?? []);
    return known.length === 0 ? null : known.reduce((all, each) => all + each, 0);
  };
  const [before, after] = [
    sum(({ before: side }) => side?.monthlyCost),
    sum(({ after: side }) => side?.monthlyCost),
  ];
  return {
    schemaVersion: "1",
    kind: "diff",
    base: "origin/main (1a2b3c4d)",
    head: "the work tree",
    region: "us-east-1",
    currency: "USD",
    totals: {
      before,
      after,
      difference: before === null || after === null ? null : after - before,
      unknown: workflows.filter(({ per }) => per === "million executions").length,
      perMillion: { before: null, after: null, difference: null },
      transitions: { before: 7, after: 11, difference: 4 },
    },
    verdict: { passed: true, reasons: [], warnings: [] },
    workflows,
    diagnostics: [],
    ...fields,
  };
}
