import { describe, expect, test } from "vitest";
import { quotasOf } from "../../src/capacity/quotas.ts";
import { type StartRates, loadOfStarts } from "../../src/capacity/start-load.ts";
import { distributedNight, profiled } from "./profiled.ts";

const ONE_TASK = {
  StartAt: "Call",
  States: {
    Call: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Next: "Done" },
    Done: { Type: "Succeed" },
  },
};

function loads(rates: StartRates, region = "us-east-1", type: "STANDARD" | "EXPRESS" = "STANDARD") {
  const execution = profiled(ONE_TASK, { states: { Call: { duration: "2s" } } }, type);
  const { quotas } = loadOfStarts({
    ...execution,
    rates,
    quotas: quotasOf(region),
    ruleTransitions: 1,
    downstreamLimit: 50,
  });
  return new Map(quotas.map((load) => [load.code, load]));
}

describe("load at a start rate", () => {
  test("three transitions each: the region's bucket breaks at its refill over three", () => {
    const transitions = loads({ mean: 100, peak: 2000 }).get("state-transitions");
    expect(transitions).toMatchObject({
      mean: 300,
      peak: 6000,
      limit: 5000,
      burst: 1666,
      quotaCode: "L-AD9B4E93",
      bucketQuotaCode: "L-137B3F65",
    });
    expect(transitions!.breaksAt).toBeCloseTo(5000 / 3, 9);
    expect(transitions!.peakLastsSeconds).toBeCloseTo(5, 9);
    expect(loads({ mean: 100, peak: null }, "eu-north-1").get("state-transitions")).toMatchObject({
      limit: 800,
      peak: null,
      peakLastsSeconds: null,
    });
  });

  test("the burst it survives agrees with a bucket played second by second", () => {
    const { peakLastsSeconds } = loads({ mean: 1, peak: 500 }).get("start-execution")!;
    let [tokens, ticks] = [1300, 0];
    const tick = 0.001;
    while (tokens > 0) {
      tokens += (300 - 500) * tick;
      ticks++;
    }
    expect(ticks * tick).toBeCloseTo(peakLastsSeconds!, 2);
  });

  test("Little's law: rate times time is what is open at once", () => {
    const load = loads({ mean: 100, peak: 200 });
    expect(load.get("open-executions")).toMatchObject({ mean: 200, peak: 400, breaksAt: 500_000 });
    expect(load.get("lambda-concurrency")).toMatchObject({
      mean: 200,
      peak: 400,
      limit: 1000,
      breaksAt: 500,
    });
    expect(load.get("downstream")).toMatchObject({ mean: 200, limit: 50, breaksAt: 25 });
  });

  test("an Express machine has neither a transition bucket nor a quota of open executions", () => {
    const load = loads({ mean: 100, peak: null }, "us-east-1", "EXPRESS");
    expect([...load.keys()]).toEqual(["start-execution", "lambda-concurrency", "downstream"]);
    expect(load.get("start-execution")!.limit).toBe(6000);
  });

  test("each quota is raised by its own code; where none is known, none is told", () => {
    const codesOf = (type: "STANDARD" | "EXPRESS") =>
      [...loads({ mean: 1, peak: null }, "us-east-1", type).values()].map(
        ({ code, quotaCode, bucketQuotaCode }) => [code, quotaCode, bucketQuotaCode],
      );
    expect(codesOf("STANDARD")).toEqual([
      ["state-transitions", "L-AD9B4E93", "L-137B3F65"],
      ["start-execution", "L-1B55A735", "L-CE9F8059"],
      ["open-executions", "L-B8A5B662", null],
      ["lambda-concurrency", "L-B99A9384", null],
      ["downstream", null, null],
    ]);
    expect(codesOf("EXPRESS")[0]).toEqual(["start-execution", "L-7B8A8E4B", "L-CFF7B006"]);
  });

  test("requests wait in line within what is served at once, and without end beyond it", () => {
    const { line } = loadOfStarts({
      ...profiled(ONE_TASK, { states: { Call: { duration: "2s" } } }),
      rates: { mean: 20, peak: 30 },
      quotas: quotasOf("us-east-1"),
      ruleTransitions: 1,
      downstreamLimit: 50,
    });
    const [equal, memoryless] = line!.atMean.between!;
    expect(line).toMatchObject({
      state: "Call",
      places: 50,
      atMean: { use: 0.8 },
      atPeak: { between: null },
    });
    expect(equal.meanMs).toBeGreaterThan(0);
    expect(equal.meanMs).toBeLessThan(memoryless.meanMs);
  });

  test("a Map's width counts at once, however rarely it starts, and waits in no line", () => {
    const said = { states: { TranscodeAll: { items: 60_000 }, Transcode: { duration: "240s" } } };
    const { quotas, line } = loadOfStarts({
      ...profiled(distributedNight(), said),
      rates: { mean: 1 / 86_400, peak: null },
      quotas: quotasOf("us-east-1"),
      ruleTransitions: 1,
      downstreamLimit: 400,
    });
    expect(line).toBeNull();
    const downstream = quotas.find(({ code }) => code === "downstream");
    expect(downstream).toMatchObject({ peak: 400, limit: 400 });
    expect(downstream!.mean).toBeCloseTo((3000 * 240) / 86_400, 9);
  });
});
