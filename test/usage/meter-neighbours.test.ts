/** What the neighbours bill for one execution, by AWS's own units: 4 KB a read, 1 KB a write, 64 KB a message, 1,000 keys a listing. */
import { describe, expect, test } from "vitest";
import {
  type Logging,
  logLine,
  loggingOf,
  meterCalls,
  meterLogs,
  meterTraces,
} from "../../src/usage/meter-neighbours.ts";
import { workloadFor } from "../../src/workflow/workload/workload-file-match.ts";
import { parseWorkloadFile } from "../../src/workflow/workload/whole-workload-file.ts";
import { EMPTY_WORKLOAD } from "../../src/workflow/workload/workload.ts";
import { profileExecution } from "../../src/graph/execution-profile.ts";
import { contextOf, machineOf, workloadOf } from "../graph/run-of.ts";

function metered(states: Record<string, object>, said: object = {}, payloadKB = 2) {
  const names = Object.keys(states);
  const States = Object.fromEntries(
    names.map((name, at) => [
      name,
      { ...states[name], ...(at + 1 < names.length ? { Next: names[at + 1] } : { End: true }) },
    ]),
  );
  const file = parseWorkloadFile(JSON.stringify({ workflows: { it: { states: said } } }), "stepfare.yml");
  const workload = workloadFor(file, { name: "it", file: null, aliases: [] })?.workload ?? EMPTY_WORKLOAD;
  const profile = profileExecution(machineOf({ StartAt: names[0], States }), contextOf(workload))!;
  return meterCalls({ profile, workload, payloadKB });
}

const call = (resource: string, Parameters: object = {}) => ({
  Type: "Task",
  Resource: `arn:aws:states:::${resource}`,
  Parameters,
});

describe("a Task bills", () => {
  test.each<readonly [what: string, task: object, payloadKB: number, billed: readonly [string, number]]>([
    ["half a read unit for each 4 KB", call("dynamodb:getItem"), 4, ["DynamoDB-Read", 0.5]],
    ["and past them another half", call("dynamodb:getItem"), 4.1, ["DynamoDB-Read", 1]],
    ["a write unit for each KB", call("dynamodb:putItem"), 1, ["DynamoDB-Write", 1]],
    ["of an update too", call("dynamodb:updateItem"), 2.5, ["DynamoDB-Write", 3]],
    ["of a deletion too, one at least", call("aws-sdk:dynamodb:deleteItem"), 0, ["DynamoDB-Write", 1]],
    [
      "a message for each 64 KB",
      call("sqs:sendMessage", { QueueUrl: "https://sqs/orders" }),
      64,
      ["SQS-Request", 1],
    ],
    ["two for 65", call("sqs:sendMessage", { QueueUrl: "https://sqs/orders" }), 65, ["SQS-Request", 2]],
    [
      "at another price where the queue keeps order",
      call("sqs:sendMessage", { QueueUrl: "https://sqs/orders.fifo" }),
      1,
      ["SQS-FIFO-Request", 1],
    ],
    ["a publication for each 64 KB", call("sns:publish"), 200, ["SNS-Publish", 4]],
    ["one for 64", call("sns:publish"), 64, ["SNS-Publish", 1]],
    ["and one for nothing", call("sns:publish"), 0, ["SNS-Publish", 1]],
    ["a message for nothing", call("sqs:sendMessage"), 0, ["SQS-Request", 1]],
    ["half a read unit for nothing", call("dynamodb:getItem"), 0, ["DynamoDB-Read", 0.5]],
    [
      "the queue of a JSONata Task",
      {
        ...{ Type: "Task", QueryLanguage: "JSONata", Resource: "arn:aws:states:::sqs:sendMessage" },
        Arguments: { QueueUrl: "https://sqs/orders.fifo" },
      },
      1,
      ["SQS-FIFO-Request", 1],
    ],
    ["an event where none is listed", call("events:putEvents", { Entries: [] }), 1, ["EventBridge-Event", 1]],
    [
      "an event of the SDK",
      call("aws-sdk:eventbridge:putEvents", { Entries: [{}, {}] }),
      1,
      ["EventBridge-Event", 2],
    ],
    [
      "an event for each entry",
      call("events:putEvents", { Entries: [{}, {}, {}] }),
      1,
      ["EventBridge-Event", 3],
    ],
    [
      "one where the entries are computed",
      call("events:putEvents", { "Entries.$": "$.entries" }),
      1,
      ["EventBridge-Event", 1],
    ],
    ["a read of S3", call("aws-sdk:s3:getObject"), 1, ["S3-Get", 1]],
    ["of its head as well", call("aws-sdk:s3:headObject"), 1, ["S3-Get", 1]],
    ["a write of S3", call("aws-sdk:s3:putObject"), 1, ["S3-Put", 1]],
    ["a copy as a write", call("aws-sdk:s3:copyObject"), 1, ["S3-Put", 1]],
    ["a listing as a write", call("aws-sdk:s3:listObjectsV2"), 1, ["S3-Put", 1]],
  ])("%s", (_, task, payloadKB, [usageType, quantity]) => {
    const { lines, unknownLambdas } = metered({ Call: task }, {}, payloadKB);
    expect(lines).toMatchObject([{ usageType, state: "Call", unit: "requests", quantity }]);
    expect(lines[0]!.text).toMatch(/^[A-Z]\w+ .* of Call$/);
    expect(unknownLambdas).toEqual([]);
  });

  test.each([
    "dynamodb:query",
    "sqs:receiveMessage",
    "sns:subscribe",
    "aws-sdk:s3:deleteObject",
    "glue:startJobRun",
    "aws-sdk:ecs:listTasks",
  ])("nothing that could be told, as %s does", (resource) => {
    expect(metered({ Call: call(resource) }).lines).toEqual([]);
  });

  test("each attempt again, and nothing where it is never entered", () => {
    const task = { ...call("sns:publish"), Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 1 }] };
    const { lines } = metered({ Call: task }, { Call: { errors: { Busy: 0.25 } } });
    expect(lines[0]!.quantity).toBeCloseTo(1.25, 12);
    expect(metered({ Done: { Type: "Pass" } }).lines).toEqual([]);
  });
});

describe("a Lambda bills", () => {
  const invoke = call("lambda:invoke");

  test("a request, and its time where memory and duration are known", () => {
    const said = { duration: "2s", lambda: { memoryMB: 512 } };
    expect(metered({ Call: invoke }, { Call: said }).lines).toMatchObject([
      { usageType: "Lambda-Request", quantity: 1, unit: "requests" },
      { usageType: "Lambda-GB-Second", quantity: 1, unit: "GB-seconds" },
    ]);
    const arm = { ...said, lambda: { memoryMB: 1024, architecture: "arm64" } };
    expect(metered({ Call: invoke }, { Call: arm }).lines[1]).toMatchObject({
      usageType: "Lambda-GB-Second-ARM",
      quantity: 2,
    });
  });

  test("and is named where they are not, however the function is named", () => {
    const byArn = { Type: "Task", Resource: "arn:aws:lambda:us-east-1:111111111111:function:f" };
    for (const task of [invoke, byArn, call("aws-sdk:lambda:invoke")]) {
      const { lines, unknownLambdas } = metered({ Call: task }, { Call: { duration: "2s" } });
      expect(lines.map(({ usageType }) => usageType)).toEqual(["Lambda-Request"]);
      expect(unknownLambdas).toEqual(["Call"]);
    }
  });
});

describe("a Distributed Map bills", () => {
  const map = (fields: object) => ({
    Type: "Map",
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
      StartAt: "In",
      States: { In: { Type: "Pass", End: true } },
    },
    ...fields,
  });
  const read = (action: string) => ({ ItemReader: { Resource: `arn:aws:states:::s3:${action}` } });
  const write = { ResultWriter: { Resource: "arn:aws:states:::s3:putObject" } };

  test.each<[string, object, number, readonly (readonly [string, string, number])[]]>([
    ["a listing for each 1,000 keys", read("listObjectsV2"), 2_001, [["S3-Put", "All", 3]]],
    ["one at least", read("listObjectsV2"), 1, [["S3-Put", "All", 1]]],
    ["a read for a file of items", read("getObject"), 2_001, [["S3-Get", "All", 1]]],
    ["a write of its results", write, 5, [["S3-Put", "the results of All", 1]]],
    [
      "both",
      { ...read("getObject"), ...write },
      5,
      [
        ["S3-Get", "All", 1],
        ["S3-Put", "the results of All", 1],
      ],
    ],
    ["nothing where it does neither", {}, 5, []],
  ])("%s", (_, fields, items, expected) => {
    const { lines } = metered({ All: map(fields) }, { All: { items } });
    expect(lines.map(({ usageType, state, quantity }) => [usageType, state, quantity])).toEqual(expected);
  });
});

describe("logs and traces", () => {
  const task = { ...call("sns:publish"), Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 1 }] };
  const profile = profileExecution(
    machineOf({ StartAt: "Call", States: { Call: { ...task, End: true } } }),
    contextOf(workloadOf({ Call: { errors: { Busy: 0.5 } } })),
  )!;
  const gbOf = (level: Logging["level"], executionData = false) => {
    const lines = meterLogs({ level, executionData }, { profile, workload: EMPTY_WORKLOAD, payloadKB: 10 });
    return lines.map(({ quantity }) => quantity * 1e9);
  };

  test("take in each event at level ALL, with four fifths of the data where it is asked for", () => {
    // Two of the execution; entered, exited, and three of each of one and a half attempts; a quarter never exits.
    const events = 2 + 1 + 1.5 * 3 + 0.75;
    expect(gbOf("ALL")[0]).toBeCloseTo(500 * events, 6);
    expect(gbOf("ALL", true)[0]).toBeCloseTo((500 + 8_000) * events, 6);
  });

  test("take in failures alone at level ERROR and FATAL, and nothing when off", () => {
    // A quarter of the executions fails; three quarters of an attempt fail, some of them tried again.
    expect(gbOf("ERROR")[0]).toBeCloseTo(500 * (0.25 + 0.75), 6);
    expect(gbOf("FATAL")[0]).toBeCloseTo(500 * 0.25, 6);
    expect(gbOf("OFF")).toEqual([]);
  });

  test("take in what failed and was caught at level ERROR, and nothing of it at FATAL", () => {
    const inner = { StartAt: "Call", States: { Call: { ...call("sns:publish"), End: true } } };
    const caught = (first: object): readonly number[] => {
      const Catch = [{ ErrorEquals: ["States.ALL"], Next: "After" }];
      const States = { First: { ...first, Catch, Next: "After" }, After: { Type: "Pass", End: true } };
      const said = workloadOf({
        First: { errors: { Busy: 1 }, items: 1 },
        Call: { errors: { Busy: 1 } },
      });
      const of = profileExecution(machineOf({ StartAt: "First", States }), contextOf(said))!;
      return (["ERROR", "FATAL"] as const).map((level) => {
        const logging = { level, executionData: false };
        const [line] = meterLogs(logging, { profile: of, workload: EMPTY_WORKLOAD, payloadKB: 2 });
        return Math.round((line?.quantity ?? 0) * (1e9 / 500) * 1e6) / 1e6;
      });
    };
    const distributed = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...inner };
    expect(caught(call("sns:publish"))).toEqual([1, 0]);
    // TaskFailed and ParallelStateFailed.
    expect(caught({ Type: "Parallel", Branches: [inner] })).toEqual([2, 0]);
    // TaskFailed, MapIterationFailed, MapStateFailed.
    expect(caught({ Type: "Map", ItemProcessor: inner })).toEqual([3, 0]);
    // TaskFailed, the child's own ExecutionFailed, MapRunFailed, MapStateFailed.
    expect(caught({ Type: "Map", ItemProcessor: distributed })).toEqual([4, 1]);
    // FailStateEntered.
    expect(
      caught({
        Type: "Parallel",
        Branches: [{ StartAt: "No", States: { No: { Type: "Fail", Error: "No" } } }],
      }),
    ).toEqual([2, 0]);
  });

  test("are as declared; else a Standard workflow keeps its history and an Express one logs its errors", () => {
    expect(loggingOf("STANDARD", EMPTY_WORKLOAD)).toEqual({ level: "OFF", executionData: false });
    expect(loggingOf("EXPRESS", EMPTY_WORKLOAD)).toEqual({ level: "ERROR", executionData: false });
    const declared = { ...EMPTY_WORKLOAD, logLevel: "ALL", logExecutionData: true } as const;
    expect(loggingOf("STANDARD", declared)).toEqual({ level: "ALL", executionData: true });
  });

  test("say what they hold", () => {
    expect(logLine(4, { level: "ALL", executionData: true }, 1)).toEqual({
      ...{ usageType: "Logs-Ingest-GB", state: null, unit: "GB", quantity: (4 * 1300) / 1e9 },
      text: "CloudWatch Logs at level ALL with execution data",
    });
    expect(logLine(4, { level: "ERROR", executionData: false }, 1).text).toBe(
      "CloudWatch Logs at level ERROR",
    );
  });

  test("trace each execution once where tracing is on", () => {
    const traced = { ...EMPTY_WORKLOAD, tracing: true };
    expect(meterTraces(traced)).toMatchObject([
      { usageType: "XRay-Trace", state: null, quantity: 1, unit: "traces" },
    ]);
    expect(meterTraces(traced, 40)[0]!.quantity).toBe(40);
    expect(meterTraces(EMPTY_WORKLOAD)).toEqual([]);
  });
});
