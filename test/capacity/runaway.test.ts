/** Runaways, against executions acted out until AWS's limits end them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { executionLimits } from "../../src/capacity/execution-limits.ts";
import { traceExecution } from "../../src/scenario/execution-trace.ts";
import { profiled } from "./profiled.ts";

type States = Readonly<Record<string, object>>;

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };

/** Submit, then a loop of a Wait, a Task and a Choice. */
function polling(seconds: number, top: object = {}, check: object = {}): object {
  return {
    ...top,
    StartAt: "Submit",
    States: {
      Submit: { ...TASK, Next: "Wait" },
      Wait: { Type: "Wait", Seconds: seconds, Next: "Check" },
      Check: { ...TASK, ...check, Next: "Done?" },
      "Done?": {
        Type: "Choice",
        Choices: [{ Variable: "$.done", BooleanEquals: true, Next: "Out" }],
        Default: "Wait",
      },
      Out: { Type: "Succeed" },
    },
  };
}

/** States that follow each other in a ring, after one that leads into it; the Choice that leads out never does. */
function ring(states: readonly object[], top: object = {}): object {
  const States: Record<string, object> = { Start: { Type: "Pass", Next: "0" } };
  states.forEach((state, at) => (States[at] = { ...state, Next: String(at + 1) }));
  States[states.length] = {
    Type: "Choice",
    Choices: [{ Variable: "$$.Execution.Name", StringEquals: "never", Next: "Out" }],
    Default: "0",
  };
  return { ...top, StartAt: "Start", States: { ...States, Out: { Type: "Succeed" } } };
}

const runaway = (...given: Parameters<typeof profiled>) => profiled(...given).runaway;

describe("where a loop without a bound ends", () => {
  test("by hand: 25,000 events, two of them the execution's, five of Submit, nine of each round", () => {
    // 24,993 events are 2,777 rounds of three transitions; the bound is less than a round more.
    const told = runaway(polling(30));
    expect(told).toMatchObject({ endedBy: "history-events", historyEvents: null });
    expect(told!.transitions! - (1 + 2_777 * 3)).toBeOneOf([0, 1, 2]);
  });

  test("by hand: 3,600 seconds of TimeoutSeconds are 120 Waits of 30, and the next is entered", () => {
    const definition = polling(30, { TimeoutSeconds: 3_600 });
    expect(runaway(definition)).toEqual({
      transitions: 1 + 120 * 3 + 1,
      endedBy: "TimeoutSeconds",
      historyEvents: 5 + 120 * 9 + 2,
    });
    const [history] = executionLimits(profiled(definition));
    expect(history).toMatchObject({ code: "history-events", worst: 2 + 5 + 120 * 9 + 2 });
    expect(history!.text).not.toContain("25,000, where AWS ends");
  });

  test("a year is the longest of a Standard execution, five minutes that of an Express one", () => {
    expect(runaway(polling(86_400))).toMatchObject({
      transitions: 1 + 365 * 3 + 1,
      endedBy: "execution-duration",
    });
    expect(runaway(polling(30), {}, "EXPRESS")).toMatchObject({
      transitions: 1 + 10 * 3 + 1,
      endedBy: "execution-duration",
    });
    expect(runaway(polling(30, { TimeoutSeconds: 60 }), {}, "EXPRESS")).toMatchObject({
      transitions: 1 + 2 * 3 + 1,
      endedBy: "TimeoutSeconds",
    });
  });

  test("retries are spent where that gains, and take the delay that they cannot do without", () => {
    const retry = (more: object) => ({
      Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 10, MaxAttempts: 2, ...more }],
    });
    const timed = (more: object) => runaway(polling(30, { TimeoutSeconds: 300 }, retry(more)))!.transitions;
    // 24,993 events are 1,666 rounds of 15 events and 5 transitions; the 3 left are a Wait and a Task entered.
    expect(runaway(polling(30, {}, retry({})))!.transitions! - (1 + 1_666 * 5 + 2)).toBeOneOf([0, 1, 2]);
    // Two retries in 20 seconds gain 5 in 50 seconds: as many as 3 in 30.
    expect(timed({})).toBe(1 + 6 * 5 + 1);
    expect(timed({ JitterStrategy: "FULL" })).toBe(1 + 10 * 5 + 1);
  });

  test("children of a Distributed Map leave no event", () => {
    const each = {
      Type: "Map",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
        StartAt: "T",
        States: { T: { ...TASK, End: true } },
      },
    };
    const [rounds, said] = [Math.floor((24_998 - 2) / 8), { states: { "0": { items: 100 } } }];
    const { transitions } = runaway(ring([each]), said)!;
    expect(transitions).toBeGreaterThanOrEqual(1 + rounds * 102);
    expect(transitions).toBeLessThanOrEqual(1 + (rounds + 2) * 102);
  });

  test("loops inside a Map share its history, and go round at the same time", () => {
    const inner = { Type: "Map", ItemProcessor: ring([{ Type: "Wait", Seconds: 60 }]), End: true };
    const night = { StartAt: "M", States: { M: inner } };
    const said = { states: { M: { items: 10 } } };
    const { transitions, endedBy } = runaway(night, said)!;
    expect(endedBy).toBe("history-events");
    // Two events a transition, but for 2 + 2 of the Map and 2 of each item; less than a round of each more.
    expect(transitions).toBeGreaterThanOrEqual(1 + (24_998 - 4 - 20) / 2);
    expect(transitions).toBeLessThanOrEqual(1 + 24_998 / 2 + 10 * 3);
    const timed = runaway({ ...night, TimeoutSeconds: 600 }, said)!;
    expect(timed).toMatchObject({ transitions: 1 + 10 * (1 + 10 * 2 + 1), endedBy: "TimeoutSeconds" });
    expect(timed.historyEvents).toBeGreaterThanOrEqual(4 + 10 * (2 + 2 + 10 * 4 + 1));
  });

  test("each Standard child of a Distributed Map has a history of its own", () => {
    const ProcessorConfig = { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" };
    const inner = { Type: "Map", ItemProcessor: { ProcessorConfig, ...ring([{ Type: "Pass" }]) }, End: true };
    const { transitions } = runaway(
      { StartAt: "M", States: { M: inner } },
      { states: { M: { items: 10 } } },
    )!;
    expect(transitions).toBeGreaterThanOrEqual(1 + 10 * (1 + 12_499));
    expect(transitions).toBeLessThanOrEqual(1 + 10 * (1 + 12_499 + 2));
  });

  test("nothing is told where no Wait slows an Express loop, nor of what is bounded", () => {
    expect(runaway(ring([{ Type: "Pass" }]), {}, "EXPRESS")).toMatchObject({ transitions: null });
    expect(runaway({ StartAt: "P", States: { P: { Type: "Pass", End: true } } })).toBeNull();
  });
});

const wait = fc.integer({ min: 1, max: 100 }).map((seconds) => ({ Type: "Wait", Seconds: seconds }));
const plain = fc.oneof(fc.constantFrom<object>({ Type: "Pass" }, TASK), wait);
const chain = (states: readonly object[]): object => {
  const named = states.map((state, at): [string, object] => [
    `S${at}`,
    { ...state, ...(at === states.length - 1 ? { End: true } : { Next: `S${at + 1}` }) },
  ]);
  return { StartAt: "S0", States: Object.fromEntries(named) as States };
};
const nested = fc
  .array(fc.array(plain, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map((branches) => ({ Type: "Parallel", Branches: branches.map(chain) }));

describe("acted out to its end", () => {
  test("no execution makes more transitions, and one of plain states no round fewer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(plain, { minLength: 1, maxLength: 6 }), async (states) => {
        const definition = ring(states);
        const { transitions, historyEvents } = await traceExecution(definition);
        expect(historyEvents).toBe(25_000);
        const most = 1 + runaway(definition)!.transitions!;
        expect(most).toBeGreaterThanOrEqual(transitions);
        expect(most).toBeLessThan(transitions + states.length + 1);
      }),
      { numRuns: 4 },
    );
  });

  test("nor where TimeoutSeconds ends it, nor events", async () => {
    const timed = fc.tuple(wait, fc.array(plain, { maxLength: 4 }), fc.integer({ min: 1, max: 5_000 }));
    await fc.assert(
      fc.asyncProperty(timed, async ([first, states, seconds]) => {
        const definition = ring([first, ...states], { TimeoutSeconds: seconds });
        const trace = await traceExecution(definition);
        const told = runaway(definition)!;
        const most = 1 + told.transitions!;
        expect(most).toBeGreaterThanOrEqual(trace.transitions);
        expect(most).toBeLessThan(trace.transitions + states.length + 2);
        if (told.historyEvents !== null)
          expect(2 + told.historyEvents).toBeGreaterThanOrEqual(trace.historyEvents);
      }),
      { numRuns: 12 },
    );
  });

  test("nor where branches or items go round by themselves, until events or time end it", async () => {
    const loops = fc.array(
      fc.array(plain, { minLength: 1, maxLength: 3 }).map((states) => ring(states)),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    const timed = fc.tuple(
      fc.array(plain, { maxLength: 2 }),
      loops,
      fc.option(fc.integer({ min: 1, max: 500 })),
    );
    await fc.assert(
      fc.asyncProperty(timed, fc.boolean(), async ([states, branches, seconds], asMap) => {
        const parallel = asMap
          ? { Type: "Map", ItemProcessor: branches[0] }
          : { Type: "Parallel", Branches: branches };
        // Time alone would let a branch without a Wait go round for ever.
        const definition = ring([...states, parallel], seconds === null ? {} : { TimeoutSeconds: seconds });
        const input = [1, 2];
        const { transitions } = await traceExecution(definition, { input });
        const told = runaway(definition, { states: { [states.length]: { items: 2 } } })!;
        expect(1 + told.transitions!).toBeGreaterThanOrEqual(transitions);
      }),
      { numRuns: 12 },
    );
  });

  test("nor with branches in it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(plain, nested), { minLength: 1, maxLength: 4 }), async (states) => {
        const definition = ring(states);
        const { transitions } = await traceExecution(definition);
        expect(1 + runaway(definition)!.transitions!).toBeGreaterThanOrEqual(transitions);
      }),
      { numRuns: 4 },
    );
  });
});
