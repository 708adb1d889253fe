/** What `analyze` says of what a stepfare.yml and the command line give it. */
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli.ts";
import type { AnalysisReport } from "../../src/report/analysis-report.ts";
import { fakeShell } from "../fake-shell.ts";

const FLOW = JSON.stringify({
  StartAt: "C",
  States: {
    C: { Type: "Choice", Choices: [{ Variable: "$.x", IsPresent: true, Next: "A" }], Default: "D" },
    A: { Type: "Pass", Next: "D" },
    D: { Type: "Succeed" },
  },
});

async function analyze(files: Readonly<Record<string, string>>, ...options: readonly string[]) {
  const shell = fakeShell({ files });
  const exit = await main(["analyze", "--format", "json", ...options], shell);
  return { exit, report: JSON.parse(shell.stdout.text) as AnalysisReport, stderr: shell.stderr.text };
}

describe("shares that cannot be", () => {
  test("are told at their place in stepfare.yml, with the workflow, in the report and on standard error", async () => {
    const { exit, report, stderr } = await analyze({
      "wf.asl.json": FLOW,
      "stepfare.yml": "workflows:\n  wf:\n    states:\n      C: { choices: { D: 80%, A: 10% } }\n",
    });

    expect(exit).toBe(2);
    expect(report.workflows[0]?.diagnostics).toContainEqual(
      expect.objectContaining({
        code: "choice-shares",
        at: { file: "stepfare.yml", line: 4, column: 12, pointer: "/workflows/wf/states/C/choices" },
      }),
    );
    expect(stderr).toContain(
      "stepfare: stepfare.yml:4:12: wf: C: its declared shares sum to 0.9 and no way is left for the rest\n",
    );
  });
});

describe("an entry under a file's bare name", () => {
  test("is for every file of that name, and the whole name wins over it", async () => {
    const { report } = await analyze({
      "x/flow.asl.json": FLOW,
      "y/flow.asl.json": FLOW,
      "z/order.asl.json": FLOW,
      "stepfare.yml":
        "workflows:\n  y/flow: { executionsPerMonth: 2M }\n  flow: { executionsPerMonth: 1M }\n",
    });

    const executions = report.workflows.map(({ name, executionsPerMonth }) => [
      name,
      executionsPerMonth?.value ?? null,
    ]);
    expect(executions).toEqual(
      expect.arrayContaining([
        ["x/flow", 1_000_000],
        ["y/flow", 2_000_000],
        ["order", null],
      ]),
    );
    expect(report.diagnostics).toEqual([]);
  });
});

describe("a parameter that nothing declares", () => {
  test("is told with what can be given instead", async () => {
    const { report, stderr } = await analyze({ "wf.asl.json": FLOW }, "--parameter", "foo=bar");

    expect(report.diagnostics).toMatchObject([
      { code: "unknown-parameter", hint: expect.stringContaining("terraform.tfvars") as string },
    ]);
    expect(stderr).toContain('No template declares the parameter "foo".');
  });

  test("is told with the names there are", async () => {
    const template =
      "Parameters: { Stage: { Type: String } }\nResources: { F: { Type: AWS::Serverless::StateMachine, Properties: { Definition: { StartAt: A, States: { A: { Type: Succeed } } } } } }\n";
    const { report } = await analyze({ "t.yaml": template }, "--parameter", "Unheard=bar");

    expect(report.diagnostics).toMatchObject([{ code: "unknown-parameter", hint: 'There are "Stage".' }]);
  });
});

test("groups that are left open at the end of stepfare.yml are told once", async () => {
  const yaml = "workflows:\n  wf: { executionsPerMonth: 1M, states: { C: { choices: { A: 90";
  const shell = fakeShell({ files: { "wf.asl.json": FLOW, "stepfare.yml": yaml } });

  expect(await main(["analyze"], shell)).toBe(2);
  expect(shell.stderr.text.match(/this is not YAML/g)).toHaveLength(1);
});
