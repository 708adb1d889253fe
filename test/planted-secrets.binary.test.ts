/** Secrets planted where stepfare finds them: none of them comes out, in what it says or in what it writes. */
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ForgeName } from "../src/pull-request-comment.ts";
import { refusal } from "./aws/aws-answers.ts";
import { type AwsServer, startAwsServer } from "./aws/aws-server.ts";
import type { FakeMachine } from "./aws/fake-account.ts";
import { type ForgeServer, startForge } from "./forge/forge-server.ts";
import { PLANTED_DEFINITION, plantedExecution, plantedRoute } from "./observation/planted-machine.ts";

const BINARY = path.resolve("bin/stepfare.js");

/** What an environment may hold, each found by its own name and its own value. */
const SECRETS = {
  AWS_SECRET_ACCESS_KEY: "plantedAwsKey/4711+abc",
  AWS_SESSION_TOKEN: "plantedAwsSession//4711==",
  GITHUB_TOKEN: "ghp_plantedGithub4711",
  GITLAB_TOKEN: "glpat-plantedGitlab4711",
  BITBUCKET_TOKEN: "planted@example.com:plantedBitbucket4711",
  SYSTEM_ACCESSTOKEN: "eyJwbGFudGVk.eyJBenVyZSI6MX0.c2ln4711",
  DATABASE_URL: "postgres://shop:plantedDatabase4711@db/shop",
} as const;

/** The fake account's executions carry it in their inputs, outputs and causes. */
const PAYLOAD = "of the customer";

let folder: string;
let aws: AwsServer | null;
let forge: ForgeServer | null;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "planted-"));
  [aws, forge] = [null, null];
});

afterEach(async () => {
  await aws?.close();
  await forge?.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [BINARY, ...args], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      XDG_CACHE_HOME: path.join(folder, "cache"),
      AWS_ACCESS_KEY_ID: "AKIAPLANTED",
      AWS_EC2_METADATA_DISABLED: "true",
      ...SECRETS,
      ...env,
    },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, said };
}

/** All that lies in the folder, names and texts. */
async function written(): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(async ({ parentPath, name }) => {
    const file = path.join(parentPath, name);
    return `${file}\n${await readFile(file, "latin1")}`;
  });
  return (await Promise.all(texts)).join("\n");
}

function encodedShapes(secret: string): readonly string[] {
  return [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)];
}

/** And the part of it that is secret by itself. */
function shapesOf(secret: string): readonly string[] {
  return [...encodedShapes(secret), /planted\w*4711/.exec(secret)?.[0] ?? secret];
}

async function expectNothingOf(said: string): Promise<void> {
  const all = `${said}\n${await written()}`;
  for (const [name, secret] of Object.entries(SECRETS))
    for (const shape of shapesOf(secret)) expect(all.includes(shape), `${name} came out`).toBe(false);
  expect(all.includes(PAYLOAD), "a payload came out").toBe(false);
}

/** So many executions, spread over October. */
function plantedMachine(count: number): FakeMachine {
  const [from, until] = [Date.UTC(2026, 9, 1), Date.UTC(2026, 10, 1)];
  const executions = Array.from({ length: count }, (_, index) => {
    const startMs = Math.round(from + ((index + 0.5) * (until - from)) / count);
    const seed = 77 + index;
    const status = plantedRoute(seed) === "Reject" ? ("FAILED" as const) : ("SUCCEEDED" as const);
    const events = () => plantedExecution(seed, startMs).events;
    return { name: `e${index}`, status, startMs, stopMs: startMs + 60_000, events };
  });
  return {
    name: "Planted",
    account: "111111111111",
    region: "eu-west-1",
    type: "STANDARD",
    definition: JSON.stringify(PLANTED_DEFINITION),
    executions,
    metric: (metric, statistic, { fromMs, untilMs }) => {
      if (statistic !== "Sum" || !/^Executions(Started|Succeeded)$/.test(metric)) return null;
      return executions.filter(({ startMs }) => startMs >= fromMs && startMs < untilMs).length;
    },
  };
}

const COLLECT = ["collect", "--region", "eu-west-1", "--month", "2026-10", "--histories", "40"];

describe("collect", () => {
  test("keeps credentials and payloads out of the fleet, and so do the reports on it", async () => {
    aws = await startAwsServer({ machines: [plantedMachine(60)] });
    const env = { AWS_ENDPOINT_URL: aws.url };
    const { code, said } = await run([...COLLECT, "-o", "fleet.json"], env);
    expect({ code, said }).toMatchObject({ code: 0 });
    expect(aws.callsOf("states:GetExecutionHistory").length).toBeGreaterThan(0);
    expect(await readFile(path.join(folder, "fleet.json"), "utf8")).toContain('"histories"');
    const page = await run(["report", "fleet.json", "--format", "html", "-o", "month.html"]);
    const analysis = await run(["analyze", "fleet.json", "--format", "json", "--verbose"]);
    expect([page.code, analysis.code]).toStrictEqual([0, 0]);
    await expectNothingOf(said + page.said + analysis.said);
  });

  test.each([
    ["InvalidSignatureException", "AWS does not accept the credentials"],
    ["ExpiredTokenException", "have expired"],
    ["ValidationException", "ValidationException: None is valid: [redacted] [redacted]"],
  ])("an answer of %s that repeats them is told without them", async (name, told) => {
    const { AWS_SECRET_ACCESS_KEY: key, AWS_SESSION_TOKEN: token } = SECRETS;
    const shapes = [token, key].flatMap(encodedShapes);
    const message = `None is valid: ${shapes.join(" ")}\nx-amz-security-token:${shapes.join("\n")}`;
    aws = await startAwsServer({ machines: [plantedMachine(4)], refuse: () => refusal(name, message, 403) });
    const { code, said } = await run([...COLLECT, "-o", "fleet.json"], { AWS_ENDPOINT_URL: aws.url });
    expect(code).toBe(3);
    expect(said).toContain(told);
    await expectNothingOf(said);
  });
});

describe("comment", () => {
  const TOKENS = {
    github: "GITHUB_TOKEN",
    gitlab: "GITLAB_TOKEN",
    bitbucket: "BITBUCKET_TOKEN",
    azure: "SYSTEM_ACCESSTOKEN",
  } as const satisfies Record<ForgeName, keyof typeof SECRETS>;

  test.each(Object.keys(TOKENS) as ForgeName[])(
    "on %s keeps the token out, though the forge repeats it",
    async (name) => {
      await cp("examples/order-processing.asl.json", path.join(folder, "a.asl.json"));
      const report = await run([
        "analyze",
        "a.asl.json",
        "-e",
        "1M",
        "--format",
        "json",
        "-o",
        "before.json",
      ]);
      const diff = await run([
        "diff",
        "a.asl.json",
        "--base",
        "before.json",
        "-e",
        "2M",
        "--format",
        "json",
        "-o",
        "diff.json",
      ]);
      expect([report.code, diff.code], report.said + diff.said).toStrictEqual([0, 0]);
      forge = await startForge(name);
      const secret = SECRETS[TOKENS[name]];
      const echo = `Bad credentials: ${encodedShapes(secret).join(" or ")}`;
      forge.failNext(() => true, { status: 401, body: { message: echo, error: echo, errors: [echo] } });
      const { place } = forge;
      const args = ["comment", "diff.json", "--forge", name, "--api-url", place.apiUrl, "--repo", place.repo];
      const summary = path.join(folder, "summary.md");
      await writeFile(summary, "");
      const { code, said } = await run([...args, "--pull-request", "7"], {
        GITHUB_STEP_SUMMARY: summary,
      });
      expect(forge.requests.length).toBeGreaterThan(0);
      expect({ code, said }).toStrictEqual({
        code: 3,
        said: expect.stringMatching(/was 401.*token is not accepted/s),
      });
      // Nor its beginning, where what the forge says is too long to be told whole.
      for (const shape of encodedShapes(secret)) expect(said).not.toContain(shape.slice(0, 8));
      await expectNothingOf(said);
    },
  );
});

test("what reads files alone says nothing of the environment", async () => {
  await cp("examples", folder, { recursive: true });
  const runs = [
    { code: 0, args: ["analyze", ".", "--verbose", "--format", "json"] },
    { code: 0, args: ["review", ".", "--verbose"] },
    { code: 0, args: ["capacity", "nightly-transcoding.asl.json", "--verbose"] },
    { code: 0, args: ["split", "order-processing.asl.json", "-e", "1M", "--write", "split"] },
    { code: 0, args: ["init", "--config", "new.yml"] },
    { code: 2, args: ["analyze", "no-such-file.json"] },
  ];
  let told = "";
  for (const { code, args } of runs) {
    const { code: ended, said } = await run(args);
    expect(ended, `${args.join(" ")}\n${said}`).toBe(code);
    told += said;
  }
  expect(await readFile(path.join(folder, "new.yml"), "utf8")).toContain("workflows:");
  await expectNothingOf(told);
});
