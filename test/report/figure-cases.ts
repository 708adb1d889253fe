/** Small machines that together use what the counting knows, each with the figures that its definition leaves open. */
import type { TransitionRule } from "../../src/usage/usage-line.ts";
import type { DurationFigure } from "../../src/workflow/workload/workload.ts";
import type { WorkflowType } from "../../src/workflow/state-machine.ts";

export interface FigureCase {
  readonly definition: object;
  readonly type?: WorkflowType;
  readonly rule?: TransitionRule;
  readonly region?: string;
  /** Whether prices that the region lacks are taken from another; default true. */
  readonly isLent?: boolean;
  /** Of all Tasks that answer at once. */
  readonly taskDuration?: DurationFigure;
  /** An entry of `workflows` in stepfare.yml. */
  readonly workload?: object;
}

const lambda = "arn:aws:lambda:us-east-1:123456789012:function:f";
export const task = (more: object = {}) => ({ Type: "Task", Resource: lambda, ...more });
export const call = (resource: string, more: object = {}) => ({
  Type: "Task",
  Resource: `arn:aws:states:::${resource}`,
  ...more,
});
export const pass = (more: object = {}) => ({ Type: "Pass", ...more });
const distributed = (ExecutionType: WorkflowType) => ({
  ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType },
});

/** Of states that do not lead to the one written after them. */
const ENDS: ReadonlySet<string> = new Set(["Next", "Choices", "Error", "Comment"]);
export const succeed = { Type: "Succeed", Comment: "the end" };

/** States one after the other, in the order written; one that says where it goes is left alone. */
export function chain(states: Readonly<Record<string, object>>): { StartAt: string; States: object } {
  const names = Object.keys(states);
  const next = (i: number) => (i + 1 < names.length ? { Next: names[i + 1] } : { End: true });
  const written = names.map((name, i) => {
    const state = states[name]!;
    return [
      name,
      Object.keys(state).some((key) => ENDS.has(key)) ? state : { ...state, ...next(i) },
    ] as const;
  });
  return { StartAt: names[0]!, States: Object.fromEntries(written) };
}

const retry = (ErrorEquals: readonly string[], more: object = {}) => ({ ErrorEquals, ...more });
const caught = (ErrorEquals: readonly string[], Next: string) => ({ ErrorEquals, Next });

export const FIGURE_CASES: Readonly<Record<string, FigureCase>> = {
  "retries with two counters": {
    workload: {
      executionsPerMonth: "1M",
      states: {
        Charge: {
          duration: "800ms",
          errors: { RateLimited: "10%", "States.Timeout": "1%" },
          failureRate: "2%",
        },
        Undo: { duration: "300ms" },
      },
    },
    definition: chain({
      Charge: task({
        TimeoutSeconds: 5,
        Retry: [
          retry(["RateLimited"], { MaxAttempts: 6, IntervalSeconds: 2, MaxDelaySeconds: 10 }),
          retry(["States.Timeout"], { MaxAttempts: 2, BackoffRate: 1.5 }),
          retry(["States.ALL"], { MaxAttempts: 1, JitterStrategy: "FULL" }),
        ],
        Catch: [caught(["States.Timeout"], "Undo"), caught(["States.TaskFailed"], "Give up")],
        Next: "Done",
      }),
      Undo: task(),
      Done: succeed,
      "Give up": { Type: "Fail", Error: "GivenUp" },
    }),
  },
  "neighbours of an Express workflow": {
    type: "EXPRESS",
    workload: {
      executionsPerMonth: "3M",
      payloadKB: 70,
      logLevel: "ALL",
      logExecutionData: true,
      tracing: true,
      states: {
        Price: { duration: "240ms", lambda: { memoryMB: 512, architecture: "arm64" } },
        Ship: { duration: "1s", lambda: { memoryMB: 256 } },
        Guess: { duration: "30ms" },
      },
    },
    definition: chain({
      Price: task(),
      Ship: call("lambda:invoke"),
      Guess: task(),
      Read: call("dynamodb:getItem"),
      Write: call("dynamodb:putItem"),
      Queue: call("sqs:sendMessage", { Parameters: { QueueUrl: "https://sqs/orders.fifo" } }),
      Tell: call("sns:publish"),
      Emit: call("events:putEvents", { Parameters: { Entries: [{}, {}] } }),
      Keep: call("aws-sdk:s3:putObject"),
    }),
  },
  "an inline Map that retries": {
    workload: {
      executionsPerMonth: { low: 1000, likely: "20k", high: "50k" },
      states: {
        Each: { items: { low: 3, likely: 10, high: 90 } },
        Fetch: { duration: "200ms", failureRate: "5%" },
        Store: { duration: { low: "50ms", likely: "100ms", high: "2s" } },
      },
    },
    definition: chain({
      Each: {
        Type: "Map",
        MaxConcurrency: 4,
        ItemProcessor: chain({
          Fetch: task({
            Retry: [retry(["States.ALL"], { MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 3 })],
          }),
          Store: task(),
        }),
        Retry: [retry(["States.TaskFailed"], { MaxAttempts: 1 })],
        Catch: [caught(["States.ALL"], "Clean up")],
        Next: "Report",
      },
      Report: pass({ Next: "End" }),
      "Clean up": task(),
      End: succeed,
    }),
  },
  "a Distributed Map of batches, Standard children": {
    rule: "start+entered+end",
    workload: {
      executionsPerMonth: 30,
      states: {
        Files: { items: 2500 },
        Convert: { duration: "3s", failureRate: "1%", lambda: { memoryMB: 1024 } },
      },
    },
    definition: chain({
      Files: {
        Type: "Map",
        MaxConcurrency: 50,
        ToleratedFailurePercentage: 5,
        ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2" },
        ItemBatcher: { MaxItemsPerBatch: 10 },
        ResultWriter: { Resource: "arn:aws:states:::s3:putObject" },
        ItemProcessor: {
          ...distributed("STANDARD"),
          ...chain({ Convert: task({ Retry: [retry(["States.ALL"], { MaxAttempts: 1 })] }), Note: pass() }),
        },
      },
      After: { Type: "Wait", Seconds: 30 },
    }),
  },
  "a Distributed Map by bytes, Express children": {
    workload: {
      executionsPerMonth: "1/h",
      payloadKB: 20,
      states: { Rows: { items: 1001, itemKB: 7 }, Load: { duration: "450ms", failureRate: "2%" } },
    },
    definition: chain({
      Rows: {
        Type: "Map",
        ToleratedFailureCount: 3,
        ItemBatcher: { MaxInputBytesPerBatch: 65_536 },
        ItemReader: { Resource: "arn:aws:states:::s3:getObject" },
        ItemProcessor: { ...distributed("EXPRESS"), ...chain({ Load: task(), Tidy: pass() }) },
        Catch: [caught(["States.ExceedToleratedFailureThreshold"], "Alarm")],
        Next: "End",
      },
      Alarm: call("sns:publish", { Next: "End" }),
      End: succeed,
    }),
  },
  "a Parallel whose branches fail": {
    workload: {
      perSecond: 2,
      states: {
        Fast: { duration: { p50: "100ms", p90: "400ms", p99: "2s" } },
        Slow: { duration: "1500ms", errors: { Busy: "10%" } },
        Stock: { duration: "20ms", errors: { Gone: "5%" } },
        Lines: { items: 3 },
      },
    },
    definition: chain({
      Both: {
        Type: "Parallel",
        Branches: [
          chain({ Fast: task() }),
          chain({
            Slow: task({ Retry: [retry(["Busy"], { MaxAttempts: 1, IntervalSeconds: 4 })] }),
            Lines: { Type: "Map", Iterator: chain({ Stock: task() }) },
          }),
        ],
        Retry: [retry(["Gone"], { MaxAttempts: 2 })],
        Catch: [caught(["Busy"], "Excuse")],
        Next: "Fine",
      },
      Excuse: pass({ Next: "Fine" }),
      Fine: succeed,
    }),
  },
  "loops by rounds and by shares": {
    workload: {
      states: {
        Poll: { duration: "150ms" },
        "Ready?": { rounds: 11 },
        "Again?": { choices: { Repair: "30%" } },
        Repair: { duration: "2s" },
      },
    },
    definition: chain({
      Pause: { Type: "Wait", Seconds: 20 },
      Poll: task(),
      "Ready?": {
        Type: "Choice",
        Choices: [{ Variable: "$.s", StringEquals: "DONE", Next: "Repair" }],
        Default: "Pause",
      },
      Repair: task(),
      "Again?": {
        Type: "Choice",
        Choices: [{ Variable: "$.x", IsPresent: true, Next: "Repair" }],
        Default: "End",
      },
      End: succeed,
    }),
  },
  "a counter in JSONPath": {
    workload: { executionsPerMonth: "100k", states: { Work: { duration: "1s" } } },
    definition: chain({
      Init: pass({ Result: { i: 0, most: 4 } }),
      Work: task({ ResultPath: null }),
      Count: pass({ Parameters: { "i.$": "States.MathAdd($.i, 1)", "most.$": "$.most" } }),
      "More?": {
        Type: "Choice",
        Choices: [{ Variable: "$.i", NumericLessThanPath: "$.most", Next: "Work" }],
        Default: "Never?",
      },
      "Never?": {
        Type: "Choice",
        Choices: [
          {
            And: [
              { Variable: "$.i", NumericEquals: 4 },
              { Not: { Variable: "$.most", NumericGreaterThan: 9 } },
            ],
            Next: "Out",
          },
        ],
        Default: "Lost",
      },
      Lost: { Type: "Fail", Error: "Lost" },
      Out: succeed,
    }),
  },
  "a counter in JSONata": {
    type: "EXPRESS",
    workload: { executionsPerMonth: "2M", states: { Work: { duration: "120ms" } } },
    definition: {
      QueryLanguage: "JSONata",
      ...chain({
        Init: pass({ Assign: { n: 3, done: false } }),
        Work: task({ Assign: { n: "{% $n - 1 %}", done: "{% $n <= 1 %}" }, Arguments: {} }),
        "Done?": {
          Type: "Choice",
          Choices: [{ Condition: "{% $done or $states.input.stop %}", Next: "Out" }],
          Default: "Work",
        },
        Out: succeed,
      }),
    },
  },
  "ways to wait and to fail": {
    workload: {
      executionsPerMonth: 5000,
      states: {
        Ask: {
          duration: { low: "1min", likely: "1h", high: "2d" },
          errors: { "States.HeartbeatTimeout": "4%" },
        },
        "Which?": { choices: { Refuse: "5%", Until: { low: "10%", likely: "20%", high: "40%" } } },
        Run: { duration: "10min", failureRate: "1%" },
      },
    },
    definition: chain({
      Ask: call("sqs:sendMessage.waitForTaskToken", {
        HeartbeatSeconds: 600,
        Parameters: { QueueUrl: "https://sqs/people", MessageBody: { "token.$": "$$.Task.Token" } },
        Catch: [caught(["States.HeartbeatTimeout"], "Refuse")],
        Next: "Which?",
      }),
      "Which?": {
        Type: "Choice",
        Choices: [
          { Variable: "$.a", StringEquals: "no", Next: "Refuse" },
          { Variable: "$.a", StringEquals: "later", Next: "Until" },
          { Variable: "$.a", StringEquals: "perhaps", Next: "Until" },
          { Variable: "$.a", StringEquals: "odd", Next: "Run" },
        ],
        Default: "Run",
      },
      Until: { Type: "Wait", TimestampPath: "$.at", Next: "Run" },
      Run: call("glue:startJobRun.sync", { Parameters: { JobName: "j" }, Next: "Ok" }),
      Refuse: { Type: "Fail", Error: "Refused" },
      Ok: succeed,
    }),
  },
  "nothing declared": {
    region: "eu-central-1",
    definition: chain({
      "Kind?": {
        Type: "Choice",
        Choices: [
          { Variable: "$.k", StringEquals: "a", Next: "A" },
          { Variable: "$.k", StringEquals: "b", Next: "B" },
          { Variable: "$.k", StringEquals: "c", Next: "A" },
        ],
        Default: "Other",
      },
      A: task({ Next: "Other" }),
      B: { Type: "Map", ItemProcessor: chain({ Inner: task() }), Next: "Other" },
      Other: {
        Type: "Parallel",
        Branches: [chain({ L: task() }), chain({ M: pass(), N: pass() })],
        Next: "Stop",
      },
      Stop: succeed,
    }),
  },
  "past the tiers of Express": {
    type: "EXPRESS",
    rule: "entered",
    workload: {
      executionsPerMonth: "300M",
      payloadKB: 200,
      states: { Long: { duration: { low: "2s", likely: "4s", high: "5s" } } },
    },
    definition: chain({
      Fan: {
        Type: "Parallel",
        Branches: [chain({ Long: task() }), chain({ Wait: { Type: "Wait", Seconds: 3 } })],
      },
      Again: { Type: "Parallel", Branches: [chain({ P: pass() })] },
    }),
  },
};
