/** Opportunity cases: for each rule that proposes, a workflow that it has something to say of, and one that it has not. */
import { type Around, lambda, machine } from "./reviewed.ts";

export interface OpportunityCase {
  readonly rule: string;
  readonly wasteful: object;
  readonly around?: Around;
  readonly fine: object;
  readonly fineAround?: Around;
  /** Input and results for a trace, where behaviour is said to stay. */
  readonly input?: object;
  readonly results?: Readonly<Record<string, { readonly output: unknown }>>;
}

const job = (start: string, next: string): object => ({
  Start: { Type: "Task", Resource: `arn:aws:states:::${start}`, Next: next },
  Wait: { Type: "Wait", Seconds: 30, Next: "Ask" },
  Ask: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:glue:getJobRun", Next: "Done?" },
  "Done?": {
    Type: "Choice",
    Choices: [
      { Variable: "$.State", StringEquals: "SUCCEEDED", Next: "Use" },
      { Variable: "$.State", StringEquals: "FAILED", Next: "Failed" },
    ],
    Default: "Wait",
  },
  Use: { Type: "Succeed" },
  Failed: { Type: "Fail", Error: "JobFailed" },
});

const map = (fields: object, config: object = {}): object =>
  machine({
    Each: {
      Type: "Map",
      ItemsPath: "$.items",
      ItemProcessor: { ...config, ...machine({ Do: lambda("do", { Next: "Keep" }), Keep: lambda("keep") }) },
      ...fields,
      End: true,
    },
  });
const distributed = (type: string): object => ({
  ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: type },
});

const million = { executionsPerMonth: "1M" };
const key = { "key.$": "$$.Execution.Name" };

export const opportunityCases: readonly OpportunityCase[] = [
  {
    rule: "short-standard-workflow",
    wasteful: machine({ A: lambda("a", { Next: "B" }), B: lambda("b") }),
    around: { workload: { ...million, states: { A: { duration: "100ms" }, B: { duration: "100ms" } } } },
    fine: machine({ A: lambda("a") }),
    fineAround: { workload: { ...million, states: { A: { duration: "10m" } } } },
  },
  {
    rule: "costly-express-workflow",
    wasteful: machine({ A: lambda("a") }),
    around: { type: "EXPRESS", workload: { ...million, states: { A: { duration: "4m" } } } },
    fine: machine({ A: lambda("a") }),
    fineAround: { type: "EXPRESS", workload: { ...million, states: { A: { duration: "1s" } } } },
  },
  {
    rule: "polling-loop",
    wasteful: machine(job("aws-sdk:glue:startJobRun", "Wait")),
    around: {
      workload: { ...million, states: { "Done?": { choices: { Wait: 0.9, Use: 0.08, Failed: 0.02 } } } },
    },
    fine: machine({ Start: { Type: "Task", Resource: "arn:aws:states:::glue:startJobRun.sync", End: true } }),
  },
  {
    rule: "early-first-wait",
    wasteful: machine(job("lambda:invoke", "Wait")),
    around: { workload: { ...million, states: { "Done?": { rounds: { low: 8, likely: 10, high: 20 } } } } },
    fine: machine(job("lambda:invoke", "Wait")),
    fineAround: { workload: { states: { "Done?": { rounds: 2 } } } },
  },
  {
    rule: "large-inline-map",
    wasteful: map({ ResultPath: null }),
    around: { workload: { executionsPerMonth: "10k", states: { Each: { items: 2000 } } } },
    fine: map({}),
    fineAround: { workload: { states: { Each: { items: 4 } } } },
  },
  {
    rule: "standard-map-children",
    wasteful: map({}, distributed("STANDARD")),
    around: { workload: { executionsPerMonth: "1k", states: { Each: { items: 5000 } } } },
    fine: map({}, distributed("EXPRESS")),
    input: { items: [{ n: 1 }, { n: 2 }, { n: 3 }] },
    results: { Do: { output: { done: true } }, Keep: { output: { kept: true } } },
  },
  {
    rule: "unbatched-distributed-map",
    wasteful: map({}, distributed("EXPRESS")),
    around: { workload: { executionsPerMonth: "1k", states: { Each: { items: 5000 } } } },
    fine: map({ ItemBatcher: { MaxItemsPerBatch: 50 } }, distributed("EXPRESS")),
  },
  {
    rule: "pass-through-lambda",
    wasteful: machine({ Save: lambda("put-item-dynamodb") }),
    around: { workload: { ...million, states: { Save: { duration: "50ms", lambda: { memoryMB: 256 } } } } },
    fine: machine({ Save: lambda("validate-and-put-dynamodb-order") }),
  },
  {
    rule: "idle-pass",
    wasteful: machine({
      Route: {
        Type: "Choice",
        Choices: [{ Variable: "$.x", IsPresent: true, Next: "Mark" }],
        Default: "Save",
      },
      Mark: { Type: "Pass", Next: "Mark 2" },
      "Mark 2": { Type: "Pass", Comment: "for later", Next: "Save" },
      Save: lambda("save", { Next: "Last" }),
      Last: { Type: "Pass", End: true },
    }),
    around: { workload: { ...million, states: { Route: { choices: { Mark: 0.3, Save: 0.7 } } } } },
    fine: machine({ Only: { Type: "Pass", End: true } }),
    input: { x: 1 },
    results: { Save: { output: { saved: 1 } } },
  },
  {
    rule: "pass-chain",
    wasteful: machine(
      {
        A: { Type: "Pass", Assign: { a: 1 }, Next: "B" },
        B: { Type: "Pass", Assign: { b: "{% $states.input.n + 1 %}" }, Next: "C" },
        C: { Type: "Pass", Assign: { c: 3 }, Output: "{% $states.input %}", Next: "D" },
        D: { Type: "Wait", Seconds: 1, Next: "E" },
        E: { Type: "Succeed", Output: "{% { 'a': $a, 'b': $b, 'c': $c } %}" },
      },
      { QueryLanguage: "JSONata" },
    ),
    around: { workload: million },
    fine: machine({ A: { Type: "Pass", Assign: { a: 1 }, Next: "B" }, B: { Type: "Succeed" } }),
    input: { n: 1 },
  },
  {
    rule: "choice-chain",
    wasteful: machine({
      A: { Type: "Choice", Choices: [{ Variable: "$.x", NumericEquals: 1, Next: "One" }], Default: "B" },
      B: { Type: "Choice", Choices: [{ Variable: "$.x", NumericEquals: 2, Next: "Two" }], Default: "C" },
      C: { Type: "Choice", Choices: [{ Variable: "$.x", NumericEquals: 3, Next: "One" }], Default: "Two" },
      One: lambda("one"),
      Two: lambda("two", { Next: "One" }),
    }),
    around: {
      workload: { ...million, states: { A: { choices: { One: 0.2 } }, B: { choices: { Two: 0.5 } } } },
    },
    fine: machine({
      A: { Type: "Choice", Choices: [{ Variable: "$.x", NumericEquals: 1, Next: "One" }], Default: "Two" },
      One: lambda("one"),
      Two: lambda("two"),
    }),
    input: { x: 3 },
    results: { One: { output: 1 }, Two: { output: 2 } },
  },
  {
    rule: "verbose-express-logging",
    wasteful: machine({ A: lambda("a") }),
    around: { type: "EXPRESS", workload: { ...million, logLevel: "ALL", logExecutionData: true } },
    fine: machine({ A: lambda("a") }),
    fineAround: { type: "EXPRESS", workload: { ...million, logLevel: "ERROR" } },
  },
  {
    rule: "costly-retries",
    wasteful: machine({
      All: {
        Type: "Parallel",
        Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 3 }],
        Branches: [machine({ A: lambda("a", { Parameters: key }) }), machine({ B: lambda("b") })],
        End: true,
      },
    }),
    around: { workload: { ...million, states: { A: { failureRate: 0.2 } } } },
    fine: machine({ A: lambda("a", { Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 9 }] }) }),
    fineAround: { workload: { states: { A: { failureRate: 0.001 } } } },
  },
];
