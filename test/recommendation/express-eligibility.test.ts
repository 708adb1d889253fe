/** What keeps a workflow from being an Express one, through the report. */
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli.ts";
import { analyzeDefinition } from "../../src/library.ts";
import type { AnalysisReport } from "../../src/report/analysis-report.ts";
import { fakeShell } from "../fake-shell.ts";

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };

/** Tasks enough to be worth a change, and a Wait among them. */
function waiting(wait: object, before: object = {}): object {
  return {
    StartAt: "Set",
    States: {
      Set: { Type: "Pass", ...before, Next: "A" },
      A: { ...TASK, ResultPath: null, Next: "B" },
      B: { ...TASK, ResultPath: null, Next: "C" },
      C: { ...TASK, ResultPath: null, Next: "W" },
      W: { Type: "Wait", ...wait, Next: "D" },
      D: { ...TASK, End: true },
    },
  };
}

const blockers = (...given: Parameters<typeof analyzeDefinition>): string[] =>
  analyzeDefinition(...given).eligibility.EXPRESS.blockers.map(({ code }) => code);

describe("a Wait whose length an execution alone knows", () => {
  test.each([
    ["SecondsPath", { SecondsPath: "$.delay" }],
    ["TimestampPath", { TimestampPath: "$.at" }],
    ["a Timestamp", { Timestamp: "2099-01-01T00:00:00Z" }],
    ["JSONata", { QueryLanguage: "JSONata", Seconds: "{% $states.input.delay %}" }],
  ])("blocks Express, but for what somebody said: %s", (_, wait) => {
    const definition = waiting(wait);
    const { recommendation, eligibility } = analyzeDefinition(definition, { executions: "1M" });
    expect(eligibility.EXPRESS.blockers).toMatchObject([{ code: "open-wait", state: "W" }]);
    expect(recommendation.type).not.toBe("EXPRESS");
    const said = { executions: "1M", workload: { states: { W: { duration: "30s" } } } };
    expect(analyzeDefinition(definition, said).recommendation.type).toBe("EXPRESS");
  });

  test("leaves the verdict open, where it alone is in the way", () => {
    const one = { ...TASK, End: true };
    const definition = {
      StartAt: "W",
      States: { W: { Type: "Wait", SecondsPath: "$.s", Next: "A" }, A: one },
    };
    const { recommendation } = analyzeDefinition(definition, { executions: "1M" });
    expect(recommendation).toMatchObject({ type: "STANDARD", confidence: "low" });
  });

  test("stays in the parent of a split", () => {
    const { split } = analyzeDefinition(waiting({ SecondsPath: "$.delay" }), { executions: "1M" });
    expect(split!.children.flatMap(({ states }) => states)).toContain("A");
    expect(split!.children.flatMap(({ states }) => states)).not.toContain("W");
  });

  test("is none where the definition itself sets it, or the workflow runs as Express", () => {
    const set = { Result: { delay: 20 } };
    expect(blockers(waiting({ SecondsPath: "$.delay" }, set))).toEqual([]);
    expect(blockers(waiting({ SecondsPath: "$.delay" }), { type: "EXPRESS" })).toEqual([]);
    expect(blockers(waiting({ Seconds: 20 }))).toEqual([]);
    expect(blockers(waiting({ Seconds: 301 }))).toEqual(["long-wait"]);
  });
});

test.each([
  ["", "no logging is declared"],
  ["Logging: { IncludeExecutionData: true },", "logging is off"],
  ["Logging: { Level: OFF },", "logging is off"],
  ["Logging: { Level: ALL },", null],
  ["Logging: { Level: !Ref Level },", null],
])("that nothing is logged is said where it is known: %s", async (logging, said) => {
  const definition = JSON.stringify({ StartAt: "A", States: { A: { Type: "Succeed" } } });
  const machine = `{ Type: AWS::Serverless::StateMachine, Properties: { ${logging} Definition: ${definition} } }`;
  const files = { "t.yaml": `Parameters: { Level: { Type: String } }\nResources: { M: ${machine} }\n` };
  const shell = fakeShell({ files });
  expect(await main(["analyze", ".", "--format", "json"], shell)).toBe(0);
  const { workflows } = JSON.parse(shell.stdout.text) as AnalysisReport;
  const cautions = workflows[0]!.eligibility.EXPRESS.cautions.filter(({ code }) => code === "no-logging");
  expect(cautions.map(({ text }) => text.split(":")[0])).toEqual(said === null ? [] : [said]);
});

describe("a Task that waits for it", () => {
  const child = { StartAt: "A", States: { A: { ...TASK, Next: "B" }, B: { ...TASK, End: true } } };
  /** Both in one folder, the parent starting the child by its name. */
  async function analysed(resource: string, said: string): Promise<AnalysisReport> {
    const call = { Type: "Task", Resource: resource, Parameters: { StateMachineArn: "${child}" }, End: true };
    const files = {
      "parent.asl.json": JSON.stringify({ StartAt: "Call", States: { Call: call } }),
      "child.asl.json": JSON.stringify(child),
      "stepfare.yml": `workflows: { parent: { executionsPerMonth: 1M }, child: ${said} }`,
    };
    const shell = fakeShell({ files });
    expect(await main(["analyze", ".", "--format", "json"], shell)).toBe(0);
    return JSON.parse(shell.stdout.text) as AnalysisReport;
  }
  const childOf = ({ workflows }: AnalysisReport) => workflows.find(({ name }) => name === "child")!;

  test.each(["arn:aws:states:::states:startExecution.sync", "arn:aws:states:::states:startExecution.sync:2"])(
    "by %s keeps it Standard",
    async (resource) => {
      const { eligibility, recommendation } = childOf(await analysed(resource, "{}"));
      expect(eligibility.EXPRESS.blockers).toMatchObject([{ code: "waiting-caller" }]);
      expect(eligibility.EXPRESS.blockers[0]!.text).toContain(
        "Call of parent (parent.asl.json:1) waits for it",
      );
      expect(recommendation.type).not.toBe("EXPRESS");
    },
  );

  test("not at all lets it be Express", async () => {
    const { recommendation } = childOf(await analysed("arn:aws:states:::states:startExecution", "{}"));
    expect(recommendation.type).toBe("EXPRESS");
  });

  test("by startSyncExecution keeps it Express, also where Standard would cost less", async () => {
    const said = "{ type: EXPRESS, states: { A: { duration: 200s } } }";
    const { recommendation } = childOf(
      await analysed("arn:aws:states:::aws-sdk:sfn:startSyncExecution", said),
    );
    expect(recommendation).toMatchObject({ type: "EXPRESS", saving: 0 });
    expect(recommendation.text).toContain(
      "Call of parent (parent.asl.json:1) calls it by startSyncExecution",
    );
    const alone = await analysed("arn:aws:states:::states:startExecution", said);
    expect(childOf(alone).recommendation.type).toBe("STANDARD");
  });
});
