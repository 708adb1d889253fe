/** The built program against a local AWS: large fleets, quotas, kill and resume, exit codes, what reaches the terminal. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Fleet } from "../../src/workflow/fleet/fleet.ts";
import { denied } from "./aws-answers.ts";
import { type AwsServer, type AwsWorldAsServed, startAwsServer } from "./aws-server.ts";
import { type FakeMachine, steadyMetrics } from "./fake-account.ts";

const BINARY = path.resolve("bin/stepfare.js");
const REGIONS = ["ap-southeast-2", "eu-central-1", "eu-west-1", "us-east-1"];

/**
 * Peak memory in KB, as the process itself tells when it ends. Linux takes what its parent held when it was started, here
 * all that tests have served, for a part of its maxRSS, but not of its high-water mark.
 */
const TELL_MEMORY = `data:text/javascript,${encodeURIComponent(`
import { readFileSync } from "node:fs";
const peak = () => {
  try {
    return /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1];
  } catch {
    return process.resourceUsage().maxRSS;
  }
};
process.on("exit", () => process._rawDebug("peak " + peak()));`)}`;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly peakMB: number;
}

type Environment = Readonly<Record<string, string>>;

/** A local AWS and a folder to run the program in, both of one test's own. */
interface Place {
  readonly folder: string;
  readonly server: AwsServer;
  start(args: readonly string[], env?: Environment): { kill(): void; readonly ended: Promise<Ended> };
  run(args: readonly string[], env?: Environment): Promise<Ended>;
  readJson(name: string): Promise<unknown>;
}

/** Until the test ends. */
async function serve(world: AwsWorldAsServed, atEnd = onTestFinished): Promise<Place> {
  const folder = await mkdtemp(path.join(tmpdir(), "binary-"));
  const server = await startAwsServer(world);
  atEnd(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  const start: Place["start"] = (args, env = {}) =>
    startIn(folder, args, { AWS_ENDPOINT_URL: server.url, ...env });
  return {
    folder,
    server,
    start,
    run: (args, env) => start(args, env).ended,
    readJson: async (name) => JSON.parse(await readFile(path.join(folder, name), "utf8")) as unknown,
  };
}

function startIn(folder: string, args: readonly string[], env: Environment): ReturnType<Place["start"]> {
  const child = spawn(process.execPath, [BINARY, ...args], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      NODE_OPTIONS: `--import ${JSON.stringify(TELL_MEMORY)}`,
      AWS_ACCESS_KEY_ID: "AKIAOWN",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_EC2_METADATA_DISABLED: "true",
      ...env,
    },
  });
  const ended = new Promise<Ended>((resolve) => {
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("close", (code) => {
      const peakMB = Number(/^peak (\d+)$/m.exec(stderr)?.[1] ?? Number.NaN) / 1024;
      resolve({ code, stdout, stderr: stderr.replace(/^peak \d+\n/m, ""), peakMB });
    });
  });
  return { kill: () => child.kill("SIGKILL"), ended };
}

/** A definition of a few kilobytes, as they are. */
function definition(states: number): string {
  const names = Array.from({ length: states }, (_, index) => `State${index}`);
  const entries = names.map((name, index) => [
    name,
    {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Parameters: { FunctionName: `function-${index}`, "Payload.$": "$" },
      ...(index + 1 < states ? { Next: names[index + 1] } : { End: true }),
    },
  ]);
  return JSON.stringify({ StartAt: "State0", States: Object.fromEntries(entries) as object });
}

/** So many machines of each region. */
function fleetOf(counts: Readonly<Record<string, number>>): readonly FakeMachine[] {
  const text = definition(15);
  return Object.entries(counts).flatMap(([region, count]) =>
    Array.from({ length: count }, (_, index): FakeMachine => ({
      name: `machine-${String(index).padStart(4, "0")}`,
      account: "111111111111",
      region,
      type: index % 5 < 3 ? "STANDARD" : "EXPRESS",
      definition: text,
      metric: steadyMetrics(index),
      tags: { team: `t${index % 7}` },
    })),
  );
}

/** Standard machines with 12 metrics each, Express with 14, and one for the region; 500 fit in a call. */
function metricCallsOf(count: number): number {
  const standard = (count / 5) * 3;
  return Math.ceil((standard * 12 + (count - standard) * 14 + 1) / 500);
}

const COLLECT = ["collect", "--region", REGIONS.join(","), "--month", "2026-10", "--histories", "0"];

/** On every Node. */
const MOST_MB = 300;

/** The buckets' law is tested on a clock of its own; on the real one a stall of the machine can bunch a few calls. */
const FEW = 10;

// The first waits for most of its time, the second computes: together they take hardly longer than one.
describe.concurrent("a fleet in 4 regions", () => {
  test("no bucket overrun; killed and begun again, the same file", async ({ expect, onTestFinished }) => {
    // A fifth of AWS's quotas, of which the program is told to use four fifths. Unpaced, it would overrun each region's.
    const each = 65;
    const { folder, server, start, run } = await serve(
      {
        machines: fleetOf(Object.fromEntries(REGIONS.map((region) => [region, each]))),
        quotaFactor: 0.2,
        mostPerPage: 40,
      },
      onTestFinished,
    );
    const all = 4 * each;
    const paced = [...COLLECT, "--rate", "0.16"];
    const whole = await run([...paced, "-o", "whole.json"]);
    expect(whole.stderr).toContain(`${all} state machines`);
    expect(whole.code).toBe(0);
    expect(server.throttled()).toBeLessThan(FEW);
    expect(server.calls.length - server.throttled()).toBe(all + 4 * (metricCallsOf(each) + 2 + 1));

    const before = server.calls.length;
    const first = start([...paced, "-o", "fleet.json"]);
    while (server.calls.length < before + all / 2) await new Promise((resolve) => setTimeout(resolve, 5));
    first.kill();
    expect((await first.ended).code).toBeNull();
    await expect(readFile(path.join(folder, "fleet.json"))).rejects.toThrow("ENOENT");
    const journal = (await readFile(path.join(folder, "fleet.json.partial"), "utf8")).split("\n");
    const written = journal.slice(1, -1).map((line) => (JSON.parse(line) as { key: string }).key);
    expect(written.length).toBeGreaterThan(all / 5);

    // What the killed run had under way still reaches the server.
    for (let calls = -1; calls !== server.calls.length;) {
      calls = server.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    const between = server.calls.length;
    const second = await run([...paced, "-o", "fleet.json"]);
    expect(second.code).toBe(0);
    const again = server.calls.slice(between);
    const known = new Set(written);
    const asked = again.filter(({ action }) => action === "states:DescribeStateMachine");
    // Machines, not calls: the SDK asks once more where a connection breaks.
    const machines = new Set(asked.map(({ body }) => body.stateMachineArn as string));
    expect(machines.size).toBe(all - written.filter((key) => key.startsWith("machine ")).length);
    expect(asked.filter(({ body }) => known.has(`machine ${body.stateMachineArn as string}`))).toStrictEqual(
      [],
    );
    const metrics = again.filter(({ action }) => action === "cloudwatch:GetMetricData");
    expect(metrics).toHaveLength(
      4 * metricCallsOf(each) - written.filter((key) => key.startsWith("metrics ")).length,
    );
    const lists = again.filter(({ action }) => action === "states:ListStateMachines");
    expect(lists).toHaveLength(2 * (4 - written.filter((key) => key.startsWith("machines ")).length));
    expect(server.throttled()).toBeLessThan(2 * FEW);
    const files = await Promise.all(
      ["whole.json", "fleet.json"].map((name) => readFile(path.join(folder, name), "utf8")),
    );
    expect(files[1] === files[0]).toBe(true);
    await expect(readFile(path.join(folder, "fleet.json.partial"))).rejects.toThrow("ENOENT");
  }, 240_000);

  test("5,000 machines, most in one region: the fewest metric calls, little memory", async ({
    expect,
    onTestFinished,
  }) => {
    const counts = { "ap-southeast-2": 250, "eu-central-1": 250, "eu-west-1": 250, "us-east-1": 4250 };
    const { server, run, readJson } = await serve({ machines: fleetOf(counts) }, onTestFinished);
    const ended = await run([...COLLECT, "--rate", "500"]);
    expect(ended.code).toBe(0);
    expect(((await readJson("fleet.json")) as Fleet).machines).toHaveLength(5000);
    expect(ended.peakMB).toBeLessThan(MOST_MB);
    for (const [region, count] of Object.entries(counts)) {
      const calls = server.callsOf("cloudwatch:GetMetricData").filter((call) => call.region === region);
      expect(calls).toHaveLength(metricCallsOf(count));
    }
  }, 240_000);
});

describe("the program", () => {
  const machines: readonly FakeMachine[] = [
    {
      name: "Orders",
      account: "111111111111",
      region: "eu-west-1",
      type: "STANDARD",
      definition: definition(5),
      metric: steadyMetrics(10_000),
    },
  ];
  const october = ["--month", "2026-10", "--region", "eu-west-1", "--histories", "0"];

  test("collects, then analyses without AWS", async () => {
    const { server, run } = await serve({ machines });
    const collected = await run(["collect", ...october]);
    expect(collected).toMatchObject({ code: 0, stdout: "" });
    expect(collected.stderr).toBe("fleet.json: 1 state machine, 2026-10\n4 calls; 13 metrics, $0.00013\n");
    const calls = server.calls.length;
    const analysed = await run(["analyze", "fleet.json", "--format", "json"]);
    expect(analysed.code).toBe(0);
    expect(server.calls).toHaveLength(calls);
    const report = JSON.parse(analysed.stdout) as {
      region: string;
      workflows: { name: string; foundIn: string }[];
    };
    expect(report.region).toBe("eu-west-1");
    expect(report.workflows).toMatchObject([{ name: "Orders", foundIn: "aws" }]);
  });

  test("exit code 3 and no file when nothing could be read; nothing of the SDK reaches the terminal", async () => {
    const { folder, run } = await serve({ machines, refuse: (call) => denied(call) });
    const ended = await run(["collect", ...october]);
    expect(ended.code).toBe(3);
    expect(ended.stderr).toBe(
      "stepfare: Nothing could be read from AWS.\n" +
        "eu-west-1: the machines: access is denied: the IAM action states:ListStateMachines is missing\n" +
        "  Allow states:ListStateMachines; stepfare collect --print-policy prints all that is needed.\n",
    );
    await expect(readFile(path.join(folder, "fleet.json"))).rejects.toThrow("ENOENT");
    await expect(readFile(path.join(folder, "fleet.json.partial"))).rejects.toThrow("ENOENT");
  });

  test("no credentials", async () => {
    const { server, run } = await serve({ machines });
    const ended = await run(["collect", ...october], { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" });
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain("no credentials were found");
    expect(server.calls).toHaveLength(0);
  });

  test("a profile, with its region", async () => {
    const { folder, run } = await serve({ machines });
    await writeFile(
      path.join(folder, "config"),
      "[profile shop]\nregion = eu-west-1\naws_access_key_id = AKIASHOP\naws_secret_access_key = secret\n",
    );
    const ended = await run(["collect", "--month", "2026-10", "--histories", "0", "--profile", "shop"], {
      AWS_CONFIG_FILE: path.join(folder, "config"),
      AWS_ACCESS_KEY_ID: "",
      AWS_SECRET_ACCESS_KEY: "",
    });
    expect(ended.stderr).toContain("1 state machine");
    expect(ended.code).toBe(0);
  });

  test("--dry-run says what it would ask and cost, after listing alone", async () => {
    const { server, run } = await serve({ machines });
    const ended = await run(["collect", ...october, "--dry-run"]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toBe(
      [
        "1 state machine; collecting them takes at most these calls:",
        "        1  cloudwatch:GetMetricData",
        "        1  states:DescribeStateMachine",
        "        1  states:ListStateMachines",
        "        1  tag:GetResources",
        "AWS bills 13 metrics: $0.00013 at list price. The rest is free.",
        "At the pace allowed it takes about 0 s.",
        "",
      ].join("\n"),
    );
    expect(server.calls.map(({ action }) => action)).toStrictEqual([
      "states:ListStateMachines",
      "tag:GetResources",
    ]);
  });

  test("--validate-with-aws adds what AWS says, at its place", async () => {
    const { folder, server, run } = await serve({
      machines,
      validate: () => [
        {
          severity: "ERROR",
          code: "MISSING_TRANSITION_TARGET",
          message: 'Missing "Next" target',
          location: "/States/A/Next",
        },
      ],
    });
    await writeFile(
      path.join(folder, "a.asl.json"),
      '{\n"StartAt": "A",\n"States": { "A": { "Type": "Pass",\n"End": true } } }\n',
    );
    const ended = await run(["analyze", "a.asl.json", "--validate-with-aws", "--format", "json"]);
    const report = JSON.parse(ended.stdout) as {
      workflows: { diagnostics: { code: string; at: { line: number } }[] }[];
    };
    expect(report.workflows[0]?.diagnostics).toContainEqual(
      expect.objectContaining({
        code: "aws-missing-transition-target",
        message: 'AWS: Missing "Next" target',
      }),
    );
    expect(server.callsOf("states:ValidateStateMachineDefinition")[0]?.body).toMatchObject({
      type: "STANDARD",
      definition: '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}',
    });
  });
});
