/** Named workflows: who answers to a StateMachineArn, where several machines of a repository carry one name. */
import { describe, expect, it } from "vitest";
import { nameWorkflows } from "../../src/report/named-workflows.ts";
import type { Workflow } from "../../src/workflow/workflow.ts";
import { machine, workflowOf } from "../recommendation/reviewed.ts";

const flow = (file: string, name: string, aliases: readonly string[] = []): Workflow => {
  const workflow = workflowOf(machine({ A: { Type: "Succeed" } }));
  return { ...workflow, name, aliases, at: { ...workflow.at, file } };
};

const parent = flow("orders/template.yaml", "Parent");
const own = flow("orders/flows/child.asl.json", "orders/Child", ["Child"]);
const other = flow("billing/flows/child.asl.json", "billing/Child", ["Child"]);

describe("nameWorkflows", () => {
  it.each(["Child", "${Child.Arn}", "${ChildArn}", "arn:aws:states:us-east-1:1:stateMachine:Child"])(
    "finds the machine nearest to the parent by %s",
    (target) => {
      expect(nameWorkflows([parent, other, own])(target, parent)).toBe(own);
      expect(nameWorkflows([parent, own])(target, parent)).toBe(own);
    },
  );

  it("finds none where two are equally near, or none is named so", () => {
    const elsewhere = flow("main.yaml", "Elsewhere");
    expect(nameWorkflows([elsewhere, own, other])("Child", elsewhere)).toBeNull();
    expect(nameWorkflows([parent, own])("${Nobody}", parent)).toBeNull();
    expect(nameWorkflows([parent, own])("{% $arn %}", parent)).toBeNull();
  });
});
