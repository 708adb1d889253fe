import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWorld } from "../../src/aws/aws-world.ts";
import { collectFleet } from "../../src/aws/collect-fleet.ts";
import type { Fleet } from "../../src/workflow/fleet/fleet.ts";
import { earlierDefinitions } from "../../src/observation/earlier-definitions.ts";
import type { AwsWorld } from "../../src/aws/aws-world.ts";
import type { CollectionRequest } from "../../src/observation/fleet-collection.ts";
import { UserError } from "../../src/user-error.ts";
import { denied, refusal, textOf } from "./aws-answers.ts";
import { type AwsServer, type AwsWorldAsServed, startAwsServer } from "./aws-server.ts";
import { type FakeMachine, machineArn, steadyMetrics } from "./fake-account.ts";

const NOW = Date.UTC(2026, 10, 22, 13);
const OCTOBER = {
  month: "2026-10",
  fromMs: Date.UTC(2026, 9, 1),
  untilMs: Date.UTC(2026, 10, 1),
  partial: false,
};

const DEFINITION = JSON.stringify({
  StartAt: "Pay",
  States: { Pay: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true } },
});

function machine(name: string, given: Partial<FakeMachine> = {}): FakeMachine {
  return {
    name,
    account: "111111111111",
    region: "eu-west-1",
    type: "STANDARD",
    definition: DEFINITION,
    metric: steadyMetrics(1000, { failing: 0.01 }),
    tags: { team: "shop" },
    ...given,
  };
}

function request(given: Partial<CollectionRequest> = {}): CollectionRequest {
  return {
    regions: ["eu-west-1"],
    profile: null,
    roles: [],
    organizationRole: null,
    select: { names: [], arns: [], tags: [] },
    period: OCTOBER,
    histories: 0,
    sampleCalls: 0,
    logs: false,
    keepPayloads: false,
    versions: false,
    rate: 100,
    ...given,
  };
}

let folder: string;
let servers: AwsServer[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "collect-"));
  servers = [];
  process.env.AWS_ACCESS_KEY_ID = "AKIAOWN";
  process.env.AWS_SECRET_ACCESS_KEY = "secret";
  process.env.AWS_EC2_METADATA_DISABLED = "true";
});

afterEach(async () => {
  for (const name of ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    delete process.env[name];
  await Promise.all(servers.map((server) => server.close()));
  await rm(folder, { recursive: true });
});

async function serve(world: AwsWorldAsServed): Promise<AwsServer> {
  const server = await startAwsServer(world);
  servers.push(server);
  process.env.AWS_ENDPOINT_URL = server.url;
  return server;
}

interface Asking {
  readonly request?: Partial<CollectionRequest>;
  readonly earlier?: Fleet;
}

async function collectAfter({ request: given = {}, earlier }: Asking) {
  const asked = request(given);
  const hooks = {
    journal: path.join(folder, "later.json.partial"),
    nowMs: NOW,
    fresh: false,
    earlier: earlierDefinitions(earlier?.machines ?? []),
    progress: () => undefined,
  };
  const collected = await collectFleet(asked, hooks, openWorld(asked.rate));
  await collected.finish();
  return collected;
}

async function collect(given: Partial<CollectionRequest> = {}, world: Partial<AwsWorld> = {}) {
  const asked = request(given);
  const hooks = {
    journal: path.join(folder, "fleet.json.partial"),
    nowMs: NOW,
    fresh: false,
    earlier: new Map(),
    progress: () => undefined,
  };
  const collected = await collectFleet(asked, hooks, openWorld(asked.rate, { maxAttempts: 3, ...world }));
  await collected.finish();
  return collected;
}

async function refusalOf(
  given: Partial<CollectionRequest> = {},
  world: Partial<AwsWorld> = {},
): Promise<UserError> {
  try {
    await collect(given, world);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("a definition known from an earlier file", () => {
  const one = machine("Orders", { revisionId: "r1", definition: '{"StartAt":"Old","States":{}}' });
  const changed = '{"StartAt":"New","States":{}}';

  test.each([
    ["unchanged: all but it is asked for", one, ["METADATA_ONLY"]],
    [
      "never updated: it has no revision",
      machine("Orders", { revisionId: null, definition: one.definition }),
      ["METADATA_ONLY"],
    ],
  ])("%s", async (_, deployed, asked) => {
    await serve({ machines: [deployed] });
    const before = await collectAfter({});
    const server = await serve({ machines: [{ ...deployed, tracing: true }] });
    const after = await collectAfter({ earlier: before.fleet });
    const calls = server.callsOf("states:DescribeStateMachine");
    expect(calls.map(({ body }) => body.includedData)).toStrictEqual(asked);
    // All else is as deployed now.
    expect(after.fleet.machines).toStrictEqual([{ ...before.fleet.machines[0], tracing: true }]);
  });

  test.each([
    ["changed", { ...one, revisionId: "r2", definition: changed }, ["METADATA_ONLY", "ALL_DATA"]],
    ["deleted, and made anew", { ...one, createdMs: NOW - 1000, definition: changed }, ["ALL_DATA"]],
  ])("%s: it is read", async (_, deployed, asked) => {
    await serve({ machines: [one] });
    const { fleet } = await collectAfter({});
    const server = await serve({ machines: [deployed] });
    const after = await collectAfter({ earlier: fleet });
    const calls = server.callsOf("states:DescribeStateMachine");
    expect(calls.map(({ body }) => body.includedData)).toStrictEqual(asked);
    expect(after.fleet.machines[0]?.definition).toBe(changed);
  });
});

describe("discover and measure", () => {
  test("a machine as deployed, with the month's counts", async () => {
    await serve({
      machines: [
        machine("Orders", {
          loggingConfiguration: {
            level: "ALL",
            includeExecutionData: true,
            destinations: [
              {
                cloudWatchLogsLogGroup: { logGroupArn: "arn:aws:logs:eu-west-1:111111111111:log-group:g:*" },
              },
            ],
          },
          tracing: true,
        }),
      ],
    });
    const { fleet } = await collect();
    expect(fleet).toMatchObject({ schemaVersion: "1", kind: "fleet", month: "2026-10", diagnostics: [] });
    expect(fleet.period).toStrictEqual({
      from: "2026-10-01T00:00:00.000Z",
      until: "2026-11-01T00:00:00.000Z",
      partial: false,
    });
    const [orders] = fleet.machines;
    expect(orders).toMatchObject({
      arn: "arn:aws:states:eu-west-1:111111111111:stateMachine:Orders",
      account: "111111111111",
      region: "eu-west-1",
      definition: DEFINITION,
      logging: { level: "ALL", includeExecutionData: true },
      tracing: true,
      tags: [{ key: "team", value: "shop" }],
      aliases: null,
      sample: null,
    });
    // ExecutionsStarted has two samples an execution; the sum is the count.
    expect(orders?.metrics).toMatchObject({
      started: 31_000,
      succeeded: 30_690,
      timedOut: 0,
      transitions: 124_000,
      durationMs: { mean: 1500, p50: 1500, p90: 1500, p99: 1500 },
    });
    expect(orders?.metrics?.failed).toBeCloseTo(310);
    expect(orders?.metrics?.startedByDay).toStrictEqual(Array.from({ length: 31 }, () => 1000));
    expect(orders?.workload.executionsPerMonth).toMatchObject({ likely: 31_000, low: 31_000, high: 31_000 });
  });

  test("an Express machine's billed duration and memory", async () => {
    await serve({ machines: [machine("Fast", { type: "EXPRESS", metric: steadyMetrics(10, { ms: 250 }) })] });
    const { fleet } = await collect();
    expect(fleet.machines[0]?.metrics).toMatchObject({
      expressBilledDurationMs: 310 * 300,
      expressBilledMemoryMB: 64,
      transitions: null,
    });
    expect(fleet.regions[0]?.transitions).toBeNull();
  });

  test("transitions of the account where CloudWatch does not give them per machine", async () => {
    await serve({
      machines: [machine("A", { transitionsApart: false }), machine("B", { transitionsApart: false })],
    });
    const { fleet } = await collect();
    expect(fleet.machines.map(({ metrics }) => metrics?.transitions)).toStrictEqual([null, null]);
    expect(fleet.regions).toStrictEqual([
      { account: "111111111111", region: "eu-west-1", transitions: 248_000 },
    ]);
  });

  test("a machine that never ran has zero executions and no duration", async () => {
    await serve({ machines: [machine("Idle", { metric: steadyMetrics(0) })] });
    const { fleet } = await collect();
    expect(fleet.machines[0]?.metrics).toMatchObject({
      started: 0,
      failed: 0,
      durationMs: null,
      transitions: null,
    });
    expect(fleet.machines[0]?.metrics?.startedByDay).toStrictEqual(Array.from({ length: 31 }, () => null));
  });

  test("a month that is not over is scaled to the whole month, and said to be partial", async () => {
    await serve({ machines: [machine("Orders")] });
    const period = { month: "2026-11", fromMs: Date.UTC(2026, 10, 1), untilMs: NOW, partial: true };
    const { fleet } = await collect({ period });
    const days = 21 + 13 / 24;
    expect(fleet.period.partial).toBe(true);
    expect(fleet.machines[0]?.metrics?.started).toBeCloseTo(days * 1000);
    expect(fleet.machines[0]?.workload.executionsPerMonth?.likely).toBeCloseTo(30_000);
    expect(fleet.machines[0]?.metrics?.startedByDay).toHaveLength(22);
  });

  test("pages of every list, and result pages of metrics, each asked for once", async () => {
    const server = await serve({
      machines: Array.from({ length: 205 }, (_, i) => machine(`M${i}`)),
      mostPerPage: 100,
      dataPointsPerPage: 4000,
    });
    const { fleet } = await collect();
    expect(fleet.machines).toHaveLength(205);
    expect(server.callsOf("states:ListStateMachines")).toHaveLength(3);
    expect(server.callsOf("tag:GetResources")).toHaveLength(3);
    expect(fleet.machines.every(({ metrics }) => metrics?.started === 31_000)).toBe(true);
    const calls = server.callsOf("cloudwatch:GetMetricData");
    const first = calls.filter(({ body }) => body.NextToken === undefined);
    expect(first).toHaveLength(Math.ceil((205 * 12 + 1) / 500));
    expect(first.map(({ body }) => (body.MetricDataQueries as unknown[]).length).sort()).toStrictEqual([
      461, 500, 500, 500, 500,
    ]);
    expect(
      new Set(calls.map(({ body }) => JSON.stringify([body.MetricDataQueries, body.NextToken]))).size,
    ).toBe(calls.length);
    expect(fleet.collectedWith).toMatchObject({ calls: server.calls.length, metrics: 2461, cost: 0.02461 });
  });

  test("only the machines asked for, by name, ARN or tag", async () => {
    const machines = [
      machine("orders-prod", { tags: { stage: "prod" } }),
      machine("orders-test", { tags: { stage: "test" } }),
      machine("billing-prod", { tags: { stage: "prod", team: "x" } }),
    ];
    const server = await serve({ machines });
    const names = async (select: CollectionRequest["select"]) =>
      (await collect({ select })).fleet.machines.map(({ name }) => name);
    const none = { names: [], arns: [], tags: [] };
    expect(await names({ ...none, names: ["orders-*"] })).toStrictEqual(["orders-prod", "orders-test"]);
    expect(await names({ ...none, arns: [machineArn(machines[2]!)] })).toStrictEqual(["billing-prod"]);
    expect(await names({ ...none, tags: [{ key: "stage", value: "prod" }] })).toStrictEqual([
      "billing-prod",
      "orders-prod",
    ]);
    expect(await names({ ...none, tags: [{ key: "team", value: null }] })).toStrictEqual(["billing-prod"]);
    expect(server.callsOf("states:DescribeStateMachine")).toHaveLength(6);
  });

  test("aliases and versions when asked for", async () => {
    const server = await serve({ machines: [machine("Orders", { aliases: ["live"] })] });
    const { fleet } = await collect({ versions: true });
    expect(fleet.machines[0]?.aliases).toStrictEqual([`${fleet.machines[0]?.arn}:live`]);
    expect(fleet.machines[0]?.versions).toStrictEqual([`${fleet.machines[0]?.arn}:1`]);
    expect(server.callsOf("states:ListStateMachineVersions")).toHaveLength(1);
  });
});

describe("accounts and regions", () => {
  test("all enabled regions of the accounts of an organization, through a role", async () => {
    const server = await serve({
      machines: [
        machine("A", { account: "222222222222" }),
        machine("B", { account: "333333333333", region: "us-east-1" }),
        machine("C", { account: "444444444444" }),
      ],
      organization: [
        { account: "222222222222", status: "ACTIVE" },
        { account: "333333333333", status: "ACTIVE" },
        { account: "444444444444", status: "SUSPENDED" },
      ],
      enabledRegions: ["us-east-1", "eu-west-1"],
    });
    const { fleet } = await collect({ regions: "all", organizationRole: "Reader" });
    expect(fleet.machines.map(({ account, region, name }) => [account, region, name])).toStrictEqual([
      ["222222222222", "eu-west-1", "A"],
      ["333333333333", "us-east-1", "B"],
    ]);
    const taken = new Set(server.callsOf("sts:AssumeRole").map(({ body }) => textOf(body.RoleArn)));
    expect([...taken].toSorted((a, b) => (a < b ? -1 : 1))).toStrictEqual([
      "arn:aws:iam::222222222222:role/Reader",
      "arn:aws:iam::333333333333:role/Reader",
    ]);
  });

  test("a role that may not be taken is said; the other account goes on", async () => {
    await serve({
      machines: [machine("A", { account: "222222222222" })],
      refuse: (call) =>
        call.action === "sts:AssumeRole" && textOf(call.body.RoleArn).includes("333")
          ? { ...denied(call), refused: "AccessDenied", status: 403 }
          : null,
    });
    const { fleet, unfinished } = await collect({
      roles: ["arn:aws:iam::222222222222:role/R", "arn:aws:iam::333333333333:role/R"],
    });
    expect(fleet.machines.map(({ name }) => name)).toStrictEqual(["A"]);
    expect(unfinished).toBe(true);
    expect(fleet.diagnostics[0]?.message).toContain("333333333333 eu-west-1: the machines");
    expect(fleet.diagnostics[0]?.message).toContain("the IAM action sts:AssumeRole is missing");
  });

  test("one denied region is a diagnostic that names the missing action; the rest goes on", async () => {
    await serve({
      machines: [machine("A"), machine("B", { region: "us-east-1" })],
      refuse: (call) =>
        call.region === "us-east-1" && call.action === "states:ListStateMachines" ? denied(call) : null,
    });
    const { fleet } = await collect({ regions: ["eu-west-1", "us-east-1"] });
    expect(fleet.machines.map(({ name }) => name)).toStrictEqual(["A"]);
    expect(fleet.diagnostics).toMatchObject([
      {
        code: "access-denied",
        message:
          "us-east-1: the machines: access is denied: the IAM action states:ListStateMachines is missing",
      },
    ]);
  });

  test("metrics or definitions denied: the machines are there, what is not known is null", async () => {
    await serve({
      machines: [machine("A"), machine("B")],
      refuse: (call) =>
        call.action === "cloudwatch:GetMetricData" || textOf(call.body.stateMachineArn).endsWith(":B")
          ? denied(call)
          : null,
    });
    const { fleet } = await collect();
    expect(fleet.machines.map(({ metrics }) => metrics)).toStrictEqual([null, null]);
    expect(fleet.machines.map(({ definition }) => definition)).toStrictEqual([DEFINITION, null]);
    expect(fleet.machines[0]?.workload.executionsPerMonth).toBeNull();
    expect(fleet.diagnostics.map(({ message }) => message)).toStrictEqual([
      "eu-west-1: the definition of B: access is denied: the IAM action states:DescribeStateMachine is missing",
      "eu-west-1: the metrics: access is denied: the IAM action cloudwatch:GetMetricData is missing",
    ]);
  });

  test("when nothing could be read the run ends with exit code 3", async () => {
    await serve({ machines: [], refuse: (call) => denied(call) });
    const error = await refusalOf({ regions: ["eu-west-1", "us-east-1"] });
    expect(error).toMatchObject({ code: "nothing-collected", exitCode: 3 });
    expect(error.message).toContain("us-east-1: the machines");
    expect(error.hint).toContain("--print-policy");
  });

  test("no machines at all is an answer", async () => {
    await serve({ machines: [] });
    const { fleet } = await collect();
    expect(fleet.machines).toStrictEqual([]);
    expect(fleet.diagnostics).toStrictEqual([]);
  });
});

describe("trouble", () => {
  test("no credentials", async () => {
    await serve({ machines: [] });
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    process.env.AWS_SHARED_CREDENTIALS_FILE = path.join(folder, "none");
    process.env.AWS_CONFIG_FILE = path.join(folder, "none");
    const error = await refusalOf();
    delete process.env.AWS_SHARED_CREDENTIALS_FILE;
    delete process.env.AWS_CONFIG_FILE;
    expect(error).toMatchObject({ exitCode: 3 });
    expect(error.message).toContain("no credentials were found");
    expect(error.hint).toContain("aws sso login");
  });

  test("a token that expires in the middle: what was read is kept, and a second run asks for the rest alone", async () => {
    const machines = Array.from({ length: 40 }, (_, i) => machine(`M${String(i).padStart(2, "0")}`));
    const expired = refusal("ExpiredTokenException", "The security token included in the request is expired");
    let described = 0;
    let valid = false;
    const server = await serve({
      machines,
      refuse: ({ action }) =>
        action === "states:DescribeStateMachine" && !valid && ++described > 15 ? expired : null,
    });
    const first = await collect();
    expect(first.unfinished).toBe(true);
    expect(first.fleet.diagnostics[0]?.message).toContain("the credentials have expired");
    const known = first.fleet.machines.filter(({ definition }) => definition !== null).length;
    expect(known).toBe(15);
    // Once refused, no more is asked: only calls under way at that moment fail.
    expect(server.callsOf("states:DescribeStateMachine").length).toBeLessThan(30);
    valid = true;
    const before = server.calls.length;
    const second = await collect();
    expect(second.unfinished).toBe(false);
    expect(second.fleet.diagnostics).toStrictEqual([]);
    expect(server.calls.length - before).toBe(25);
    await expect(readFile(path.join(folder, "fleet.json.partial"))).rejects.toThrow("ENOENT");
  });

  test("throttling is retried until it passes", async () => {
    let refused = 0;
    await serve({
      machines: [machine("A")],
      refuse: ({ action }) =>
        action === "states:DescribeStateMachine" && refused++ < 2
          ? refusal("ThrottlingException", "Rate exceeded")
          : null,
    });
    const { fleet, calls } = await collect();
    expect(fleet.machines[0]?.definition).toBe(DEFINITION);
    expect(calls.find(({ action }) => action === "states:DescribeStateMachine")?.calls).toBe(3);
    // Answers in the file, not attempts.
    expect(fleet.collectedWith.calls).toBe(4);
  });

  test("connections that break off or never answer are tried again", async () => {
    const troubles = ["break", "hang", "break"] as const;
    let index = 0;
    await serve({
      machines: [machine("A")],
      refuse: ({ action }) =>
        action === "cloudwatch:GetMetricData" && index < 2 ? (troubles[index++] ?? null) : null,
    });
    const { fleet } = await collect({}, { requestTimeoutMs: 300, maxAttempts: 4 });
    expect(fleet.machines[0]?.metrics?.started).toBe(31_000);
  });

  test("a region that never answers is said; the others go on", async () => {
    await serve({
      machines: [machine("A"), machine("B", { region: "us-east-1" })],
      refuse: ({ region }) => (region === "us-east-1" ? "hang" : null),
    });
    const { fleet } = await collect(
      { regions: ["eu-west-1", "us-east-1"] },
      { requestTimeoutMs: 200, maxAttempts: 2 },
    );
    expect(fleet.machines.map(({ name }) => name)).toStrictEqual(["A"]);
    expect(fleet.diagnostics[0]?.message).toBe("us-east-1: the machines: the connection timed out");
  });

  test("nobody listens", async () => {
    const server = await serve({ machines: [] });
    await server.close();
    servers = [];
    expect((await refusalOf({}, { maxAttempts: 1 })).message).toContain("the connection was refused");
  });

  test("a clock that is an hour off is corrected by the server's", async () => {
    await serve({ machines: [machine("A")], clockAheadMs: 3_600_000 });
    const { fleet } = await collect();
    expect(fleet.machines[0]?.metrics?.started).toBe(31_000);
  });

  test("a machine deleted between listing and describing", async () => {
    await serve({
      machines: [machine("A"), machine("B")],
      refuse: ({ body }) =>
        textOf(body.stateMachineArn).endsWith(":B")
          ? refusal("StateMachineDoesNotExist", "State Machine Does Not Exist")
          : null,
    });
    const { fleet, unfinished } = await collect();
    expect(unfinished).toBe(false);
    expect(fleet.diagnostics).toMatchObject([
      {
        code: "machine-gone",
        severity: "info",
        message: "eu-west-1: the definition of B: it no longer exists",
      },
    ]);
  });

  test("credentials that a region does not take", async () => {
    await serve({
      machines: [machine("A")],
      refuse: ({ region }) =>
        region === "ap-east-1"
          ? refusal("UnrecognizedClientException", "The security token included in the request is invalid.")
          : null,
    });
    const { fleet } = await collect({ regions: ["ap-east-1", "eu-west-1"] });
    expect(fleet.machines).toHaveLength(1);
    expect(fleet.diagnostics[0]?.hint).toContain("the region is not enabled");
  });

  test("no region anywhere", async () => {
    await serve({ machines: [] });
    process.env.AWS_CONFIG_FILE = path.join(folder, "none");
    const error = await refusalOf({ regions: null });
    delete process.env.AWS_CONFIG_FILE;
    expect(error).toMatchObject({ code: "no-region", exitCode: 2 });
  });
});
