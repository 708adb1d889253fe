import { describe, expect, test } from "vitest";
import { main } from "../../src/cli.ts";
import { runTrace } from "../../src/commands/trace.ts";
import { fakeShell } from "../fake-shell.ts";

const ORDER = JSON.stringify({
  StartAt: "Check",
  States: {
    Check: {
      Type: "Choice",
      Choices: [{ Variable: "$.total", NumericGreaterThan: 100, Next: "Review" }],
      Default: "Pay",
    },
    Review: { Type: "Wait", Seconds: 5, Next: "Pay" },
    Pay: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 2, MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "GiveUp" }],
      Next: "Ship",
    },
    Ship: {
      Type: "Map",
      ItemsPath: "$.items",
      ItemProcessor: { StartAt: "Pack", States: { Pack: { Type: "Pass", End: true } } },
      End: true,
    },
    GiveUp: { Type: "Fail", Error: "NotPaid", Cause: "no \u001b[31mmoney" },
  },
});

const files = {
  "order.asl.json": ORDER,
  "in.json": '{"total": 250}',
  "results.json":
    '{"Pay": [{"error": "Busy", "durationMs": 40}, {"output": {"items": [1, 2]}, "durationMs": 300}]}',
  "broken.json": "{",
};

describe("trace", () => {
  test("shows the steps in virtual time, then the totals", async () => {
    const shell = fakeShell({ files });
    const code = await runTrace(shell, {
      definition: "order.asl.json",
      input: "in.json",
      results: "results.json",
      format: "table",
    });
    expect(code).toBe(0);
    expect(shell.stderr.text).toBe("");
    expect(shell.stdout.text.replaceAll(/ +$/gm, "")).toMatchInlineSnapshot(`
      "order: SUCCEEDED after 7.34 s
            at  state     attempt  what happened
          0 ms  Check              → Review
          0 ms  Review             waited 5 s
           5 s  Pay                Busy after 40 ms
        7.04 s  Pay             2  done in 300 ms
        7.34 s  Ship
        7.34 s  Pack [0]
        7.34 s  Pack [1]
        1 start + 6 entered + 1 retry = 8 state transitions; 26 history events
      "
    `);
  });

  test("tells how an execution failed, without obeying what its texts hold", async () => {
    const shell = fakeShell({
      files: { ...files, "results.json": '{"Pay": {"error": "Broken"}, "Pya": {"output": 1}}' },
    });
    await runTrace(shell, {
      definition: "order.asl.json",
      input: "in.json",
      results: "results.json",
      format: "table",
    });
    expect(shell.stdout.text).toContain("order: FAILED after 5 s: NotPaid in GiveUp");
    expect(shell.stdout.text).toContain("no \\x1b[31mmoney");
    expect(shell.stdout.text).not.toContain("\u001b");
    expect(shell.stderr.text).toContain('warning: There are results for "Pya", but no state has this name.');
    expect(shell.stderr.text).toContain('Did you mean "Pay"?');
  });

  test("a long cause wraps to the terminal, and is told whole", async () => {
    const cause = "The choice state's condition path references an invalid value, ".repeat(8).trim();
    const failing = { StartAt: "F", States: { F: { Type: "Fail", Error: "E", Cause: cause } } };
    const shell = fakeShell({ files: { "f.json": JSON.stringify(failing) }, columns: 60 });
    await runTrace(shell, { definition: "f.json", format: "table" });
    const lines = shell.stdout.text.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines.map((line) => line.trim()).join(" ")).toContain(cause);
  });

  test("says which states were cut off by a failing sibling", async () => {
    const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });
    const machine = {
      StartAt: "Both",
      States: {
        Both: {
          Type: "Parallel",
          Branches: [
            branch("Long", { Type: "Wait", Seconds: 60, End: true }),
            branch("Bad", { Type: "Fail" }),
          ],
          End: true,
        },
      },
    };
    const shell = fakeShell({ files: { "both.json": JSON.stringify(machine) } });
    await runTrace(shell, { definition: "both.json", format: "table" });
    expect(shell.stdout.text.split("\n").slice(1, 5)).toEqual([
      "    at  state  what happened",
      "  0 ms  Both   failed",
      "  0 ms  Long   cut off",
      "  0 ms  Bad    fails",
    ]);
  });

  test("a long list is cut, and says so", async () => {
    const loop = '{"StartAt": "L", "States": {"L": {"Type": "Pass", "Next": "L"}}}';
    const shell = fakeShell({ files: { "loop.json": loop } });
    await runTrace(shell, { definition: "loop.json", format: "table", top: 3 });
    expect(shell.stdout.text).toContain("12,496 more steps: --verbose shows all");
    expect(shell.stdout.text).toContain("1 start + 12,499 entered");
  });

  test("as JSON, the report holds all of the trace", async () => {
    const shell = fakeShell({ files, stdin: ORDER });
    await runTrace(shell, { definition: "-", input: "in.json", results: "results.json", format: "json" });
    const report = JSON.parse(shell.stdout.text) as Record<string, unknown>;
    expect(report).toMatchObject({
      schemaVersion: "1",
      kind: "trace",
      name: "standard input",
      status: "SUCCEEDED",
      transitions: 8,
      retries: 1,
      durationMs: 7_340,
    });
  });

  test("reads YAML, too", async () => {
    const yaml = "StartAt: P\nStates:\n  P: { Type: Pass, Result: [1], End: true }\n";
    const shell = fakeShell({ files: { "flow.asl.yaml": yaml } });
    await runTrace(shell, { definition: "flow.asl.yaml", format: "json" });
    expect(JSON.parse(shell.stdout.text)).toMatchObject({ name: "flow", output: [1] });
  });

  test("numbers that are none are refused, with what was written", async () => {
    const shell = fakeShell({ files });
    const options = {
      definition: "order.asl.json",
      input: "in.json",
      seed: "x",
      top: "-3",
      format: "json",
    } as const;
    await expect(runTrace(shell, options)).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringMatching(/^--seed: "x" is not understood: .*\n--top: "-3" is negative: /),
    });
  });

  test("what cannot be read is named", async () => {
    const shell = fakeShell({ files });
    await expect(
      runTrace(shell, { definition: "order.asl.json", input: "broken.json", format: "table" }),
    ).rejects.toMatchObject({
      code: "invalid-json",
      exitCode: 2,
      message: expect.stringContaining("broken.json") as string,
    });
    await expect(runTrace(shell, { definition: "broken.json", format: "table" })).rejects.toMatchObject({
      code: "not-a-definition",
    });
  });
});

test("an input that is no JSON is told with its place", async () => {
  const definition = JSON.stringify({ StartAt: "A", States: { A: { Type: "Succeed" } } });
  const shell = fakeShell({ files: { "one.asl.json": definition, "bad.json": '{\n  "a": }' } });
  expect(await main(["trace", "one.asl.json", "--input", "bad.json"], shell)).toBe(2);
  expect(shell.stderr.text).toMatch(/^stepfare: bad\.json:2:\d+: bad\.json is no JSON: /);
});
