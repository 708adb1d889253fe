import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { traceExecution } from "../../../src/scenario/execution-trace.ts";
import type { TraceResults } from "../../../src/scenario/action/task-outcome.ts";
import { chainOf, namesOf } from "../trace-output.ts";

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };

function run(task: object, outcomes: TraceResults[string], seed = 0) {
  return traceExecution(
    {
      StartAt: "T",
      States: { T: { ...TASK, ...task, End: true }, A: { Type: "Succeed" }, B: { Type: "Succeed" } },
    },
    { input: { in: 1 }, results: { T: outcomes }, seed },
  );
}

describe("Retry", () => {
  test("waits IntervalSeconds × BackoffRate^n, at most MaxDelaySeconds", async () => {
    const retry = {
      ErrorEquals: ["E"],
      IntervalSeconds: 3,
      BackoffRate: 2,
      MaxAttempts: 4,
      MaxDelaySeconds: 10,
    };
    const trace = await run({ Retry: [retry] }, [{ error: "E", durationMs: 100 }]);
    expect(trace).toMatchObject({ status: "FAILED", retries: 4, transitions: 6 });
    const delays = trace.steps.filter(({ kind }) => kind === "retried").map(({ lastedMs }) => lastedMs);
    expect(delays).toEqual([3_000, 6_000, 10_000, 10_000]);
    expect(trace.durationMs).toBe(29_000 + 5 * 100);
    expect(trace.historyEvents).toBe(2 + 1 + 5 * 3);
  });

  test("defaults: three attempts after 1, 2 and 4 seconds", async () => {
    const trace = await run({ Retry: [{ ErrorEquals: ["States.ALL"] }] }, [{ error: "E" }]);
    expect(trace).toMatchObject({ retries: 3, durationMs: 7_000 });
  });

  test("every Retrier counts for itself", async () => {
    const retry = [
      { ErrorEquals: ["A"], MaxAttempts: 1 },
      { ErrorEquals: ["B"], MaxAttempts: 2 },
    ];
    const errors = ["B", "A", "B", "A"].map((error) => ({ error }));
    expect(await run({ Retry: retry }, errors)).toMatchObject({ error: { error: "A" }, retries: 3 });
    const fine = [...errors.slice(0, 3), { output: "done" }];
    expect(await run({ Retry: retry }, fine)).toMatchObject({ output: "done", retries: 3 });
  });

  test("a spent Retrier does not hand over to the next one that matches", async () => {
    const retry = [
      { ErrorEquals: ["A"], MaxAttempts: 0 },
      { ErrorEquals: ["States.ALL"], MaxAttempts: 5 },
    ];
    expect((await run({ Retry: retry }, [{ error: "A" }])).retries).toBe(0);
  });

  test("full jitter stays below the delay and comes from the seed", async () => {
    const retry = { ErrorEquals: ["E"], IntervalSeconds: 10, MaxAttempts: 3, JitterStrategy: "FULL" };
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const trace = await run({ Retry: [retry] }, [{ error: "E" }], seed);
        const delays = trace.steps
          .filter(({ kind }) => kind === "retried")
          .map(({ lastedMs }) => lastedMs ?? -1);
        expect(delays).toHaveLength(3);
        delays.forEach((delay, at) => expect(delay >= 0 && delay <= 10_000 * 2 ** at).toBe(true));
        expect((await run({ Retry: [retry] }, [{ error: "E" }], seed)).durationMs).toBe(trace.durationMs);
      }),
      { numRuns: 30 },
    );
    const lengths = new Set<number>();
    for (let seed = 0; seed < 10; seed++)
      lengths.add((await run({ Retry: [retry] }, [{ error: "E" }], seed)).durationMs);
    expect(lengths.size).toBeGreaterThan(5);
  });

  test("the counts start anew when the state is entered again", async () => {
    const machine = {
      StartAt: "T",
      States: {
        T: { ...TASK, Retry: [{ ErrorEquals: ["E"], MaxAttempts: 1 }], Next: "C" },
        C: {
          Type: "Choice",
          Choices: [{ Variable: "$.again", BooleanEquals: true, Next: "T" }],
          Default: "End",
        },
        End: { Type: "Succeed" },
      },
    };
    const again = [{ error: "E" }, { output: { again: true } }, { error: "E" }, { output: { again: false } }];
    const trace = await traceExecution(machine, { results: { T: again } });
    expect(trace).toMatchObject({ status: "SUCCEEDED", retries: 2 });
    expect(namesOf(trace)).toEqual(["T", "C", "T", "C", "End"]);
  });

  test("$$.State.RetryCount counts up", async () => {
    const machine = chainOf({
      T: {
        ...TASK,
        Parameters: { "n.$": "$$.State.RetryCount" },
        Retry: [{ ErrorEquals: ["States.ALL"] }],
        TimeoutSeconds: 1,
      },
    });
    const echoing = await traceExecution(machine, {});
    expect(echoing.output).toEqual({ n: 0 });
  });
});

describe("which names match", () => {
  test.each<[string, string | null, boolean]>([
    ["States.ALL", "Custom", true],
    ["States.ALL", null, true],
    ["States.ALL", "States.Timeout", true],
    ["States.ALL", "States.DataLimitExceeded", false],
    ["States.ALL", "States.Runtime", false],
    ["States.Runtime", "States.Runtime", false],
    ["States.DataLimitExceeded", "States.DataLimitExceeded", true],
    ["States.TaskFailed", "Custom", true],
    ["States.TaskFailed", null, true],
    ["States.TaskFailed", "States.Timeout", false],
    ["States.TaskFailed", "States.DataLimitExceeded", false],
    ["Custom", "Custom", true],
    ["Custom", "custom", false],
    ["Lambda.TooManyRequestsException", "Lambda.TooManyRequestsException", true],
  ])("%s against %s: %s", async (name, error, caught) => {
    const trace = await run({ Catch: [{ ErrorEquals: [name], Next: "A" }] }, [{ error, cause: "c" }]);
    expect(trace.status).toBe(caught ? "SUCCEEDED" : "FAILED");
    expect(trace.output).toEqual(caught ? { Error: error, Cause: "c" } : null);
  });
});

describe("Catch", () => {
  test("the first Catcher that matches; its ResultPath keeps the input", async () => {
    const trace = await run(
      {
        ResultPath: null,
        Catch: [
          { ErrorEquals: ["Other"], Next: "B" },
          { ErrorEquals: ["States.ALL"], ResultPath: "$.problem", Next: "A" },
        ],
      },
      [{ error: "E", cause: "why" }],
    );
    expect(namesOf(trace)).toEqual(["T", "A"]);
    expect(trace.output).toEqual({ in: 1, problem: { Error: "E", Cause: "why" } });
    expect(trace.historyEvents).toBe(2 + 5 + 2);
  });

  test("an uncaught error ends the execution without leaving the state", async () => {
    const trace = await run({}, [{ error: "E", cause: "why", durationMs: 40 }]);
    expect(trace).toMatchObject({
      status: "FAILED",
      error: { error: "E", cause: "why" },
      failedIn: "T",
      durationMs: 40,
      historyEvents: 6,
    });
  });

  test("a path that fails in OutputPath cannot be caught", async () => {
    const trace = await run({ OutputPath: "$.none", Catch: [{ ErrorEquals: ["States.ALL"], Next: "A" }] }, [
      { output: {} },
    ]);
    expect(trace.error?.error).toBe("States.Runtime");
  });
});

describe("timeouts and heartbeats", () => {
  const TOKEN = { Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken" };

  test("an attempt longer than TimeoutSeconds is States.Timeout at that moment, and may be retried", async () => {
    const retry = [{ ErrorEquals: ["States.Timeout"], IntervalSeconds: 1 }];
    const trace = await run({ TimeoutSeconds: 2, Retry: retry }, [
      { output: 1, durationMs: 2_001 },
      { output: 2, durationMs: 2_000 },
    ]);
    expect(trace).toMatchObject({ status: "SUCCEEDED", output: 2, durationMs: 2_000 + 1_000 + 2_000 });
  });

  test("uncaught, it fails the execution, which itself did not time out", async () => {
    const trace = await run({ TimeoutSeconds: 2 }, [{ output: 1, durationMs: 5_000 }]);
    expect(trace).toMatchObject({ status: "FAILED", error: { error: "States.Timeout", cause: null } });
  });

  test.each<[number[] | undefined, number, string | null]>([
    [undefined, 10_000, null],
    [undefined, 10_001, "States.Timeout"],
    [[9_000, 18_000], 25_000, null],
    [[9_000, 20_000], 25_000, "States.Timeout"],
    [[18_000, 9_000], 28_000, null],
    [[18_000, 9_000], 28_001, "States.Timeout"],
  ])("heartbeats %j in %i ms", async (heartbeatsMs, durationMs, error) => {
    const outcome =
      heartbeatsMs === undefined ? { output: 1, durationMs } : { output: 1, durationMs, heartbeatsMs };
    const trace = await run({ ...TOKEN, HeartbeatSeconds: 10 }, [outcome]);
    expect(trace.error?.error ?? null).toBe(error);
  });

  test("States.HeartbeatTimeout matches a missed heartbeat, and only that", async () => {
    const guard = { Catch: [{ ErrorEquals: ["States.HeartbeatTimeout"], Next: "A" }] };
    const late = [{ output: 1, durationMs: 60_000 }];
    expect(await run({ ...TOKEN, HeartbeatSeconds: 10, ...guard }, late)).toMatchObject({
      status: "SUCCEEDED",
      durationMs: 10_000,
    });
    expect((await run({ ...TOKEN, TimeoutSeconds: 10, ...guard }, late)).status).toBe("FAILED");
  });

  test("both from paths and from expressions", async () => {
    const late = [{ output: 1, durationMs: 60_000 }];
    const byPath = chainOf({ T: { ...TASK, TimeoutSecondsPath: "$.t" } });
    const trace = await traceExecution(byPath, { input: { t: 3 }, results: { T: late } });
    expect(trace).toMatchObject({ durationMs: 3_000, error: { error: "States.Timeout" } });
    const query = chainOf(
      { T: { ...TASK, TimeoutSeconds: "{% $states.input.t + 1 %}" } },
      { QueryLanguage: "JSONata" },
    );
    expect((await traceExecution(query, { input: { t: 3 }, results: { T: late } })).durationMs).toBe(4_000);
    const wrong = await traceExecution(query, { input: { t: 0.5 }, results: { T: late } });
    expect(wrong.error?.error).toBe("States.QueryEvaluationError");
    const missing = await traceExecution(byPath, { input: {} });
    expect(missing.error?.cause).toContain("Invalid path '$.t' : No results for path: $['t']");
  });

  test("the state machine's TimeoutSeconds ends everything", async () => {
    const machine = chainOf(
      { T: TASK, W: { Type: "Wait", Seconds: 60 }, E: { Type: "Pass" } },
      { TimeoutSeconds: 30 },
    );
    const trace = await traceExecution(machine, { results: { T: { output: 1, durationMs: 100 } } });
    expect(trace).toMatchObject({
      status: "TIMED_OUT",
      error: { error: "States.Timeout" },
      durationMs: 30_000,
      transitions: 3,
      output: null,
    });
  });
});

describe("history events of each kind of task", () => {
  test.each([
    ["arn:aws:lambda:us-east-1:123456789012:function:f", 5, 3],
    ["arn:aws:states:::lambda:invoke", 5, 3],
    ["arn:aws:states:::aws-sdk:s3:listBuckets", 5, 3],
    ["arn:aws:states:::ecs:runTask.sync", 6, 4],
    ["arn:aws:states:::sqs:sendMessage.waitForTaskToken", 6, 4],
    ["arn:aws:states:us-east-1:123456789012:activity:a", 5, 3],
  ])("%s", async (Resource, events, perRetry) => {
    expect((await run({ Resource }, [{ output: 1 }])).historyEvents).toBe(2 + events);
    const retried = await run({ Resource, Retry: [{ ErrorEquals: ["E"] }] }, [{ error: "E" }, { output: 1 }]);
    expect(retried.historyEvents).toBe(2 + events + perRetry);
  });
});
