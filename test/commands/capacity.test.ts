import { describe, expect, test } from "vitest";
import { type CapacityOptions, runCapacity } from "../../src/commands/capacity.ts";
import { distributedNight } from "../capacity/profiled.ts";
import { fakeShell } from "../fake-shell.ts";

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
  "stepfare.yml": `region: us-east-1
workflows:
  night:
    states:
      TranscodeAll: { items: 60_000 }
      Transcode: { duration: 240s }
`,
};

async function run(options: Partial<CapacityOptions>) {
  const shell = fakeShell({ files });
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

  test("a day's profile gives the peak of its busiest hour", async () => {
    const dayProfile = ["50%", ...Array.from({ length: 23 }, () => String(0.5 / 23))].join(",");
    const { rates } = await report({ rate: "10/s", dayProfile });
    expect(rates).toMatchObject({ mean: 10, peak: 120 });
  });

  test("equal seeds give equal bytes", async () => {
    const once = await run({ format: "json", window: "6h", seed: "7" });
    expect(await run({ format: "json", window: "6h", seed: "7" })).toEqual(once);
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
    [{ seed: "x" }, "--seed"],
    [{ definition: "two" }, "capacity looks at one"],
  ])("%o is refused", async (options, reason) => {
    await expect(run(options)).rejects.toThrow(reason);
  });
});
