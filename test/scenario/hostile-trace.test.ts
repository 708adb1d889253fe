/** Definitions, inputs and results that mean harm. */
import { describe, expect, test } from "vitest";
import { traceExecution } from "../../src/scenario/execution-trace.ts";
import { chainOf, traceQuery } from "./trace-output.ts";

const NAMES = [
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "\u001b[31mred",
  "a|b`c`",
  "名".repeat(80),
];

describe("names", () => {
  test.each(NAMES)("a state called %j is just a state", async (name) => {
    const definition = `{"StartAt": ${JSON.stringify(name)}, "States": {${JSON.stringify(name)}: {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": "$.r", "End": true}}}`;
    const results = JSON.parse(`{${JSON.stringify(name)}: [{"output": 5}]}`) as Record<
      string,
      { output: number }[]
    >;
    const trace = await traceExecution(definition, { input: {}, results });
    expect(trace).toMatchObject({ output: { r: 5 }, entered: [{ name, index: null }], diagnostics: [] });
  });

  test("__proto__ as a key is data everywhere", async () => {
    const input: unknown = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}');
    const machine = JSON.parse(
      JSON.stringify(
        chainOf({
          A: { Type: "Pass", Result: 1, ResultPath: "$.MARK.deeper" },
          B: {
            Type: "Pass",
            Parameters: { "MARK.$": "$.MARK", "merged.$": "States.JsonMerge($, $, false)" },
          },
          C: {
            Type: "Pass",
            QueryLanguage: "JSONata",
            Output: "{% $merge([$states.input, {'MARK': {'x': 1}}]) %}",
          },
        }),
      ).replaceAll("MARK", "__proto__"),
    ) as unknown;
    const trace = await traceExecution(machine, { input });
    expect(trace.status).toBe("SUCCEEDED");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
    expect(({} as Record<string, unknown>)["deeper"]).toBeUndefined();
    expect(Object.keys(trace.output as object)).toContain("__proto__");
  });

  test("an inherited name is not there", async () => {
    const machine = chainOf({ P: { Type: "Pass", Parameters: { "x.$": "$.toString" } } });
    expect((await traceExecution(machine, { input: {} })).error?.error).toBe("States.Runtime");
    expect((await traceQuery("{% $states.input.constructor %}")).error?.error).toBe(
      "States.QueryEvaluationError",
    );
    expect((await traceQuery("{% $constructor %}")).error?.error).toBe("States.QueryEvaluationError");
  });
});

describe("what is no JSON", () => {
  const machine = chainOf({ P: { Type: "Pass" } });
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const deep = (depth: number): unknown => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);

  test.each([
    ["a circle", circle],
    ["a function", () => 1],
    ["a big integer", 1n],
    ["too deep", deep(5_000)],
  ])("as input: %s", async (_what, input) => {
    await expect(traceExecution(machine, { input })).rejects.toMatchObject({
      code: "invalid-input",
      exitCode: 2,
    });
  });

  test.each(["{", "[]", "", circle, 5, null, deep(5_000), () => 1])(
    "as definition: %#",
    async (definition) => {
      await expect(traceExecution(definition)).rejects.toMatchObject({
        code: "not-a-definition",
        exitCode: 2,
      });
    },
  );

  test.each([
    ["results", "text"],
    ["a state's", { T: "text" }],
    ["no outcome", { T: [] }],
    ["neither output nor error", { T: [{}] }],
    ["both", { T: [{ output: 1, error: "E" }] }],
    ["a negative duration", { T: [{ output: 1, durationMs: -1 }] }],
    ["a misspelt field", { T: [{ output: 1, duration: 5 }] }],
    ["depth", { T: [{ output: deep(5_000) }] }],
  ])("as results: %s", async (_what, results) => {
    await expect(traceExecution(machine, { results: results as never })).rejects.toMatchObject({
      code: "invalid-results",
    });
  });

  test("any other JSON is a fine input", async () => {
    for (const input of [null, 0, "", false, [], {}, [[]]]) {
      expect((await traceExecution(machine, { input })).output).toEqual(input);
    }
  });

  test("a definition with faults is acted out as far as it can be understood", async () => {
    const trace = await traceExecution({ StartAt: "A", States: { A: { Type: "Pass", Next: "Gone" } } });
    expect(trace).toMatchObject({ status: "FAILED", error: { error: "States.Runtime" } });
    expect(trace.diagnostics.some(({ severity }) => severity === "error")).toBe(true);
  });
});

describe("sizes", () => {
  test("a chain of 20,000 states does not exhaust the stack", async () => {
    const count = 20_000;
    const states = Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`S${at}`, { Type: "Pass", Next: `S${at + 1}` }]),
    );
    const machine = { StartAt: "S0", States: { ...states, [`S${count}`]: { Type: "Succeed" } } };
    expect((await traceExecution(machine)).historyEvents).toBe(25_000);
  });

  test("Parallel in Parallel, as deep as the parser goes", async () => {
    let machine: object = chainOf({ P: { Type: "Pass" } });
    for (let depth = 0; depth < 40; depth++)
      machine = chainOf({ [`N${depth}`]: { Type: "Parallel", Branches: [machine] } });
    expect((await traceExecution(machine)).status).toBe("SUCCEEDED");
  });

  test("data that nests deeper with every round stops at a limit", async () => {
    const machine = { StartAt: "G", States: { G: { Type: "Pass", Parameters: { "a.$": "$" }, Next: "G" } } };
    const trace = await traceExecution(machine);
    expect(trace.status).toBe("FAILED");
  });
});

describe("expressions without bounds", () => {
  test.each([
    ["a function that calls itself", "( $f := function($n) { 1 + $f($n + 1) }; $f(0) )"],
    ["a call that never ends", "( $f := function($n) { $f($n + 1) }; $f(0) )"],
    ["an expression nested in itself", `${"(".repeat(50_000)}1${")".repeat(50_000)}`],
    ["a list of lists", "( $f := function($x) { $f([$x, $x]) }; $f(1) )"],
    [
      "a regular expression tried for ever",
      "$contains('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a+)+$/) ? 1 : $error('no')",
    ],
  ])("%s fails as a query", async (_what, text) => {
    const trace = await traceQuery(`{% ${text} %}`);
    expect(trace).toMatchObject({ status: "FAILED", error: { error: "States.QueryEvaluationError" } });
  });
});
