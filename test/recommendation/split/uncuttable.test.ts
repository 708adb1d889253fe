/** What a split leaves alone: parts that a child cannot be given, names at their limits, machines that need their history. */
import { describe, expect, test } from "vitest";
import { writeSplit } from "../../../src/recommendation/split/write-split.ts";
import { readDefinition } from "../../../src/workflow/definition/read-definition.ts";
import { sourceOfValue } from "../../../src/workflow/text/source-text.ts";
import { machineOf } from "../../graph/run-of.ts";
import { everyCut } from "./act-out-split.ts";

const task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
const choice = {
  Type: "Choice",
  Choices: [{ Variable: "$.large", BooleanEquals: true, Next: "B" }],
  Default: "C",
};

function cutsOf(States: Readonly<Record<string, object>>) {
  const { splits, refused } = everyCut("m", machineOf({ StartAt: Object.keys(States)[0], States }));
  return { states: splits.map(({ written }) => written.children[0]!.states.join(" ")), refused };
}

describe("what a child cannot be given", () => {
  test("a variable that is assigned on some ways only, where it is read", () => {
    const { states, refused } = cutsOf({
      A: { ...choice, Choices: [{ ...choice.Choices[0], Assign: { rate: 1 } }] },
      B: { ...task, Next: "C" },
      C: { ...task, Parameters: { "rate.$": "$rate" }, End: true },
    });
    expect(refused.join("\n")).toContain("the variable rate is assigned on some ways to C only");
    // Where the Choice itself goes along, so does the variable.
    expect(states).toContain("A B C");
    expect(states).not.toContain("C");
  });

  test("a variable that is assigned inside on some ways only, and read behind", () => {
    const { states, refused } = cutsOf({
      A: choice,
      B: { ...task, Assign: { rate: 1 }, Next: "C" },
      C: { ...task, Next: "D" },
      D: { ...task, Parameters: { "rate.$": "$rate" }, End: true },
    });
    expect(refused.join("\n")).toContain("the variable rate is assigned on some ways through only");
    expect(states).not.toContain("A B");
  });

  test("the context object as a whole", () => {
    const { states, refused } = cutsOf({
      A: { ...task, Parameters: { "all.$": "$$" }, Next: "B" },
      B: { ...task, End: true },
    });
    expect(refused.join("\n")).toContain("A reads the context object as a whole");
    expect(states).toEqual(["B"]);
  });

  test("what waits, for a token, a job, a worker or too long; a failure that leads there keeps its state, too", () => {
    const wait = (Resource: string) => ({ ...task, Resource });
    const { states } = cutsOf({
      A: { ...wait("arn:aws:states:::lambda:invoke.waitForTaskToken"), Next: "B" },
      B: { ...wait("arn:aws:states:::glue:startJobRun.sync"), Next: "C" },
      C: { ...wait("arn:aws:states:us-east-1:123456789012:activity:x"), Next: "D" },
      D: { Type: "Wait", Seconds: 301, Next: "E" },
      E: { ...task, Catch: [{ ErrorEquals: ["States.ALL"], Next: "Ask" }], Next: "F" },
      F: { ...task, End: true },
      Ask: { ...wait("arn:aws:states:::lambda:invoke.waitForTaskToken"), Next: "Lost" },
      Lost: { Type: "Fail" },
    });
    expect(states).toEqual(["F"]);
  });
});

test("names stay within 80 characters, and apart", () => {
  const long = (letter: string) => letter.repeat(79);
  const [a, b] = [`${long("n")}a`, `${long("n")}b`];
  const stateMachine = machineOf({
    StartAt: a,
    States: {
      [a]: { ...task, Next: "Ask" },
      Ask: { ...task, Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken", Next: b },
      [b]: { ...task, End: true },
      ["Child Failed"]: { Type: "Fail" },
    },
  });
  const cuts = everyCut("m", stateMachine).splits.map(({ written }) => written.children[0]!.cut);
  const written = writeSplit({
    name: long("w"),
    stateMachine,
    plan: { cuts, contextVariable: "parentContext" },
  });
  const names = written.children.map(({ name }) => name);
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
  const states = Object.keys(written.parent["States"] as object);
  expect(states.every((name) => [...name].length <= 80)).toBe(true);
  const { diagnostics } = readDefinition(sourceOfValue(written.parent));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});
