import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWorld } from "../../src/aws/aws-world.ts";
import { collectFleet } from "../../src/aws/collect-fleet.ts";
import { readFleet } from "../../src/workflow/fleet/fleet-reader.ts";
import type { CollectionRequest } from "../../src/observation/fleet-collection.ts";
import {
  PLANTED_DEFINITION,
  plantedExecution,
  plantedRoute,
  TRUE_TRANSITIONS,
  TRUTH,
} from "../observation/planted-machine.ts";
import { denied, refusal } from "./aws-answers.ts";
import { type AwsServer, type AwsWorldAsServed, startAwsServer } from "./aws-server.ts";
import { type FakeExecution, type FakeMachine, type FakeMetric, steadyMetrics } from "./fake-account.ts";

const NOW = Date.UTC(2026, 10, 22, 13);
const FROM = Date.UTC(2026, 9, 1);
const UNTIL = Date.UTC(2026, 10, 1);
const HOUR_MS = 3_600_000;

let folder: string;
let server: AwsServer | null;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sample-"));
  server = null;
  process.env.AWS_ACCESS_KEY_ID = "AKIAOWN";
  process.env.AWS_SECRET_ACCESS_KEY = "secret";
});

afterEach(async () => {
  for (const name of ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    delete process.env[name];
  await server?.close();
  await rm(folder, { recursive: true });
});

/** Executions spread evenly, before, in and after October; the route decides how each ends. */
function plantedExecutions(count: number): readonly FakeExecution[] {
  const step = (UNTIL - FROM) / count;
  return Array.from({ length: count + 40 }, (_, index) => {
    const startMs = Math.round(FROM + (index - 20) * step);
    const seed = 77 + index;
    return {
      name: `e${index}`,
      status: plantedRoute(seed) === "Reject" ? "FAILED" : "SUCCEEDED",
      startMs,
      stopMs: startMs + 60_000,
      events: () => plantedExecution(seed, startMs).events,
    };
  });
}

function machine(name: string, given: Partial<FakeMachine> = {}): FakeMachine {
  return {
    name,
    account: "111111111111",
    region: "eu-west-1",
    type: "STANDARD",
    definition: JSON.stringify(PLANTED_DEFINITION),
    metric: steadyMetrics(1000),
    executions: [],
    ...given,
  };
}

/** Metrics that count exactly the executions there are. */
function countedMetrics(executions: readonly FakeExecution[]): FakeMetric {
  const counts = new Map<string, (each: FakeExecution) => boolean>([
    ["ExecutionsStarted", () => true],
    ["ExecutionsSucceeded", ({ status }) => status === "SUCCEEDED"],
    ["ExecutionsFailed", ({ status }) => status === "FAILED"],
  ]);
  return (metric, statistic, { fromMs, untilMs }) => {
    const counted = counts.get(metric);
    if (counted === undefined || statistic !== "Sum") return null;
    const found = executions.filter(
      (each) => each.startMs >= fromMs && each.startMs < untilMs && counted(each),
    );
    return found.length === 0 ? null : found.length;
  };
}

async function collect(world: AwsWorldAsServed, given: Partial<CollectionRequest> = {}) {
  server = await startAwsServer(world);
  process.env.AWS_ENDPOINT_URL = server.url;
  const request: CollectionRequest = {
    regions: ["eu-west-1"],
    profile: null,
    roles: [],
    organizationRole: null,
    select: { names: [], arns: [], tags: [] },
    period: { month: "2026-10", fromMs: FROM, untilMs: UNTIL, partial: false },
    histories: 30,
    sampleCalls: 5000,
    logs: false,
    keepPayloads: false,
    versions: false,
    rate: 1000,
    ...given,
  };
  const journal = path.join(folder, "fleet.json.partial");
  const hooks = { journal, nowMs: NOW, fresh: false, earlier: new Map(), progress: () => undefined };
  const collected = await collectFleet(request, hooks, openWorld(request.rate, { maxAttempts: 2 }));
  await collected.finish();
  return collected;
}

describe("samples of histories", () => {
  test("recover what was planted, through lists, histories and metrics", async () => {
    const executions = plantedExecutions(2000);
    const { fleet } = await collect(
      {
        machines: [machine("Planted", { executions, metric: countedMetrics(executions) })],
        mostPerPage: 500,
      },
      { histories: 120 },
    );
    const [planted] = fleet.machines;
    const sample = planted!.sample!;
    expect(sample).toMatchObject({
      histories: 120,
      source: "histories",
      executions: 2000,
      complete: true,
      payloads: null,
    });
    // Failures are few: each way to end is drawn from, and weighed back.
    expect(sample.byStatus.map(({ status }) => status)).toStrictEqual(["SUCCEEDED", "FAILED"]);
    const { states, executionsPerMonth } = planted!.workload;
    expect(executionsPerMonth).toMatchObject({ likely: 2000, n: 2000 });
    const holds = (figure: { low: number; high: number } | undefined, truth: number) => {
      expect(figure?.low).toBeLessThanOrEqual(truth);
      expect(figure?.high).toBeGreaterThanOrEqual(truth);
    };
    holds(states.Route?.choices?.Review, TRUTH.review);
    holds(states.Route?.choices?.Reject, TRUTH.reject);
    holds(states["Ready?"]?.choices?.Pause, TRUTH.waiting);
    holds(states.Lines?.items, TRUTH.items);
    holds(states.Charge?.errors?.Busy, TRUTH.busy);
    holds(states.Charge?.duration, TRUTH.chargeMs);
    holds(sample.transitions!, TRUE_TRANSITIONS);
    expect(sample.from! >= "2026-10-01" && sample.until! < "2026-11-01").toBe(true);
  });

  test("are spread over the whole month, and never beyond it", async () => {
    const executions = plantedExecutions(1000);
    await collect(
      { machines: [machine("Planted", { executions, metric: countedMetrics(executions) })] },
      { histories: 20 },
    );
    const starts = server!
      .callsOf("states:GetExecutionHistory")
      .map(
        ({ body }) => executions.find(({ name }) => String(body.executionArn).endsWith(`:${name}`))!.startMs,
      )
      .sort((a, b) => a - b);
    expect(starts).toHaveLength(20);
    expect(starts[0]! >= FROM && starts.at(-1)! < UNTIL).toBe(true);
    const weeks = new Set(starts.map((start) => Math.floor((start - FROM) / (7 * 24 * HOUR_MS))));
    expect([...weeks].toSorted((a, b) => a - b)).toStrictEqual([0, 1, 2, 3, 4]);
  });

  test("payloads enter the file only when they are asked to", async () => {
    const executions = plantedExecutions(200);
    const world = { machines: [machine("Planted", { executions, metric: countedMetrics(executions) })] };
    const without = await collect(world);
    expect(JSON.stringify(without.fleet)).not.toContain("secret");
    expect(without.fleet.machines[0]?.workload.payloadKB?.n).toBeGreaterThan(0);
    await server?.close();
    const kept = await collect(world, { keepPayloads: true });
    expect(kept.fleet.machines[0]?.sample?.payloads?.[0]?.input).toBe('{"secret":"of the customer"}');
  });

  test("the journal of a run that was broken off holds no payload either", async () => {
    const executions = plantedExecutions(200);
    await collect({
      machines: [machine("Planted", { executions, metric: countedMetrics(executions) })],
      refuse: (call) => (call.action === "cloudwatch:GetMetricData" ? denied(call) : null),
    });
    const journal = await readFile(path.join(folder, "fleet.json.partial"), "utf8");
    expect(journal).toContain("sample arn:aws:states");
    expect(journal).not.toContain("secret");
  });

  test("go to the busiest machines under the budget, and the rest is said", async () => {
    const executions = plantedExecutions(100);
    const machines = ["A", "B", "C", "D"].map((name, index) =>
      machine(name, { executions, metric: steadyMetrics(100 * (index + 1)) }),
    );
    const { fleet } = await collect({ machines }, { histories: 10, sampleCalls: 2 * 14 });
    expect(fleet.machines.map(({ sample }) => sample !== null)).toStrictEqual([false, false, true, true]);
    expect(fleet.diagnostics).toMatchObject([
      { code: "not-sampled", message: expect.stringContaining("2 Standard machines") },
    ]);
    const made = [
      ...server!.callsOf("states:ListExecutions"),
      ...server!.callsOf("states:GetExecutionHistory"),
    ];
    expect(made.length).toBeLessThanOrEqual(28);
  });

  test("lists that are too long are cut at the budget, and said to be", async () => {
    const executions = plantedExecutions(3000);
    const { fleet } = await collect(
      {
        machines: [machine("Planted", { executions, metric: countedMetrics(executions) })],
        mostPerPage: 100,
      },
      { histories: 10, sampleCalls: 20 },
    );
    expect(fleet.machines[0]?.sample?.complete).toBe(false);
    expect(fleet.diagnostics[0]).toMatchObject({ code: "sample-of-part" });
    expect(fleet.machines[0]?.sample?.executions).toBe(3000);
  });

  test("a history of 25,000 events, and event types nobody knows", async () => {
    const startMs = FROM + HOUR_MS;
    const long = {
      name: "long",
      status: "FAILED" as const,
      startMs,
      stopMs: startMs + HOUR_MS,
      events: () => longHistory(startMs),
    };
    const { fleet } = await collect(
      { machines: [machine("Long", { executions: [long], metric: countedMetrics([long]) })] },
      { histories: 5 },
    );
    expect(server!.callsOf("states:GetExecutionHistory")).toHaveLength(25);
    expect(fleet.machines[0]?.sample?.historyEvents).toMatchObject({ mean: 25_000, n: 1 });
    const wait = fleet.machines[0]?.sample?.states.find(({ name }) => name === "Poll");
    expect(wait).toMatchObject({ visits: 12_498 });
  });

  test("Distributed Maps: items from the Map Run, branches from a few children", async () => {
    const startMs = FROM + HOUR_MS;
    const parents = Array.from({ length: 3 }, (_, index) => distributed(index, startMs + index * HOUR_MS));
    const { fleet } = await collect({
      machines: [
        machine("Big", { executions: parents.map(({ execution }) => execution), metric: steadyMetrics(1) }),
      ],
      mapRuns: parents.map(({ run }) => run),
    });
    const states = new Map(fleet.machines[0]?.sample?.states.map((state) => [state.name, state]));
    expect(states.get("Each")?.items).toMatchObject({ mean: 101, n: 3 });
    expect(
      states
        .get("Pick")
        ?.next.map(({ to }) => to)
        .sort(),
    ).toStrictEqual(["Left", "Right"]);
    // Three children read of a hundred: each stands for a third of them.
    expect(states.get("Pick")?.visitsPerExecution.mean).toBeCloseTo(100);
    expect(server!.callsOf("states:DescribeMapRun")).toHaveLength(3);
  });

  test("executions denied: the metrics stay, the missing action is named", async () => {
    const executions = plantedExecutions(10);
    const { fleet } = await collect({
      machines: [machine("A", { executions })],
      refuse: (call) => (call.action === "states:GetExecutionHistory" ? denied(call) : null),
    });
    expect(fleet.machines[0]?.sample).toBeNull();
    expect(fleet.machines[0]?.metrics?.started).toBe(31_000);
    expect(fleet.diagnostics[0]?.message).toContain("the IAM action states:GetExecutionHistory is missing");
  });

  test("a history that has gone since it was listed is passed over", async () => {
    const executions = plantedExecutions(100);
    let asked = 0;
    const { fleet } = await collect(
      {
        machines: [machine("A", { executions, metric: countedMetrics(executions) })],
        refuse: ({ action }) =>
          action === "states:GetExecutionHistory" && asked++ === 0
            ? refusal("ExecutionDoesNotExist", "Execution Does Not Exist")
            : null,
      },
      { histories: 10 },
    );
    expect(fleet.machines[0]?.sample?.histories).toBe(9);
    expect(fleet.diagnostics).toStrictEqual([]);
  });

  test("Express machines from their logs", async () => {
    const group = "arn:aws:logs:eu-west-1:111111111111:log-group:express";
    const logs = Array.from({ length: 400 }, (_, index) => index).flatMap((index) => {
      const startMs = Math.round(FROM + ((index + 0.5) * (UNTIL - FROM)) / 400);
      return plantedExecution(index, startMs).events.map((event) => ({
        group,
        timeMs: startMs,
        message: logLine(event, `arn:aws:states:eu-west-1:111111111111:express:Fast:e${index}:${index}`),
      }));
    });
    const { fleet } = await collect(
      {
        machines: [
          machine("Fast", {
            type: "EXPRESS",
            loggingConfiguration: {
              level: "ALL",
              includeExecutionData: true,
              destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: `${group}:*` } }],
            },
          }),
        ],
        logs,
      },
      { logs: true },
    );
    const sample = fleet.machines[0]?.sample;
    expect(sample).toMatchObject({ source: "logs", complete: false });
    expect(sample?.histories).toBeGreaterThan(50);
    const review = fleet.machines[0]?.workload.states.Route?.choices?.Review;
    expect(review!.low <= TRUTH.review && TRUTH.review <= review!.high).toBe(true);
    expect(server!.callsOf("states:GetExecutionHistory")).toHaveLength(0);
  });

  test("what is written reads back as it was", async () => {
    const executions = plantedExecutions(100);
    const { fleet } = await collect({ machines: [machine("Planted", { executions })] });
    const text = JSON.stringify(fleet, null, 1);
    await writeFile(path.join(folder, "fleet.json"), text);
    expect(readFleet(text)).toStrictEqual({ fleet });
  });
});

function longHistory(startMs: number): readonly object[] {
  const events: object[] = [];
  const add = (type: string, details: object = {}): void => {
    const id = events.length + 1;
    events.push({ id, previousEventId: id - 1, type, timestamp: (startMs + id) / 1000, ...details });
  };
  add("ExecutionStarted", { executionStartedEventDetails: {} });
  while (events.length < 24_997) {
    add("WaitStateEntered", { stateEnteredEventDetails: { name: "Poll" } });
    add("WaitStateExited", { stateExitedEventDetails: { name: "Poll" } });
  }
  add("SomethingQuiteNew", { somethingQuiteNewEventDetails: { shape: "unknown" } });
  add("SomethingElseNew");
  add("ExecutionFailed", { executionFailedEventDetails: { error: "States.Runtime" } });
  return events;
}

function distributed(index: number, startMs: number) {
  const executionArn = `arn:aws:states:eu-west-1:111111111111:execution:Big:p${index}`;
  const arn = `arn:aws:states:eu-west-1:111111111111:mapRun:Big/Each:run-${index}`;
  const at = (ms: number) => (startMs + ms) / 1000;
  const events = [
    {
      id: 1,
      previousEventId: 0,
      type: "ExecutionStarted",
      timestamp: at(0),
      executionStartedEventDetails: {},
    },
    {
      id: 2,
      previousEventId: 0,
      type: "MapStateEntered",
      timestamp: at(1),
      stateEnteredEventDetails: { name: "Each" },
    },
    {
      id: 3,
      previousEventId: 2,
      type: "MapStateStarted",
      timestamp: at(2),
      mapStateStartedEventDetails: { length: 0 },
    },
    {
      id: 4,
      previousEventId: 3,
      type: "MapRunStarted",
      timestamp: at(3),
      mapRunStartedEventDetails: { mapRunArn: arn },
    },
    { id: 5, previousEventId: 4, type: "MapRunSucceeded", timestamp: at(4) },
    { id: 6, previousEventId: 5, type: "MapStateSucceeded", timestamp: at(5) },
    {
      id: 7,
      previousEventId: 6,
      type: "MapStateExited",
      timestamp: at(6),
      stateExitedEventDetails: { name: "Each" },
    },
    {
      id: 8,
      previousEventId: 7,
      type: "ExecutionSucceeded",
      timestamp: at(7),
      executionSucceededEventDetails: {},
    },
  ];
  const execution: FakeExecution = {
    name: `p${index}`,
    status: "SUCCEEDED",
    startMs,
    stopMs: startMs + 10,
    events: () => events,
  };
  const children = Array.from({ length: 100 }, (_, child): FakeExecution => ({
    name: `c${child}`,
    status: "SUCCEEDED",
    startMs: startMs + child,
    stopMs: startMs + child + 1,
    events: () => childEvents(child % 3 === 0 ? "Left" : "Right", startMs),
  }));
  return { execution, run: { arn, executionArn, items: 100 + index, children } };
}

function childEvents(to: string, startMs: number): readonly object[] {
  const timestamp = startMs / 1000;
  return [
    { id: 1, previousEventId: 0, type: "ExecutionStarted", timestamp, executionStartedEventDetails: {} },
    {
      id: 2,
      previousEventId: 0,
      type: "ChoiceStateEntered",
      timestamp,
      stateEnteredEventDetails: { name: "Pick" },
    },
    {
      id: 3,
      previousEventId: 2,
      type: "ChoiceStateExited",
      timestamp,
      stateExitedEventDetails: { name: "Pick" },
    },
    {
      id: 4,
      previousEventId: 3,
      type: "PassStateEntered",
      timestamp,
      stateEnteredEventDetails: { name: to },
    },
    { id: 5, previousEventId: 4, type: "PassStateExited", timestamp, stateExitedEventDetails: { name: to } },
    { id: 6, previousEventId: 5, type: "ExecutionSucceeded", timestamp, executionSucceededEventDetails: {} },
  ];
}

/** As Step Functions writes them: numbers as text, details under one key. */
function logLine(event: Readonly<Record<string, unknown>>, executionArn: string): string {
  const details = Object.entries(event).find(([key]) => key.endsWith("EventDetails"))?.[1] ?? {};
  return JSON.stringify({
    id: String(event.id),
    type: event.type,
    details,
    previous_event_id: String(event.previousEventId),
    event_timestamp: String(Math.round(Number(event.timestamp) * 1000)),
    execution_arn: executionArn,
  });
}
