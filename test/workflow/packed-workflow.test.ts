import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packWorkflow, unpackWorkflow } from "../../src/workflow/packed-workflow.ts";
import { workloadFor } from "../../src/workflow/workload/workload-file-match.ts";
import { parseWorkloadFile } from "../../src/workflow/workload/whole-workload-file.ts";
import { writeWorkloadFile } from "../../src/workflow/workload/workload-yaml.ts";
import { readDefinition } from "../../src/workflow/definition/read-definition.ts";
import { readSourceText } from "../../src/workflow/text/source-text.ts";
import type { Workflow } from "../../src/workflow/workflow.ts";
import type { Workload } from "../../src/workflow/workload/workload.ts";

const SAID = `
workflows:
  flow:
    executionsPerMonth: { low: 500k, likely: 1M, high: 3M }
    peakPerSecond: 50
    payloadKB: 8
    logLevel: ERROR
    logExecutionData: false
    tracing: true
    needsHistory: true
    suppress: [{ rule: task-without-retry, state: "O'Brien: \\"x\\"", reason: "because\\nof # it" }]
    states:
      "O'Brien: \\"x\\"": { duration: { p50: 300ms, p99.9: 2s }, failureRate: 1%, idempotent: true }
      "yes": { choices: { "yes": 0.02, "__proto__": 0.3 } }
      "__proto__": { items: { low: 1, likely: 4, high: 9 }, itemKB: 2 }
      Twin: { duration: 0.5ms, errors: { Lambda.Busy: 0.8% }, lambda: { memoryMB: 512, architecture: arm64 } }
`;

function workflow(): Workflow {
  const twin = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true };
  const text = `{
  "StartAt": "O'Brien: \\"x\\"",
  "States": {
    "O'Brien: \\"x\\"": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "yes" },
    "yes": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsPresent": true, "Next": "yes" }], "Default": "__proto__" },
    "__proto__": { "Type": "Map", "ItemProcessor": { "StartAt": "Twin", "States": { "Twin": ${JSON.stringify(twin)} } }, "End": true }
  }
}`;
  const source = readSourceText(text, "flow.asl.json");
  const { stateMachine } = readDefinition(source);
  return {
    name: "flow",
    type: "EXPRESS",
    stateMachine: stateMachine!,
    workload: said(SAID),
    at: source.locate(""),
    foundIn: "asl",
    aliases: ["arn"],
    locate: source.locate,
    diagnostics: [],
  };
}

function said(text: string): Workload {
  const file = parseWorkloadFile(text, "stepfare.yml");
  expect(file.diagnostics).toEqual([]);
  return workloadFor(file, { name: "flow", file: null, aliases: [] })!.workload;
}

/** Figures without the places where they were written. */
function bare(workload: Workload): unknown {
  return JSON.parse(
    JSON.stringify(workload, (key, value: unknown) => {
      if (key === "note" || key === "at" || key === "choicesAt") return undefined;
      return value instanceof Map ? [...(value as Map<unknown, unknown>)] : value;
    }),
  );
}

test("a workflow packed as JSON is the same when it is unpacked, states, figures and places", () => {
  const given = workflow();
  const back = unpackWorkflow(
    JSON.parse(JSON.stringify(packWorkflow(given))) as ReturnType<typeof packWorkflow>,
  );
  expect(back.stateMachine).toEqual(given.stateMachine);
  expect(back.workload).toEqual(given.workload);
  for (const { pointer } of given.stateMachine.states)
    expect(back.locate(pointer)).toEqual(given.locate(pointer));
  expect(back.locate("/States/yes/Choices/0").line).toBe(given.locate("/States/yes").line);
});

test("a workload written as stepfare.yml says the same when it is read", () => {
  const { stateMachine, workload, name } = workflow();
  const file = writeWorkloadFile({
    name,
    region: "us-east-1",
    transitionRule: "entered",
    stateMachine,
    workload,
  });
  expect(bare(said(file))).toEqual(bare(workload));
});

test("of which nothing is said, it is still a file that reads", () => {
  const { stateMachine, name } = workflow();
  const nothing = said("workflows: { flow: {} }");
  const file = writeWorkloadFile({
    name,
    region: "us-east-1",
    transitionRule: "entered",
    stateMachine,
    workload: nothing,
  });
  expect(bare(said(file))).toEqual(bare(nothing));
});

test("the example's workload survives the way through the file", () => {
  const text = readFileSync("examples/stepfare.yml", "utf8");
  const source = readSourceText(readFileSync("examples/order-saga.asl.json", "utf8"), "order-saga.asl.json");
  const { stateMachine } = readDefinition(source);
  const identity = { name: "order-saga", file: null, aliases: [] };
  const { workload } = workloadFor(parseWorkloadFile(text, "stepfare.yml"), identity)!;
  const file = writeWorkloadFile({
    name: "order-saga",
    region: "us-east-1",
    transitionRule: "entered",
    stateMachine: stateMachine!,
    workload,
  });
  expect(bare(workloadFor(parseWorkloadFile(file, "again"), identity)!.workload)).toEqual(bare(workload));
});
