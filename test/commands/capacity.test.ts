import { describe, expect, test } from "vitest";
import { type CapacityOptions, runCapacity } from "../../src/commands/capacity.ts";
import { distributedNight } from "../capacity/profiled.ts";
import { fakeShell } from "../fake-shell.ts";
import { chainOf } from "../scenario/trace-output.ts";

const RETRY = [{ ErrorEquals: ["Busy"], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 3 }];
const files = {
  "night.asl.json": JSON.stringify(distributedNight({}, { Retry: RETRY })),
  "two/a.asl.json": JSON.stringify(distributedNight()),
  "two/b.asl.json": JSON.stringify(distributedNight()),
  "plain.asl.json": JSON.stringify({
    StartAt: "Call|`now`",
    States: {
      "Call|`now`": { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Retry: RETRY, End: true },
    },
  }),
  "alike.asl.json": JSON.stringify(
    chainOf({
      First: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Retry: RETRY },
      Second: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Retry: RETRY },
    }),
  ),
  "stepfare.yml": `region: us-east-1
workflows:
  night:
    states:
      TranscodeAll: { items: 60_000 }
      Transcode: { duration: 240s }
`,
};

async function run(
  options: Partial<CapacityOptions>,
  world: { interruptedAfter?: number; columns?: number; files?: Record<string, string> } = {},
) {
  const shell = fakeShell({ files, ...world });
  const exitCode = await runCapacity(shell, { definition: "night.asl.json", ...options });
  return { exitCode, out: shell.stdout.text, err: shell.stderr.text };
}

async function report(options: Partial<CapacityOptions>) {
  return JSON.parse((await run({ format: "json", ...options })).out) as {
    rates: unknown;
    load: unknown;
    maps: readonly unknown[];
  };
}

describe("capacity", () => {
  test("the night: settings that fit six hours and 400 jobs, with the slack", async () => {
    const { maps, load } = await report({ window: "6h", downstreamLimit: "400" });
    expect(load).toBeNull();
    expect(maps[0]).toMatchObject({
      items: 60_000,
      asWritten: { batch: 20, maxConcurrency: 400, children: 3000 },
      proposed: { batch: 12, breaks: [] },
      inline: { waves: 1500, fullAtItems: 3570 },
    });
  });

  test("of several machines one is named, and a Task that waits for another takes as long as that one", async () => {
    const start = { StateMachineArn: "${Child.Arn}" };
    const parent = {
      Type: "Task",
      Resource: "arn:aws:states:::states:startExecution.sync:2",
      Parameters: start,
      End: true,
    };
    const pair = {
      "pair/parent.asl.json": JSON.stringify({ StartAt: "Run", States: { Run: parent } }),
      "pair/Child.asl.json": JSON.stringify({
        StartAt: "Rest",
        States: { Rest: { Type: "Wait", Seconds: 90, End: true } },
      }),
    };
    const shell = fakeShell({ files: pair });
    const options = { definition: "pair", name: "parent", rate: "2/s", format: "json" };
    expect(await runCapacity(shell, options)).toBe(0);
    const { load, name } = JSON.parse(shell.stdout.text) as {
      name: string;
      load: { tasks: readonly { attemptMs: number }[]; quotas: readonly { code: string; mean: number }[] };
    };
    expect(name).toBe("parent");
    expect(load.tasks[0]?.attemptMs).toBe(90_000);
    // Little's law: two a second, ninety seconds each.
    expect(load.quotas.find(({ code }) => code === "open-executions")?.mean).toBeCloseTo(180, 6);
    const fail = (given: object) => runCapacity(fakeShell({ files: pair }), { definition: "pair", ...given });
    await expect(fail({})).rejects.toThrow("2 state machines");
    await expect(fail({ name: "parnet" })).rejects.toMatchObject({ hint: 'Did you mean "parent"?' });
  });

  test("every format tells of the limits, and strangers' names do no harm", async () => {
    for (const format of ["table", "markdown", "csv", "json"]) {
      const { out } = await run({ definition: "plain.asl.json", rate: "50/s", peak: "80/s", format });
      expect(out, format).toContain("history-events");
      expect(out, format).toContain("lambda-concurrency");
    }
    const { out } = await run({ definition: "plain.asl.json", rate: "50/s", format: "markdown" });
    expect(out).toContain("Call\\|\\`now\\`");
  });

  test("a gate that does not hold fails the run with its reason, after the report", async () => {
    const held = await run({ rate: "100/s", definition: "plain.asl.json", failOver: ["startExecution=0.5"] });
    expect(held).toMatchObject({ exitCode: 0, err: "" });
    const broken = await run({
      rate: "200/s",
      definition: "plain.asl.json",
      failOver: ["startExecution=0.5"],
    });
    expect(broken.exitCode).toBe(1);
    expect(broken.out).toContain("Load");
    expect(broken.err).toContain("start-execution: 66.67% of 300 is used, 50% is allowed");
  });

  test("executions that those beside it start are its rate", async () => {
    const task = (more: object) => ({ Type: "Task", Resource: "arn:aws:states:::lambda:invoke", ...more });
    const start = { Resource: "arn:aws:states:::states:startExecution", End: true };
    const Parameters = { StateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:child" };
    const flow = (more: object) => JSON.stringify({ StartAt: "A", States: { A: task(more) } });
    const world = {
      files: {
        "flows/child.asl.json": flow({ End: true }),
        "flows/parent.asl.json": flow({ ...start, Parameters }),
        "stepfare.yml": "workflows: { parent: { executionsPerMonth: 2628000 } }",
      },
    };
    const { out } = await run({ definition: "flows", name: "child", format: "json" }, world);
    expect(JSON.parse(out)).toMatchObject({ rates: { mean: expect.closeTo(1, 9) as number } });
  });

  test("a gate on what nobody has said does not pass, and says what to give", async () => {
    const plain = { definition: "plain.asl.json" };
    const unrated = await run({ ...plain, failOver: ["lambdaConcurrency=1"] });
    expect(unrated).toMatchObject({ exitCode: 1 });
    expect(unrated.err).toContain("lambda-concurrency: how much of it is used is not known: give --rate");
    const unlimited = await run({ ...plain, rate: "1/s", failOver: ["downstream=1"] });
    expect(unlimited).toMatchObject({ exitCode: 1 });
    expect(unlimited.err).toContain("give --downstream-limit");
    // None of it, so none is used.
    expect(await run({ ...plain, rate: "1/s", failOver: ["openMapRuns=1"] })).toMatchObject({ exitCode: 0 });
  });

  test("a day's profile gives the peak of its busiest hour", async () => {
    const dayProfile = ["50%", ...Array.from({ length: 23 }, () => String(0.5 / 23))].join(",");
    const { rates } = await report({ rate: "10/s", dayProfile });
    expect(rates).toMatchObject({ mean: 10, peak: 120 });
  });

  test("equal seeds give equal bytes", async () => {
    const once = await run({ format: "json", window: "6h", seed: "7" });
    expect(await run({ format: "json", window: "6h", seed: "7" })).toEqual(once);
  });

  test("a storm shows its bursts, with jitter and with a longest delay beside it", async () => {
    const definition = "plain.asl.json";
    const { out } = await run({ definition, storm: "2000", format: "json" });
    const [storm] = (JSON.parse(out) as { storms: readonly { variants: readonly unknown[] }[] }).storms;
    expect(storm).toMatchObject({ executions: 2000, recoveryMs: null, errors: ["Busy"] });
    expect(storm!.variants[0]).toMatchObject({
      what: "as written",
      bursts: [
        [2, 2000],
        [6, 2000],
        [14, 2000],
      ],
      extraTransitions: 6000,
      extraCost: 0.15,
    });
    for (const format of ["table", "markdown"]) {
      const text = (await run({ definition, storm: "2000", format }, { columns: 80 })).out;
      expect(text).toContain("JitterStrategy FULL");
      expect(text).toMatch(/MaxDelaySeconds \d/);
      expect(text).toContain("··█···█·······█");
    }
    const again = { definition, storm: "2000", simulate: "1000", seed: "3", format: "json" };
    expect(await run(again)).toEqual(await run(again));
  });

  test("Tasks that retry alike have one storm, and learn which MaxAttempts would outlast the outage", async () => {
    const storm = { definition: "alike.asl.json", storm: "10", recovery: "20s" };
    for (const format of ["table", "markdown"]) {
      const { out } = await run({ ...storm, format });
      expect(out.match(/Retry storm of/g), format).toHaveLength(1);
      expect(out).toContain("MaxAttempts 4 would outlast 20 s, 3 does not. The same for Second.");
    }
    const { storms } = JSON.parse((await run({ ...storm, format: "json" })).out) as { storms: object[] };
    expect(storms).toMatchObject([
      { state: "First", maxAttempts: 3, outlastingAttempts: 4 },
      { state: "Second", outlastingAttempts: 4 },
    ]);
    expect((await run({ ...storm, recovery: "14s" })).out).not.toContain("would outlast");
  });

  test("a long list of Tasks is cut, and says so; --verbose shows all", async () => {
    const task = (i: number) => ({
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      ...(i === 49 ? { End: true } : { Next: `Task${i + 1}` }),
    });
    const States = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`Task${i}`, task(i)]));
    const long = { ...files, "long.asl.json": JSON.stringify({ StartAt: "Task0", States }) };
    const show = async (verbose: boolean) => {
      const shell = fakeShell({ files: long });
      await runCapacity(shell, { definition: "long.asl.json", rate: "1/s", verbose });
      return shell.stdout.text;
    };
    expect(await show(false)).toContain("45 more Tasks: --verbose shows all");
    expect(await show(true)).toContain("Task49");
  });

  test("Ctrl-C leaves what was simulated, marked as partial", async () => {
    const options = { definition: "plain.asl.json", simulate: "1M" };
    const { out, err } = await run(options, { interruptedAfter: 2 });
    expect(out).toContain("60,000 executions, stopped before the end");
    expect(err).toContain("partial");
    const whole = await run({ ...options, simulate: "60k" });
    expect(whole.out).not.toContain("stopped");
    expect(whole.err).toBe("");
  });

  test("items from the command line stand over those of the file", async () => {
    const { maps } = await report({ items: ["1000"] });
    expect(maps[0]).toMatchObject({ items: 1000 });
  });

  test.each([
    [{ rate: "0/s" }, "--rate"],
    [{ rate: "-3/s" }, "--rate"],
    [{ rate: "50" }, "no unit"],
    [{ rate: "5/s", executions: "1M" }, "contradict"],
    [{ rate: "5/s", peak: "2/s" }, "--peak"],
    [{ peak: "5/s", dayProfile: "1" }, "contradict"],
    [{ dayProfile: "0.5,0.6" }, "24 hours"],
    [{ dayProfile: Array.from({ length: 24 }, () => "0.1").join(",") }, "240%"],
    [{ window: "0s" }, "--window"],
    [{ window: "6" }, "no unit"],
    [{ window: "5s" }, "longer than the window"],
    [{ window: "6h", definition: "plain.asl.json" }, "no Distributed Map"],
    [{ downstreamLimit: "0" }, "--downstream-limit"],
    [{ downstreamLimit: "1.5" }, "whole number"],
    [{ items: ["Nobody=5"] }, "not the name of one Map"],
    [{ items: ["5"], definition: "plain.asl.json" }, "no Map"],
    [{ failOver: ["historyEvent=0.8"] }, 'Did you mean "history-events"'],
    [{ failOver: ["historyEvents"] }, "needs a share"],
    [{ failOver: ["historyEvents=80"] }, "more than the whole"],
    [{ storm: "0" }, "--storm"],
    [{ storm: "1B" }, "at most 5000000"],
    [{ storm: "10", definition: "two/a.asl.json" }, "no Task of the definition retries"],
    [{ recovery: "10s" }, "give --storm too"],
    [{ simulate: "-1" }, "--simulate"],
    [{ seed: "x" }, "--seed"],
    [{ definition: "two" }, "capacity looks at one"],
  ])("%o is refused", async (options, reason) => {
    await expect(run(options)).rejects.toThrow(reason);
  });
});
