/** Numbers worked out by hand, and bills that others have published, from the definition to the money: each names its rates. */
import { describe, expect, test } from "vitest";
import { priceListOf } from "../src/cost/known-price-lists.ts";
import type { PriceList, PriceTier } from "../src/cost/price-list.ts";
import { analyzeDefinition } from "../src/library.ts";
import type { WorkflowReport } from "../src/report/analysis-report.ts";
import { chain, distributedMap, inlineMap, lambda, passes, tasks } from "./sample-machines.ts";

/** The us-east-1 price list: USD per GB-second, as billed. */
const priceList = priceListOf("us-east-1")!;

function withGbSecondTiers(tiers: readonly PriceTier[]): PriceList {
  const listed = priceList.prices["StepFunctions-GB-Second"]!;
  return { ...priceList, prices: { ...priceList.prices, "StepFunctions-GB-Second": { ...listed, tiers } } };
}

/** The pricing page's USD per GB-hour, rounded by AWS for reading. */
const pageRates = withGbSecondTiers([
  { upTo: 1000 * 3600, unitPrice: 0.06 / 3600 },
  { upTo: 5000 * 3600, unitPrice: 0.03 / 3600 },
  { upTo: null, unitPrice: 0.01642 / 3600 },
]);
/** An AWS workshop's USD per 100 ms at 64 MB, rounded from the price list's 0.0000001041875. */
const workshopRates = withGbSecondTiers([{ upTo: null, unitPrice: 0.0000001042 / (0.1 * (64 / 1024)) }]);

function cents(cost: number | null): string | null {
  return cost === null ? null : cost.toFixed(2);
}

/** What the items of one usage type cost, the free tier's apart. */
function costOf(report: WorkflowReport, usageType: string, type = report.type): number {
  return report.estimates[type].lineItems
    .filter((item) => item.usageType === usageType && item.quantity > 0)
    .reduce((sum, item) => sum + item.cost!, 0);
}

describe("an order workflow of a million executions, us-east-1 price list", () => {
  const order = chain({
    Route: { Type: "Pass" },
    Items: inlineMap(tasks(1)),
  });
  const definition = {
    StartAt: "Route",
    States: {
      Route: {
        Type: "Choice",
        Choices: [{ Variable: "$.total", NumericGreaterThan: 1000, Next: "Review" }],
        Default: "Items",
      },
      Review: {
        Type: "Task",
        Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        Parameters: { QueueUrl: "q", MessageBody: { "token.$": "$$.Task.Token" } },
        Next: "Items",
      },
      Items: (order["States"] as Record<string, unknown>)["Items"],
    },
  };
  const report = analyzeDefinition(definition, {
    executions: "1M",
    workload: { states: { Route: { choices: { Review: 0.02 } }, Items: { items: 4 } } },
  });

  test("6.02 entered, 7.02 with the start, less 4,000 free: $175.40", () => {
    expect(report.transitions).toMatchObject({ start: 1, retries: 0, end: 0 });
    expect(report.transitions.entered).toBeCloseTo(6.02, 12);
    expect(report.estimates.STANDARD.transitionsPerMonth).toBeCloseTo(7_020_000, 6);
    expect(report.estimates.STANDARD.monthlyCost).toBe(175.4);
  });

  test("Express is blocked by the token Task, with proof", () => {
    const [blocker] = report.eligibility.EXPRESS.blockers;
    expect(blocker).toMatchObject({ code: "task-token", state: "Review" });
    expect(blocker!.at.pointer).toBe("/States/Review");
  });

  test("so a split is recommended: the Map as one call, 5.02 transitions, a request and 500 ms of 64 MB", () => {
    const { recommendation, estimates, split } = report;
    expect(recommendation.type).toBe("SPLIT");
    expect(split!.children.map(({ states }) => states)).toEqual([["Items"]]);
    // Start, Route, Review in one of fifty; Task, Choice on its Status, Succeed.
    expect(estimates.SPLIT!.transitionsPerMonth).toBeCloseTo(5_020_000, 6);
    expect(estimates.SPLIT!.costPerExecution! * 1e6).toBeCloseTo(
      5.02 * 25 + 1 + 0.5 * (64 / 1024) * 16.67,
      9,
    );
    expect(recommendation.savingPerMillion).toBeCloseTo(175.5 - 127.0209375, 6);
  });
});

describe("Standard, us-east-1 price list", () => {
  test.each([
    ["entered", 0.00025],
    ["start+entered", 0.000275],
    ["start+entered+end", 0.0003],
  ] as const)("ten Pass states by the rule %s: $%d", (transitionRule, cost) => {
    expect(analyzeDefinition(passes(10), { transitionRule }).estimates.STANDARD.costPerExecution).toBe(cost);
  });

  test("a Wait of six hours among them costs what a Pass does", () => {
    const { States } = passes(9) as { States: Record<string, object> };
    const waiting = chain({ ...States, Wait: { Type: "Wait", Seconds: 6 * 3600 } });
    const { estimates, durationMs } = analyzeDefinition(waiting);
    expect(estimates.STANDARD.costPerExecution).toBe(0.000275);
    expect(durationMs.mean).toBe(6 * 3_600_000);
  });

  test("10,000 transitions at list price, before the free tier: $0.25", () => {
    const { estimates } = analyzeDefinition(passes(10), { transitionRule: "entered", executions: 1000 });
    expect(costOf({ type: "STANDARD", estimates } as WorkflowReport, "StateTransition")).toBeCloseTo(
      0.25,
      12,
    );
    expect(estimates.STANDARD.monthlyCost).toBe(0.15);
  });

  test("a million executions of 6 transitions, the free tier once: $149.90", () => {
    expect(analyzeDefinition(passes(5), { executions: "1M" }).estimates.STANDARD.monthlyCost).toBe(149.9);
  });

  test.each([
    ["entered", 75, 74.9],
    ["start+entered", 100, 99.9],
    ["start+entered+end", 125, 124.9],
  ] as const)(
    "an article's 3 Tasks a million times by the rule %s: $%d, with the free tier $%d",
    (transitionRule, list, free) => {
      const { estimates } = analyzeDefinition(tasks(3), { transitionRule, executions: "1M" });
      expect(estimates.STANDARD.costPerExecution! * 1e6).toBeCloseTo(list, 9);
      expect(estimates.STANDARD.monthlyCost).toBe(free);
    },
  );

  test("three Tasks fewer in 1,000 executions save $0.075, whatever the rule", () => {
    for (const transitionRule of ["entered", "start+entered", "start+entered+end"] as const) {
      const cost = (count: number): number =>
        analyzeDefinition(tasks(count), { transitionRule }).estimates.STANDARD.costPerExecution!;
      expect((cost(4) - cost(1)) * 1000).toBeCloseTo(0.075, 12);
    }
  });

  test("a Map of two items with one state each enters 3", () => {
    const { transitions } = analyzeDefinition(chain({ Map: inlineMap(passes(1)) }), {
      transitionRule: "entered",
      workload: { states: { Map: { items: 2 } } },
    });
    expect(transitions.mean).toBe(3);
  });
});

describe("AWS Lambda Power Tuning's own formulas, with the start", () => {
  const N = 6;
  const rest = { Cleaner: lambda("c"), Analyzer: lambda("a"), Optimizer: lambda("o") };

  test("6 + N: 12 transitions, $0.0003", () => {
    const definition = chain({ Initializer: lambda("i"), Branching: inlineMap(tasks(1)), ...rest });
    const { transitions, estimates } = analyzeDefinition(definition, {
      workload: { states: { Branching: { items: N } } },
    });
    expect(transitions).toMatchObject({ mean: 12, entered: 11 });
    expect(estimates.STANDARD.costPerExecution).toBe(0.0003);
  });

  test("6 + 3N, its versions published in a loop: 24 transitions, $0.0006", () => {
    const after = chain({ Branching: inlineMap(tasks(1)), ...rest }) as { States: object };
    const definition = {
      StartAt: "Initializer",
      States: {
        Initializer: { ...lambda("i"), Next: "Publisher" },
        Publisher: { ...lambda("p"), Next: "IsCountReached" },
        IsCountReached: {
          Type: "Choice",
          Choices: [{ Variable: "$.more", BooleanEquals: true, Next: "Publisher" }],
          Default: "Branching",
        },
        ...after.States,
      },
    };
    const { transitions, estimates } = analyzeDefinition(definition, {
      workload: { states: { IsCountReached: { rounds: N }, Branching: { items: N } } },
    });
    expect(transitions.entered).toBeCloseTo(23, 9);
    expect(estimates.STANDARD.costPerExecution).toBeCloseTo(0.0006, 12);
  });
});

describe("Express, us-east-1 price list", () => {
  test("a booking flow of 10 transitions, as Standard $0.000250, for 1 s as Express $0.000002041875", () => {
    const { estimates, recommendation } = analyzeDefinition(tasks(9), {
      workload: { states: Object.fromEntries([...timed(8, 111), ...timed(1, 112, 9)]) },
    });
    expect(estimates.STANDARD.costPerExecution).toBe(0.00025);
    expect(estimates.EXPRESS.costPerExecution).toBeCloseTo(0.000002041875, 15);
    expect(1 - estimates.EXPRESS.costPerExecution! / estimates.STANDARD.costPerExecution!).toBeCloseTo(
      0.992,
      3,
    );
    expect(recommendation.type).toBe("EXPRESS");
    // The published form of the same: seconds = (25 t − 1) ÷ 1.041875.
    expect(recommendation.breakEven.durationSeconds).toBeCloseTo(249 / 1.041875, 6);
  });

  function timed(count: number, ms: number, from = 1): [string, object][] {
    return Array.from({ length: count }, (_, at) => [`Task ${from + at}`, { duration: `${ms}ms` }]);
  }

  test("a million executions of 1 s at 64 MB: $1.00 and $1.04", () => {
    const report = analyzeDefinition(tasks(1), {
      type: "EXPRESS",
      executions: "1M",
      workload: { states: { "Task 1": { duration: "1s" } } },
    });
    expect(report.estimates.EXPRESS.gbSeconds).toBe(62_500);
    expect(costOf(report, "StepFunctions-Request")).toBe(1);
    expect(costOf(report, "StepFunctions-GB-Second")).toBeCloseTo(1.041875, 9);
  });

  test.each([
    ["one Pass", passes(1)],
    ["one Fail", { StartAt: "Fail", States: { Fail: { Type: "Fail", Error: "E" } } }],
  ])("%s bills 100 ms at 64 MB", (_, definition) => {
    const { EXPRESS } = analyzeDefinition(definition, { type: "EXPRESS" }).estimates;
    expect(EXPRESS).toMatchObject({ billedDurationMs: 100, billedMemoryMB: 64 });
  });

  /** Memory by the payload of 10,000 iterations: 50 MB and 10 MB for each KB. */
  function measured(payloadKB: number, duration: string): { definition: object; workload: object } {
    const definition = chain({ Map: inlineMap(passes(1)), "Task 1": lambda("f") });
    return {
      definition,
      workload: { payloadKB, states: { Map: { items: 10_000 }, "Task 1": { duration } } },
    };
  }

  test.each([
    { kb: 0.001, duration: "123ms", executions: 1e5, ms: 200, mb: 64, gbSeconds: 1250, cost: 0.0208375 },
    { kb: 46, duration: "800ms", executions: 1e7, ms: 800, mb: 512, gbSeconds: 4e6, cost: 63.344 },
    { kb: 115, duration: "801ms", executions: 1e8, ms: 900, mb: 1216, gbSeconds: 106_875_000, cost: 585.234 },
  ])("Infracost's $mb MB for $duration: $gbSeconds GB-seconds, $$cost", (bill) => {
    const { definition, workload } = measured(bill.kb, bill.duration);
    const report = analyzeDefinition(definition, { type: "EXPRESS", executions: bill.executions, workload });
    const { EXPRESS } = report.estimates;
    expect(EXPRESS).toMatchObject({ billedDurationMs: bill.ms, billedMemoryMB: bill.mb });
    expect(EXPRESS.gbSeconds).toBeCloseTo(bill.gbSeconds, 4);
    expect(costOf(report, "StepFunctions-GB-Second")).toBeCloseTo(bill.cost, 8);
    expect(costOf(report, "StepFunctions-Request")).toBeCloseTo(bill.executions / 1e6, 9);
  });

  test.each([
    ["the pricing page's GB-hour rates", pageRates, "482.97"],
    ["the price list's GB-second rates", priceList, "482.88"],
  ])("AWS's example of 400 Map steps, 50 KB and 32 KB each, for 10 s, at %s: $%s", (_, rates, cost) => {
    const machine = { ...chain({ Map: inlineMap(passes(1)), "Task 1": lambda("f") }), Comment: "" };
    const definition = JSON.stringify({
      ...machine,
      Comment: "x".repeat(50_000 - JSON.stringify(machine).length),
    });
    const report = analyzeDefinition(definition, {
      type: "EXPRESS",
      executions: 1e8,
      priceList: rates,
      workload: { payloadKB: 32, states: { Map: { items: 400 }, "Task 1": { duration: "10s" } } },
    });
    expect(report.estimates.EXPRESS.billedMemoryMB).toBe(64);
    expect(report.estimates.EXPRESS.gbSeconds).toBeCloseTo(62_500_000, 3);
    expect(cents(report.estimates.EXPRESS.monthlyCost)).toBe(cost);
  });

  test("an AWS workshop's nested Express workflow of 11.3 s: $0.0127746 a thousand, at the workshop's rate", () => {
    const { estimates } = analyzeDefinition(tasks(1), {
      priceList: workshopRates,
      workload: { states: { "Task 1": { duration: "11.3s" } } },
    });
    expect(estimates.EXPRESS.costPerExecution! * 1000).toBeCloseTo(0.0127746, 9);
  });
});

describe("Distributed Map", () => {
  const batched = (type: "STANDARD" | "EXPRESS", states: number, seconds: number, sizes: [number, number?]) =>
    analyzeDefinition(chain({ Map: distributedMap(type, tasks(states), sizes[1]) }), {
      priceList: type === "EXPRESS" ? workshopRates : priceList,
      workload: {
        states: {
          Map: { items: sizes[0] },
          "Task 1": { duration: `${seconds}s` },
          "Task 2": { duration: "0s" },
        },
      },
    });
  /** The children's part of the bill: the parent's own start and Map state apart. */
  const childrenCost = (report: WorkflowReport): number =>
    report.estimates.STANDARD.costPerExecution! - 2 * 0.000025;

  test.each([
    [1000, 1, 0.05],
    [1000, 5, 0.15],
    [500_000, 2, 37.5],
  ])("%d Standard children of %d states: $%d (price list)", (children, states, cost) => {
    expect(childrenCost(batched("STANDARD", states, 0, [children]))).toBeCloseTo(cost, 9);
  });

  test.each([
    [1000, 100, 0.025, 0.1052],
    [1000, 30, 0.025, 0.03226],
    [500_000, 1, 12.5, 1.021],
  ])(
    "%d Express children of %d s: $%d of starts and $%d (AWS workshop's rate)",
    (children, seconds, starts, express) => {
      const report = batched("EXPRESS", 1, seconds, [children]);
      const billed = costOf(report, "StepFunctions-Request") + costOf(report, "StepFunctions-GB-Second");
      expect(childrenCost(report) - billed).toBeCloseTo(starts, 9);
      expect(Number(billed.toPrecision(4))).toBe(express);
    },
  );

  test.each([
    [100, 28, "37.50", "27.59"],
    [200, 32, "18.75", "14.84"],
    [400, 62, "9.38", "11.33"],
    [500, 74, "7.50", "10.31"],
    [600, 90, "6.25", "9.98"],
    [800, 120, "4.69", "9.44"],
    [1000, 150, "3.75", "9.12"],
  ])(
    "50 M items in batches of %d for %d s: Standard $%s, Express $%s (AWS workshop's rate)",
    (batch, seconds, standard, express) => {
      const items = 50_000_000;
      expect(cents(childrenCost(batched("STANDARD", 2, seconds, [items, batch])))).toBe(standard);
      expect(cents(childrenCost(batched("EXPRESS", 2, seconds, [items, batch])))).toBe(express);
    },
  );

  const transcoding = (processor: object, map: object): object => ({
    StartAt: "All",
    States: { All: { Type: "Map", ...map, ItemProcessor: { ...processor, ...tasks(1) }, End: true } },
  });
  const night = { states: { All: { items: 60_000 }, "Task 1": { duration: "240s" } } };

  test("a night of 60,000 objects in batches of 20: 3,002 transitions and 3,000 requests (price list)", () => {
    const definition = transcoding(
      { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" } },
      { ItemBatcher: { MaxItemsPerBatch: 20 }, MaxConcurrency: 400 },
    );
    const report = analyzeDefinition(definition, { workload: night });
    expect(report.transitions.mean).toBe(3002);
    expect(costOf(report, "StateTransition")).toBeCloseTo(0.07505, 12);
    expect(costOf(report, "StepFunctions-Request")).toBeCloseTo(0.003, 12);
    // Eight waves of 240 s, and a ramp of less than a second.
    expect(report.durationMs.p50).toBeGreaterThan(1_920_000);
    expect(report.durationMs.p99).toBeLessThan(1_921_000);
    expect(report.eligibility.EXPRESS.blockers.map(({ code }) => code)).toContain("distributed-map");
  });

  test("the same as an inline Map: 40 at a time, and its history is full at about 3,570 items", () => {
    const definition = transcoding({}, {});
    const report = analyzeDefinition(definition, { workload: night });
    expect(report.durationMs.p50).toBe((60_000 / 40) * 240_000);
    const events = (items: number): number =>
      analyzeDefinition(definition, { workload: { states: { All: { items } } } }).limits.find(
        ({ code }) => code === "history-events",
      )!.mean!;
    expect(events(60_000)).toBeGreaterThan(25_000);
    expect(events(3570)).toBeLessThanOrEqual(25_000);
    expect(events(3572)).toBeGreaterThan(25_000);
  });
});

describe("loops and retries", () => {
  test("a polling loop of 3 states, 11 rounds, enters 33; the same job waited for enters 1", () => {
    const polling = {
      StartAt: "Wait",
      States: {
        Wait: { Type: "Wait", Seconds: 30, Next: "Status" },
        Status: { ...lambda("status"), Next: "Done?" },
        "Done?": {
          Type: "Choice",
          Choices: [{ Variable: "$.done", BooleanEquals: true, Next: "End" }],
          Default: "Wait",
        },
        End: { Type: "Succeed" },
      },
    };
    const { states, transitions } = analyzeDefinition(polling, {
      workload: { states: { "Done?": { rounds: 11 } } },
    });
    const inLoop = states
      .filter(({ name }) => name !== "End")
      .reduce((sum, state) => sum + state.transitions, 0);
    expect(inLoop).toBeCloseTo(33, 9);
    expect(transitions.worst).toBe(35);
    const waited = analyzeDefinition(
      chain({ Job: { Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync", Parameters: {} } }),
    );
    expect(waited.transitions.entered).toBe(1);
  });

  const retried = (Retry: object[], Catch: object[] = []): object => ({
    StartAt: "Call",
    States: {
      Call: { ...lambda("call"), Retry, Catch, End: true },
      ...(Catch.length === 0 ? {} : { Caught: { Type: "Pass", End: true } }),
    },
  });

  test("a ladder of 6 retries at a failure rate of 10 %: 1.111111 attempts, one execution in ten million fails", () => {
    const report = analyzeDefinition(retried([{ ErrorEquals: ["States.ALL"], MaxAttempts: 6 }]), {
      workload: { states: { Call: { failureRate: 0.1 } } },
    });
    expect(report.transitions.retries).toBeCloseTo(0.111111, 9);
    expect(report.paths.failurePaths.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1e-7, 12);
  });

  test("two Retriers count apart: the exact chain over both counters", () => {
    const report = analyzeDefinition(
      retried([
        { ErrorEquals: ["Limit"], MaxAttempts: 6 },
        { ErrorEquals: ["States.Timeout"], MaxAttempts: 2 },
      ]),
      { workload: { states: { Call: { errors: { Limit: 0.1, "States.Timeout": 0.01 } } } } },
    );
    const { attempts, fails } = chainOfCounters([0.1, 0.01], [6, 2]);
    expect(report.transitions.retries).toBeCloseTo(attempts - 1, 12);
    expect(report.paths.failurePaths.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(fails, 12);
  });

  /** Expected attempts and the share that fails in the end, by walking all states of both counters. */
  function chainOfCounters(
    shares: [number, number],
    most: [number, number],
  ): { attempts: number; fails: number } {
    let [attempts, fails] = [0, 0];
    const mass = new Map([["0,0", 1]]);
    for (const [key, here] of mass) {
      const counts = key.split(",").map(Number);
      attempts += here;
      shares.forEach((share, i) => {
        if (counts[i]! >= most[i]!) return void (fails += here * share);
        const next = counts.map((count, j) => (i === j ? count + 1 : count)).join(",");
        mass.set(next, (mass.get(next) ?? 0) + here * share);
      });
    }
    return { attempts, fails };
  }
});

describe("events as counted in histories recorded on AWS", () => {
  test("a Task that fails 4 times and is caught, then a Pass: 18 events, 2 entered, 3 retries", () => {
    const definition = {
      StartAt: "Call",
      States: {
        Call: {
          ...lambda("call"),
          Retry: [{ ErrorEquals: ["E"], MaxAttempts: 3 }],
          Catch: [{ ErrorEquals: ["E"], Next: "Caught" }],
          Next: "Caught",
        },
        Caught: { Type: "Pass", End: true },
      },
    };
    const report = analyzeDefinition(definition, { workload: { states: { Call: { errors: { E: 1 } } } } });
    expect(report.transitions).toMatchObject({ entered: 2, retries: 3, mean: 6 });
    const [caught] = report.paths.shown;
    expect(caught).toMatchObject({ share: 1, historyEvents: 18, transitions: 6 });
  });

  test.each([
    [
      "a Pass and a Distributed Map",
      chain({ Pass: { Type: "Pass" }, Map: distributedMap("STANDARD", passes(1)) }),
      10,
    ],
    [
      "a Pass, an inline Map of 3 and a Pass",
      chain({ Pass: { Type: "Pass" }, Map: inlineMap(passes(1)), Last: { Type: "Pass" } }),
      22,
    ],
  ])("%s: %d events", (_, definition, events) => {
    const report = analyzeDefinition(definition, { workload: { states: { Map: { items: 3 } } } });
    expect(report.paths.shown[0]!.historyEvents).toBe(events);
  });
});
