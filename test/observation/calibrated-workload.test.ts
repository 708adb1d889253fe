import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { betaCumulative, betaQuantile, studentQuantile } from "../../src/observation/beta-distribution.ts";
import { bootstrapMean, resamplesOf } from "../../src/observation/bootstrap-mean.ts";
import { calibrateWorkload } from "../../src/observation/calibrated-workload.ts";
import { compareDefinitions, similarityOf } from "../../src/observation/definition-drift.ts";
import { executionsOfMonth } from "../../src/observation/fleet-workload.ts";
import { normalCumulative } from "../../src/observation/normal-cumulative.ts";
import { weighShares } from "../../src/observation/observed-share.ts";
import { planSample } from "../../src/observation/sample-plan.ts";
import { shareInterval } from "../../src/observation/share-interval.ts";
import { weightedQuantiles } from "../../src/observation/weighted-quantile.ts";
import { exactFigure } from "../../src/workflow/figure.ts";
import type { DeployedMachine } from "../../src/workflow/fleet/deployed-machine.ts";
import type { SampledState } from "../../src/workflow/fleet/fleet.ts";
import { readDefinition } from "../../src/workflow/definition/read-definition.ts";
import { sourceOfValue } from "../../src/workflow/text/source-text.ts";
import { EMPTY_STATE_WORKLOAD, EMPTY_WORKLOAD, type Workload } from "../../src/workflow/workload/workload.ts";

const DEFINITION = {
  StartAt: "Pick",
  States: {
    Pick: {
      Type: "Choice",
      Choices: [
        { Variable: "$.a", BooleanEquals: true, Next: "A" },
        { Variable: "$.b", BooleanEquals: true, Next: "B" },
      ],
      Default: "C",
    },
    A: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true },
    B: { Type: "Succeed" },
    C: { Type: "Succeed" },
  },
};

function machineOf(definition: object) {
  return readDefinition(sourceOfValue(definition)).stateMachine!;
}

const NOTHING = { mean: 1, low: 1, high: 1, n: 1 };

function seen(given: Partial<SampledState> & Pick<SampledState, "name" | "type">): SampledState {
  return {
    visits: 10,
    visitsPerExecution: NOTHING,
    next: [],
    effectiveVisits: 10,
    attempts: 0,
    effectiveAttempts: 0,
    errors: [],
    items: null,
    durationMs: null,
    inputBytes: null,
    outputBytes: null,
    ...given,
  };
}

function deployed(states: readonly SampledState[], started: number | null = 1000): DeployedMachine {
  const metrics =
    started === null
      ? null
      : {
          started,
          succeeded: started,
          failed: 0,
          timedOut: 0,
          aborted: 0,
          throttled: 0,
          durationMs: null,
          transitions: null,
          expressBilledDurationMs: null,
          expressBilledMemoryMB: null,
          startedByDay: [],
        };
  return {
    month: "2026-10",
    period: { from: "2026-10-01T00:00:00.000Z", until: "2026-11-01T00:00:00.000Z", partial: false },
    machine: {
      arn: "arn:aws:states:eu-west-1:111111111111:stateMachine:M",
      name: "M",
      account: "111111111111",
      region: "eu-west-1",
      type: "STANDARD",
      createdAt: null,
      revisionId: null,
      definition: null,
      logging: { level: "ERROR", includeExecutionData: false, logGroups: [] },
      tracing: true,
      tags: null,
      aliases: null,
      versions: null,
      metrics,
      sample: {
        histories: 10,
        source: "histories",
        executions: 1000,
        from: null,
        until: null,
        complete: true,
        byStatus: [],
        transitions: null,
        historyEvents: null,
        states,
        payloads: null,
      },
      workload: { executionsPerMonth: null, payloadKB: null, states: {} },
    },
  };
}

const PICKED = seen({
  name: "Pick",
  type: "Choice",
  next: [
    { to: "A", count: 6, share: 0.6 },
    { to: "C", count: 4, share: 0.4 },
  ],
});

function declaring(states: Readonly<Record<string, object>>): Workload {
  const entries = Object.entries(states).map(
    ([name, said]) => [name, { ...EMPTY_STATE_WORKLOAD, ...said }] as const,
  );
  return { ...EMPTY_WORKLOAD, states: new Map(entries) };
}

describe("calibrated figures", () => {
  test("executions are counted, settings are those deployed, declared ones stay", () => {
    const workload = calibrateWorkload(
      machineOf(DEFINITION),
      { ...EMPTY_WORKLOAD, logLevel: "ALL" },
      deployed([]),
    );
    expect(workload.executionsPerMonth).toStrictEqual(
      exactFigure(1000, "observed", "1000 executions in 2026-10"),
    );
    expect(workload).toMatchObject({ logLevel: "ALL", tracing: true, logExecutionData: false });
  });

  test("unknown metrics leave the declared executions", () => {
    const declared = { ...EMPTY_WORKLOAD, executionsPerMonth: exactFigure(5, "declared") };
    expect(
      calibrateWorkload(machineOf(DEFINITION), declared, deployed([], null)).executionsPerMonth?.value,
    ).toBe(5);
  });

  test("shares are drawn toward equal ones by half an observation for each way out", () => {
    const { choices } = calibrateWorkload(
      machineOf(DEFINITION),
      EMPTY_WORKLOAD,
      deployed([PICKED]),
    ).states.get("Pick")!;
    expect(choices.get("A")?.value).toBeCloseTo(6.5 / 11.5);
    expect(choices.get("B")?.value).toBeCloseTo(0.5 / 11.5);
    expect(choices.get("C")?.value).toBeCloseTo(4.5 / 11.5);
    expect(choices.get("B")?.low).toBe(0);
    expect(choices.get("A")).toMatchObject({
      basis: "observed",
      note: "10 visits in 10 of 1000 executions; equal shares weigh like 1.5 more",
    });
  });

  test("and toward declared ones by four", () => {
    const declared = declaring({
      Pick: { choices: new Map([["A", exactFigure(0.1, "declared", "stepfare.yml:4:5")]]) },
    });
    const { choices } = calibrateWorkload(machineOf(DEFINITION), declared, deployed([PICKED])).states.get(
      "Pick",
    )!;
    expect(choices.get("A")?.value).toBeCloseTo((6 + 0.4) / 14);
    expect(choices.get("C")?.value).toBeCloseTo((4 + 3.6) / 14);
    expect(choices.get("A")?.note).toContain("the declared shares (stepfare.yml:4:5) weigh like 4 more");
  });

  test("a state that nobody visited keeps what was declared", () => {
    const declared = declaring({ Pick: { choices: new Map([["A", exactFigure(0.1, "declared")]]) } });
    const workload = calibrateWorkload(machineOf(DEFINITION), declared, deployed([]));
    expect(workload.states).toStrictEqual(declared.states);
  });

  test("declared failures that are never seen become rarer; seen ones are counted", () => {
    const task = seen({
      name: "A",
      type: "Task",
      attempts: 96,
      effectiveAttempts: 96,
      errors: [{ error: "Busy", count: 24, share: 0.25 }],
    });
    const declared = declaring({ A: { failureRate: exactFigure(0.5, "declared") } });
    const { errors, failureRate } = calibrateWorkload(
      machineOf(DEFINITION),
      declared,
      deployed([task]),
    ).states.get("A")!;
    expect(errors.get("Busy")?.value).toBeCloseTo(24 / 100);
    expect(failureRate?.value).toBeCloseTo(2 / 100);
    const plain = calibrateWorkload(machineOf(DEFINITION), EMPTY_WORKLOAD, deployed([task])).states.get("A")!;
    expect(plain.errors.get("Busy")?.value).toBeCloseTo(24 / 97);
    expect(plain.failureRate).toBeNull();
  });

  test("durations keep their shape and take the observed mean; a declared one draws like four attempts", () => {
    const durationMs = {
      mean: 400,
      low: 300,
      high: 500,
      n: 6,
      percentiles: [
        [0.25, 100],
        [0.75, 600],
      ] as [number, number][],
    };
    const task = seen({ name: "A", type: "Task", attempts: 6, effectiveAttempts: 6, durationMs });
    const plain = calibrateWorkload(machineOf(DEFINITION), EMPTY_WORKLOAD, deployed([task])).states.get(
      "A",
    )!.duration!;
    expect(plain.ms).toMatchObject({ value: 400, low: 300, high: 500, basis: "observed" });
    expect(plain.percentiles![1]![1] / plain.percentiles![0]![1]).toBeCloseTo(6);
    const declared = declaring({ A: { duration: { ms: exactFigure(900, "declared"), percentiles: null } } });
    const drawn = calibrateWorkload(machineOf(DEFINITION), declared, deployed([task])).states.get(
      "A",
    )!.duration!;
    expect(drawn.ms.value).toBe(600);
    expect(drawn.ms.low).toBe(300);
  });

  test("branches that the definition no longer has are left out", () => {
    const moved = { ...PICKED, next: [...PICKED.next, { to: "Gone", count: 10, share: 0.5 }] };
    const { choices } = calibrateWorkload(
      machineOf(DEFINITION),
      EMPTY_WORKLOAD,
      deployed([moved]),
    ).states.get("Pick")!;
    expect([...choices.keys()]).toStrictEqual(["A", "B", "C"]);
    expect([...choices.values()].reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(1);
  });

  test("shares sum to 1 and lie within their intervals, whatever was seen and declared", () => {
    const counts = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50)).filter(([a, b, c]) => a + b + c > 0);
    fc.assert(
      fc.property(counts, fc.option(fc.double({ min: 0, max: 1, noNaN: true })), (seenCounts, share) => {
        const total = seenCounts.reduce((sum, count) => sum + count, 0);
        const next = ["A", "B", "C"].map((to, i) => ({
          to,
          count: seenCounts[i]!,
          share: seenCounts[i]! / total,
        }));
        const state = seen({ name: "Pick", type: "Choice", visits: total, effectiveVisits: total, next });
        const declared =
          share === null
            ? EMPTY_WORKLOAD
            : declaring({ Pick: { choices: new Map([["A", exactFigure(share, "declared")]]) } });
        const { choices } = calibrateWorkload(machineOf(DEFINITION), declared, deployed([state])).states.get(
          "Pick",
        )!;
        const figures = [...choices.values()];
        expect(figures.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(1, 9);
        for (const { low, value, high } of figures)
          expect(0 <= low && low <= value && value <= high && high <= 1).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe("a month of executions", () => {
  const day = (month: number, number: number) => Date.UTC(2026, month - 1, number);

  test.each([
    ["a whole month", { month: "2026-10", fromMs: day(10, 1), untilMs: day(11, 1) }, 310, 310],
    ["a third of one", { month: "2026-11", fromMs: day(11, 1), untilMs: day(11, 11) }, 100, 300],
    [
      "a week of one month, to that month",
      { month: null, fromMs: day(10, 1), untilMs: day(10, 8) },
      168,
      744,
    ],
    ["a week of two, to 730 hours", { month: null, fromMs: day(10, 28), untilMs: day(11, 4) }, 168, 730],
    ["a whole month by its days", { month: null, fromMs: day(10, 1), untilMs: day(11, 1) }, 310, 310],
    ["none", { month: "2026-10", fromMs: day(10, 1), untilMs: day(11, 1) }, 0, 0],
  ])("%s", (_, period, started, executions) => {
    expect(executionsOfMonth(started, period)?.likely).toBeCloseTo(executions);
  });

  test("unknown stays unknown", () => {
    expect(executionsOfMonth(null, { month: "2026-10", fromMs: 0, untilMs: 1 })).toBeNull();
  });
});

describe("statistics", () => {
  test.each([
    // jstat 1.9.6 and stdlib; the arcsine law; closed forms where a or b is 1.
    [0.975, 3, 8, 0.55609546],
    [0.025, 0.5, 0.5, Math.sin((Math.PI * 0.025) / 2) ** 2],
    [0.025, 1, 30, 1 - 0.975 ** (1 / 30)],
    [0.025, 50, 1, 0.025 ** (1 / 50)],
  ])("quantile %d of Beta(%d, %d) is %d", (p, a, b, x) => {
    expect(betaQuantile(p, a, b)).toBeCloseTo(x, 8);
    expect(betaCumulative(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 10);
  });

  test("Student's t and the normal distribution against tables", () => {
    expect(studentQuantile(0.975, 1)).toBeCloseTo(12.7062, 3);
    expect(studentQuantile(0.975, 9)).toBeCloseTo(2.262157, 5);
    expect(studentQuantile(0.975, 1e6)).toBeCloseTo(1.959966, 4);
    expect(normalCumulative(-1.959964)).toBeCloseTo(0.025, 6);
    expect(normalCumulative(0)).toBeCloseTo(0.5, 6);
  });

  test("the share interval is Clopper and Pearson's", () => {
    // Their paper's example, and the rule of three.
    expect(shareInterval(5, 10)).toMatchObject({
      low: expect.closeTo(0.18709, 5),
      high: expect.closeTo(0.81291, 5),
    });
    expect(shareInterval(0, 30)).toMatchObject({ low: 0, high: expect.closeTo(0.1157, 4) });
    expect(shareInterval(30, 30).high).toBe(1);
    expect(shareInterval(0, 0)).toStrictEqual({ low: 0, high: 1 });
  });

  test("a bootstrap of equal values has no width, of one execution neither", () => {
    const equal = Array.from({ length: 12 }, () => ({ sum: 3, count: 1, seen: 1 }));
    expect(bootstrapMean(equal, resamplesOf(12))).toStrictEqual({ mean: 3, low: 3, high: 3, n: 12 });
    expect(bootstrapMean(equal.slice(0, 1), resamplesOf(1))).toStrictEqual({
      mean: 3,
      low: 3,
      high: 3,
      n: 1,
    });
    expect(bootstrapMean([{ sum: 0, count: 0, seen: 0 }], resamplesOf(1))).toBeNull();
  });

  test("visits of one execution that all go one way count as one", () => {
    const clusters = Array.from({ length: 20 }, (_, index) => {
      const name = index % 2 === 0 ? "A" : "B";
      return { weight: 1, counts: new Map([[name, { count: 50, scaled: 50 }]]), total: 50, scaledTotal: 50 };
    });
    const { effective, seen: all } = weighShares(clusters);
    expect(all).toBe(1000);
    expect(effective).toBeCloseTo(19, 0);
  });

  test("weights undo the drawing of rare ends", () => {
    const one = (name: string, weight: number) => ({
      weight,
      counts: new Map([[name, { count: 1, scaled: 1 }]]),
      total: 1,
      scaledTotal: 1,
    });
    const { shares } = weighShares([one("ok", 98), one("bad", 1), one("bad", 1)]);
    expect(shares.find(({ name }) => name === "ok")?.share).toBeCloseTo(0.98);
  });

  test("weighted quantiles", () => {
    const values = [
      [1, 1],
      [10, 8],
      [100, 1],
    ] as const;
    expect(weightedQuantiles(values, [0.05, 0.5, 0.95])).toStrictEqual([
      [0.05, 1],
      [0.5, 10],
      [0.95, 100],
    ]);
    expect(weightedQuantiles([], [0.5])).toStrictEqual([]);
  });

  test("a sample takes no more than it may, something of each end, and nothing twice", () => {
    const stratum = fc.record({ listed: fc.nat(60), extra: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(stratum, { minLength: 1, maxLength: 4 }), fc.nat(50), (sizes, histories) => {
        const strata = sizes.map(({ listed, extra }, index) => ({
          status: (["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"] as const)[index]!,
          population: listed + extra,
          listed: Array.from({ length: listed }, (_, i) => `${index}:${i}`),
        }));
        const chosen = planSample(strata, histories).flatMap((each) => each.chosen);
        const all = sizes.reduce((sum, { listed }) => sum + listed, 0);
        expect(chosen.length).toBe(Math.min(histories, all));
        expect(new Set(chosen).size).toBe(chosen.length);
        if (histories >= 4 && sizes.every(({ listed }) => listed > 0)) {
          for (const each of planSample(strata, histories)) expect(each.chosen.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe("drift", () => {
  const here = machineOf(DEFINITION);

  test("none between equal definitions, whatever the order of keys and what a deployment fills in", () => {
    expect(compareDefinitions(here, machineOf(structuredClone(DEFINITION)))).toBeNull();
    const { States } = DEFINITION;
    const local = { ...DEFINITION, States: { ...States, A: { ...States.A, Resource: "${Function.Arn}" } } };
    expect(compareDefinitions(machineOf(local), here)).toBeNull();
    const reordered = { States: { ...States, B: { Comment: "new", Type: "Succeed" } }, StartAt: "Pick" };
    expect(compareDefinitions(machineOf(reordered), here)).toBeNull();
  });

  test("names what is added, missing and changed, inside branches too", () => {
    const inner = (seconds: number) => ({
      StartAt: "W",
      States: { W: { Type: "Wait", Seconds: seconds, End: true } },
    });
    const map = (seconds: number) => ({
      StartAt: "M",
      States: { M: { Type: "Map", ItemProcessor: inner(seconds), Next: "E" }, E: { Type: "Succeed" } },
    });
    expect(compareDefinitions(machineOf(map(1)), machineOf(map(2)))).toStrictEqual({
      onlyHere: [],
      onlyDeployed: [],
      changed: ["W"],
    });
    const { C: _, ...fewer } = DEFINITION.States;
    const without = { StartAt: "Pick", States: { ...fewer, D: { Type: "Succeed" } } };
    expect(compareDefinitions(here, machineOf(without))).toStrictEqual({
      onlyHere: ["C"],
      onlyDeployed: ["D"],
      changed: [],
    });
  });

  test("similarity is the share of states that both have", () => {
    expect(similarityOf(here, here)).toBe(1);
    const { C: _, ...fewer } = DEFINITION.States;
    expect(similarityOf(here, machineOf({ StartAt: "Pick", States: fewer }))).toBe(0.75);
  });
});
