/** `split`, run with a fake outside world. */
import { describe, expect, it } from "vitest";
import { main } from "../../src/cli.ts";
import type { AnalysisReport } from "../../src/report/analysis-report.ts";
import type { SplitReport } from "../../src/report/split-report.ts";
import { fakeShell } from "../fake-shell.ts";

const task = (Next: string, more: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: "f", "Payload.$": "$" },
  Next,
  ...more,
});
const order = {
  StartAt: "Validate",
  States: {
    Validate: task("Price"),
    Price: task("Reserve"),
    Reserve: task("Approve"),
    Approve: task("Ship", { Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken" }),
    Ship: { ...task(""), Next: undefined, End: true },
  },
};

async function run(args: readonly string[], files: Readonly<Record<string, string>>) {
  const shell = fakeShell({ files, columns: 120 });
  const code = await main(args, shell);
  const out = shell.stdout.text;
  // Told in lines of any length.
  return { code, out, told: out.replaceAll(/\s+/g, " "), err: shell.stderr.text, shell };
}

const files = { "order.asl.json": JSON.stringify(order) };

describe("split", () => {
  it("says what it saves, what crosses, what changes and what stays", async () => {
    const { code, out, told } = await run(["split", "order.asl.json", "-e", "1M"], files);
    expect(code).toBe(0);
    expect(out).toContain("One part is worth running as an Express child.");
    expect(out).toMatch(/Saves \$\d+\.\d\d a month/);
    expect(told).toContain('Validate, Price, Reserve; started by "Run Validate to Reserve"');
    expect(out).toMatch(/no-history/);
    expect(out).toMatch(/Approve .* it waits for a task token/);
    expect(out).toContain("states:StartSyncExecution");
  });

  it("gives the definitions as JSON", async () => {
    const { out } = await run(["split", "order.asl.json", "--format", "json"], files);
    const report = JSON.parse(out) as SplitReport;
    expect(report).toMatchObject({ schemaVersion: "1", kind: "split", name: "order", type: "STANDARD" });
    expect(report.saving.perMonth).toBeNull();
    expect(report.saving.perMillion).toBeGreaterThan(0);
    expect(report.children.map(({ states }) => states)).toEqual([["Validate", "Price", "Reserve"]]);
    expect(report.parent).toHaveProperty("StartAt", "Run Validate to Reserve");
    expect(report.uncut.map(({ state, code }) => [state, code])).toEqual([
      ["Approve", "task-token"],
      ["Ship", "not-worth"],
    ]);
  });

  it("counts and judges a workflow among those beside it as analyze does", async () => {
    const child = { StartAt: "Work", States: { Work: { ...task(""), Next: undefined, End: true } } };
    const start = (name: string, Next: string) =>
      task(Next, {
        Resource: "arn:aws:states:::states:startExecution.sync:2",
        Parameters: { StateMachineArn: `arn:aws:states:us-east-1:123456789012:stateMachine:${name}` },
      });
    const own = { ...order, States: { ...order.States, Approve: start("child", "Ship") } };
    const ended = { Type: "Succeed" };
    const parent = { StartAt: "Call", States: { Call: start("order", "Done"), Done: ended } };
    const beside = {
      "flows/child.asl.json": JSON.stringify(child),
      "flows/order.asl.json": JSON.stringify(own),
      "flows/parent.asl.json": JSON.stringify(parent),
      "stepfare.yml":
        "workflows:\n  parent: { executionsPerMonth: 2M }\n  child: { states: { Work: { duration: 100s } } }\n",
    };
    const json = ["--format", "json"];
    const split = await run(["split", "flows", "--name", "order", ...json], beside);
    const analysis = await run(["analyze", "flows", ...json], beside);
    expect([split.err, split.code]).toEqual(["", 0]);
    const report = JSON.parse(split.out) as SplitReport;
    const among = (JSON.parse(analysis.out) as AnalysisReport).workflows.find(
      ({ name }) => name === "order",
    )!;
    expect(report.executionsPerMonth).toMatchObject({ value: 2e6, basis: "inferred" });
    expect(report.eligibility).toEqual(among.eligibility);
    expect(report.eligibility.EXPRESS.blockers.map(({ code }) => code)).toContain("waiting-caller");
    expect(report.estimates).toEqual(among.estimates);
  });

  it("leaves a Map in the parent whose list does not come back in one response", async () => {
    const work = {
      StartAt: "Work",
      States: { Work: { Type: "Pass", Next: "Done" }, Done: { Type: "Succeed" } },
    };
    const map = { Type: "Map", ItemsPath: "$.list", ItemProcessor: work, Next: "Out" };
    const uncutOf = async (itemKB: number, more: object = {}) => {
      const States = { Each: { ...map, ...more }, Out: { Type: "Succeed" } };
      const { out } = await run(["split", "m.asl.json", "-e", "1M", "-f", "json"], {
        "m.asl.json": JSON.stringify({ StartAt: "Each", States }),
        "stepfare.yml": `workflows: { m: { states: { Each: { items: 800, itemKB: ${itemKB} } } } }`,
      });
      const { uncut, children } = JSON.parse(out) as SplitReport;
      return [children.length, uncut.find(({ state }) => state === "Each")?.code];
    };
    expect(await uncutOf(0.1)).toEqual([1, undefined]);
    expect(await uncutOf(0.2)).toEqual([0, "payload"]);
    expect(await uncutOf(0.2, { ResultPath: null })).toEqual([1, undefined]);
  });

  it("tells nothing of what a child takes along for when it fails", async () => {
    const pass = (Next: string) => ({ Type: "Pass", Next });
    const undo = { B0: pass("B1"), B1: pass("B2"), B2: { Type: "Pass", End: true } };
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Undo" }];
    const States = {
      A: task("B", { Catch }),
      B: task("C", { Catch }),
      C: task("D", { Catch }),
      D: task("E"),
      E: task("F"),
      F: { Type: "Succeed" },
      Undo: { Type: "Parallel", Branches: [{ StartAt: "B0", States: undo }], Next: "Failed" },
      Failed: { Type: "Fail", Error: "Undone" },
    };
    const definition = JSON.stringify({ StartAt: "A", States });
    const { out } = await run(["split", "a.asl.json", "-f", "json"], { "a.asl.json": definition });
    const { children, uncut } = JSON.parse(out) as SplitReport;
    expect(children).toHaveLength(1);
    expect(children[0]!.states).toContain("A");
    expect(children[0]!.copied).toEqual(["Undo", "Failed"]);
    expect(uncut.map(({ state }) => state)).toEqual(["F"]);
  });

  it("gives Markdown with every definition", async () => {
    const { out } = await run(["split", "order.asl.json", "--format", "markdown"], files);
    expect(out).toContain("## order: split");
    expect(out).toContain('"Resource": "arn:aws:states:::aws-sdk:sfn:startSyncExecution"');
    expect(out).toContain("### order-Validate");
  });

  it("writes the definitions and resources, and not over what is there", async () => {
    const { code, err, shell } = await run(["split", "order.asl.json", "--write", "out", "-q"], files);
    expect(code).toBe(0);
    expect(err.match(/wrote /g)).toHaveLength(3);
    const read = async (file: string) => new TextDecoder().decode(await shell.readFile(file));
    expect(JSON.parse(await read("out/order-Validate.asl.json"))).toHaveProperty("States.Price");
    expect(await read("out/order.resources.yml")).toContain("StateMachineType: EXPRESS");
    const there = { ...files, "out/order.asl.json": "{}" };
    const again = await run(["split", "order.asl.json", "--write", "out"], there);
    expect(again.code).toBe(2);
    expect(again.err).toContain("is there already");
    expect((await run(["split", "order.asl.json", "--write", "out", "--force"], there)).code).toBe(0);
  });

  it.each([
    {
      of: "SAM",
      source: {
        "t.json": JSON.stringify({
          Resources: {
            Order: {
              Type: "AWS::Serverless::StateMachine",
              Properties: { Type: "STANDARD", Definition: order },
            },
          },
        }),
      },
      written: "out/Order.resources.yml",
      child: "out/Order-Validate.asl.json",
      file: "out/template.yml",
      whole: (text: string) => `Resources:\n${text.replaceAll(/^/gm, "  ")}\n`,
    },
    {
      of: "Terraform",
      source: {
        "main.tf": `resource "aws_sfn_state_machine" "order" {\n  name = "order"\n  definition = jsonencode(${JSON.stringify(order)})\n}\n`,
      },
      written: "out/order.resources.tf",
      child: "out/order-Validate.asl.json",
      file: "out/order.resources.tf",
      whole: (text: string) => text,
    },
  ])("the resources for $of are of a template that declares the child", async ({ source, ...written }) => {
    const { code, err, shell } = await run(["split", ".", "--write", "out"], source);
    expect({ code, err }).toMatchObject({ code: 0 });
    const read = async (file: string) => new TextDecoder().decode(await shell.readFile(file));
    const folder = {
      [written.file]: written.whole(await read(written.written)),
      [written.child]: await read(written.child),
    };
    const found = await run(["analyze", written.file, "-f", "json"], folder);
    expect({ code: found.code, err: found.err }).toMatchObject({ code: 0 });
    const { workflows } = JSON.parse(found.out) as {
      workflows: { name: string; type: string; states: unknown[] }[];
    };
    expect(workflows.map(({ type }) => type)).toEqual(["EXPRESS"]);
    expect(workflows[0]!.states.length).toBeGreaterThan(3);
  });

  it("says what the best cut would cost where none pays", async () => {
    const short = { StartAt: "A", States: { A: task("B"), B: { Type: "Succeed" } } };
    const { code, told } = await run(["split", "a.asl.json"], { "a.asl.json": JSON.stringify(short) });
    expect(code).toBe(0);
    expect(told).toMatch(/Nothing is worth cutting: .* would cost [\d.]+ more per million/);
  });

  it("refuses a machine that is Express already, and several at once", async () => {
    const machine = (type: string) => ({
      Type: "AWS::Serverless::StateMachine",
      Properties: { Type: type, Definition: order },
    });
    const template = JSON.stringify({ Resources: { Fast: machine("EXPRESS"), Slow: machine("STANDARD") } });
    const express = await run(["split", "t.json", "--name", "Fast"], { "t.json": template });
    expect(express.code).toBe(2);
    expect(express.err).toContain("Fast is an Express workflow already");
    const several = await run(["split", "t.json"], { "t.json": template });
    expect(several.code).toBe(2);
    const sam = await run(["split", "t.json", "--name", "Slow", "-f", "json"], { "t.json": template });
    expect((JSON.parse(sam.out) as SplitReport).resources!.text).toContain(
      "DefinitionUri: Slow-Validate.asl.json",
    );
  });

  it.each(["split", "capacity", "review", "analyze"])(
    "%s says why what it was given cannot be read",
    async (command) => {
      const { code, err } = await run([command, "a.asl.json"], {
        "a.asl.json": '{ "StartAt": "A",\n  "States": { "A": { "Type": "Pass", "Result": "a": 1 } } }',
      });
      expect(code).toBe(2);
      expect(err).toMatch(
        /^stepfare: No state machine could be \w+ in a\.asl\.json\.\na\.asl\.json:2:\d+: error invalid-json/,
      );
    },
  );

  it("cuts nothing where the history is needed", async () => {
    const workload = "workflows: { order: { needsHistory: true } }";
    const { out } = await run(["split", "order.asl.json"], { ...files, "stepfare.yml": workload });
    expect(out).toContain("Nothing is cut: redrive or the execution history is needed");
  });
});
