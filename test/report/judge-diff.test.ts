import { describe, expect, test } from "vitest";
import { parseFailOn } from "../../src/commands/fail-on.ts";
import type { DiffWorkflow } from "../../src/report/diff-report.ts";
import { judgeDiff } from "../../src/report/judge-diff.ts";
import { readWorkloadFile } from "../../src/workflow/workload/whole-workload-file.ts";
import { changedWorkflow, diffOf, withoutExecutions } from "../render/sample-diffs.ts";

function reasonsFor(workflow: DiffWorkflow, ...failOn: string[]): readonly string[] {
  return judgeDiff(diffOf([workflow]), [parseFailOn(failOn).policies]).reasons;
}

const order = changedWorkflow("order");

describe("budgets", () => {
  test.each([
    ["monthly-cost=200", 1],
    ["monthly-cost=275", 0],
    ["monthly-cost=100", 0],
    ["cost-per-million=200", 1],
    ["transitions=10", 1],
    ["transitions=11", 0],
    ["monthly-cost=+99", 1],
    ["monthly-cost=+100", 0],
    ["monthly-cost=+57%", 1],
    ["monthly-cost=+58%", 0],
    ["transitions=+3", 1],
    ["total.monthly-cost=200", 1],
    ["total.monthly-cost=+100", 0],
    ["total.transitions=+50%", 1],
  ])("175 → 275 USD and 7 → 11 transitions against %s: %i", (failOn, count) => {
    expect(reasonsFor(order, failOn)).toHaveLength(count);
  });

  test("money is written as reports write it", () => {
    expect(reasonsFor(order, "monthly-cost=200.5", "monthly-cost=+57%")).toEqual([
      "order: $275.00 a month crosses the budget of $200.50 a month",
      "order: cost per month $175.00 → $275.00, $100.00 a month more than before, where 57% is allowed",
    ]);
  });

  test("what is new crosses a budget, and has nothing to grow by a share of", () => {
    const added = changedWorkflow("new", { status: "added", before: null });
    expect(reasonsFor(added, "monthly-cost=200", "transitions=+10")).toHaveLength(2);
    expect(reasonsFor(added, "monthly-cost=+10%")).toEqual([]);
  });

  test("what is removed or not known breaks no budget", () => {
    expect(reasonsFor(changedWorkflow("old", { status: "removed", after: null }), "monthly-cost=0")).toEqual(
      [],
    );
    expect(reasonsFor(withoutExecutions("open"), "monthly-cost=200", "monthly-cost=+1")).toEqual([]);
    expect(reasonsFor(withoutExecutions("open"), "cost-per-million=200")).toHaveLength(1);
  });
});

describe("findings", () => {
  const found = changedWorkflow("order", {
    newFindings: [{ code: "endless-loop", severity: "warning", message: "m", at: null, hint: null }],
    newLimits: [{ code: "history-events", limit: 25_000, text: "t", passed: "worst" }],
  });

  test.each([
    ["findings", 1],
    ["findings=error", 0],
    ["findings=info", 1],
    ["limits", 0],
    ["limits=worst", 1],
    ["type-switch", 0],
  ])("%s: %i", (failOn, count) => {
    expect(reasonsFor(found, failOn)).toHaveLength(count);
  });

  test("a definition that can no longer be read is a finding", () => {
    expect(reasonsFor(changedWorkflow("order", { unread: "head" }), "findings=error")).toHaveLength(1);
    expect(reasonsFor(changedWorkflow("order", { unread: "base" }), "findings=error")).toEqual([]);
  });
});

describe("policies of stepfare.yml", () => {
  const policiesOf = (text: string) => readWorkloadFile(text, "stepfare.yml").workloadFile!.policies;

  test("a workflow's own budget stands over the one for each", () => {
    const policies = policiesOf(
      `policies: { deny: { eachWorkflow: { transitions: 10 }, workflows: { "ord*": { transitions: 20 } } } }`,
    );
    expect(judgeDiff(diffOf([order]), [policies]).passed).toBe(true);
    expect(judgeDiff(diffOf([changedWorkflow("other")]), [policies]).passed).toBe(false);
  });

  test("warnings pass unless told otherwise", () => {
    const policies = policiesOf("policies: { warn: { total: { increase: { monthlyCost: 1 } } } }");
    expect(judgeDiff(diffOf([order]), [policies])).toMatchObject({
      passed: true,
      reasons: [],
      warnings: [expect.any(String)],
    });
    expect(judgeDiff(diffOf([order]), [policies], { warningsFail: true })).toMatchObject({
      passed: false,
      warnings: [],
    });
  });

  test("mistakes are told with their place", () => {
    const { errors } = readWorkloadFile(
      "policies:\n  deny:\n    total: { monthlyCost: lots }\n    limit: likely",
      "stepfare.yml",
    );
    expect(errors.map(({ at, message }) => [at?.line, message.split(":")[0]])).toEqual([
      [3, "monthlyCost"],
      [4, '"limit" is no key here. Did you mean "limits"?'],
    ]);
  });
});
