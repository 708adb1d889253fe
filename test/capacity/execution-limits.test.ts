import { describe, expect, test } from "vitest";
import { executionLimits } from "../../src/capacity/execution-limits.ts";
import { historyGrowths } from "../../src/capacity/history-growth.ts";
import { INLINE_NIGHT, distributedNight, profiled } from "./profiled.ts";

function limitsOf(...given: Parameters<typeof profiled>) {
  return new Map(executionLimits(profiled(...given)).map((limit) => [limit.code, limit]));
}

describe("history", () => {
  test("an inline Map of one Task is full at 3,570 items, and at no item more", () => {
    const night = (items: number) => profiled(INLINE_NIGHT, { states: { TranscodeAll: { items } } });
    expect(historyGrowths(night(60_000).profile)[0]).toMatchObject({
      state: "TranscodeAll",
      unit: "items",
      fullAt: 3570,
    });
    const events = (items: number) => executionLimits(night(items))[0]!.mean!;
    expect(events(3570)).toBeLessThanOrEqual(25_000);
    expect(events(3571)).toBeGreaterThan(25_000);
  });

  test("what runs before the Map leaves less room for items", () => {
    const definition = {
      StartAt: "First",
      States: { First: { Type: "Pass", Next: "TranscodeAll" }, ...INLINE_NIGHT.States },
    };
    const [growth] = historyGrowths(
      profiled(definition, { states: { TranscodeAll: { items: 100 } } }).profile,
    );
    expect(growth?.fullAt).toBe(Math.floor((25_000 - 2 - 4 - 2) / 7));
  });

  test("an item for which all the rest leaves no room is told as such", () => {
    const States = {
      Pause: { Type: "Wait", Seconds: 1, Next: "Again?" },
      "Again?": {
        Type: "Choice",
        Choices: [{ Variable: "$.again", BooleanEquals: true, Next: "Pause" }],
        Default: "TranscodeAll",
      },
      ...INLINE_NIGHT.States,
    };
    const said = { states: { "Again?": { rounds: 10_000 }, TranscodeAll: { items: 1 } } };
    const [history] = executionLimits(profiled({ StartAt: "Pause", States }, said));
    expect(history!.text).toContain(
      "no room for one of the items of TranscodeAll, each 7 events, beside the rest",
    );
  });

  test("a polling loop is full after so many rounds, and the chance of it is told", () => {
    const definition = {
      StartAt: "Pause",
      States: {
        Pause: { Type: "Wait", Seconds: 5, Next: "Ask" },
        Ask: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Next: "Done?" },
        "Done?": {
          Type: "Choice",
          Choices: [{ Variable: "$.done", BooleanEquals: true, Next: "Out" }],
          Default: "Pause",
        },
        Out: { Type: "Succeed" },
      },
    };
    const said = { states: { "Done?": { choices: { Out: 0.001 } } } };
    const execution = profiled(definition, said);
    // Wait 2, Task 5, Choice 2; besides: Succeed 2 and the execution's own 2.
    expect(historyGrowths(execution.profile)[0]).toMatchObject({
      unit: "rounds",
      fullAt: Math.floor(24_996 / 9),
    });
    const [history] = executionLimits(execution);
    const chance = 0.999 ** Math.floor(24_996 / 9);
    const told = Number(/chance of that ([\d.]+)%/.exec(history!.text)![1]);
    expect(told / 100).toBeCloseTo(chance, 2);
  });
});

describe("payload and concurrency of the inline night", () => {
  test("a list of 60,000 declared items passes 256 KiB; forty run at once, in 1,500 waves", () => {
    const limits = limitsOf(INLINE_NIGHT, { states: { TranscodeAll: { items: 60_000, itemKB: 0.2 } } });
    expect(limits.get("payload")).toMatchObject({ mean: 12_000_000, limit: 262_144 });
    expect(limits.get("inline-concurrency")).toMatchObject({ mean: 40, worst: 40, limit: 40 });
    expect(limits.get("inline-concurrency")!.text).toContain("1,500 waves");
  });

  test("without a size it is asked for, not guessed", () => {
    const payload = limitsOf(INLINE_NIGHT, { states: { TranscodeAll: { items: 60_000 } } }).get("payload");
    expect(payload).toMatchObject({ mean: null, p99: null, worst: null, reachedAt: null });
    expect(payload!.text).toContain("4.3 bytes");
    expect(limitsOf(INLINE_NIGHT, { states: { TranscodeAll: { items: 40 } } }).has("payload")).toBe(false);
  });

  test("a Parallel gathers what all its branches give, unless it keeps only some of it", () => {
    const branch = { StartAt: "A", States: { A: { Type: "Pass", End: true } } };
    const both = (fields: object) => ({
      StartAt: "P",
      States: { P: { Type: "Parallel", Branches: [branch, branch, branch], ...fields, End: true } },
    });
    const payloadOf = (fields: object) => limitsOf(both(fields), { payloadKB: 100 }).get("payload");
    expect(payloadOf({})).toMatchObject({ mean: 300_000, worst: 300_000 });
    expect(payloadOf({})!.text).toContain("3 branches of P");
    expect(payloadOf({ ResultPath: "$.all" })).toMatchObject({ mean: 300_000 });
    for (const kept of [{ ResultPath: null }, { ResultSelector: { "first.$": "$[0]" } }])
      expect(payloadOf(kept)).toMatchObject({ mean: 100_000 });
  });

  test("items read by an ItemReader are no payload, a batch of them is", () => {
    const limits = limitsOf(distributedNight(), { states: { TranscodeAll: { items: 60_000, itemKB: 20 } } });
    expect(limits.get("payload")).toMatchObject({ mean: 400_000 });
    expect(limits.get("payload")!.text).toContain("batch of 20");
    const computed = distributedNight({ ItemBatcher: { MaxItemsPerBatchPath: "$.n" } });
    const said = { states: { TranscodeAll: { items: 60_000, itemKB: 20, batchItems: 20 } } };
    expect(limitsOf(computed, said).get("payload")).toMatchObject({ mean: 400_000 });
  });
});

describe("duration", () => {
  const retry = [{ ErrorEquals: ["Busy"], IntervalSeconds: 2, MaxAttempts: 1 }];

  test("a batch of 240 s and one retry pass the five minutes of an Express child", () => {
    const said = { states: { TranscodeAll: { items: 60_000 }, Transcode: { duration: "240s" } } };
    const child = limitsOf(distributedNight({}, { Retry: retry }), said).get("child-duration");
    expect(child).toMatchObject({ mean: 240_000, worst: 240_000 * 2 + 2_000, limit: 300_000 });
    expect(child!.text).toContain("every retry spent");
    expect(limitsOf(distributedNight(), said).get("child-duration")!.worst).toBe(240_000);
  });

  test("a Distributed Map inside a Parallel is held to them too", () => {
    const night = distributedNight({}, { Retry: retry });
    const definition = {
      StartAt: "Both",
      States: { Both: { Type: "Parallel", Branches: [night], End: true } },
    };
    const said = { states: { TranscodeAll: { items: 60_000 }, Transcode: { duration: "240s" } } };
    expect(limitsOf(definition, said).get("child-duration")).toMatchObject({ worst: 482_000 });
  });

  test("an Express execution has five minutes, a Standard one what it declares", () => {
    const slow = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 400, End: true } } };
    expect(limitsOf(slow, {}, "EXPRESS").get("execution-duration")).toMatchObject({
      mean: 400_000,
      worst: 400_000,
      limit: 300_000,
    });
    expect(limitsOf(slow).has("execution-duration")).toBe(false);
    const limited = limitsOf({ ...slow, TimeoutSeconds: 500 }).get("execution-duration");
    expect(limited).toMatchObject({ limit: 500_000 });
  });

  test("a chain of 20,000 states does not exhaust the stack", () => {
    const States = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [
        `S${i}`,
        { Type: "Pass", ...(i === 19_999 ? { End: true } : { Next: `S${i + 1}` }) },
      ]),
    );
    const limits = limitsOf({ StartAt: "S0", TimeoutSeconds: 300, States });
    expect(limits.get("execution-duration")).toMatchObject({ worst: 0 });
    expect(limits.get("history-events")).toMatchObject({ mean: 40_002, worst: 40_002 });
  });
});

describe("children of a Distributed Map", () => {
  const inner = {
    Type: "Map",
    ItemsPath: "$.list",
    ItemProcessor: {
      StartAt: "L",
      States: { L: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true } },
    },
    End: true,
  };
  const outer = (ExecutionType: string) => ({
    StartAt: "Outer",
    States: {
      Outer: {
        Type: "Map",
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType },
          StartAt: "Inner",
          States: { Inner: inner },
        },
        End: true,
      },
    },
  });

  test("a Standard one has a history of its own, an Express one has none", () => {
    const said = { states: { Outer: { items: 100 }, Inner: { items: { likely: 3570, high: 3571 } } } };
    const limit = limitsOf(outer("STANDARD"), said).get("child-history-events")!;
    // The child's own two, the Map's four, seven an item.
    expect(limit).toMatchObject({ mean: 6 + 7 * 3570, worst: 6 + 7 * 3571, limit: 25_000 });
    expect(limit.text).toContain("child of Outer; the worst case passes 25,000");
    expect(limitsOf(outer("EXPRESS"), said).has("child-history-events")).toBe(false);
    const express = limitsOf({ StartAt: "Inner", States: { Inner: inner } }, said, "EXPRESS");
    expect([express.has("history-events"), express.has("execution-duration")]).toEqual([false, true]);
  });
});

test("the longest an execution takes is of as many items as there may be", () => {
  const said = {
    states: { TranscodeAll: { items: { likely: 10, high: 5000 } }, Transcode: { duration: "2s" } },
  };
  const limits = limitsOf({ ...INLINE_NIGHT, TimeoutSeconds: 600 }, said);
  expect(limits.get("execution-duration")).toMatchObject({ mean: 2000, worst: 125 * 2000 });
});
