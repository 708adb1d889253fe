import { describe, expect, test } from "vitest";
import { traceExecution } from "../../../src/scenario/execution-trace.ts";
import { chainOf, passOutput, tracePass } from "../trace-output.ts";

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };

describe("JSONPath data flow", () => {
  test("InputPath, Parameters, ResultSelector, ResultPath and OutputPath, in this order", async () => {
    const machine = chainOf({
      T: {
        ...TASK,
        InputPath: "$.order",
        Parameters: { "id.$": "$.id", fixed: { "deep.$": "$$.State.Name" }, list: [{ "x.$": "$.id" }] },
        ResultSelector: { "price.$": "$.Payload.price", raw: "yes" },
        ResultPath: "$.order.bill",
        OutputPath: "$.order",
      },
    });
    const input = { order: { id: 7 }, other: 1 };
    const trace = await traceExecution(machine, {
      input,
      results: { T: { output: { Payload: { price: 9 } } } },
    });
    expect(trace.output).toEqual({ id: 7, bill: { price: 9, raw: "yes" } });
    // Without results a Task returns what it was given.
    const echoed = await traceExecution(
      chainOf({ T: { ...TASK, Parameters: { "id.$": "$.order.id", "s.$": "$$.State.Name" } } }),
      { input },
    );
    expect(echoed.output).toEqual({ id: 7, s: "T" });
  });

  test.each<[object, unknown, unknown]>([
    [{ InputPath: null }, { a: 1 }, {}],
    [{ OutputPath: null }, { a: 1 }, {}],
    [{ Result: [1], ResultPath: null }, { a: 1 }, { a: 1 }],
    [{ Result: 5, ResultPath: "$.b.c" }, { a: 1 }, { a: 1, b: { c: 5 } }],
    [{ Result: 5, ResultPath: "$.list[1]" }, { list: [1, 2] }, { list: [1, 5] }],
    [{ Result: null }, { a: 1 }, null],
    [{ Result: { "kept.$": "$.a" } }, { a: 1 }, { "kept.$": "$.a" }],
    [{ Parameters: { "null.$": "$.n" } }, { n: null }, { null: null }],
    [
      { Parameters: { "last.$": "$.list[-1]", "all.$": "$.list[*]" } },
      { list: [1, 2] },
      { last: 2, all: [1, 2] },
    ],
    [{ Parameters: { "dotted.$": "$.[0].['x']" } }, [{ x: 1 }], { dotted: 1 }],
    [{ Parameters: { "pair.$": "$['a','b']" } }, { a: 1, b: 2, c: 3 }, { pair: [1, 2] }],
    [{ Parameters: { "none.$": "$.nope[*].x" } }, {}, { none: [] }],
    [{ Parameters: { "deep.$": "$..id" } }, { a: { id: 1 }, b: [{ id: 2 }] }, { deep: [1, 2] }],
    [{ Parameters: { "odd.$": "$['a b'].c-d" } }, { "a b": { "c-d": 1 } }, { odd: 1 }],
  ])("%o", async (fields, input, expected) => {
    expect((await tracePass(fields, input)).output).toEqual(expected);
  });

  test.each<[object, string, string]>([
    [{ InputPath: "$.a.b" }, "States.Runtime", "Invalid path '$.a.b' : Missing property in path $['a']"],
    [{ OutputPath: "$.a" }, "States.Runtime", "Invalid path '$.a' : No results for path: $['a']"],
    [
      { Parameters: { "x.$": "$.gone" } },
      "States.Runtime",
      "The JSONPath '$.gone' specified for the field 'x.$' could not be found in the input '{\"list\":[]}'",
    ],
    [{ Result: 1, ResultPath: "$.list.x" }, "States.ResultPathMatchFailure", "ResultPath"],
    [{ Result: 1, ResultPath: "$.list[3]" }, "States.ResultPathMatchFailure", "ResultPath"],
    [{ Parameters: { "x.$": 1 } }, "States.Runtime", "'x.$'"],
    [{ Parameters: { "x.$": "no path" } }, "States.Runtime", "'x.$'"],
  ])("%o fails", async (fields, error, cause) => {
    const trace = await tracePass(fields, { list: [] });
    expect(trace.status).toBe("FAILED");
    expect(trace.error?.error).toBe(error);
    expect(trace.error?.cause).toContain(
      "An error occurred while executing the state 'P' (entered at the event id #2). ",
    );
    expect(trace.error?.cause).toContain(cause);
  });

  test("the context object", async () => {
    const context = { Execution: { Name: "mine" }, Extra: 1 };
    const output = await passOutput({ "all.$": "$$" }, { in: 1 }, { context });
    expect(output).toMatchObject({
      all: {
        Execution: { Name: "mine", Input: { in: 1 }, RedriveCount: 0, StartTime: "2026-01-01T00:00:00.000Z" },
        State: { Name: "P", EnteredTime: "2026-01-01T00:00:00.000Z" },
        StateMachine: {},
        Extra: 1,
      },
    });
    await expect(passOutput({}, {}, { context: { Execution: { StartTime: "soon" } } })).rejects.toThrow(
      "timestamp",
    );
  });

  test("variables: stored together, read later, kept within a scope", async () => {
    const machine = chainOf({
      A: { Type: "Pass", Assign: { "x.$": "$.n", y: 2 } },
      B: { Type: "Pass", Assign: { "x.$": "$y", "y.$": "$x" } },
      M: {
        Type: "Map",
        ItemsPath: "$.items",
        ItemProcessor: chainOf({
          In: { Type: "Pass", Assign: { "y.$": "$" } },
          Out: { Type: "Pass", Parameters: { "x.$": "$x", "y.$": "$y" } },
        }),
        ResultPath: "$.seen",
      },
      End: { Type: "Pass", Parameters: { "seen.$": "$.seen", "x.$": "$x", "y.$": "$y" } },
    });
    const trace = await traceExecution(machine, { input: { n: 1, items: ["a", "b"] } });
    expect(trace.output).toEqual({
      seen: [
        { x: 2, y: "a" },
        { x: 2, y: "b" },
      ],
      x: 2,
      y: 1,
    });
    const unknown = await tracePass({ Parameters: { "v.$": "$nothing" } });
    expect(unknown.error?.error).toBe("States.Runtime");
  });

  test("a Task's Assign reads its result", async () => {
    const machine = chainOf({
      T: { ...TASK, ResultSelector: { "p.$": "$.price" }, Assign: { "kept.$": "$.p" }, ResultPath: null },
      P: { Type: "Pass", Parameters: { "kept.$": "$kept", "in.$": "$" } },
    });
    const trace = await traceExecution(machine, { input: 1, results: { T: { output: { price: 3 } } } });
    expect(trace.output).toEqual({ kept: 3, in: 1 });
  });
});

describe("Fail", () => {
  const fail = (fields: object, input: unknown = {}) =>
    traceExecution(chainOf({ F: { Type: "Fail", ...fields } }), { input }).then(({ error }) => error);

  test("literals, paths, intrinsics, expressions, nothing", async () => {
    expect(await fail({ Error: "E", Cause: "c" })).toEqual({ error: "E", cause: "c" });
    expect(await fail({})).toEqual({ error: null, cause: null });
    const dynamic = { ErrorPath: "$.e", CausePath: "States.Format('because {}', $.why)" };
    expect(await fail(dynamic, { e: "Odd", why: 1 })).toEqual({ error: "Odd", cause: "because 1" });
    expect(
      await fail({ QueryLanguage: "JSONata", Error: "{% $states.input.e & '!' %}" }, { e: "Oh" }),
    ).toEqual({
      error: "Oh!",
      cause: null,
    });
    expect((await fail({ ErrorPath: "$.none" }))?.cause).toContain(
      "The JSONPath '$.none' specified for the field 'ErrorPath' could not be found in the input '{}'",
    );
  });
});
