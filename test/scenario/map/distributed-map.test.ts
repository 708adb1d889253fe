import { describe, expect, test } from "vitest";
import { traceExecution } from "../../../src/scenario/execution-trace.ts";
import { chainOf } from "../trace-output.ts";

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };

function map(
  states: Record<string, Record<string, unknown>>,
  fields: object = {},
  ExecutionType = "STANDARD",
) {
  const processor = { ...chainOf(states), ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType } };
  return { Type: "Map", ...fields, ItemProcessor: processor };
}

function run(state: object, input: unknown, results = {}) {
  return traceExecution(chainOf({ M: { ...state } }), { input, results });
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

describe("children are executions of their own", () => {
  test("counted apart from the parent, with its own few events", async () => {
    const trace = await run(map({ T: TASK, P: { Type: "Pass" } }), numbers(5), {
      T: [{ output: "x", durationMs: 250 }],
    });
    expect(trace).toMatchObject({
      status: "SUCCEEDED",
      output: ["x", "x", "x", "x", "x"],
      transitions: 2,
      historyEvents: 8,
      durationMs: 250,
      entered: [{ name: "M", index: null }],
      children: { standard: 5, express: 0, failed: 0, transitions: 5 * 3, expressBilledMs: 0 },
    });
    expect(trace.children.entered).toEqual([
      { name: "T", count: 5 },
      { name: "P", count: 5 },
    ]);
  });

  test("an EXPRESS child counts one transition, its start, and is billed by 100 ms", async () => {
    const trace = await run(map({ T: TASK }, {}, "EXPRESS"), numbers(3), {
      T: [{ output: 1, durationMs: 150 }],
    });
    expect(trace.children).toMatchObject({ standard: 0, express: 3, transitions: 3, expressBilledMs: 600 });
  });

  test("an EXPRESS child ends after five minutes", async () => {
    const state = map({ W: { Type: "Wait", Seconds: 301 } }, { ToleratedFailurePercentage: 100 }, "EXPRESS");
    const trace = await run(state, [1]);
    expect(trace).toMatchObject({ status: "SUCCEEDED", durationMs: 300_000, children: { failed: 1 } });
  });

  test.each([
    [undefined, 1_000],
    [1, 10_000],
    [4, 3_000],
  ])("MaxConcurrency %s: ten children of a second take %i ms", async (MaxConcurrency, ms) => {
    const state = map({ W: { Type: "Wait", Seconds: 1 } }, { MaxConcurrency });
    expect((await run(state, numbers(10))).durationMs).toBe(ms);
  });

  test("children do not see the parent's variables", async () => {
    const machine = chainOf({
      A: { Type: "Pass", Assign: { v: 1 } },
      M: map({ P: { Type: "Pass", Parameters: { "v.$": "$v" } } }),
    });
    const trace = await traceExecution(machine, { input: [1] });
    expect(trace.error?.error).toBe("States.ExceedToleratedFailureThreshold");
  });

  test("a child's own history limit does not touch the parent", async () => {
    const loop = { L: { Type: "Pass", Next: "L" } };
    const trace = await run(map(loop, { ToleratedFailureCount: 2 }), [1, 2]);
    expect(trace).toMatchObject({ status: "SUCCEEDED", historyEvents: 8, children: { failed: 2 } });
    expect(trace.children.transitions).toBe(2 * 12_500);
  });
});

describe("items", () => {
  const pass = { P: { Type: "Pass" } };

  test("are selected before they are batched", async () => {
    const fields = {
      ItemsPath: "$.list",
      ItemSelector: { "n.$": "$$.Map.Item.Value", "of.$": "$.name" },
      ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { "name.$": "$.name" } },
    };
    const trace = await run(map(pass, fields), { name: "x", list: [1, 2, 3] });
    expect(trace.output).toEqual([
      {
        BatchInput: { name: "x" },
        Items: [
          { n: 1, of: "x" },
          { n: 2, of: "x" },
        ],
      },
      { BatchInput: { name: "x" }, Items: [{ n: 3, of: "x" }] },
    ]);
    expect(trace.children.standard).toBe(2);
  });

  test("are batched by bytes as well, one too large for any batch alone", async () => {
    const items = ["a".repeat(30), "b".repeat(30), "c".repeat(200), "d"];
    const trace = await run(map(pass, { ItemBatcher: { MaxInputBytesPerBatch: 90 } }), items);
    const sizes = (trace.output as { Items: string[] }[]).map(({ Items }) => Items.length);
    expect(sizes).toEqual([2, 1, 1]);
  });

  test("of an ItemReader are given as the Map's own result, at most MaxItems of them", async () => {
    const ItemReader = {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "JSON", MaxItems: 2 },
    };
    const trace = await run(map(pass, { ItemReader }), {}, { M: [{ output: ["a", "b", "c"] }] });
    expect(trace).toMatchObject({ output: ["a", "b"], diagnostics: [] });
    const unknown = await run(map(pass, { ItemReader }), {});
    expect(unknown).toMatchObject({ status: "SUCCEEDED", output: [] });
    expect(unknown.diagnostics.map(({ code }) => code)).toContain("map-items-not-given");
    const broken = await run(map(pass, { ItemReader }), {}, { M: [{ error: "States.ItemReaderFailed" }] });
    expect(broken.error?.error).toBe("States.ItemReaderFailed");
    expect((await run(map(pass, { ItemReader }), {}, { M: [{ output: 5 }] })).error?.error).toBe(
      "States.ItemReaderFailed",
    );
  });

  test("of a JSONata object are its members", async () => {
    const machine = chainOf(
      {
        M: map(
          { P: { Type: "Pass", Output: "{% $states.input.Key & $states.input.Value %}" } },
          { Items: "{% $states.input %}" },
        ),
      },
      { QueryLanguage: "JSONata" },
    );
    expect((await traceExecution(machine, { input: { a: 1, b: 2 } })).output).toEqual(["a1", "b2"]);
  });

  test("with a ResultWriter the Map hands on where the results lie", async () => {
    const ResultWriter = {
      Resource: "arn:aws:states:::s3:putObject",
      Parameters: { Bucket: "b", Prefix: "p" },
    };
    const trace = await run(map(pass, { ResultWriter }), [1]);
    expect(trace.output).toMatchObject({ ResultWriterDetails: { Bucket: "b" } });
  });
});

describe("tolerated failures", () => {
  const failing = (failures: number, of: number) => ({
    T: numbers(of).map((at) =>
      at < failures ? { error: "E", cause: "c", durationMs: 10 } : { output: at, durationMs: 20 },
    ),
  });

  test.each([
    [{}, 0, true],
    [{}, 1, false],
    [{ ToleratedFailureCount: 2 }, 2, true],
    [{ ToleratedFailureCount: 2 }, 3, false],
    [{ ToleratedFailurePercentage: 30 }, 3, true],
    [{ ToleratedFailurePercentage: 30 }, 4, false],
    [{ ToleratedFailurePercentage: 100 }, 10, true],
    [{ ToleratedFailurePercentage: 50, ToleratedFailureCount: 1 }, 2, false],
    [{ ToleratedFailurePercentage: 10, ToleratedFailureCount: 5 }, 2, false],
  ])("%o with %i of 10 failing: %s", async (fields, failures, tolerated) => {
    const trace = await run(map({ T: TASK }, fields), numbers(10), failing(failures, 10));
    expect(trace.status).toBe(tolerated ? "SUCCEEDED" : "FAILED");
    if (tolerated) {
      expect(trace.durationMs).toBe(failures === 10 ? 10 : 20);
    } else {
      expect(trace.error).toEqual({
        error: "States.ExceedToleratedFailureThreshold",
        cause: "The specified tolerated failure threshold was exceeded",
      });
      expect(trace.durationMs).toBe(10);
    }
  });

  test("children not yet started when the run fails are never started", async () => {
    const state = map({ T: TASK }, { MaxConcurrency: 2, ToleratedFailureCount: 1 });
    const trace = await run(state, numbers(100), failing(3, 100));
    expect(trace).toMatchObject({ status: "FAILED", durationMs: 10, children: { standard: 2, failed: 2 } });
  });

  test("a batch that fails counts all its items", async () => {
    const fields = { ItemBatcher: { MaxItemsPerBatch: 5 }, ToleratedFailurePercentage: 40 };
    expect((await run(map({ T: TASK }, fields), numbers(10), failing(1, 2))).status).toBe("FAILED");
  });

  test("it is caught, and retried, like any error", async () => {
    const state = map(
      { T: TASK },
      { Retry: [{ ErrorEquals: ["States.ExceedToleratedFailureThreshold"], MaxAttempts: 1 }] },
    );
    const trace = await run(state, [1], { T: [{ error: "E" }, { output: "again" }] });
    expect(trace).toMatchObject({ status: "SUCCEEDED", output: ["again"], retries: 1, transitions: 3 });
  });

  test.each([
    [
      { ToleratedFailurePercentagePath: "$.p" },
      { p: -1.1 },
      "ToleratedFailurePercentage must be between 0 and 100.",
    ],
    [
      { ToleratedFailureCountPath: "$.p" },
      { p: {} },
      'The ToleratedFailureCountPath field refers to value "{}" which is not a valid integer: $.p',
    ],
    [
      { ToleratedFailurePercentagePath: "$.p" },
      { p: {} },
      'The ToleratedFailurePercentagePath field refers to value "{}" which is not a valid float: $.p',
    ],
  ])("%o of %o", async (fields, input, cause) => {
    const trace = await run(map({ T: TASK }, { ItemsPath: "$.items", ...fields }), { items: [0], ...input });
    expect(trace).toMatchObject({ status: "FAILED", historyEvents: 4, error: { error: "States.Runtime" } });
    expect(trace.error?.cause).toContain(cause);
  });
});
