/** Opportunities: what they save is what `analyze` says of the changed definition, to the cent; patches validate and keep behaviour where they say so. */
import { describe, expect, it } from "vitest";
import { changeWorkflow, writtenDefinition } from "../../src/recommendation/changed-workflow.ts";
import { applyPatch } from "../../src/recommendation/json-patch.ts";
import { placeStates } from "../../src/recommendation/placed-state.ts";
import { opportunityRules } from "../../src/recommendation/rule-list.ts";
import type { Proposal } from "../../src/recommendation/recommendation.ts";
import type { Subject } from "../../src/recommendation/rule.ts";
import { judgeExpress } from "../../src/recommendation/express-eligibility.ts";
import { chooseType } from "../../src/recommendation/type-choice.ts";
import { estimateWorkflow } from "../../src/cost/workflow-estimates.ts";
import { NO_OTHER_USAGE } from "../../src/cost/line-item.ts";
import { priceListOf } from "../../src/cost/known-price-lists.ts";
import type { WorkflowReport } from "../../src/report/analysis-report.ts";
import { traceExecution } from "../../src/scenario/execution-trace.ts";
import { readDefinition } from "../../src/workflow/definition/read-definition.ts";
import { sourceOfValue } from "../../src/workflow/text/source-text.ts";
import type { Workflow } from "../../src/workflow/workflow.ts";
import { opportunityCases } from "./opportunity-cases.ts";
import { analysed, workflowOf } from "./reviewed.ts";

const priceList = priceListOf("us-east-1")!;

function subjectOf(workflow: Workflow): Subject {
  const { stateMachine, workload } = workflow;
  const executions = workload.executionsPerMonth?.value ?? null;
  const context = { parseJsonata: null, taskDuration: null, childEnds: () => null };
  const basis = { priceList, transitionRule: "start+entered", others: NO_OTHER_USAGE } as const;
  const estimates = estimateWorkflow({ stateMachine, workload, context, executions, basis })!;
  const type = workflow.type ?? "STANDARD";
  const eligibility = judgeExpress(estimates.profile, workload);
  return {
    workflow,
    type,
    estimates,
    eligibility,
    profile: estimates.profile,
    states: placeStates(stateMachine, type, estimates.profile),
    choice: chooseType({ declared: type, estimates, eligibility, priceList }),
    sagas: [],
    startedTypes: new Map(),
  };
}

/** What the month costs with all that is beside the workflow, besides what is paid either way. */
function monthOf({ estimates, type }: WorkflowReport, apart: readonly string[]): number {
  const { monthlyCost, downstream } = estimates[type];
  return downstream
    .filter(({ usageType }) => !apart.includes(usageType))
    .reduce((sum, { cost }) => sum + cost!, monthlyCost!);
}

describe.each(opportunityCases)(
  "$rule",
  ({ rule: id, wasteful, around, fine, fineAround, input, results }) => {
    const rule = opportunityRules.find((each) => each.id === id)!;
    const workflow = workflowOf(wasteful, around);
    const proposals = (): readonly Proposal[] => rule.propose(subjectOf(workflow)) ?? [];
    const report = analysed(workflow);
    const told = report.opportunities.filter((each) => each.rule === id);

    it("is told of a wasteful workflow, with a saving, and of no other", () => {
      expect(told.length).toBeGreaterThan(0);
      for (const { estimatedMonthlySavings, savingPerMillion } of told) {
        expect(estimatedMonthlySavings).toBeGreaterThan(0);
        expect(savingPerMillion).toBeGreaterThan(0);
      }
      expect(analysed(workflowOf(fine, fineAround)).opportunities.map((each) => each.rule)).not.toContain(id);
    });

    it("saves what analyze says of the changed definition, to the cent", () => {
      for (const [index, proposal] of proposals().entries()) {
        const apart = proposal.paidEitherWay ?? [];
        const after = analysed(changeWorkflow(workflow, proposal));
        const saving = told[index]!.estimatedMonthlySavings!;
        expect(saving).toBeCloseTo(monthOf(report, apart) - monthOf(after, apart), 2);
      }
    });

    it("has patches that validate, as they stand in the report", () => {
      for (const { patch } of told) {
        if (patch === null) continue;
        const changed = applyPatch(writtenDefinition(workflow.stateMachine), patch);
        const { diagnostics } = readDefinition(sourceOfValue(changed, "changed.asl.json"));
        expect(diagnostics.filter(({ severity }) => severity === "error")).toStrictEqual([]);
      }
    });

    it("keeps behaviour where it says so", async () => {
      for (const { patch, keepsBehaviour } of told) {
        if (patch === null || patch.length === 0 || !keepsBehaviour) continue;
        expect(input, "a case that keeps behaviour gives an input").toBeDefined();
        const given = { input, ...(results === undefined ? {} : { results }) };
        const before = await traceExecution(writtenDefinition(workflow.stateMachine), given);
        const after = await traceExecution(
          applyPatch(writtenDefinition(workflow.stateMachine), patch),
          given,
        );
        expect(before.status).toBe("SUCCEEDED");
        expect([after.status, after.output]).toStrictEqual([before.status, before.output]);
      }
    });
  },
);

describe("opportunities", () => {
  it("have a case each", () => {
    expect(opportunityCases.map(({ rule }) => rule).toSorted()).toStrictEqual(
      opportunityRules.map(({ id }) => id).toSorted(),
    );
  });
});
