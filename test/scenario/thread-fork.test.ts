import { describe, expect, test } from "vitest";
import { traceExecution } from "../../src/scenario/execution-trace.ts";
import { chainOf, namesOf } from "./trace-output.ts";

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
const FAIL = { Type: "Fail", Error: "Broken", Cause: "by design" };
const wait = (Seconds: number) => ({ Type: "Wait", Seconds });

describe("Parallel", () => {
  test("takes as long as its longest branch; outputs in the order of branches", async () => {
    const machine = chainOf({
      P: {
        Type: "Parallel",
        Branches: [
          chainOf({ A: wait(5), A2: TASK }),
          chainOf({ B: wait(2) }),
          chainOf({ C: { Type: "Pass" } }),
        ],
        ResultSelector: { "first.$": "$[0]" },
        ResultPath: "$.out",
      },
      End: wait(1),
    });
    const trace = await traceExecution(machine, {
      input: { x: 1 },
      results: { A2: { output: "a", durationMs: 500 } },
    });
    expect(trace).toMatchObject({ durationMs: 6_500, output: { x: 1, out: { first: "a" } }, transitions: 7 });
    expect(trace.historyEvents).toBe(2 + 4 + (2 + 5) + 2 + 2 + 2);
    expect(namesOf(trace)).toEqual(["P", "A", "B", "C", "A2", "End"]);
  });

  test("the first failure in time cuts the other branches off there", async () => {
    const machine = {
      StartAt: "P",
      States: {
        P: {
          Type: "Parallel",
          Branches: [
            chainOf({ Slow: wait(10), Never: { Type: "Pass" } }),
            chainOf({ Late: wait(4), LateFail: { ...FAIL, Error: "Later" } }),
            chainOf({ Quick: wait(3), Fail: FAIL }),
            chainOf({ Early: wait(1), Seen: { Type: "Pass" }, Long: wait(9), Unseen: { Type: "Pass" } }),
          ],
          Catch: [{ ErrorEquals: ["Broken"], ResultPath: "$.e", Next: "Done" }],
          End: true,
        },
        Done: { Type: "Succeed" },
      },
    };
    const trace = await traceExecution(machine, { input: { kept: true } });
    expect(trace).toMatchObject({
      status: "SUCCEEDED",
      durationMs: 3_000,
      output: { kept: true, e: { Error: "Broken", Cause: "by design" } },
    });
    expect(namesOf(trace)).toEqual(["P", "Slow", "Late", "Quick", "Early", "Seen", "Long", "Fail", "Done"]);
  });

  test("branches that take no time advance in turn", async () => {
    const pass = { Type: "Pass" };
    const machine = chainOf({
      P: {
        Type: "Parallel",
        Branches: [chainOf({ A1: pass, A2: pass, A3: pass, A4: pass }), chainOf({ B1: pass, B2: FAIL })],
      },
    });
    const trace = await traceExecution(machine);
    expect(namesOf(trace)).toEqual(["P", "A1", "B1", "A2", "B2"]);
    expect(trace).toMatchObject({ status: "FAILED", error: { error: "Broken" }, failedIn: "B2" });
  });

  test("a retry runs all branches again, from the outcomes not yet taken", async () => {
    const machine = chainOf({
      P: {
        Type: "Parallel",
        Branches: [chainOf({ A: TASK }), chainOf({ B: wait(1) })],
        Retry: [{ ErrorEquals: ["E"], IntervalSeconds: 10 }],
      },
    });
    const trace = await traceExecution(machine, {
      results: {
        A: [
          { error: "E", durationMs: 200 },
          { output: "fine", durationMs: 100 },
        ],
      },
    });
    expect(trace).toMatchObject({
      status: "SUCCEEDED",
      retries: 1,
      transitions: 7,
      durationMs: 200 + 10_000 + 1_000,
    });
    expect(trace.states.map(({ name, entered, retries }) => [name, entered, retries])).toEqual([
      ["P", 1, 1],
      ["A", 2, 0],
      ["B", 2, 0],
    ]);
  });

  test("a branch that is cut off before a task takes none of its outcomes", async () => {
    const machine = chainOf({
      P: {
        Type: "Parallel",
        Branches: [chainOf({ A: TASK }), chainOf({ W: wait(5), B: TASK })],
        Retry: [{ ErrorEquals: ["E"] }],
      },
    });
    const results = {
      A: [{ error: "E", durationMs: 1_000 }, { output: "a" }],
      B: [{ output: 1 }, { output: 2 }],
    };
    expect((await traceExecution(machine, { results })).output).toEqual(["a", 1]);
  });

  test("a failure inside is caught by the nearest Catch around it", async () => {
    const inner = chainOf({ In: { Type: "Parallel", Branches: [chainOf({ F: FAIL })] } });
    const machine = {
      StartAt: "Out",
      States: {
        Out: {
          Type: "Parallel",
          Branches: [inner],
          Catch: [{ ErrorEquals: ["Broken"], Next: "Done" }],
          End: true,
        },
        Done: { Type: "Succeed" },
      },
    };
    const trace = await traceExecution(machine);
    expect(trace.output).toEqual({ Error: "Broken", Cause: "by design" });
  });

  test("variables of a branch stay in it", async () => {
    const machine = chainOf({
      A: { Type: "Pass", Assign: { v: "outer" } },
      P: {
        Type: "Parallel",
        Branches: [
          chainOf({
            B: { Type: "Pass", Assign: { v: "inner" } },
            C: { Type: "Pass", Parameters: { "v.$": "$v" } },
          }),
          chainOf({ D: { Type: "Pass", Parameters: { "v.$": "$v" } } }),
        ],
      },
      E: { Type: "Pass", Parameters: { "v.$": "$v", "in.$": "$" } },
    });
    expect((await traceExecution(machine)).output).toEqual({
      v: "outer",
      in: [{ v: "inner" }, { v: "outer" }],
    });
  });

  test("an execution timeout inside a Parallel is no failure of it", async () => {
    const machine = {
      TimeoutSeconds: 5,
      StartAt: "P",
      States: {
        P: {
          Type: "Parallel",
          Branches: [chainOf({ A: wait(100) }), chainOf({ B: wait(1) })],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Done" }],
          End: true,
        },
        Done: { Type: "Succeed" },
      },
    };
    expect(await traceExecution(machine)).toMatchObject({ status: "TIMED_OUT", durationMs: 5_000 });
  });
});

describe("inline Map", () => {
  const map = (states: Record<string, Record<string, unknown>>, fields: object = {}) =>
    chainOf({ M: { Type: "Map", ...fields, ItemProcessor: chainOf(states) } });

  test("iterations take their outcomes in iteration order, whatever order they run in", async () => {
    const machine = map(
      {
        W: { Type: "Wait", SecondsPath: "$.s" },
        T: { ...TASK, Retry: [{ ErrorEquals: ["E"], MaxAttempts: 1 }] },
      },
      { ItemsPath: "$.items" },
    );
    const input = { items: [{ s: 9 }, { s: 1 }, { s: 5 }] };
    const results = { T: [{ error: "E" }, { output: "first" }, { output: "second" }, { output: "rest" }] };
    const trace = await traceExecution(machine, { input, results });
    expect(trace.output).toEqual(["first", "second", "rest"]);
    expect(trace).toMatchObject({
      retries: 1,
      durationMs: 10_000,
      historyEvents: 2 + 4 + 3 * (2 + 2 + 5) + 3,
    });
    expect(trace.entered).toContainEqual({ name: "T", index: 2 });
    expect(trace.entered[0]).toEqual({ name: "M", index: null });
  });

  test.each([
    [undefined, 50, 2_000],
    [0, 40, 1_000],
    [1, 5, 5_000],
    [2, 5, 3_000],
    [100, 80, 2_000],
  ])("MaxConcurrency %s with %i items of a second takes %i ms", async (MaxConcurrency, count, ms) => {
    const machine = map({ W: wait(1) }, { MaxConcurrency });
    const trace = await traceExecution(machine, { input: Array.from({ length: count }, (_, at) => at) });
    expect(trace.durationMs).toBe(ms);
  });

  test("places are refilled as they become free", async () => {
    const machine = map({ W: { Type: "Wait", SecondsPath: "$" } }, { MaxConcurrency: 2 });
    expect((await traceExecution(machine, { input: [5, 1, 1, 1, 1] })).durationMs).toBe(5_000);
  });

  test("ItemSelector sees the Map's input and the item; the older Parameters too", async () => {
    const selector = { "who.$": "$.name", "n.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index" };
    for (const field of ["ItemSelector", "Parameters"]) {
      const machine = map(
        { P: { Type: "Pass" } },
        { ItemsPath: "$.list", [field]: selector, ResultPath: "$.out" },
      );
      const trace = await traceExecution(machine, { input: { name: "x", list: [7, 8] } });
      expect(trace.output).toEqual({
        name: "x",
        list: [7, 8],
        out: [
          { who: "x", n: 7, at: 0 },
          { who: "x", n: 8, at: 1 },
        ],
      });
    }
    const query = chainOf(
      {
        M: {
          Type: "Map",
          Items: "{% $states.input.list %}",
          ItemSelector: {
            n: "{% $states.context.Map.Item.Value * 2 %}",
            all: "{% $count($states.input.list) %}",
          },
          ItemProcessor: chainOf({
            P: { Type: "Pass", Output: "{% $states.input.n + $states.input.all %}" },
          }),
        },
      },
      { QueryLanguage: "JSONata" },
    );
    expect((await traceExecution(query, { input: { list: [1, 2] } })).output).toEqual([4, 6]);
  });

  test("paths of a Map start from what InputPath selects; ResultPath from its raw input", async () => {
    const fields = {
      InputPath: "$.in",
      ItemsPath: "$.list",
      ItemSelector: { "all.$": "$" },
      ResultPath: "$.out",
    };
    const trace = await traceExecution(map({ P: { Type: "Pass" } }, fields), {
      input: { in: { list: [1] } },
    });
    expect(trace.output).toEqual({ in: { list: [1] }, out: [{ all: { list: [1] } }] });
  });

  test("no items, no iterations", async () => {
    expect(await traceExecution(map({ P: FAIL }), { input: [] })).toMatchObject({
      status: "SUCCEEDED",
      output: [],
      historyEvents: 6,
      transitions: 2,
    });
  });

  test("one failing iteration fails the Map; later ones do not start", async () => {
    const machine = map({ T: TASK }, { MaxConcurrency: 1 });
    const results = { T: [{ output: 1, durationMs: 10 }, { error: "E", durationMs: 10 }, { output: 3 }] };
    const trace = await traceExecution(machine, { input: [1, 2, 3, 4], results });
    expect(trace).toMatchObject({ status: "FAILED", error: { error: "E" }, durationMs: 20, failedIn: "T" });
    expect(trace.entered).toEqual([
      { name: "M", index: null },
      { name: "T", index: 0 },
      { name: "T", index: 1 },
    ]);
    expect(trace.historyEvents).toBe(2 + 2 + (2 + 5) + (1 + 5 + 1) + 1);
  });

  test.each<[object, unknown, string, RegExp]>([
    [{}, { a: 1 }, "States.Runtime", /must point to array/],
    [{ ItemsPath: "$.list" }, {}, "States.Runtime", /Invalid path '\$\.list'/],
    [
      { MaxConcurrencyPath: "$.n" },
      { n: {} },
      "States.Runtime",
      /The MaxConcurrencyPath field refers to value "\{\}" which is not a valid integer: \$\.n$/,
    ],
  ])("%o of %o fails", async (fields, input, error, cause) => {
    const trace = await traceExecution(map({ P: { Type: "Pass" } }, fields), { input });
    expect(trace.error?.error).toBe(error);
    expect(trace.error?.cause).toMatch(cause);
  });

  test("nested Maps: the index is the nearest iteration's", async () => {
    const inner = chainOf({ In: { Type: "Map", ItemProcessor: chainOf({ P: { Type: "Pass" } }) } });
    const machine = chainOf({ Out: { Type: "Map", ItemProcessor: inner, MaxConcurrency: 1 } });
    const trace = await traceExecution(machine, { input: [[1, 2], [3]] });
    expect(trace.output).toEqual([[1, 2], [3]]);
    expect(trace.entered.filter(({ name }) => name === "P").map(({ index }) => index)).toEqual([0, 1, 0]);
    expect(trace.historyEvents).toBe(2 + 4 + 2 * (2 + 4) + 3 * (2 + 2));
  });
});

/** As recorded on AWS; each sum names the events in their order. */
describe("events of what fails and what is cut off", () => {
  const branches = (...Branches: object[]) => chainOf({ P: { Type: "Parallel", Branches } });
  const items = (states: Record<string, Record<string, unknown>>) =>
    chainOf({ M: { Type: "Map", ItemProcessor: chainOf(states) } });
  const eventsOf = async (machine: object, results = {}, input: unknown = {}) =>
    (await traceExecution(machine, { results, input })).historyEvents;
  const failing = { T: [{ error: "E", durationMs: 1_000 }] };

  test("a Task that ends its branch is aborted after it has failed", async () => {
    // Started, ParallelStateEntered and …Started; the Task: entered, scheduled, started, failed, aborted.
    expect(await eventsOf(branches(chainOf({ T: TASK })), failing)).toBe(3 + 5 + 2);
    const caught = { ...TASK, Catch: [{ ErrorEquals: ["E"], Next: "Done" }] };
    const machine = branches({
      StartAt: "T",
      States: { T: { ...caught, End: true }, Done: { Type: "Succeed" } },
    });
    expect(await eventsOf(machine, failing)).toBe(3 + 5 + 2 + 3);
    expect(await eventsOf(chainOf({ T: TASK }), failing)).toBe(1 + 4 + 1);
  });

  test("each branch cut off leaves one abort, each iteration two", async () => {
    const cut = branches(chainOf({ T: TASK }), chainOf({ W: wait(9) }), chainOf({ V: wait(8) }));
    expect(await eventsOf(cut, failing)).toBe(3 + 5 + (1 + 1) + (1 + 1) + 2);
    const map = items({ W: { Type: "Wait", SecondsPath: "$" }, F: FAIL });
    // The item of a second fails; the two others are in their Wait.
    expect(await eventsOf(map, {}, [9, 1, 8])).toBe(3 + (1 + 2 + 1 + 1) + 2 * (2 + 2) + 2);
  });

  test("AWS's own failure ends the execution with no further events", async () => {
    const runtime = { Type: "Pass", Parameters: { "m.$": "$.nope" } };
    expect(await eventsOf(branches(chainOf({ R: runtime }), chainOf({ W: wait(9) })))).toBe(3 + 1 + 1 + 1);
    expect(await eventsOf(items({ R: runtime }), {}, [1])).toBe(3 + 2 + 1);
    // A Task whose activity is gone is never scheduled.
    expect(await eventsOf(chainOf({ T: TASK }), { T: { error: "States.Runtime" } })).toBe(3);
  });
});
