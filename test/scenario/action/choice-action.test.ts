import { describe, expect, test } from "vitest";
import { traceExecution } from "../../../src/scenario/execution-trace.ts";

async function decide(rule: object, input: unknown, more: object = {}) {
  const trace = await traceExecution(
    {
      StartAt: "C",
      States: {
        C: { Type: "Choice", Choices: [{ ...rule, Next: "Yes" }], Default: "No", ...more },
        Yes: { Type: "Succeed" },
        No: { Type: "Succeed" },
      },
    },
    { input },
  );
  return trace.status === "SUCCEEDED" ? trace.entered[1]?.name : trace.error?.error;
}

describe("every comparison, where it holds and where it does not", () => {
  const early = "2016-03-14T01:59:00Z";
  const late = "2016-03-14T01:59:00.001Z";
  test.each<[string, unknown, unknown, unknown]>([
    ["BooleanEquals", true, true, false],
    ["NumericEquals", 3, 3.0, 4],
    ["NumericLessThan", 3, 2, 3],
    ["NumericLessThanEquals", 3, 3, 3.5],
    ["NumericGreaterThan", 3, 4, 3],
    ["NumericGreaterThanEquals", 3, 3, 2],
    ["StringEquals", "b", "b", "B"],
    ["StringLessThan", "b", "a", "b"],
    ["StringLessThanEquals", "b", "b", "c"],
    ["StringGreaterThan", "b", "c", "b"],
    ["StringGreaterThanEquals", "b", "b", "a"],
    ["TimestampEquals", early, "2016-03-14T02:59:00+01:00", late],
    ["TimestampLessThan", late, early, late],
    ["TimestampLessThanEquals", early, early, late],
    ["TimestampGreaterThan", early, late, early],
    ["TimestampGreaterThanEquals", early, early, "2015-01-01T00:00:00Z"],
  ])("%s", async (operator, operand, holding, other) => {
    expect(await decide({ Variable: "$.v", [operator]: operand }, { v: holding })).toBe("Yes");
    expect(await decide({ Variable: "$.v", [operator]: operand }, { v: other })).toBe("No");
    const byPath = { Variable: "$.v", [`${operator}Path`]: "$.limit" };
    expect(await decide(byPath, { v: holding, limit: operand })).toBe("Yes");
    expect(await decide(byPath, { v: other, limit: operand })).toBe("No");
  });

  test.each<[string, unknown, unknown]>([
    ["IsNull", null, 0],
    ["IsNumeric", 0, "0"],
    ["IsString", "", 0],
    ["IsBoolean", false, "false"],
    ["IsTimestamp", early, "2016-03-14"],
  ])("%s, and its contrary", async (operator, holding, other) => {
    expect(await decide({ Variable: "$.v", [operator]: true }, { v: holding })).toBe("Yes");
    expect(await decide({ Variable: "$.v", [operator]: true }, { v: other })).toBe("No");
    expect(await decide({ Variable: "$.v", [operator]: false }, { v: other })).toBe("Yes");
  });

  test("a comparison with another type does not hold", async () => {
    for (const rule of [
      { NumericEquals: 1 },
      { NumericLessThan: 9 },
      { BooleanEquals: true },
      { TimestampLessThan: late },
    ]) {
      expect(await decide({ Variable: "$.v", ...rule }, { v: "1" })).toBe("No");
    }
    expect(await decide({ Variable: "$.v", StringLessThan: "9" }, { v: 1 })).toBe("No");
  });

  test("IsPresent tells null from absent", async () => {
    expect(await decide({ Variable: "$.v", IsPresent: true }, { v: null })).toBe("Yes");
    expect(await decide({ Variable: "$.v", IsPresent: true }, {})).toBe("No");
    expect(await decide({ Variable: "$.v", IsPresent: false }, {})).toBe("Yes");
    expect(await decide({ Variable: "$.constructor", IsPresent: true }, {})).toBe("No");
  });

  test.each([
    ["log-*.txt", "log-2020.txt", "log.txt"],
    ["*", "", null],
    ["a*b*c", "a-b-b-c", "a-c-b"],
    [String.raw`\*x`, "*x", "ax"],
    [String.raw`a\\b`, String.raw`a\b`, "ab"],
    ["**", "anything", null],
  ])("StringMatches %s", async (pattern, holding, other) => {
    expect(await decide({ Variable: "$.v", StringMatches: pattern }, { v: holding })).toBe("Yes");
    expect(await decide({ Variable: "$.v", StringMatches: pattern }, { v: other })).toBe("No");
  });

  test("a hostile pattern costs no time", async () => {
    const pattern = `${"a*".repeat(200)}b`;
    expect(await decide({ Variable: "$.v", StringMatches: pattern }, { v: "a".repeat(5_000) })).toBe("No");
  });
});

describe("rules", () => {
  const positive = { Variable: "$.n", NumericGreaterThan: 0 };
  const small = { Variable: "$.n", NumericLessThan: 10 };

  test("And, Or and Not combine, and stop early", async () => {
    expect(await decide({ And: [positive, small] }, { n: 5 })).toBe("Yes");
    expect(await decide({ And: [positive, small] }, { n: 50 })).toBe("No");
    expect(await decide({ Or: [{ Not: positive }, small] }, { n: 50 })).toBe("No");
    const guarded = {
      And: [
        { Variable: "$.x", IsPresent: true },
        { Variable: "$.x", NumericEquals: 1 },
      ],
    };
    expect(await decide(guarded, {})).toBe("No");
  });

  test("a variable that is not there fails the execution", async () => {
    const trace = await traceExecution(
      { StartAt: "C", States: { C: { Type: "Choice", Choices: [{ ...positive, Next: "C" }] } } },
      { input: {} },
    );
    expect(trace.error).toEqual({
      error: "States.Runtime",
      cause:
        "An error occurred while executing the state 'C' (entered at the event id #2). Invalid path '$.n': The choice state's condition path references an invalid value.",
    });
  });

  test("without a Default, no rule that holds is States.NoChoiceMatched", async () => {
    expect(await decide(positive, { n: -1 }, { Default: undefined })).toBe("States.NoChoiceMatched");
  });

  test("the first rule that holds wins; InputPath and OutputPath apply", async () => {
    const trace = await traceExecution(
      {
        StartAt: "C",
        States: {
          C: {
            Type: "Choice",
            InputPath: "$.inner",
            OutputPath: "$.kept",
            Choices: [
              { ...positive, Next: "First" },
              { ...small, Next: "Second" },
            ],
          },
          First: { Type: "Succeed" },
          Second: { Type: "Succeed" },
        },
      },
      { input: { inner: { n: 5, kept: "this" } } },
    );
    expect(trace).toMatchObject({ output: "this", historyEvents: 6 });
    expect(trace.steps.find(({ kind }) => kind === "chose")?.to).toBe("First");
  });

  test("JSONata: Condition, Output and Assign of the rule, or of the state for Default", async () => {
    const machine = {
      QueryLanguage: "JSONata",
      StartAt: "C",
      States: {
        C: {
          Type: "Choice",
          Choices: [
            {
              Condition: "{% $states.input.n > 0 %}",
              Assign: { sign: "plus" },
              Output: "{% $states.input.n * 2 %}",
              Next: "Tell",
            },
          ],
          Default: "Tell",
          Assign: { sign: "minus" },
        },
        Tell: { Type: "Pass", Output: "{% {'sign': $sign, 'was': $states.input} %}", End: true },
      },
    };
    expect((await traceExecution(machine, { input: { n: 2 } })).output).toEqual({ sign: "plus", was: 4 });
    expect((await traceExecution(machine, { input: { n: -2 } })).output).toEqual({
      sign: "minus",
      was: { n: -2 },
    });
    const trace = await traceExecution(
      JSON.stringify(machine).replace("$states.input.n > 0", "$states.input.n"),
      { input: { n: 2 } },
    );
    expect(trace.error?.cause).toContain(
      "The JSONata expression '$states.input.n' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 2",
    );
  });
});
