import { describe, expect, test } from "vitest";
import { traceExecution } from "../../src/scenario/execution-trace.ts";
import { chainOf } from "./trace-output.ts";

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
const LOOP = { StartAt: "L", States: { L: { Type: "Pass", Next: "L" } } };
const FULL = {
  status: "FAILED",
  historyEvents: 25_000,
  error: { cause: "The execution reached the maximum number of history events (25000)." },
};

/** Passes, two events each, then a Succeed. */
function passes(count: number): object {
  const entries = Array.from({ length: count }, (_, at) => [`P${at}`, { Type: "Pass", Next: `P${at + 1}` }]);
  return { StartAt: "P0", States: { ...Object.fromEntries(entries), [`P${count}`]: { Type: "Succeed" } } };
}

describe("25,000 history events", () => {
  test("the 25,000th may be ExecutionSucceeded, and nothing else", async () => {
    // Start and end take two; 12,498 states take 24,996; a Fail state would take one more.
    const fits = await traceExecution(passes(12_498));
    expect(fits).toMatchObject({ status: "SUCCEEDED", historyEvents: 25_000 });
    expect(await traceExecution(passes(12_499))).toMatchObject(FULL);
  });

  test("an endless loop stops there", async () => {
    expect(await traceExecution(LOOP)).toMatchObject({ ...FULL, transitions: 1 + 12_499 });
  });

  test("a polling loop stops after the virtual time its events took", async () => {
    const trace = await traceExecution({
      StartAt: "L",
      States: { L: { Type: "Wait", Seconds: 60, Next: "L" } },
    });
    expect(trace).toMatchObject({ ...FULL, durationMs: 12_499 * 60_000 });
  });

  test("branches and iterations share the one history", async () => {
    const machine = chainOf({ P: { Type: "Parallel", Branches: [LOOP, LOOP, LOOP] } });
    const trace = await traceExecution(machine);
    expect(trace).toMatchObject(FULL);
    expect(trace.states.map(({ entered }) => entered)).toEqual([1, 4_166, 4_166, 4_166]);
    const items = Array.from({ length: 500 }, (_, at) => at);
    expect(
      await traceExecution(chainOf({ M: { Type: "Map", ItemProcessor: LOOP } }), { input: items }),
    ).toMatchObject(FULL);
  });

  test("an inline Map of one Task each is full at 3,571 items", async () => {
    const machine = chainOf({ M: { Type: "Map", ItemProcessor: chainOf({ T: TASK }) } });
    const run = (count: number) => traceExecution(machine, { input: Array.from({ length: count }, () => 0) });
    expect(await run(3_570)).toMatchObject({ status: "SUCCEEDED", historyEvents: 2 + 4 + 3_570 * 7 });
    expect(await run(3_571)).toMatchObject(FULL);
  });

  test("what a cut-off branch would have done later does not count", async () => {
    const polling = { StartAt: "L", States: { L: { Type: "Wait", Seconds: 1, Next: "L" } } };
    const failing = chainOf({ W: { Type: "Wait", Seconds: 100 }, F: { Type: "Fail", Error: "X" } });
    const machine = {
      StartAt: "P",
      States: {
        P: {
          Type: "Parallel",
          Branches: [polling, failing],
          Catch: [{ ErrorEquals: ["X"], Next: "Done" }],
          End: true,
        },
        Done: { Type: "Wait", Seconds: 50_000, End: true },
      },
    };
    const trace = await traceExecution(machine);
    // Past the moment at which the polling branch alone would have filled the history.
    expect(trace).toMatchObject({ status: "SUCCEEDED", durationMs: 100_000 + 50_000_000 });
    expect(trace.historyEvents).toBeLessThan(250);
  });

  test("no Catch catches it", async () => {
    const machine = {
      StartAt: "P",
      States: {
        P: {
          Type: "Parallel",
          Branches: [LOOP],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Done" }],
          End: true,
        },
        Done: { Type: "Succeed" },
      },
    };
    expect(await traceExecution(machine)).toMatchObject(FULL);
  });

  test("an Express execution has five minutes instead", async () => {
    expect(await traceExecution(LOOP, { type: "EXPRESS" })).toMatchObject({
      status: "TIMED_OUT",
      durationMs: 300_000,
    });
    const long = await traceExecution(passes(13_000), { type: "EXPRESS" });
    expect(long).toMatchObject({ status: "SUCCEEDED", transitions: 13_002 });
  });
});

describe("256 KiB between states", () => {
  const text = (bytes: number) => "x".repeat(bytes - 2);
  const caught = chainOf({ T: TASK });

  test("a Task's result", async () => {
    const run = (bytes: number) => traceExecution(caught, { results: { T: { output: text(bytes) } } });
    expect((await run(262_144)).status).toBe("SUCCEEDED");
    expect((await run(262_145)).error).toEqual({
      error: "States.DataLimitExceeded",
      cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  test("bytes are of UTF-8, not characters", async () => {
    const run = (output: string) => traceExecution(caught, { results: { T: { output } } });
    expect((await run("é".repeat(131_071))).status).toBe("SUCCEEDED");
    expect((await run("é".repeat(131_072))).error?.error).toBe("States.DataLimitExceeded");
    expect((await run("🎉".repeat(65_536))).error?.error).toBe("States.DataLimitExceeded");
  });

  test("what a state builds, and what a Map gathers", async () => {
    const twice = chainOf({ P: { Type: "Pass", Parameters: { "a.$": "$", "b.$": "$" } } });
    expect((await traceExecution(twice, { input: text(200_000) })).error?.error).toBe(
      "States.DataLimitExceeded",
    );
    const gather = chainOf({
      M: { Type: "Map", ItemProcessor: chainOf({ P: { Type: "Pass", Result: text(1_000) } }) },
    });
    const input = Array.from({ length: 300 }, () => 0);
    expect((await traceExecution(gather, { input })).error?.error).toBe("States.DataLimitExceeded");
  });

  test("what Parameters make, and what Assign stores", async () => {
    const built = chainOf({ T: { ...TASK, Parameters: { "a.$": "$", "b.$": "$" }, ResultPath: null } });
    expect((await traceExecution(built, { input: text(200_000) })).error?.error).toBe(
      "States.DataLimitExceeded",
    );
    const stored = chainOf({ P: { Type: "Pass", Assign: { "a.$": "$", "b.$": "$" } } });
    expect((await traceExecution(stored, { input: text(200_000) })).error?.error).toBe(
      "States.DataLimitExceeded",
    );
  });

  test("growing data ends a loop long before the history does", async () => {
    const doubling = {
      StartAt: "G",
      States: { G: { Type: "Pass", Parameters: { "a.$": "$", "b.$": "$" }, Next: "G" } },
    };
    const trace = await traceExecution(doubling, { input: { x: 1 } });
    expect(trace.error?.error).toBe("States.DataLimitExceeded");
    expect(trace.transitions).toBeLessThan(20);
  });

  test("an execution whose input is larger does not start", async () => {
    const trace = await traceExecution(caught, { input: text(262_145) });
    expect(trace).toMatchObject({
      status: "FAILED",
      error: { error: "States.DataLimitExceeded" },
      entered: [],
    });
  });
});
