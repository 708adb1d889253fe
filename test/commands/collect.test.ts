import { describe, expect, test } from "vitest";
import { runCollect } from "../../src/commands/collect.ts";
import { readCollectionRequest, type CollectFlags } from "../../src/commands/collection-request.ts";
import type { AwsDoor, CollectedFleet, CollectionRequest } from "../../src/observation/fleet-collection.ts";
import { UserError } from "../../src/user-error.ts";
import type { FileContent } from "../../src/shell.ts";
import type { Fleet } from "../../src/workflow/fleet/fleet.ts";
import { fakeShell } from "../fake-shell.ts";

const NOW = new Date("2026-11-22T13:21:35Z");

const FLEET: Fleet = {
  schemaVersion: "1",
  kind: "fleet",
  month: "2026-10",
  period: { from: "2026-10-01T00:00:00.000Z", until: "2026-11-01T00:00:00.000Z", partial: false },
  collectedWith: { calls: 3, metrics: 1, cost: 0.00001 },
  regions: [],
  diagnostics: [],
  machines: [],
};

const MACHINE = {
  name: "Orders",
  account: "111111111111",
  region: "eu-west-1",
  type: "STANDARD",
  revisionId: null,
  definition: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
  logging: null,
  tracing: null,
  tags: null,
  aliases: null,
  versions: null,
  metrics: null,
  sample: null,
  workload: { executionsPerMonth: null, payloadKB: null, states: {} },
};

function read(flags: CollectFlags = {}) {
  return readCollectionRequest(flags, NOW);
}

function problemsOf(flags: CollectFlags): string {
  try {
    read(flags);
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 2) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

function doorWith(given: Partial<AwsDoor> = {}): AwsDoor & { readonly requests: CollectionRequest[] } {
  const requests: CollectionRequest[] = [];
  const collected: CollectedFleet = {
    fleet: FLEET,
    calls: [{ action: "states:ListStateMachines", calls: 3 }],
    resumed: 0,
    unfinished: false,
    finish: async () => undefined,
  };
  return {
    requests,
    collectFleet: async (request) => {
      requests.push(request);
      return collected;
    },
    planCollection: async () => {
      throw new Error("not planned");
    },
    leastPolicy: () => ({ Version: "2012-10-17" }),
    validateDefinitions: async () => [],
    ...given,
  };
}

describe("what is asked for", () => {
  test("by default the last whole month, where the environment points", () => {
    expect(read().request).toMatchObject({
      regions: null,
      roles: [],
      period: {
        month: "2026-10",
        fromMs: Date.UTC(2026, 9, 1),
        untilMs: Date.UTC(2026, 10, 1),
        partial: false,
      },
      histories: 30,
      keepPayloads: false,
      rate: 0.5,
    });
    const january = readCollectionRequest({}, new Date("2026-01-03T00:00:00Z")).request.period;
    expect(january.month).toBe("2025-12");
  });

  test("regions as lists and repeated, sorted and once", () => {
    expect(read({ region: ["us-east-1,eu-west-1", "us-east-1"] }).request.regions).toStrictEqual([
      "eu-west-1",
      "us-east-1",
    ]);
    expect(read({ region: ["all"] }).request.regions).toBe("all");
  });

  test("the present month ends at the last full hour, and is partial", () => {
    expect(read({ month: "2026-11" }).request.period).toStrictEqual({
      month: "2026-11",
      fromMs: Date.UTC(2026, 10, 1),
      untilMs: Date.UTC(2026, 10, 22, 13),
      partial: true,
    });
  });

  test("days, the last one included", () => {
    expect(read({ since: "2026-10-05", until: "2026-10-11" }).request.period).toStrictEqual({
      month: null,
      fromMs: Date.UTC(2026, 9, 5),
      untilMs: Date.UTC(2026, 9, 12),
      partial: false,
    });
    expect(read({ since: "2026-11-20" }).request.period).toMatchObject({
      untilMs: Date.UTC(2026, 10, 22, 13),
      partial: true,
    });
  });

  test("names, ARNs and tags", () => {
    const arn = "arn:aws:states:eu-west-1:111111111111:stateMachine:A";
    expect(
      read({ name: ["a*", "b"], arn: [arn], tag: ["stage=prod", "team", "x=a=b"] }).request.select,
    ).toStrictEqual({
      names: ["a*", "b"],
      arns: [arn],
      tags: [
        { key: "stage", value: "prod" },
        { key: "team", value: null },
        { key: "x", value: "a=b" },
      ],
    });
  });

  test.each<[CollectFlags, string]>([
    [{ region: ["Frankfurt"] }, '"Frankfurt" is no AWS region'],
    [{ region: ["all", "eu-west-1"] }, '"all" is no AWS region'],
    [{ month: "October" }, '"October" is no month: write it as 2026-10'],
    [{ month: "2026-13" }, "is no month"],
    [{ month: "2027-01" }, "has not begun"],
    [{ month: "2026-10", since: "2026-10-01" }, "contradict each other"],
    [{ since: "2026-02-30" }, '"2026-02-30" is no day'],
    [{ until: "2026-10-01" }, "--since is missing"],
    [{ since: "2026-10-05", until: "2026-10-01" }, "ends before it begins"],
    [{ roleArn: ["Reader"] }, '"Reader" is no role'],
    [{ arn: ["arn:aws:lambda:eu-west-1:111111111111:function:f"] }, "is no state machine"],
    [{ histories: "-1" }, '--histories: "-1" is negative'],
    [{ sampleCalls: "1.5" }, '--sample-calls: "1.5" is not a whole number'],
    [{ rate: "half" }, '--rate: "half" is not understood'],
    [{ rate: "0" }, '--rate: "0" is not above 0'],
  ])("%j is refused", (flags, words) => {
    expect(problemsOf(flags)).toContain(words);
  });

  test("all that is wrong is told at once", () => {
    expect(problemsOf({ region: ["x y"], month: "x", rate: -1 }).split("\n")).toHaveLength(4 - 1);
  });

  test("a region that stepfare does not know is asked all the same, with a word", () => {
    const { request, warnings } = read({ region: ["eu-wset-1"] });
    expect(request.regions).toStrictEqual(["eu-wset-1"]);
    expect(warnings).toStrictEqual(["stepfare does not know the region eu-wset-1. Did you mean eu-west-1?"]);
  });
});

describe("collect", () => {
  test("writes the fleet, and says on standard error what it took", async () => {
    const aws = doorWith();
    const shell = fakeShell({ aws, now: NOW });
    expect(await runCollect(shell, { region: ["eu-west-1"] })).toBe(0);
    expect(JSON.parse(shell.fileText("fleet.json"))).toStrictEqual(FLEET);
    expect(shell.stdout.text).toBe("");
    expect(shell.stderr.text).toBe("fleet.json: 0 state machines, 2026-10\n3 calls; 1 metrics, $0.00001\n");
    expect(aws.requests).toHaveLength(1);
  });

  test("the journal goes only once the fleet is written", async () => {
    const order: string[] = [];
    const aws = doorWith({
      collectFleet: async () => ({
        fleet: FLEET,
        calls: [],
        resumed: 2,
        unfinished: true,
        finish: async () => void order.push("finished"),
      }),
    });
    const shell = fakeShell({ aws, now: NOW });
    const { writeFileAtomic } = shell;
    const writing = {
      ...shell,
      writeFileAtomic: async (path: string, text: FileContent) => {
        await writeFileAtomic(path, text);
        order.push("written");
      },
    };
    await runCollect(writing, {});
    expect(order).toStrictEqual(["written", "finished"]);
    expect(shell.stderr.text).toContain("2 parts read before");
    expect(shell.stderr.text).toContain("asks only for the rest (fleet.json.partial)");
  });

  test("a file that is no fleet is not replaced", async () => {
    const aws = doorWith();
    const shell = fakeShell({ aws, now: NOW, files: { "fleet.json": '{ "name": "package" }' } });
    await expect(runCollect(shell, {})).rejects.toThrow("is no fleet file");
    expect(aws.requests).toHaveLength(0);
    const older = fakeShell({ aws, now: NOW, files: { "fleet.json": JSON.stringify(FLEET, null, 1) } });
    expect(await runCollect(older, {})).toBe(0);
  });

  test("the file to be replaced, or one that is named, lends its definitions; --fresh forgets them", async () => {
    const known: (readonly string[])[] = [];
    const aws = doorWith({
      collectFleet: async (request, hooks) => {
        known.push([...hooks.earlier.keys()]);
        return doorWith().collectFleet(request, hooks);
      },
    });
    const of = (arn: string): string =>
      JSON.stringify(
        { ...FLEET, machines: [{ ...MACHINE, arn, createdAt: "2025-01-01T00:00:00.000Z" }] },
        null,
        1,
      );
    const shell = fakeShell({
      aws,
      now: NOW,
      files: { "fleet.json": of("a"), "old.json": of("b"), "cut.json": "{" },
    });
    await runCollect(shell, { output: "new.json" });
    await runCollect(shell, { earlier: "old.json" });
    await runCollect(fakeShell({ aws, now: NOW, files: { "fleet.json": of("a") } }), {});
    await runCollect(fakeShell({ aws, now: NOW, files: { "fleet.json": of("a") } }), { fresh: true });
    expect(known).toStrictEqual([[], ["b"], ["a"], []]);
    await expect(runCollect(shell, { earlier: "cut.json" })).rejects.toThrow("cut off");
  });

  test("--print-policy asks nobody", async () => {
    const shell = fakeShell({ aws: doorWith(), now: NOW });
    await runCollect(shell, { printPolicy: true });
    expect(JSON.parse(shell.stdout.text)).toStrictEqual({ Version: "2012-10-17" });
    expect(shell.files.size).toBe(0);
  });

  test("progress is for those who watch", async () => {
    const aws = doorWith({
      collectFleet: async (_, hooks) => {
        hooks.progress("eu-west-1: 3 machines");
        return doorWith().collectFleet(_, hooks);
      },
    });
    const watched = fakeShell({ aws, now: NOW, isTTY: true });
    await runCollect(watched, {});
    expect(watched.stderr.text).toContain("eu-west-1: 3 machines");
    const piped = fakeShell({ aws, now: NOW });
    await runCollect(piped, {});
    expect(piped.stderr.text).not.toContain("3 machines");
  });
});
