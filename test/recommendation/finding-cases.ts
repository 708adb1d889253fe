/** Finding cases: for each rule that finds, a workflow with the fault, and one without. */
import type { Surroundings } from "../../src/workflow/workflow.ts";
import { type Around, lambda, machine } from "./reviewed.ts";

export interface FindingCase {
  readonly rule: string;
  readonly faulty: object;
  readonly around?: Around;
  readonly fine: object;
  readonly fineAround?: Around;
}

const bare: Surroundings = { resource: "Orders", writesLogging: false, writesTracing: false, alarms: [] };
const METRICS = ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionThrottled", "ExecutionTime"];
const watched: Surroundings = {
  resource: "Orders",
  writesLogging: true,
  writesTracing: true,
  alarms: METRICS.map((metric) => ({ metric, label: null })),
};

const retry = (...retriers: readonly object[]): object => machine({ A: lambda("a", { Retry: retriers }) });
const caught = (...names: readonly (readonly string[])[]): object =>
  machine({
    A: lambda("a", { Catch: names.map((ErrorEquals) => ({ ErrorEquals, Next: "B" })) }),
    B: { Type: "Succeed" },
  });
const route = (rules: readonly object[], more: object = {}): object =>
  machine({
    Route: { Type: "Choice", Choices: rules.map((rule) => ({ ...rule, Next: "B" })), ...more },
    B: { Type: "Succeed" },
  });
const token = (more: object): object =>
  machine({
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      Parameters: { "MessageBody.$": "$$.Task.Token" },
      End: true,
      ...more,
    },
  });
const map = (
  more: object,
  config: object = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" } },
): object =>
  machine({
    Each: {
      Type: "Map",
      ItemProcessor: { ...config, ...machine({ Do: lambda("do", { TimeoutSeconds: 9 }) }) },
      End: true,
      ...more,
    },
  });

const all = { ErrorEquals: ["States.ALL"], ResultPath: "$.error" };
const patient = { ErrorEquals: ["States.ALL"], MaxAttempts: 5, MaxDelaySeconds: 60, JitterStrategy: "FULL" };
const keyed = { Parameters: { FunctionName: "f", Payload: { "key.$": "$$.Execution.Name" } } };
const failed = { Type: "Fail", Error: "Failed" };

/** Reserve, charge, ship; each undone when a later one fails. */
export function saga(change: Readonly<Record<string, object>> = {}): object {
  const states: Readonly<Record<string, object>> = {
    Reserve: lambda("reserve-stock", { Catch: [{ ...all, Next: "Failed" }], Next: "Charge" }),
    Charge: lambda("charge-card", { Catch: [{ ...all, Next: "Release" }], Next: "Ship" }),
    Ship: lambda("create-shipment", { Catch: [{ ...all, Next: "Refund" }], Next: "Done" }),
    Refund: lambda("refund-card", {
      ...keyed,
      Retry: [patient],
      Catch: [{ ...all, Next: "Ask for help" }],
      Next: "Release",
    }),
    Release: lambda("release-stock", {
      ...keyed,
      Retry: [patient],
      Catch: [{ ...all, Next: "Ask for help" }],
      Next: "Failed",
    }),
    "Ask for help": {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage",
      Parameters: { QueueUrl: "https://sqs.us-east-1.amazonaws.com/1/help", "MessageBody.$": "$" },
      Next: "Failed",
    },
    Failed: failed,
    Done: { Type: "Succeed" },
  };
  const changed = Object.entries(states).map(([name, state]) => [name, { ...state, ...change[name] }]);
  return machine(Object.fromEntries(changed) as object);
}

export const findingCases: readonly FindingCase[] = [
  { rule: "task-without-timeout", faulty: token({}), fine: token({ TimeoutSeconds: 60 }) },
  { rule: "callback-without-heartbeat", faulty: token({}), fine: token({ HeartbeatSeconds: 60 }) },
  {
    rule: "contradicting-timeouts",
    faulty: machine({ A: lambda("a", { TimeoutSeconds: 600 }) }, { TimeoutSeconds: 60 }),
    fine: machine({ A: lambda("a", { TimeoutSeconds: 30 }) }, { TimeoutSeconds: 60 }),
  },
  {
    rule: "contradicting-timeouts",
    faulty: machine({ A: lambda("a", { TimeoutSeconds: 5 }) }),
    around: { workload: { states: { A: { duration: { p50: "6s", p99: "9s" } } } } },
    fine: machine({ A: lambda("a", { TimeoutSeconds: 5 }) }),
    fineAround: { workload: { states: { A: { duration: { p50: "4s", p99: "9s" } } } } },
  },
  {
    rule: "contradicting-timeouts",
    faulty: machine({ A: lambda("a", { Next: "B" }), B: lambda("b") }, { TimeoutSeconds: 60 }),
    around: { workload: { states: { A: { duration: "50s" }, B: { duration: "40s" } } } },
    // Nobody says how long the second takes.
    fine: machine(
      { A: lambda("a", { Next: "B" }), B: { Type: "Wait", SecondsPath: "$.s", End: true } },
      { TimeoutSeconds: 60 },
    ),
    fineAround: { workload: { states: { A: { duration: "50s" } } } },
  },
  { rule: "task-without-retry", faulty: machine({ A: lambda("a") }), fine: retry(patient) },
  { rule: "retry-without-jitter", faulty: retry({ ErrorEquals: ["Busy"] }), fine: retry(patient) },
  {
    rule: "unbounded-backoff",
    faulty: retry({ ErrorEquals: ["Busy"], BackoffRate: 2, MaxAttempts: 12 }),
    fine: retry({ ErrorEquals: ["Busy"], BackoffRate: 2, MaxAttempts: 12, MaxDelaySeconds: 60 }),
  },
  {
    rule: "long-retry-ladder",
    faulty: retry({ ErrorEquals: ["Busy"], IntervalSeconds: 60, BackoffRate: 1, MaxAttempts: 500 }),
    fine: retry(patient),
  },
  {
    rule: "broad-retrier-first",
    faulty: retry({ ErrorEquals: ["States.TaskFailed"] }, { ErrorEquals: ["Busy"] }),
    fine: retry({ ErrorEquals: ["Busy"] }, { ErrorEquals: ["States.TaskFailed"] }),
  },
  {
    rule: "unreachable-retrier",
    faulty: retry({ ErrorEquals: ["Busy", "Slow"] }, { ErrorEquals: ["Busy"] }),
    fine: retry({ ErrorEquals: ["Busy"] }, { ErrorEquals: ["Slow"] }),
  },
  {
    rule: "futile-retry",
    faulty: retry({ ErrorEquals: ["States.Permissions"] }),
    fine: retry({ ErrorEquals: ["States.Permissions"], MaxAttempts: 0 }, { ErrorEquals: ["Busy"] }),
  },
  {
    rule: "unreachable-catcher",
    faulty: caught(["States.TaskFailed"], ["Busy"]),
    fine: caught(["Busy"], ["States.TaskFailed"], ["States.Timeout"], ["States.ALL"]),
  },
  {
    rule: "choice-without-default",
    faulty: route([
      { Variable: "$.kind", StringEquals: "a" },
      { Variable: "$.kind", StringEquals: "b" },
    ]),
    fine: route([
      { Variable: "$.n", NumericGreaterThan: 3 },
      { NumericLessThanEquals: 3, Variable: "$.n" },
    ]),
  },
  {
    rule: "never-succeeds",
    faulty: machine({
      A: lambda("a", { Next: "Failed" }),
      Failed: { Type: "Fail", Error: "Failed" },
    }),
    fine: machine({
      A: lambda("a", { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Failed" }] }),
      Failed: { Type: "Fail", Error: "Failed" },
    }),
  },
  {
    rule: "swallowed-input",
    faulty: machine({
      A: lambda("a", { Catch: [{ ErrorEquals: ["States.ALL"], Next: "B" }], Next: "C" }),
      B: lambda("b", { Parameters: { "id.$": "$.order.id" } }),
      C: { Type: "Succeed" },
    }),
    fine: machine({
      A: lambda("a", { Catch: [{ ErrorEquals: ["States.ALL"], Next: "B" }], Next: "C" }),
      B: lambda("b", { Parameters: { "why.$": "$.Cause" } }),
      C: { Type: "Succeed" },
    }),
  },
  {
    rule: "repeated-side-effect",
    faulty: machine({ Charge: lambda("charge") }),
    around: { type: "EXPRESS" },
    fine: machine({ Charge: lambda("charge", keyed) }),
    fineAround: { type: "EXPRESS" },
  },
  {
    rule: "express-overrun",
    faulty: machine({ A: lambda("a", { TimeoutSeconds: 120, Retry: [{ ErrorEquals: ["Busy"] }] }) }),
    around: { type: "EXPRESS" },
    fine: machine({ A: lambda("a", { TimeoutSeconds: 30, Retry: [{ ErrorEquals: ["Busy"] }] }) }),
    fineAround: { type: "EXPRESS" },
  },
  {
    rule: "express-without-logs",
    faulty: machine({ A: lambda("a") }),
    around: { type: "EXPRESS", surroundings: bare },
    fine: machine({ A: lambda("a") }),
    fineAround: { type: "EXPRESS", workload: { logLevel: "ERROR" } },
  },
  {
    rule: "tracing-off",
    faulty: machine({ A: lambda("a") }),
    around: { surroundings: bare },
    fine: machine({ A: lambda("a") }),
    fineAround: { workload: { tracing: true } },
  },
  {
    rule: "missing-alarms",
    faulty: machine({ A: lambda("a") }),
    around: { surroundings: bare },
    fine: machine({ A: lambda("a") }),
    fineAround: { surroundings: watched },
  },
  {
    rule: "parallel-for-items",
    faulty: machine({
      P: {
        Type: "Parallel",
        Branches: [0, 1, 2].map((n) =>
          machine({ [`Do ${n}`]: lambda("do", { InputPath: `$.items[${n}]` }) }),
        ),
        End: true,
      },
    }),
    fine: machine({
      P: {
        Type: "Parallel",
        Branches: [machine({ A: lambda("validate") }), machine({ B: lambda("enrich") })],
        End: true,
      },
    }),
  },
  {
    rule: "outgrown-inline-map",
    faulty: map({}, {}),
    around: { workload: { states: { Each: { items: "10k" } } } },
    fine: map({}, {}),
    fineAround: { workload: { states: { Each: { items: 100 } } } },
  },
  { rule: "map-without-tolerance", faulty: map({}), fine: map({ ToleratedFailureCount: 0 }) },
  { rule: "map-without-concurrency-limit", faulty: map({}), fine: map({ MaxConcurrency: 40 }) },
  {
    rule: "map-without-result-writer",
    faulty: map({}),
    fine: map({
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "b", Prefix: "p" } },
    }),
  },
  {
    rule: "oversized-batch",
    faulty: map({ ItemBatcher: { MaxItemsPerBatch: 1000 } }),
    around: { workload: { states: { Each: { itemKB: 2 } } } },
    fine: map({ ItemBatcher: { MaxItemsPerBatch: 100 } }),
    fineAround: { workload: { states: { Each: { itemKB: 2 } } } },
  },
  { rule: "distributed-map-permissions", faulty: map({}), fine: map({}, {}) },
  { rule: "incomplete-undo", faulty: saga({ Ship: { Catch: [] } }), fine: saga() },
  {
    rule: "undo-out-of-order",
    faulty: saga({
      Ship: { Catch: [{ ...all, Next: "Release" }] },
      Charge: { Catch: [{ ...all, Next: "Release" }] },
      Release: { Next: "Refund" },
      Refund: { Next: "Failed" },
    }),
    fine: saga(),
  },
  { rule: "undo-without-retry", faulty: saga({ Refund: { Retry: [] } }), fine: saga() },
  {
    rule: "undo-without-key",
    faulty: saga({ Refund: { Parameters: { FunctionName: "refund-card" } } }),
    fine: saga(),
  },
  { rule: "unwatched-undo-failure", faulty: saga({ Refund: { Catch: [] } }), fine: saga() },
];
