import { describe, expect, it } from "vitest";
import { diagnoseUnmatchedEntries, workloadFor } from "../../../src/workflow/workload/workload-file-match.ts";
import type { WorkflowIdentity } from "../../../src/workflow/workload/workload-file-match.ts";
import { parseWorkloadFile } from "../../../src/workflow/workload/whole-workload-file.ts";

function workflow(given: Partial<WorkflowIdentity> = {}): WorkflowIdentity {
  return { name: "orders", file: "flows/orders.asl.json", aliases: [], ...given };
}

function matched(text: string, given: Partial<WorkflowIdentity> = {}) {
  return workloadFor(parseWorkloadFile(text, "stepfare.yml"), workflow(given));
}

function payload(text: string, given: Partial<WorkflowIdentity> = {}): number | undefined {
  return matched(text, given)?.workload.payloadKB?.value;
}

describe("workloadFor", () => {
  it("goes by name, or by another name", () => {
    const text = "workflows: { orders: { payloadKB: 1 } }";
    expect(payload(text)).toBe(1);
    expect(payload(text, { name: "OrdersFunction", aliases: ["orders"] })).toBe(1);
    expect(matched(text, { name: "other" })).toBeNull();
    expect(matched("region: us-east-1")).toBeNull();
  });

  it("goes by file glob, from the folder of the workload file", () => {
    const text = 'workflows: { any: { match: { file: "./flows/**/*.json" }, payloadKB: 1 } }';
    expect(payload(text)).toBe(1);
    expect(payload(text, { file: "flows/deep/.hidden/x.json" })).toBe(1);
    expect(matched(text, { file: "elsewhere/x.json" })).toBeNull();
    expect(matched(text, { file: null })).toBeNull();
  });

  it("no longer goes by name once an entry says what it matches", () => {
    expect(matched("workflows: { orders: { match: { file: other/*.json }, payloadKB: 1 } }")).toBeNull();
  });

  it.each([
    ["arn:aws:states:*:*:stateMachine:orders", true],
    ["arn:aws:states:eu-west-1:123456789012:stateMachine:orders", true],
    ["*", true],
    ["arn:aws:states:us-*:stateMachine:orders", false],
    ["arn:aws:states:*:stateMachine:order", false],
    ["arn:aws:states:eu-west-1:123456789012:stateMachine:orders*orders", false],
  ])("matches the ARN %s: %j", (arn, isMatch) => {
    const text = JSON.stringify({ workflows: { any: { match: { arn }, payloadKB: 1 } } });
    const aliases = ["arn:aws:states:eu-west-1:123456789012:stateMachine:orders"];
    expect(payload(text, { aliases })).toBe(isMatch ? 1 : undefined);
  });

  it("lets the more specific entry win, figure by figure, wherever it stands", () => {
    const text = `
defaults: { payloadKB: 1, logLevel: ALL, needsHistory: true, perDay: 1 }
workflows:
  by-arn: { match: { arn: "*:orders" }, payloadKB: 5 }
  orders: { payloadKB: 3, peakPerSecond: 4, needsHistory: false, states: { A: { items: 2, itemKB: 2 } } }
  by-file: { match: { file: "**" }, payloadKB: 2, type: EXPRESS, peakPerSecond: 1, states: { A: { items: 9, rounds: 3 } } }
`;
    const found = matched(text, { aliases: ["arn:orders"] });
    expect(found?.entries.map(({ selector }) => selector.name)).toStrictEqual([
      "by-file",
      "orders",
      "by-arn",
    ]);
    expect(found).toMatchObject({
      type: "EXPRESS",
      workload: {
        payloadKB: { value: 5 },
        peakPerSecond: { value: 4 },
        logLevel: "ALL",
        needsHistory: false,
        executionsPerMonth: { value: 730 / 24 },
      },
    });
    expect(found?.workload.states.get("A")).toMatchObject({
      items: { value: 2 },
      itemKB: { value: 2 },
      rounds: { value: 3 },
    });
  });

  it("lets the later of two equals win", () => {
    const text =
      'workflows: { a: { match: { file: "**" }, payloadKB: 1 }, b: { match: { file: "**" }, payloadKB: 2 } }';
    expect(payload(text)).toBe(2);
  });

  it("applies defaults to a workflow that no entry is for", () => {
    expect(payload("defaults: { payloadKB: 7 }")).toBe(7);
  });
});

describe("diagnoseUnmatchedEntries", () => {
  it("warns of near misses, and only mentions the rest", () => {
    const file = parseWorkloadFile("workflows:\n  ordes: {}\n  billing: {}\n  orders: {}\n", "stepfare.yml");
    expect(diagnoseUnmatchedEntries(file, [workflow()])).toMatchObject([
      {
        code: "unknown-workflow-in-workload",
        severity: "warning",
        at: { line: 2 },
        hint: 'Did you mean "orders"?',
      },
      { code: "unknown-workflow-in-workload", severity: "info", at: { line: 3 }, hint: null },
    ]);
  });

  it("does the same of budgets, whose names may hold stars", () => {
    const text = `policies:
  warn: { workflows: { "*": { transitions: 1 }, "ord*": { transitions: 1 } } }
  deny:
    workflows:
      ordes: { costPerMillion: 5 }
      "odr*s": { costPerMillion: 5 }
      "billing-*": { costPerMillion: 5 }
`;
    expect(diagnoseUnmatchedEntries(parseWorkloadFile(text, "stepfare.yml"), [workflow()])).toMatchObject([
      { severity: "warning", at: { line: 5 }, hint: 'Did you mean "orders"?' },
      { severity: "warning", at: { line: 6 }, hint: 'Did you mean "ord*s"?' },
      { severity: "info", at: { line: 7 }, hint: null },
    ]);
  });
});
