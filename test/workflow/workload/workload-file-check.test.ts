import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/workflow/text/json-value.ts";
import { parseStateMachine } from "../../../src/workflow/definition/parse-state-machine.ts";
import { diagnoseStateKeys } from "../../../src/workflow/workload/workload-file-check.ts";
import { parseWorkloadFile } from "../../../src/workflow/workload/whole-workload-file.ts";

const task = (next: string | null) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  ...(next === null ? { End: true } : { Next: next }),
});

const ORDERS = {
  StartAt: "RouteByValue",
  States: {
    RouteByValue: {
      Type: "Choice",
      Choices: [{ Variable: "$.a", NumericGreaterThan: 1, Next: "ManualReview" }],
      Default: "Lines",
    },
    ManualReview: task("Lines"),
    Lines: {
      Type: "Map",
      ItemProcessor: { StartAt: "Price", States: { Price: task(null) } },
      Next: "Both",
    },
    Both: { Type: "Parallel", Branches: [{ StartAt: "Ship", States: { Ship: task(null) } }], End: true },
  },
};

function diagnose(states: string, definition: JsonValue = ORDERS) {
  const { stateMachine } = parseStateMachine(definition, { definitionBytes: 1000 });
  const [entry] = parseWorkloadFile(
    `workflows:\n  orders:\n    states:\n${states}`,
    "stepfare.yml",
  ).workflows;
  if (!stateMachine || !entry) throw new Error("expected a state machine and an entry");
  return diagnoseStateKeys(entry, stateMachine);
}

describe("diagnoseStateKeys", () => {
  it("warns of a state whose findings are suppressed and that is not there", () => {
    const rest = `      Price: { duration: 1s }
    suppress:
      - { rule: task-without-timeout, state: Ship, reason: x }
      - { rule: task-without-timeout, state: ManualReveiw, reason: x }
      - { rule: task-without-timeout, reason: x }
`;
    expect(diagnose(rest)).toMatchObject([
      {
        code: "unknown-state-in-workload",
        severity: "warning",
        at: { line: 7 },
        hint: 'Did you mean "ManualReview"?',
      },
    ]);
  });

  it("is content with states of every scope, by name and by pointer", () => {
    const states = `
      RouteByValue: { choices: { ManualReview: 0.1, Lines: 0.2, 0: 0.3, default: 0.4 }, rounds: 2 }
      Lines: { items: 3, itemKB: 2 }
      Price: { duration: 1s, idempotent: true }
      /States/Both/Branches/0/States/Ship: { failureRate: 1%, lambda: { memoryMB: 128 } }
`;
    expect(diagnose(states)).toStrictEqual([]);
  });

  it("warns of a state that is not there, with the name that was meant", () => {
    expect(diagnose("      Pirce: { duration: 1s }\n      Zebra:\n")).toMatchObject([
      {
        code: "unknown-state-in-workload",
        severity: "warning",
        at: { file: "stepfare.yml", line: 4, column: 7, pointer: "/workflows/orders/states/Pirce" },
        hint: 'Did you mean "Price"?',
      },
      { code: "unknown-state-in-workload", at: { line: 5, column: 7 }, hint: null },
    ]);
  });

  it("compares pointers with pointers", () => {
    expect(diagnose("      /States/Both/Branches/1/States/Ship: { duration: 1s }\n")).toMatchObject([
      { code: "unknown-state-in-workload", hint: 'Did you mean "/States/Both/Branches/0/States/Ship"?' },
    ]);
  });

  it("warns of a branch that is not there", () => {
    const branches = "RouteByValue: { choices: { ManualRevue: 0.1, 1: 0.2, Price: 0.1 } }";
    const known = 'Its rules are numbered from 0 and lead to "ManualReview", "Lines".';
    const code = "unknown-branch-in-workload";
    expect(diagnose(`      ${branches}\n`)).toMatchObject([
      { code, at: { line: 4, column: 34 }, hint: 'Did you mean "ManualReview"?' },
      { code, at: { line: 4, column: 52 }, hint: known },
      { code, at: { line: 4, column: 60 }, hint: known },
    ]);
  });

  it("warns of a figure that a state of its type cannot use", () => {
    expect(diagnose("      Price: { items: 3, choices: { A: 1 }, duration: 1s }\n")).toMatchObject([
      {
        code: "unused-figure-in-workload",
        at: { line: 4, column: 16 },
        message: expect.stringMatching(/is a Task: items is for Map/),
      },
      { code: "unused-figure-in-workload", message: expect.stringMatching(/choices is for Choice/) },
    ]);
  });

  it("is not misled by names that objects inherit", () => {
    expect(diagnose("      __proto__: { duration: 1s }\n      constructor: { duration: 1s }\n")).toHaveLength(
      2,
    );
  });
});
