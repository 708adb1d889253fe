/** Worked numbers that the static analysis gives too: the trace must come to the same. */
import { describe, expect, test } from "vitest";
import { drawFrom } from "../../src/scenario/data/random-draw.ts";
import { traceExecution } from "../../src/scenario/execution-trace.ts";
import { chainOf } from "./trace-output.ts";

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };

describe("worked numbers", () => {
  test("ten states in a row: ten entered, eleven transitions with the start, however long one of them waits", async () => {
    const states = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`P${at}`, { Type: "Pass" }]));
    expect((await traceExecution(chainOf(states))).transitions).toBe(11);
    const waiting = { ...states, P5: { Type: "Wait", Seconds: 6 * 3_600 } };
    expect(await traceExecution(chainOf(waiting))).toMatchObject({ transitions: 11, durationMs: 21_600_000 });
  });

  test("an order of four items: the Choice, the Map, four Tasks", async () => {
    const machine = {
      StartAt: "Route",
      States: {
        Route: {
          Type: "Choice",
          Choices: [{ Variable: "$.total", NumericGreaterThan: 1_000, Next: "Review" }],
          Default: "Items",
        },
        Review: {
          ...TASK,
          Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
          ResultPath: null,
          Next: "Items",
        },
        Items: { Type: "Map", ItemsPath: "$.items", ItemProcessor: chainOf({ Fulfil: TASK }), End: true },
      },
    };
    const items = [1, 2, 3, 4];
    expect((await traceExecution(machine, { input: { total: 5, items } })).transitions).toBe(1 + 6);
    expect((await traceExecution(machine, { input: { total: 5_000, items } })).transitions).toBe(1 + 7);
  });

  test("60,000 objects in batches of 20, 400 at a time, 240 s each: 3,000 Express children in eight waves", async () => {
    const processor = {
      ...chainOf({ Transcode: TASK }),
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
    };
    const machine = chainOf({
      Nightly: {
        Type: "Map",
        ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2" },
        ItemBatcher: { MaxItemsPerBatch: 20 },
        MaxConcurrency: 400,
        ItemProcessor: processor,
        ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "out" } },
      },
    });
    const objects = Array.from({ length: 60_000 }, (_, at) => ({ Key: `video-${at}` }));
    const trace = await traceExecution(machine, {
      results: { Nightly: { output: objects }, Transcode: { output: null, durationMs: 240_000 } },
    });
    expect(trace).toMatchObject({
      status: "SUCCEEDED",
      durationMs: 8 * 240_000,
      transitions: 2,
      historyEvents: 8,
    });
    expect(trace.children).toMatchObject({
      express: 3_000,
      transitions: 3_000,
      expressBilledMs: 3_000 * 240_000,
    });
    expect(trace.transitions + trace.children.transitions).toBe(3_002);
  });

  test("a polling loop of three states, eleven rounds: 33 entered", async () => {
    const machine = {
      StartAt: "Wait",
      States: {
        Wait: { Type: "Wait", Seconds: 30, Next: "Look" },
        Look: { ...TASK, Next: "Ready" },
        Ready: {
          Type: "Choice",
          Choices: [{ Variable: "$.ready", BooleanEquals: true, Next: "Done" }],
          Default: "Wait",
        },
        Done: { Type: "Succeed" },
      },
    };
    const looks = [
      ...Array.from({ length: 10 }, () => ({ output: { ready: false } })),
      { output: { ready: true } },
    ];
    const trace = await traceExecution(machine, { results: { Look: looks } });
    expect(trace.entered.filter(({ name }) => name !== "Done")).toHaveLength(33);
    expect(trace.durationMs).toBe(11 * 30_000);
  });

  test("a retry ladder: one attempt in ten fails, so 1.11 attempts an execution", async () => {
    const machine = chainOf({ T: { ...TASK, Retry: [{ ErrorEquals: ["E"], MaxAttempts: 6 }] } });
    const draw = drawFrom(2024);
    const runs = 4_000;
    let attempts = 0;
    for (let seed = 0; seed < runs; seed++) {
      const outcomes = Array.from({ length: 7 }, () => (draw.unit() < 0.1 ? { error: "E" } : { output: 1 }));
      attempts += 1 + (await traceExecution(machine, { results: { T: outcomes }, seed })).retries;
    }
    // Five standard errors of 0.35 / √4,000.
    expect(Math.abs(attempts / runs - 1 / 0.9)).toBeLessThan(0.028);
  });
});
