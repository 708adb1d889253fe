import { describe, expect, test } from "vitest";
import { traceExecution } from "../../../src/scenario/execution-trace.ts";
import { chainOf, traceQuery } from "../trace-output.ts";

async function valueOf(expression: string, input: unknown = {}, seed = 0): Promise<unknown> {
  const trace = await traceQuery(`{% ${expression} %}`, input, { seed });
  if (trace.status !== "SUCCEEDED") throw new Error(trace.error?.cause ?? "failed");
  return trace.output;
}

describe("expressions", () => {
  test.each<[string, unknown]>([
    ["$states.input.n + 1", 4],
    ["$states.input.list.x", [1, 2]],
    ["$states.input.list[0].x", 1],
    ["$states.context.State.Name", "P"],
    ["$states.context.Execution.Input.n", 3],
    ["{'a': $states.input.none, 'b': []}", { b: [] }],
    ["$partition([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]]],
    ["$range(0, 10, 2)", [0, 2, 4, 6, 8, 10]],
    ["$range(3, 1, -1)", [3, 2, 1]],
    ["$range(1, 9, 9)", 1],
    ["$hash('input data', 'MD5')", "812f45842bc6d66ee14572ce20db8e86"],
    ["$parse('{\"a\": [1]}')", { a: [1] }],
    ["$now()", "2026-01-01T00:00:00.000Z"],
    ["$now('[Y]')", "2026"],
    ["$millis()", Date.UTC(2026, 0, 1)],
    ["$map([1, 2], function($v) { $v * 2 })", [2, 4]],
  ])("%s", async (expression, expected) => {
    expect(await valueOf(expression, { n: 3, list: [{ x: 1 }, { x: 2 }] })).toEqual(expected);
  });

  test("only whole strings are expressions, at any depth", async () => {
    const trace = await traceQuery({ a: ["{% 1 + 1 %}", " {% 1 %}", "$.x", null], "{% k %}": 1 });
    expect(trace.output).toEqual({ a: [2, " {% 1 %}", "$.x", null], "{% k %}": 1 });
  });

  test("random numbers and UUIDs come from the seed", async () => {
    const draw = (seed: number) => valueOf("[$random(), $random(), $uuid()]", {}, seed) as Promise<unknown[]>;
    const first = await draw(1);
    expect(await draw(1)).toEqual(first);
    expect(await draw(2)).not.toEqual(first);
    expect(first[0]).not.toBe(first[1]);
    expect(await valueOf("$random(5)", {}, 1)).toBe(await valueOf("$random(5)", {}, 2));
  });

  test.each<[string, RegExp]>([
    [
      "$nope",
      /The JSONata expression '\$nope' specified for the field 'Output' returned nothing \(undefined\)\.$/,
    ],
    ["'a' + 1", /specified for the field 'Output' threw an error during evaluation\. T2001: /],
    ["(", /threw an error during evaluation\. S0\d+: /],
    ["$eval('1')", /T1006/],
    ["$sum", /unsupported result type/],
    ["1/0", /unsupported result type/],
    ["$hash('x', 'CRC')", /the algorithm must be/],
    ["$range(1, 5, 0)", /the increment must not be zero/],
    ["$range(1, 5000, 1)", /more than 1000/],
    ["$partition([1], 0)", /chunk size/],
    ["$parse('{')", /no JSON/],
    ["($f := function($n) { 1 + $f($n) }; $f(1))", /D1011/],
  ])("%s fails", async (expression, cause) => {
    const trace = await traceQuery(`{% ${expression} %}`);
    expect(trace).toMatchObject({ status: "FAILED", error: { error: "States.QueryEvaluationError" } });
    expect(trace.error?.cause).toMatch(cause);
    expect(trace.error?.cause).toMatch(
      /^An error occurred while executing the state 'P' \(entered at the event id #2\)\. /,
    );
    expect(trace.historyEvents).toBe(4);
  });

  test("an expression that never ends is given up once, however often it is met", async () => {
    const machine = chainOf(
      {
        M: {
          Type: "Map",
          Items: [1, 2, 3, 4, 5],
          ItemProcessor: chainOf({
            P: { Type: "Pass", Output: "{% ($f := function($n) { $f($n + 1) }; $f(0)) %}" },
          }),
        },
      },
      { QueryLanguage: "JSONata" },
    );
    const trace = await traceExecution(machine);
    expect(trace.error?.error).toBe("States.QueryEvaluationError");
    expect(trace.error?.cause).toContain("it takes more than 1,000,000 steps");
  });
});

describe("fields of JSONata states", () => {
  const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };

  test("Arguments, Output, Assign and the members of $states", async () => {
    const machine = chainOf(
      {
        T: {
          ...TASK,
          Arguments: { id: "{% $states.input.id %}" },
          Assign: { price: "{% $states.result.price %}", before: "{% $states.input.id %}" },
          Output: { both: "{% [$states.input.id, $states.result.price] %}" },
        },
        P: { Type: "Pass", Output: "{% {'in': $states.input, 'price': $price, 'before': $before} %}" },
      },
      { QueryLanguage: "JSONata" },
    );
    const trace = await traceExecution(machine, {
      input: { id: 1 },
      results: { T: { output: { price: 5 } } },
    });
    expect(trace.output).toEqual({ in: { both: [1, 5] }, price: 5, before: 1 });
  });

  test("Assign sees the old values of all variables", async () => {
    const machine = chainOf(
      {
        A: { Type: "Pass", Assign: { x: 1, y: 2 } },
        B: { Type: "Pass", Assign: { x: "{% $y %}", y: "{% $x %}" } },
        C: { Type: "Pass", Output: "{% [$x, $y] %}" },
      },
      { QueryLanguage: "JSONata" },
    );
    expect((await traceExecution(machine)).output).toEqual([2, 1]);
  });

  test("a Catcher's Output and Assign read $states.errorOutput", async () => {
    const machine = {
      QueryLanguage: "JSONata",
      StartAt: "T",
      States: {
        T: {
          ...TASK,
          Catch: [
            {
              ErrorEquals: ["States.ALL"],
              Output: "{% {'e': $states.errorOutput.Error, 'in': $states.input} %}",
              Assign: { why: "{% $states.errorOutput.Cause %}" },
              Next: "P",
            },
          ],
          End: true,
        },
        P: { Type: "Pass", Output: "{% [$states.input.e, $why] %}", End: true },
      },
    };
    const trace = await traceExecution(machine, { results: { T: [{ error: "Bad", cause: "luck" }] } });
    expect(trace.output).toEqual(["Bad", "luck"]);
  });

  test("a failing Output is caught and retried like the task's own errors", async () => {
    const machine = chainOf({
      T: {
        ...TASK,
        QueryLanguage: "JSONata",
        Output: "{% $states.result.ok ? 'fine' : $nothing %}",
        Retry: [{ ErrorEquals: ["States.QueryEvaluationError"], IntervalSeconds: 1 }],
      },
    });
    const trace = await traceExecution(machine, {
      results: { T: [{ output: {} }, { output: { ok: true } }] },
    });
    expect(trace).toMatchObject({ status: "SUCCEEDED", output: "fine", retries: 1, durationMs: 1_000 });
  });

  test("JSONata and JSONPath states follow one another and share variables", async () => {
    const machine = chainOf({
      A: { Type: "Pass", QueryLanguage: "JSONata", Assign: { n: "{% $states.input.n * 2 %}" } },
      B: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($n, 1)" } },
    });
    expect((await traceExecution(machine, { input: { n: 5 } })).output).toEqual({ n: 11 });
  });
});
