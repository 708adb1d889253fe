import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { openWorld } from "../../src/aws/aws-world.ts";
import { collectFleet } from "../../src/aws/collect-fleet.ts";
import { leastPolicy } from "../../src/aws/least-policy.ts";
import type { CollectionRequest } from "../../src/observation/fleet-collection.ts";
import { plantedExecution } from "../observation/planted-machine.ts";
import { startAwsServer } from "./aws-server.ts";
import { type FakeExecution, type FakeMachine, steadyMetrics } from "./fake-account.ts";

const FROM = Date.UTC(2026, 9, 1);
const GROUP = "arn:aws:logs:eu-west-1:222222222222:log-group:g";

const PLAIN: CollectionRequest = {
  regions: ["eu-west-1"],
  profile: null,
  roles: [],
  organizationRole: null,
  select: { names: [], arns: [], tags: [] },
  period: { month: "2026-10", fromMs: FROM, untilMs: Date.UTC(2026, 10, 1), partial: false },
  histories: 0,
  sampleCalls: 0,
  logs: false,
  keepPayloads: false,
  versions: false,
  rate: 100,
};

/** A machine of each kind, one of them with a Map Run, so that every call has a reason to be made. */
function machinesOf(account: string): readonly FakeMachine[] {
  const startMs = FROM + 3_600_000;
  const execution: FakeExecution = {
    name: "e",
    status: "SUCCEEDED",
    startMs,
    stopMs: startMs + 1,
    events: () => [
      ...plantedExecution(3, startMs).events.slice(0, 1),
      {
        id: 2,
        previousEventId: 1,
        type: "MapStateEntered",
        timestamp: 1,
        stateEnteredEventDetails: { name: "M" },
      },
      {
        id: 3,
        previousEventId: 2,
        type: "MapStateStarted",
        timestamp: 1,
        mapStateStartedEventDetails: { length: 0 },
      },
      {
        id: 4,
        previousEventId: 3,
        type: "MapRunStarted",
        timestamp: 1,
        mapRunStartedEventDetails: { mapRunArn: "run" },
      },
      { id: 5, previousEventId: 4, type: "MapStateSucceeded", timestamp: 1 },
      {
        id: 6,
        previousEventId: 5,
        type: "MapStateExited",
        timestamp: 1,
        stateExitedEventDetails: { name: "M" },
      },
      {
        id: 7,
        previousEventId: 6,
        type: "ExecutionSucceeded",
        timestamp: 1,
        executionSucceededEventDetails: {},
      },
    ],
  };
  const shared = { account, region: "eu-west-1", definition: "{}", metric: steadyMetrics(10) };
  return [
    { ...shared, name: "S", type: "STANDARD", executions: [execution] },
    {
      ...shared,
      name: "E",
      type: "EXPRESS",
      loggingConfiguration: {
        level: "ALL",
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: GROUP } }],
      },
    },
  ];
}

test.each<[string, Partial<CollectionRequest>]>([
  ["machines and metrics", {}],
  ["samples", { histories: 5, sampleCalls: 100 }],
  ["samples with logs", { histories: 5, sampleCalls: 100, logs: true }],
  ["aliases and versions", { versions: true }],
  ["all regions", { regions: "all" }],
  ["a role", { roles: ["arn:aws:iam::222222222222:role/R"] }],
  ["an organization", { organizationRole: "R", histories: 5, sampleCalls: 100 }],
])("the policy for %s names exactly the calls that are made", async (_, given) => {
  const request = { ...PLAIN, ...given };
  const folder = await mkdtemp(path.join(tmpdir(), "policy-"));
  const server = await startAwsServer({
    machines: [...machinesOf("111111111111"), ...machinesOf("222222222222")],
    mapRuns: [{ arn: "run", executionArn: "x", items: 3, children: [] }],
    enabledRegions: ["eu-west-1"],
    organization: [{ account: "222222222222", status: "ACTIVE" }],
  });
  const env = {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: "AKIAOWN",
    AWS_SECRET_ACCESS_KEY: "s",
    AWS_REGION: "eu-west-1",
  };
  Object.assign(process.env, env);
  try {
    const journal = path.join(folder, "p");
    const hooks = {
      journal,
      nowMs: Date.UTC(2026, 10, 22),
      fresh: false,
      earlier: new Map(),
      progress: () => undefined,
    };
    const { fleet, finish } = await collectFleet(request, hooks, openWorld(100));
    await finish();
    expect(fleet.diagnostics).toStrictEqual([]);
    const made = new Set(server.calls.map(({ action }) => action));
    const { Statement } = leastPolicy(request) as { Statement: readonly { Action: readonly string[] }[] };
    const allowed = Statement.flatMap(({ Action }) => Action);
    expect([...allowed].sort((a, b) => (a < b ? -1 : 1))).toStrictEqual(
      [...made].sort((a, b) => (a < b ? -1 : 1)),
    );
    expect(allowed.every((action) => /:(List|Describe|Get|Filter|AssumeRole)/.test(action))).toBe(true);
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
    await server.close();
    await rm(folder, { recursive: true });
  }
});
