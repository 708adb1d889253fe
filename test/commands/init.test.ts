import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runInit } from "../../src/commands/init.ts";
import { parseWorkloadFile } from "../../src/workflow/workload/whole-workload-file.ts";
import { fakeShell } from "../fake-shell.ts";

const ORDER = JSON.stringify({
  StartAt: "Check",
  States: {
    Check: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Parameters: { FunctionName: "check" },
      Next: "Ready?",
    },
    "Ready?": {
      Type: "Choice",
      Choices: [
        { Variable: "$.ready", BooleanEquals: true, Next: "Lines" },
        { Variable: "$.failed", BooleanEquals: true, Next: "Gone" },
      ],
      Default: "Pause",
    },
    Pause: { Type: "Wait", SecondsPath: "$.seconds", Next: "Check" },
    Lines: {
      Type: "Map",
      ItemProcessor: {
        StartAt: "Ship",
        States: { Ship: { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", End: true } },
      },
      End: true,
    },
    Gone: { Type: "Fail" },
  },
});

const SIMPLE = JSON.stringify({ StartAt: "Only", States: { Only: { Type: "Pass", End: true } } });

/** Every commented line in force, except the prose at the top. */
function uncommented(text: string): string {
  const [, body = ""] = text.split("\nworkflows:\n");
  return `workflows:\n${body.replaceAll(/^( {4})# /gm, "$1")}`;
}

async function init(files: Record<string, string>, options: { dryRun?: boolean; paths?: string[] } = {}) {
  const shell = fakeShell({ files });
  await runInit(shell, { paths: options.paths ?? [], dryRun: options.dryRun });
  return shell;
}

describe("a new stepfare.yml", () => {
  test("has an entry per workflow, with every open figure and what it means", async () => {
    const shell = await init({ "order.asl.json": ORDER });
    const lines = shell
      .fileText("/project/stepfare.yml")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines.map((line) => line.replace(/(?<=: .*) # [^#]*$/, " # …"))).toMatchInlineSnapshot(`
      [
        "workflows:",
        "  order: # asl, order.asl.json",
        "    # executionsPerMonth: 1M # …",
        "    # type: STANDARD # …",
        "    # peakPerSecond: 50 # …",
        "    # payloadKB: 2 # …",
        "    # states:",
        "    #   Check:",
        "    #     duration: 500ms # …",
        "    #     failureRate: 0 # …",
        "    #     lambda: { memoryMB: 128 } # …",
        "    #   "Ready?":",
        "    #     choices: { Lines: 0.3333, Gone: 0.3333 } # …",
        "    #     rounds: 1.5 # …",
        "    #   Pause:",
        "    #     duration: 1m # …",
        "    #   Lines:",
        "    #     items: 10 # …",
        "    #   Ship:",
        "    #     duration: 500ms # …",
        "    #     failureRate: 0 # …",
      ]
    `);
    expect(shell.stderr.text).toBe("stepfare.yml got entries for 1 workflow.\n");
  });

  test("declares nothing until a # is taken away, and is right when all are", async () => {
    const shell = await init({ "order.asl.json": ORDER, "simple.asl.json": SIMPLE });
    const text = shell.fileText("/project/stepfare.yml");
    const quiet = parseWorkloadFile(text, "stepfare.yml");
    expect(quiet.workflows.map(({ selector }) => selector.name)).toEqual(["order", "simple"]);
    expect(
      quiet.workflows.every(
        ({ workload }) => workload.states.size === 0 && workload.executionsPerMonth === null,
      ),
    ).toBe(true);
    const [order] = parseWorkloadFile(uncommented(text), "stepfare.yml").workflows;
    expect(order?.workload.executionsPerMonth?.value).toBe(1_000_000);
    expect([...(order?.workload.states.keys() ?? [])]).toEqual(["Check", "Ready?", "Pause", "Lines", "Ship"]);
    const ready = order?.workload.states.get("Ready?");
    expect([...(ready?.choices ?? [])].map(([target, { value }]) => [target, value])).toEqual([
      ["Lines", 0.3333],
      ["Gone", 0.3333],
    ]);
    // Two of three ways lead out of the loop.
    expect(ready?.rounds?.value).toBe(1.5);
    expect(order?.workload.states.get("Lines")?.items?.value).toBe(10);
    expect(order?.workload.states.get("Check")?.lambda?.memoryMB?.value).toBe(128);
  });

  test("does not ask for what the definitions set", async () => {
    const { StartAt, States } = JSON.parse(ORDER) as { StartAt: string; States: Record<string, object> };
    const setting = {
      ...States,
      Set: { Type: "Pass", Assign: { s: 30, list: [1, 2] }, Next: StartAt },
      Pause: { ...States["Pause"], SecondsPath: "$s" },
      Lines: { ...States["Lines"], QueryLanguage: "JSONata", Items: "{% $list %}" },
    };
    const definition = JSON.stringify({ StartAt: "Set", States: setting });
    const shell = await init({ "order.asl.json": definition });
    const text = shell.fileText("/project/stepfare.yml");
    expect(text).toContain("Ship:");
    expect(text).not.toMatch(/Pause:|items:/);
  });

  test("is printed, not written, by --dry-run", async () => {
    const shell = await init({ "order.asl.json": ORDER }, { dryRun: true });
    expect(shell.files.has("/project/stepfare.yml")).toBe(false);
    expect(parseWorkloadFile(shell.stdout.text, "x").workflows).toHaveLength(1);
    expect(shell.stderr.text).toContain("would get");
  });

  test("leaves out what the template says", async () => {
    const template = `Transform: AWS::Serverless-2016-10-31
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition: { StartAt: Go, States: { Go: { Type: Task, Resource: !GetAtt Worker.Arn, End: true } } }
      Events: { Daily: { Type: Schedule, Properties: { Schedule: rate(1 day) } } }
  Worker: { Type: AWS::Serverless::Function, Properties: { MemorySize: 512 } }
`;
    const shell = await init({ "template.yaml": template });
    const text = shell.fileText("/project/stepfare.yml");
    expect(text).toContain("  Flow: # sam, template.yaml");
    for (const known of ["executionsPerMonth", "type:", "memoryMB"]) expect(text).not.toContain(known);
    expect(text).toContain("duration: 500ms");
  });

  test("writes marks that turn the direction of writing as escapes", async () => {
    const [turned, other] = ["\u202epay", "\u2066ship"];
    const choice = {
      Type: "Choice",
      Choices: [{ Variable: "$.a", IsNull: true, Next: other }],
      Default: turned,
    };
    const task = { Type: "Task", Resource: "arn:aws:states:::sns:publish", End: true };
    const definition = { StartAt: "Which", States: { Which: choice, [turned]: task, [other]: task } };
    const shell = await init({ "a.asl.json": JSON.stringify(definition) });
    const text = shell.fileText("/project/stepfare.yml");
    expect(text).not.toMatch(/[\u202e\u2066]/);
    expect(text).toContain(String.raw`the rest goes to "\u202epay"`);
    expect(text).toContain(String.raw`"\u2066ship":`);
  });

  test("takes any state name", async () => {
    const names = fc.uniqueArray(
      fc.oneof(
        fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
        fc.constantFrom(
          "__proto__",
          "a: b",
          "# no",
          "- x",
          "true",
          "1",
          "'",
          '"',
          "{ a }",
          "x #y",
          "*a",
          "&b",
          "\u2028",
          " pad ",
          "?",
        ),
      ),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(names, async (states) => {
        const definition = {
          StartAt: states[0],
          States: Object.fromEntries(
            states.map((name, index) => [
              name,
              index === 0
                ? {
                    Type: "Choice",
                    Choices: states.map((Next) => ({ Variable: "$.a", IsNull: true, Next })),
                    Default: states.at(-1),
                  }
                : { Type: "Task", Resource: "arn:aws:states:::sns:publish", End: true },
            ]),
          ),
        };
        const shell = await init({ "a.asl.json": JSON.stringify(definition) });
        const text = shell.fileText("/project/stepfare.yml");
        const [entry] = parseWorkloadFile(uncommented(text), "x").workflows;
        const known = [...(entry?.workload.states.keys() ?? [])];
        for (const name of states.slice(1)) expect(known).toContain(name);
        await runInit(shell, { paths: [] });
        expect(shell.fileText("/project/stepfare.yml")).toBe(text);
      }),
      { numRuns: 25 },
    );
  });
});

describe("a stepfare.yml that is there", () => {
  const OWN = `# Ours.
region: eu-west-1

workflows:
  # The important one.
  order: # keep me
    executionsPerMonth: { low: 1k, likely: 2k, high: 9k } # from the dashboard
    states:
      # measured
      Check: { duration: 1s }

  # Nothing of this one is here.
  elsewhere:
    perDay: 3
# The end.
prices:
  discount: 9%
`;

  test("keeps every line in its order, and gets what is new", async () => {
    const shell = await init({ "stepfare.yml": OWN, "order.asl.json": ORDER, "simple.asl.json": SIMPLE });
    const text = shell.fileText("/project/stepfare.yml");
    let from = 0;
    for (const line of OWN.split("\n")) {
      const at = text.indexOf(line, from);
      expect(at, line).toBeGreaterThanOrEqual(from);
      from = at + line.length;
    }
    const own = text.slice(text.indexOf("  order:"), text.indexOf("  # Nothing"));
    expect(own).not.toMatch(/# executionsPerMonth|#\s+Check:/);
    expect(own).toMatch(/# {3}Lines:\n {4}# {5}items: 10/);
    expect(text.indexOf("simple:")).toBeGreaterThan(text.indexOf("perDay: 3"));
    expect(text.indexOf("simple:")).toBeLessThan(text.indexOf("# The end."));
    expect(parseWorkloadFile(text, "x").workflows.map(({ selector }) => selector.name)).toEqual([
      "order",
      "elsewhere",
      "simple",
    ]);
    const uncommentedOrder = text.replaceAll(/^( {4})# {3}/gm, "$1  ").replaceAll(/^( {4})# /gm, "$1");
    expect(
      parseWorkloadFile(uncommentedOrder, "x").workflows[0]?.workload.states.get("Lines")?.items?.value,
    ).toBe(10);
  });

  test("is the same after a second run", async () => {
    const shell = await init({ "stepfare.yml": OWN, "order.asl.json": ORDER, "simple.asl.json": SIMPLE });
    const once = shell.fileText("/project/stepfare.yml");
    await runInit(shell, { paths: [] });
    expect(shell.fileText("/project/stepfare.yml")).toBe(once);
    expect(shell.stderr.text).toContain("has it all already");
  });

  test("without workflows gets that section", async () => {
    for (const own of [
      "region: eu-west-1\n",
      "workflows:\nregion: eu-west-1\n",
      "",
      "workflows: {}\nregion: eu-west-1\n",
    ]) {
      const shell = await init({ "stepfare.yml": own, "simple.asl.json": SIMPLE });
      const read = parseWorkloadFile(shell.fileText("/project/stepfare.yml"), "x");
      expect(read.workflows.map(({ selector }) => selector.name)).toEqual(["simple"]);
      expect(read.region).toBe(own === "" ? null : "eu-west-1");
    }
  });

  test("keeps its line endings", async () => {
    const shell = await init({
      "stepfare.yml": "region: eu-west-1\r\nworkflows:\r\n  a:\r\n    perDay: 1\r\n",
      "simple.asl.json": SIMPLE,
    });
    expect(shell.fileText("/project/stepfare.yml").replaceAll("\r\n", "")).not.toContain("\n");
  });

  test("is not touched where its entries are found by a glob", async () => {
    const own = `workflows:\n  all:\n    match: { file: "**/*.asl.json" }\n    perDay: 1\n`;
    const shell = await init({ "stepfare.yml": own, "simple.asl.json": SIMPLE });
    expect(shell.fileText("/project/stepfare.yml")).toBe(own);
  });

  test("that is wrong, or written in braces, is told and left alone", async () => {
    for (const [own, code] of [
      ["workflows:\n  a: { executionsPerMonth: lots }\n", "invalid-workload-file"],
      ["workflows: { a: { perDay: 1 } }\n", "workload-file-in-one-line"],
    ] as const) {
      const shell = fakeShell({ files: { "stepfare.yml": own, "simple.asl.json": SIMPLE } });
      await expect(runInit(shell, { paths: [] })).rejects.toMatchObject({ code });
      expect(shell.fileText("/project/stepfare.yml")).toBe(own);
    }
  });
});

test("nothing to write a file for is an error", async () => {
  await expect(runInit(fakeShell({ files: { "a.txt": "" } }), { paths: [] })).rejects.toMatchObject({
    code: "nothing-to-analyse",
  });
});
