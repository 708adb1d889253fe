/** Safe advice: what a proposal must not change in silence, and what is not said where it would be noise. */
import { describe, expect, it } from "vitest";
import { applyPatch } from "../../src/recommendation/json-patch.ts";
import { writtenDefinition } from "../../src/recommendation/changed-workflow.ts";
import type { OpportunityReport } from "../../src/report/analysis-report.ts";
import { saga } from "./finding-cases.ts";
import { type Around, lambda, machine, reviewed, workflowOf } from "./reviewed.ts";

const many: Around = { workload: { executionsPerMonth: "1k", states: { Each: { items: 5000 } } } };

function mapOf(more: object, mode: object = {}, item: object = lambda("do")): object {
  return machine({
    Each: { Type: "Map", ItemProcessor: { ...mode, ...machine({ Do: item }) }, End: true, ...more },
  });
}
const distributed = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" } };

function proposed(rule: string, definition: object, around: Around): OpportunityReport {
  return reviewed(definition, around).opportunities.find((each) => each.rule === rule)!;
}

function textsOf(rule: string, definition: object, around: Around = {}): readonly string[] {
  return reviewed(definition, around)
    .findings.filter((finding) => finding.rule === rule)
    .map(({ text, remedy }) => `${text}. ${remedy}`);
}

describe("a batch", () => {
  interface Batched {
    readonly States: {
      readonly Each: {
        readonly MaxConcurrency?: number;
        readonly ItemProcessor: { readonly States: { readonly "Each of Each": { MaxConcurrency: number } } };
      };
    };
  }
  const concurrencyOf = (rule: string, definition: object): readonly (number | undefined)[] => {
    const { patch } = proposed(rule, definition, many);
    const { States } = applyPatch(
      writtenDefinition(workflowOf(definition).stateMachine),
      patch!,
    ) as unknown as Batched;
    return [States.Each.MaxConcurrency, States.Each.ItemProcessor.States["Each of Each"].MaxConcurrency];
  };

  it.each([
    [1, [1, 1]],
    [9, [1, 9]],
    [1000, [25, 40]],
    [undefined, [250, 40]],
  ])("runs no more items at once than MaxConcurrency %s did", (written, expected) => {
    const more = written === undefined ? {} : { MaxConcurrency: written };
    expect(concurrencyOf("unbatched-distributed-map", mapOf(more, distributed))).toStrictEqual(expected);
  });

  it("leaves a concurrency that is computed as it is, and takes one item at a time", () => {
    const more = { MaxConcurrencyPath: "$.most" };
    expect(concurrencyOf("unbatched-distributed-map", mapOf(more, distributed))).toStrictEqual([
      undefined,
      1,
    ]);
  });

  it("of an inline Map keeps the forty that AWS runs at once", () => {
    expect(concurrencyOf("large-inline-map", mapOf({}))).toStrictEqual([1, 40]);
  });

  it("of Standard children leaves room in the history of each", () => {
    const standard = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };
    const pass = { Type: "Pass", Parameters: {} };
    const names = Array.from({ length: 125 }, (_, at) => `P${at}`);
    const item = machine(
      Object.fromEntries(
        names.map((name, at) => [
          name,
          { ...pass, ...(at === 124 ? { End: true } : { Next: `P${at + 1}` }) },
        ]),
      ),
    );
    const around = { Type: "Parallel", Branches: [item], End: true };
    const { advice } = proposed("unbatched-distributed-map", mapOf({}, standard, around), many);
    // 125 states of two events, the Parallel's four and two around each item, in half of 25,000.
    expect(advice).toContain(`take ${Math.floor(12_500 / (250 + 4 + 2))} items`);
  });

  it("still runs every item: it saves what starts less often, and nothing else", () => {
    const standard = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };
    const saved = proposed("unbatched-distributed-map", mapOf({}, standard), many).ownSavingPerMillion;
    // 5,000 children of a start and a Task become 50 of a start, a Map and 100 Tasks.
    expect(saved).toBeCloseTo((5000 * 2 - 50 * 102) * 25, 3);
  });

  it.each(["unbatched-distributed-map", "large-inline-map"])(
    "is no patch by %s where items use the execution's name as their key",
    (rule) => {
      const keyed = lambda("charge", {
        Parameters: { FunctionName: "charge", Payload: { "key.$": "$$.Execution.Name" } },
      });
      const mode = rule === "large-inline-map" ? {} : distributed;
      const { patch, conditions } = proposed(rule, mapOf({}, mode, keyed), many);
      expect(patch).toBeNull();
      expect(conditions.join()).toContain("execution's name");
    },
  );
});

describe("a job that is polled", () => {
  const job = (start: object, ask = "aws-sdk:glue:getJobRun"): object =>
    machine({
      Start: { Type: "Task", Resource: "arn:aws:states:::glue:startJobRun", Next: "Wait", ...start },
      Wait: { Type: "Wait", Seconds: 30, Next: "Ask" },
      Ask: { Type: "Task", Resource: `arn:aws:states:::${ask}`, Next: "Done?" },
      "Done?": {
        Type: "Choice",
        Choices: [{ Variable: "$.State", StringEquals: "SUCCEEDED", Next: "Use" }],
        Default: "Wait",
      },
      Use: { Type: "Succeed" },
    });

  it("is no patch where its start takes the answer apart, which .sync does not give", () => {
    const { patch, conditions } = proposed(
      "polling-loop",
      job({ ResultSelector: { "id.$": "$.JobRunId" } }),
      {},
    );
    expect(patch).toBeNull();
    expect(conditions.join()).toContain("ResultSelector of Start is written anew");
    expect(proposed("polling-loop", job({}), {}).patch).not.toBeNull();
  });

  const polled = (
    start: string,
    ask: string,
    { rule, asked = {} }: { rule: object; asked?: object },
  ): object =>
    machine({
      Start: { Type: "Task", Resource: `arn:aws:states:::${start}`, Next: "Wait" },
      Wait: { Type: "Wait", Seconds: 30, Next: "Call" },
      Call: { Type: "Task", Resource: `arn:aws:states:::${ask}`, ...asked, Next: "Done?" },
      "Done?": { Type: "Choice", Choices: [{ ...rule, Next: "Use" }], Default: "Wait" },
      Use: { Type: "Succeed" },
    });
  const status = (is: string): object => ({ Variable: "$.Status", StringEquals: is });
  const often = { workload: { states: { "Done?": { rounds: 20 } } } };
  const named = (FunctionName: string): object => ({ Parameters: { FunctionName } });

  it.each<[string, object, object]>([
    ["sns:publish", {}, status("DONE")],
    ["aws-sdk:sesv2:sendEmail", {}, status("DONE")],
    ["http:invoke", { Parameters: { Method: "POST" } }, status("DONE")],
    ["lambda:invoke", named("send-reminder"), status("DONE")],
    ["lambda:invoke", named("notify-status"), status("DONE")],
    ["lambda:invoke", named("process-page"), status("DONE")],
    ["lambda:invoke", named("pages"), { Variable: "$.more", BooleanEquals: false }],
  ])("is nothing that does something each round: %s %j", (call, asked, rule) => {
    const loop = polled("sqs:sendMessage", call, { rule, asked });
    expect(proposed("polling-loop", loop, {})).toBeUndefined();
    expect(proposed("early-first-wait", loop, often)).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ["aws-sdk:s3:listObjectsV2", {}, "$.NextContinuationToken"],
    ["aws-sdk:s3:listObjectsV2", {}, "$.IsTruncated"],
    ["aws-sdk:dynamodb:scan", {}, "$.Page.LastEvaluatedKey"],
    ["aws-sdk:dynamodb:query", {}, "$.LastEvaluatedKey"],
    ["aws-sdk:organizations:listAccounts", {}, "$.NextToken"],
    ["aws-sdk:iam:listUsers", {}, "$['Marker']"],
    ["lambda:invoke", named("list-running-tasks"), "$.next_page"],
    ["lambda:invoke", named("get-orders"), "$.Payload.hasMore"],
    ["http:invoke", { Parameters: { Method: "GET" } }, "$.ResponseBody.next"],
  ])("is nothing that reads page after page: %s %j until no %s", (call, asked, token) => {
    const { States } = polled("sqs:sendMessage", call, { rule: {}, asked }) as { States: object };
    const Choices = [{ Variable: token, IsPresent: true, Next: "Wait" }];
    const loop = machine({ ...States, "Done?": { Type: "Choice", Choices, Default: "Use" } });
    expect(proposed("polling-loop", loop, {})).toBeUndefined();
    expect(proposed("early-first-wait", loop, often)).toBeUndefined();
  });

  it("is what is asked page by page until a status is there", () => {
    const Choices = [
      { Variable: "$.NextToken", IsPresent: true, Next: "Wait" },
      { ...status("DONE"), Next: "Use" },
    ];
    const { States } = polled("sqs:sendMessage", "aws-sdk:rds:describeDBClusters", { rule: {} }) as {
      States: object;
    };
    const loop = machine({ ...States, "Done?": { Type: "Choice", Choices, Default: "Wait" } });
    expect(proposed("polling-loop", loop, {}).advice).toContain("waitForTaskToken");
  });

  it.each<[string, object]>([
    ["lambda:invoke", named("check-mail")],
    ["lambda:invoke", named("order-status")],
    ["lambda:invoke", named("orders")],
    ["http:invoke", { Parameters: { Method: "GET" } }],
    ["aws-sdk:rds:describeDBClusters", {}],
  ])("is what a Task asks about: %s %j", (call, asked) => {
    const loop = polled("glue:startJobRun", call, { rule: status("DONE"), asked });
    expect(proposed("polling-loop", loop, {}).advice).toContain("waitForTaskToken");
    expect(proposed("early-first-wait", loop, often)).toBeDefined();
  });

  it.each<[string, string, object, string]>([
    ["ecs:runTask", "aws-sdk:ecs:describeTasks", status("STOPPED"), "ecs:runTask.sync"],
    ["ecs:runTask", "aws-sdk:ecs:describeTasks", status("RUNNING"), "waitForTaskToken"],
    [
      "ecs:runTask",
      "aws-sdk:ecs:describeTasks",
      { Or: [status("RUNNING"), status("STOPPED")] },
      "waitForTaskToken",
    ],
    ["batch:submitJob", "aws-sdk:batch:describeJobs", status("RUNNING"), "waitForTaskToken"],
    ["mediaconvert:createJob", "aws-sdk:mediaconvert:getJob", status("COMPLETE"), "createJob.sync"],
    [
      "aws-sdk:sfn:startExecution",
      "aws-sdk:sfn:describeExecution",
      status("SUCCEEDED"),
      "startExecution.sync:2",
    ],
    ["sns:publish", "aws-sdk:glue:getJobRun", status("SUCCEEDED"), "waitForTaskToken"],
  ])("is waited for by .sync only to the end that .sync waits for: %s, %s, %j", (start, ask, rule, told) => {
    expect(proposed("polling-loop", polled(start, ask, { rule }), {}).advice).toContain(told);
  });

  it("ends by the Default too, where its rules lead back while it works", () => {
    const at = (is: string): object => {
      const definition = polled("ecs:runTask", "aws-sdk:ecs:describeTasks", { rule: {} });
      const { States } = definition as { States: object };
      const Choices = [{ ...status(is), Next: "Wait" }];
      return machine({ ...States, "Done?": { Type: "Choice", Choices, Default: "Use" } });
    };
    expect(proposed("polling-loop", at("RUNNING"), {}).advice).toContain("ecs:runTask.sync");
    expect(proposed("polling-loop", at("PENDING"), {}).advice).toContain("waitForTaskToken");
  });

  it("is no queue that work is taken from", () => {
    expect(proposed("polling-loop", job({}, "aws-sdk:sqs:receiveMessage"), {})).toBeUndefined();
  });
});

describe("a definition that AWS refuses", () => {
  const refused = machine({ A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "Nowhere" } });

  it("gets no proposals, and is told why; its findings stay", () => {
    const { opportunities, diagnostics, findings } = reviewed(
      machine({ ...machineStates(refused), C: lambda("c") }),
    );
    expect(opportunities).toStrictEqual([]);
    expect(diagnostics.map(({ code }) => code)).toContain("advice-withheld");
    expect(findings.map(({ rule }) => rule)).toContain("task-without-retry");
  });

  it("is the only one", () => {
    const { opportunities, diagnostics } = reviewed(
      machine({ A: { Type: "Pass", Next: "B" }, B: { Type: "Succeed" } }),
    );
    expect(opportunities.map(({ rule }) => rule)).toContain("idle-pass");
    expect(diagnostics.map(({ code }) => code)).not.toContain("advice-withheld");
  });

  function machineStates(definition: object): object {
    return (definition as { readonly States: object }).States;
  }
});

describe("words", () => {
  it("of a function without timeout speak of its own fifteen minutes, not of a year", () => {
    const [text] = textsOf("task-without-timeout", machine({ A: lambda("a") }));
    expect(text).toContain("15 minutes");
    expect(text).not.toContain("year");
  });

  it("of a job without timeout speak of a year", () => {
    const job = { Type: "Task", Resource: "arn:aws:states:::glue:startJobRun.sync", End: true };
    expect(textsOf("task-without-timeout", machine({ Job: job }))[0]).toMatch(/job never ends.*a year/);
  });

  it("ask nobody who approves by hand for heartbeats", () => {
    const ask = (name: string): object =>
      machine({
        [name]: {
          Type: "Task",
          Resource: "arn:aws:states:::sns:publish.waitForTaskToken",
          Parameters: { "Message.$": "$$.Task.Token" },
          End: true,
        },
      });
    expect(textsOf("callback-without-heartbeat", ask("Notify Approver"))).toStrictEqual([]);
    expect(textsOf("task-without-timeout", ask("Notify Approver"))).toHaveLength(1);
    expect(textsOf("callback-without-heartbeat", ask("Encode video"))).toHaveLength(1);
  });

  it("do not ask for a limit of children that call nothing", () => {
    const rule = "map-without-concurrency-limit";
    expect(textsOf(rule, mapOf({}, distributed, { Type: "Pass", End: true }))).toStrictEqual([]);
    expect(textsOf(rule, mapOf({}, distributed))).toHaveLength(1);
  });

  it("call no write dangerous that leaves the same when it is repeated", () => {
    const put = (item: object): object =>
      machine({
        "Save order": {
          Type: "Task",
          Resource: "arn:aws:states:::dynamodb:putItem",
          Parameters: { TableName: "orders", Item: item },
          End: true,
        },
      });
    const rule = "repeated-side-effect";
    expect(textsOf(rule, put({ "id.$": "$.id" }), { type: "EXPRESS" })).toStrictEqual([]);
    expect(textsOf(rule, put({ "id.$": "States.UUID()" }), { type: "EXPRESS" })).toHaveLength(1);
  });

  it("tell of one endless ladder once", () => {
    const retry = [{ ErrorEquals: ["States.ALL"], BackoffRate: 2, MaxAttempts: 20, JitterStrategy: "FULL" }];
    const definition = machine({ A: lambda("a", { Retry: retry }) });
    expect(textsOf("unbounded-backoff", definition)).toHaveLength(1);
    expect(textsOf("long-retry-ladder", definition)).toStrictEqual([]);
  });

  it("do not cancel what was done because the message about it did not go out", () => {
    const [text] = textsOf(
      "incomplete-undo",
      saga({ Ship: { Resource: "arn:aws:states:::sns:publish", Parameters: {}, Catch: [] } }),
    );
    expect(text).toContain("as if it had succeeded");
  });
});
