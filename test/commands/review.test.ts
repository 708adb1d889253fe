/** `review` and `explain`, run with a fake outside world. */
import { describe, expect, it } from "vitest";
import { main } from "../../src/cli.ts";
import type { ReviewReport } from "../../src/report/review-report.ts";
import { fakeShell } from "../fake-shell.ts";
import { saga } from "../recommendation/finding-cases.ts";
import { lambda, machine } from "../recommendation/reviewed.ts";

const broken = JSON.stringify(saga({ Ship: { Catch: [] } }));
const TEMPLATE = `Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition: ${JSON.stringify(machine({ Charge: lambda("charge") }))}
  Failed:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/States
      MetricName: ExecutionsFailed
      Dimensions: [{ Name: StateMachineArn, Value: !Ref Orders }]
`;

async function run(args: readonly string[], files: Readonly<Record<string, string>>) {
  const shell = fakeShell({ files, columns: 120 });
  const code = await main(args, shell);
  return { code, out: shell.stdout.text, err: shell.stderr.text };
}

describe("review", () => {
  it("shows findings, what to change first and how many checks passed", async () => {
    const { code, out } = await run(["review", "saga.asl.json"], { "saga.asl.json": broken });
    expect(code).toBe(0);
    expect(out).toContain("incomplete-undo");
    expect(out).toMatch(/Review {2}\d+ findings, \d+ checks passed/);
    expect(out).not.toContain("Injected faults");
  });

  it("proposes nothing for a definition that AWS refuses, and says why; else what to change first", async () => {
    const refused = await run(["review", "saga.asl.json"], { "saga.asl.json": broken });
    expect(refused.out).toContain("unreachable-state");
    expect(refused.out).toContain("advice-withheld");
    expect(refused.out).not.toContain("What to change first");
    const fine = await run(["review", "saga.asl.json"], { "saga.asl.json": JSON.stringify(saga()) });
    expect(fine.out).toContain("What to change first");
    expect(fine.out).not.toContain("Diagnostics");
  });

  it("refuses data for executions that are not acted out, and tells results of states that are not there", async () => {
    const files = { "saga.asl.json": JSON.stringify(saga()), "r.json": '{ "Shipp": [{ "output": 1 }] }' };
    const alone = await run(["review", "saga.asl.json", "--results", "r.json"], files);
    expect(alone.code).toBe(2);
    expect(alone.err).toContain("--results is of --inject-faults, which is not given.");
    const { code, err } = await run(
      ["review", "saga.asl.json", "--inject-faults", "--results", "r.json"],
      files,
    );
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringContaining('results for "Shipp"') as string,
    });
    expect(err).toContain('Did you mean "Ship"?');
  });

  it("injects faults on request and prints which undos ran", async () => {
    const whole = JSON.stringify(saga());
    const { out } = await run(["review", "saga.asl.json", "--inject-faults"], { "saga.asl.json": whole });
    expect(out.replaceAll(/\s+/g, " ")).toMatch(
      /Ship Reserve, Charge Refund → Release all undone, in reverse/,
    );
  });

  it("gives JSON with the faults in it, and Markdown", async () => {
    const files = { "saga.asl.json": broken };
    const { out } = await run(["review", "saga.asl.json", "--inject-faults", "--format", "json"], files);
    const report = JSON.parse(out) as ReviewReport;
    const [workflow] = report.workflows;
    expect([report.kind, report.schemaVersion]).toStrictEqual(["review", "1"]);
    expect(workflow?.faults?.find(({ faults }) => faults[0] === "Ship")).toMatchObject({
      verdict: "incomplete",
    });
    const { out: markdown } = await run(["review", "saga.asl.json", "--format", "markdown"], files);
    expect(markdown).toContain("### Review");
    expect(markdown).toMatch(/\| warning \| incomplete-undo \|/);
  });

  it("fails on findings as grave as asked", async () => {
    const files = { "saga.asl.json": broken };
    const { code, err } = await run(["review", "saga.asl.json", "--fail-on", "warning"], files);
    expect([code, err]).toStrictEqual([1, "stepfare: 1 finding is of severity warning or graver\n"]);
    expect((await run(["review", "saga.asl.json", "--fail-on", "error"], files)).code).toBe(0);
    expect((await run(["review", "saga.asl.json", "--fail-on", "much"], files)).code).toBe(2);
  });

  it("knows a template's alarms and logs, and prints the text that adds what is missing", async () => {
    const { out } = await run(["review", "template.yaml", "--verbose"], { "template.yaml": TEMPLATE });
    expect(out).toContain("express-without-logs");
    expect(out.replaceAll(/\s+/g, " ")).toContain(
      "watches ExecutionsTimedOut, ExecutionThrottled, ExecutionTime (p99)",
    );
    expect(out).toContain("OrdersExecutionsTimedOutAlarm:");
    expect(out).toContain('resource "aws_cloudwatch_metric_alarm" "orders_executions_timed_out"');
    expect(out).not.toContain("OrdersExecutionsFailedAlarm:");
  });

  it("knows the alarms of a Terraform configuration, those on the children of a Map Run too", async () => {
    const processor = {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
      ...machine({ Do: lambda("do") }),
    };
    const definition = machine({
      Each: { Type: "Map", Label: "Each", MaxConcurrency: 9, ItemProcessor: processor, End: true },
    });
    const alarm = (name: string, metric: string, arn: string): string =>
      `resource "aws_cloudwatch_metric_alarm" "${name}" {
        namespace   = "AWS/States"
        metric_name = "${metric}"
        dimensions  = { StateMachineArn = ${arn} }
      }`;
    const configuration = [
      `resource "aws_sfn_state_machine" "orders" {
        name       = "orders"
        definition = jsonencode(${JSON.stringify(definition)})
        tracing_configuration { enabled = true }
      }`,
      alarm("failed", "ExecutionsFailed", "aws_sfn_state_machine.orders.arn"),
      alarm("children", "ExecutionsFailed", '"${aws_sfn_state_machine.orders.arn}/Each"'),
      alarm("other", "ExecutionsTimedOut", "aws_sfn_state_machine.other.arn"),
    ].join("\n");
    const args = ["review", "main.tf", "--format", "json"];
    const report = JSON.parse((await run(args, { "main.tf": configuration })).out) as ReviewReport;
    const [workflow] = report.workflows;
    const missing = workflow?.findings.find(({ rule }) => rule === "missing-alarms");
    expect(missing?.text).toBe(
      "no alarm in this template watches ExecutionsTimedOut, ExecutionThrottled, ExecutionTime (p99)",
    );
    expect(missing?.adds?.terraform).toContain("StateMachineArn = aws_sfn_state_machine.orders.arn }");
    expect(workflow?.checks.passed.map(({ rule }) => rule)).toContain("tracing-off");
  });

  it("obeys suppressions in stepfare.yml and shows their reasons", async () => {
    const yml =
      "workflows: { saga: { suppress: [{ rule: incomplete-undo, state: Ship, reason: shipped by hand }] } }";
    const { out } = await run(["review", "saga.asl.json"], { "saga.asl.json": broken, "stepfare.yml": yml });
    expect(out).toMatch(/suppressed +incomplete-undo +Ship: shipped by hand/);
    expect(out).toContain("1 suppressed");
  });

  it.each([
    ["{ rule: incomplete-undo }", "reason: it is missing"],
    ["{ rule: incomplete-undo, reason: '' }", 'reason: "" says nothing'],
  ])("refuses a suppression without a reason: %s", async (suppression, message) => {
    const yml = `workflows: { saga: { suppress: [${suppression}] } }`;
    const { code, err } = await run(["review", "saga.asl.json"], {
      "saga.asl.json": broken,
      "stepfare.yml": yml,
    });
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe("explain", () => {
  it("shows the page of a rule, and of a diagnostic", async () => {
    const { code, out } = await run(["explain", "incomplete-undo"], {});
    expect(code).toBe(0);
    expect(out).toMatch(/^A failure that leaves work half undone\n\nincomplete-undo · finding/);
    expect(out).toContain("Before\n\n    ");
    expect((await run(["explain", "unreachable-state"], {})).out).toContain("No transition leads to it");
  });

  it("lists them all, and knows near misses", async () => {
    const { out } = await run(["explain"], {});
    expect(out).toMatch(/polling-loop +A loop that polls for the end of a job/);
    const { code, err } = await run(["explain", "poling-loop"], {});
    expect(code).toBe(2);
    expect(err).toContain('Did you mean "polling-loop"?');
  });
});
