/** Machines and figures that are seldom so: prices that nobody lists, shares that do not add up, rounds that are not whole. */
import { exactFigure } from "../../src/workflow/figure.ts";
import { type FigureCase, call, chain, pass, succeed, task } from "./figure-cases.ts";

const choice = (Default: string, ...targets: readonly string[]) => ({
  Type: "Choice",
  Choices: targets.map((Next, i) => ({ Variable: "$.k", NumericEquals: i, Next })),
  Default,
});

const expressChildren = (states: Readonly<Record<string, object>>) => ({
  ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
  ...chain(states),
});

export const ODD_FIGURE_CASES: Readonly<Record<string, FigureCase>> = {
  "prices that nobody lists": {
    region: "ap-southeast-4",
    isLent: false,
    workload: { executionsPerMonth: 900, states: { Rows: { items: 12 }, Load: { duration: "300ms" } } },
    definition: chain({
      Rows: { Type: "Map", ItemProcessor: expressChildren({ Load: task() }) },
      Put: call("dynamodb:putItem"),
    }),
  },
  "what is said of all Tasks": {
    taskDuration: {
      ms: { ...exactFigure(700, "observed"), low: 600, high: 900 },
      percentiles: [
        [0.5, 500],
        [0.9, 1200],
        [0.99, 3000],
      ],
    },
    workload: { executionsPerMonth: "40k", states: { Own: { duration: "90ms", lambda: { memoryMB: 128 } } } },
    definition: chain({ Own: task(), Other: task(), Job: call("batch:submitJob.sync") }),
  },
  "shares by the rule's number": {
    workload: {
      executionsPerMonth: "10k",
      states: {
        "First?": { choices: { 0: "10%", 2: { low: "5%", likely: "20%", high: "60%" }, default: "30%" } },
        "Second?": { choices: { A: "80%", 1: { low: "0%", likely: "10%", high: "20%" } } },
        "Third?": { choices: { B: "50%" } },
        A: { duration: "1s", errors: { X: "70%", Y: "30%" } },
      },
    },
    definition: chain({
      "First?": choice("C", "A", "B", "B", "Second?"),
      "Second?": choice("C", "A", "B"),
      A: task({ Catch: [{ ErrorEquals: ["X"], Next: "C" }], Next: "Third?" }),
      "Third?": choice("B", "B", "C"),
      B: task({ Next: "C" }),
      C: { Type: "Fail", Cause: "no name", Error: "Named" },
    }),
  },
  "rounds and items that are not whole": {
    workload: {
      states: {
        "Again?": { rounds: 2.5 },
        Some: { items: 2.25 },
        Few: { items: { low: 0, likely: 0, high: 6 } },
        Apart: { items: 2.5 },
        "Stop?": { choices: { Oops: "10%" } },
      },
    },
    definition: {
      QueryLanguage: "JSONata",
      ...chain({
        Listed: { Type: "Map", Items: [1, 2, 3], ItemProcessor: chain({ One: pass() }) },
        Round: task({ Arguments: {} }),
        "Again?": {
          Type: "Choice",
          Choices: [{ Condition: "{% $states.input.again %}", Next: "Round" }],
          Default: "Some",
        },
        Some: { Type: "Map", MaxConcurrency: 2, ItemProcessor: chain({ Two: { Type: "Wait", Seconds: 3 } }) },
        Few: { Type: "Map", ItemProcessor: chain({ Three: pass(), Four: pass() }) },
        Apart: {
          Type: "Map",
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            ...chain({ Five: pass() }),
          },
        },
        "Stop?": {
          Type: "Choice",
          Choices: [{ Condition: "{% $states.input.oops %}", Next: "Oops" }],
          Default: "Out",
        },
        Oops: { Type: "Fail", Error: "{% $states.input.error %}" },
        Out: succeed,
      }),
    },
  },
  "a loop that nothing leaves": {
    workload: {
      executionsPerMonth: 3,
      states: { Work: { duration: "200ms" }, "Again?": { choices: { Work: "100%" } } },
    },
    definition: chain({ Start: pass(), Work: task(), "Again?": choice("Out", "Work"), Out: succeed }),
  },
  "a Map within a Map, with batches within": {
    workload: {
      executionsPerMonth: 200,
      payloadKB: 1,
      states: {
        Pages: { items: 30 },
        Rows: { items: 3 },
        Try: { duration: "1s", failureRate: "30%" },
        Last: { duration: "2s" },
      },
    },
    definition: chain({
      Pages: {
        Type: "Map",
        MaxConcurrency: 5,
        ToleratedFailurePercentage: 50,
        ItemBatcher: { MaxItemsPerBatch: 7 },
        ItemProcessor: expressChildren({
          Items: {
            Type: "Map",
            ItemsPath: "$.Items",
            ItemProcessor: chain({
              Try: task({
                Retry: [
                  {
                    ErrorEquals: ["States.ALL"],
                    MaxAttempts: 2,
                    IntervalSeconds: 2,
                    MaxDelaySeconds: 3,
                    JitterStrategy: "FULL",
                  },
                ],
              }),
            }),
          },
          Rows: { Type: "Map", ItemProcessor: chain({ Last: task() }) },
        }),
        Retry: [{ ErrorEquals: ["States.ExceedToleratedFailureThreshold"], MaxAttempts: 1 }],
      },
    }),
  },
};
