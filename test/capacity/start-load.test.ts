import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type StartRates, mostHeld } from "../../src/capacity/held-at-once.ts";
import { fromAtoms, point } from "../../src/graph/distribution.ts";
import { quotasOf } from "../../src/capacity/quotas.ts";
import { loadOfStarts } from "../../src/capacity/start-load.ts";
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
    byHour: null,
    startedTypes: new Map(),
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
      byHour: null,
      startedTypes: new Map(),
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
      byHour: null,
      startedTypes: new Map(),
      ruleTransitions: 1,
      downstreamLimit: 400,
    });
    expect(line).toBeNull();
    const downstream = quotas.find(({ code }) => code === "downstream");
    expect(downstream).toMatchObject({ peak: 400, limit: 400 });
    expect(downstream!.mean).toBeCloseTo((3000 * 240) / 86_400, 9);
  });

  const task = (Resource: string, more: object = {}) => ({ Type: "Task", Resource, End: true, ...more });
  const loadOf = (definition: object, said: object, type: "STANDARD" | "EXPRESS" = "STANDARD") =>
    loadOfStarts({
      ...profiled(definition, said, type),
      rates: { mean: 10, peak: 20 },
      quotas: quotasOf("us-east-1"),
      byHour: null,
      startedTypes: new Map([["/States/Known", "EXPRESS"]]),
      ruleTransitions: 1,
      downstreamLimit: 100,
    });

  test.each([
    ["STANDARD", 2, 1],
    ["EXPRESS", 1, 2],
  ] as const)("started by a %s workflow, each type takes from its own bucket", (type, standard, express) => {
    const definition = {
      StartAt: "Bare",
      States: {
        Bare: task("arn:aws:states:::aws-sdk:sfn:startExecution", { End: undefined, Next: "Known" }),
        Known: task("arn:aws:states:::states:startExecution", { End: undefined, Next: "Waits" }),
        Waits: task("arn:aws:states:::aws-sdk:sfn:startSyncExecution"),
      },
    };
    const { quotas } = loadOf(definition, {}, type);
    const meanOf = (code: string) => quotas.find((each) => each.code === code)?.mean;
    const [own, other] = type === "STANDARD" ? [standard, express] : [express, standard];
    expect(meanOf("start-execution")).toBeCloseTo(10 * own, 9);
    expect(meanOf("nested-start-execution")).toBeCloseTo(10 * other, 9);
  });

  test("what a child runs side by side is open at once, for each child", () => {
    const inline = {
      Type: "Map",
      ItemsPath: "$.list",
      ItemProcessor: { StartAt: "L", States: { L: task("arn:aws:states:::lambda:invoke") } },
      End: true,
    };
    const lambda = (name: string) => ({
      StartAt: name,
      States: { [name]: task("arn:aws:states:::lambda:invoke") },
    });
    const each = {
      Type: "Parallel",
      Branches: [{ StartAt: "Inner", States: { Inner: inline } }, lambda("A"), lambda("B")],
      End: true,
    };
    const definition = {
      StartAt: "All",
      States: {
        All: {
          Type: "Map",
          MaxConcurrency: 30,
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
            StartAt: "Each",
            States: { Each: each },
          },
          End: true,
        },
      },
    };
    const said = { states: { All: { items: 1000 }, Inner: { items: 50 }, L: { duration: "10s" } } };
    const often = loadOf(definition, said);
    const downstream = often.quotas.find(({ code }) => code === "downstream");
    expect(downstream!.peak).toBeCloseTo(20 * 1000 * 50 * 10, 3);
    expect(often.line).toBeNull();
    // Started rarely, one execution holds more than Little's law gives.
    const rare = loadOfStarts({
      ...profiled(definition, said),
      rates: { mean: 1e-6, peak: null },
      quotas: quotasOf("us-east-1"),
      byHour: null,
      startedTypes: new Map(),
      ruleTransitions: 1,
      downstreamLimit: 100,
    });
    const rarely = new Map(rare.quotas.map((load) => [load.code, load]));
    expect(rarely.get("lambda-concurrency")).toMatchObject({ peak: 30 * (40 + 2), breaksAt: 0 });
    expect(rarely.get("downstream")).toMatchObject({ peak: 30 * 40, breaksAt: 0 });
  });

  test("what waits for a token is not what the downstream is busy with", () => {
    const definition = {
      StartAt: "Call",
      States: {
        Call: task("arn:aws:states:::lambda:invoke", { End: undefined, Next: "Approve" }),
        Approve: task("arn:aws:states:::sqs:sendMessage.waitForTaskToken"),
      },
    };
    const said = { states: { Call: { duration: "1s" }, Approve: { duration: "2d" } } };
    const { quotas, line } = loadOf(definition, said);
    expect(quotas.find(({ code }) => code === "downstream")).toMatchObject({ mean: 10, peak: 20 });
    expect(line!.state).toBe("Call");
  });
});

describe("what is held over a day whose hours differ", () => {
  const rates = { mean: 2, peak: null };
  const HOUR = 3_600_000;
  const busy = [0.2, 0.2, ...Array.from({ length: 22 }, () => 0.6 / 22)];

  test("of whole days are whole days' starts, whenever the peak is", () => {
    expect(mostHeld(point(48 * HOUR), rates, busy)).toBeCloseTo(2 * 2 * 86_400, 3);
    expect(mostHeld(point(1000), rates, busy)).toBeCloseTo(2 * 24 * 0.2, 9);
  });

  test("is what playing the day second by second holds", () => {
    const shares = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 24, maxLength: 24 });
    const held = fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 5 })), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(shares, held, (written, atoms) => {
        const sum = written.reduce((all, share) => all + share, 0);
        fc.pre(sum > 0);
        const byHour = written.map((share) => share / sum);
        const mass = atoms.reduce((all, [, weight]) => all + weight, 0);
        const minutes = fromAtoms(atoms.map(([each, weight]) => [each * 60_000, weight / mass]));
        // A minute's starts, and what of them is still open so many minutes later.
        const started = (minute: number): number =>
          byHour[Math.floor((((minute % 1440) + 1440) % 1440) / 60)]! * 24 * 2 * 60;
        const open = (at: number): number =>
          atoms.reduce((all, [each, weight]) => {
            let starts = 0;
            for (let ago = 1; ago <= each; ago++) starts += started(at - ago);
            return all + (weight / mass) * starts;
          }, 0);
        const played = Math.max(...Array.from({ length: 1440 }, (_, at) => open(at)));
        expect(mostHeld(minutes, rates, byHour)!).toBeCloseTo(played, 4);
      }),
      { numRuns: 15 },
    );
  });
});

describe("a Map of Standard children", () => {
  const passes = (count: number) => {
    const names = Array.from({ length: count }, (_, at) => `P${at}`);
    return {
      StartAt: "P0",
      States: Object.fromEntries(
        names.map((name, at) => [
          name,
          { Type: "Pass", ...(at === count - 1 ? { End: true } : { Next: `P${at + 1}` }) },
        ]),
      ),
    };
  };
  const mapOver = (child: object) => ({
    StartAt: "All",
    States: {
      All: {
        Type: "Map",
        ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...child },
        End: true,
      },
    },
  });
  const quotasOfRare = (definition: object, said: object, region: string) => {
    const { quotas } = loadOfStarts({
      ...profiled(definition, said),
      rates: { mean: 1e-6, peak: null },
      byHour: null,
      quotas: quotasOf(region),
      startedTypes: new Map(),
      ruleTransitions: 1,
      downstreamLimit: null,
    });
    return new Map(quotas.map((load) => [load.code, load]));
  };

  test("takes transitions as fast as its children are dispatched, once it is more than a full bucket", () => {
    const said = (items: number) => ({ states: { All: { items } } });
    const of = (items: number) => quotasOfRare(mapOver(passes(12)), said(items), "eu-central-1");
    // A hundred starts a second, each of a start and twelve states; a bucket of 800 and 800 a second.
    expect(of(100_000).get("state-transitions")).toMatchObject({ peak: 1300, limit: 800 });
    expect(of(60).get("state-transitions")!.peak).toBeNull();
    const eight = {
      Type: "Parallel",
      Branches: Array.from({ length: 8 }, () => mapOver(passes(12))),
      End: true,
    };
    const together = quotasOfRare({ StartAt: "P", States: { P: eight } }, said(60), "eu-central-1");
    expect(together.get("state-transitions")!.peak).toBeCloseTo(8 * 60 * 13, 6);
    expect(together.get("open-map-runs")!.peak).toBe(8);
  });

  test("inside the children of another opens as many Map Runs as those are", () => {
    const nested = mapOver({ StartAt: "All2", States: { All2: mapOver(passes(1)).States.All } });
    const load = quotasOfRare(nested, { states: { All: { items: 700 }, All2: { items: 2 } } }, "us-east-1");
    expect(load.get("open-map-runs")!.peak).toBeGreaterThan(1);
  });

  test("has no more of them open than are dispatched while one runs", () => {
    const work = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true };
    const said = { states: { All: { items: 20_000 }, Work: { duration: "500ms" } } };
    const load = quotasOfRare(mapOver({ StartAt: "Work", States: { Work: work } }), said, "us-east-1");
    expect(load.get("lambda-concurrency")).toMatchObject({ peak: 50 });
  });
});
