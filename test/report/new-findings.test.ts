/** What a change brings, told from what was there before under another name, number or order. */
import { describe, expect, test } from "vitest";
import { analyzeDefinition } from "../../src/library.ts";
import type { WorkflowReport } from "../../src/report/analysis-report.ts";
import { newFindings } from "../../src/report/new-findings.ts";
import { matchStates } from "../../src/workflow/workload/matched-states.ts";

const waiting = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
  Parameters: { FunctionName: "f", Payload: { "Token.$": "$$.Task.Token" } },
};

/** Tasks in a row that wait for a token, without time-outs. */
function chain(...names: readonly string[]): object {
  const states = names.map((name, at) => {
    const next = names[at + 1];
    return [name, { ...waiting, ...(next === undefined ? { End: true } : { Next: next }) }] as const;
  });
  return { StartAt: names[0], States: Object.fromEntries(states) };
}

const endless = (seconds: number, comment?: string) => ({
  StartAt: "Check",
  ...(comment === undefined ? {} : { Comment: comment }),
  States: {
    Check: {
      ...waiting,
      Resource: "arn:aws:states:::lambda:invoke",
      Parameters: { FunctionName: "f" },
      Next: "Ready",
    },
    Ready: {
      Type: "Choice",
      Choices: [{ Variable: "$.ok", BooleanEquals: true, Next: "Done" }],
      Default: "Pause",
    },
    Pause: { Type: "Wait", Seconds: seconds, Next: "Check" },
    Done: { Type: "Succeed" },
  },
});

const found = (before: WorkflowReport | null, after: WorkflowReport): ReturnType<typeof newFindings> =>
  newFindings(before, after, matchStates(before?.states ?? [], after.states));

const codes = (before: WorkflowReport | null, after: WorkflowReport): string[] =>
  found(before, after).map(({ code }) => code);

/** A job without a timeout, which ends its scope. */
const job = (name: string, parameters: object = {}): object => ({
  StartAt: name,
  States: {
    [name]: {
      Type: "Task",
      Resource: "arn:aws:states:::glue:startJobRun.sync",
      Parameters: { JobName: name, ...parameters },
      End: true,
    },
  },
});

const each = (name: string, field: string, inside: object): object => ({
  StartAt: name,
  States: { [name]: { Type: "Map", [field]: inside, End: true } },
});

const branches = (...all: readonly object[]): object => ({
  StartAt: "All",
  States: { All: { Type: "Parallel", Branches: all, End: true } },
});

describe("nothing is new", () => {
  test("of a state that has another name", () => {
    const [before, after] = [
      analyzeDefinition(chain("Reserve", "Ship")),
      analyzeDefinition(chain("Reserve", "Send")),
    ];
    expect(before.findings.map(({ rule }) => rule)).toContain("callback-without-heartbeat");
    expect(codes(before, after)).toEqual([]);
  });

  test("of states that swap their places, and of one whose name has a slash", () => {
    const [before, after] = [
      analyzeDefinition(chain("A", "B", "a/b")),
      analyzeDefinition(chain("B", "A", "a~b")),
    ];
    expect(codes(before, after)).toEqual([]);
  });

  test.each<[string, object, object]>([
    [
      "in a Map whose Iterator is now its ItemProcessor",
      each("Each", "Iterator", job("Run")),
      each("Each", "ItemProcessor", job("Run")),
    ],
    [
      "in a Map by another name",
      each("Each", "ItemProcessor", job("Run")),
      each("PerOrder", "ItemProcessor", job("Run")),
    ],
    ["that is now in a Parallel", job("Run"), branches(job("Run"))],
    ["that has another name and place", job("Run", { JobName: "j" }), branches(job("Go", { JobName: "j" }))],
    ["in branches that change places", branches(job("Run"), job("Load")), branches(job("Load"), job("Run"))],
    [
      "in a branch with one before it",
      branches(job("Run")),
      branches({ StartAt: "P", States: { P: { Type: "Pass", End: true } } }, job("Run")),
    ],
  ])("of a state %s", (_, was, is) => {
    const [before, after] = [analyzeDefinition(was), analyzeDefinition(is)];
    const missing = after.findings.filter(({ rule }) => rule === "task-without-timeout");
    expect(missing.map(({ severity }) => severity)).toContain("warning");
    expect(codes(before, after).filter((code) => code === "task-without-timeout")).toEqual([]);
  });

  test("of a failure whose handler has another name", () => {
    const failing = (next: string): object => ({ Catch: [{ ErrorEquals: ["States.ALL"], Next: next }] });
    const task = (name: string): object => ({ Type: "Task", Resource: `arn:aws:states:::${name}` });
    const saga = (handler: string): object => ({
      StartAt: "ChargeCard",
      States: {
        ChargeCard: { ...task("charge"), Next: "ReserveRoom" },
        ReserveRoom: { ...task("reserve"), ...failing("RefundCard"), Next: "Confirm" },
        Confirm: { ...task("confirm"), ...failing(handler), End: true },
        [handler]: { ...task("release"), Next: "Failed" },
        RefundCard: { ...task("refund"), Next: "Failed" },
        Failed: { Type: "Fail" },
      },
    });
    const [before, after] = [analyzeDefinition(saga("ReleaseRoom")), analyzeDefinition(saga("FreeRoom"))];
    expect(after.findings.map(({ id }) => id)).toContain("incomplete-undo/States/Confirm#FreeRoom");
    expect(codes(before, after).filter((code) => code.includes("undo"))).toEqual([]);
  });

  test("where a number in what is said has changed, even for the better", () => {
    const [before, after] = [60, 50].map((seconds) =>
      analyzeDefinition(endless(seconds), { type: "EXPRESS" }),
    );
    expect(before!.diagnostics.map(({ code }) => code)).toContain("express-long-duration");
    expect(codes(before!, after!)).toEqual([]);
  });

  test("where only the order of the states has changed", () => {
    const { States: states, ...rest } = endless(60) as { States: object };
    const turned = { ...rest, States: Object.fromEntries(Object.entries(states).toReversed()) };
    expect(codes(analyzeDefinition(endless(60)), analyzeDefinition(turned))).toEqual([]);
  });
});

describe("what is new is told", () => {
  test("of a state that is added beside a renamed one", () => {
    const [before, after] = [analyzeDefinition(chain("Ship")), analyzeDefinition(chain("Send", "Bill"))];
    const fresh = found(before, after);
    expect(fresh.map(({ code }) => code)).toContain("callback-without-heartbeat");
    expect(
      fresh
        .filter(({ code }) => code !== "unknown-lambda-cost")
        .every(({ message }) => message.includes("Bill")),
    ).toBe(true);
  });

  test("of the one that is added, where one moves: an old finding stands for one new one", () => {
    const [before, after] = [
      analyzeDefinition(branches(job("Run"))),
      analyzeDefinition(branches(job("Load"), job("Run"))),
    ];
    const fresh = found(before, after).filter(({ code }) => code === "task-without-timeout");
    expect(fresh.map(({ message }) => message.split(" ")[0])).toEqual(["Load"]);
  });

  test("against nothing: everything", () => {
    const { diagnostics, findings } = analyzeDefinition(chain("Ship"));
    expect(codes(null, analyzeDefinition(chain("Ship")))).toHaveLength(diagnostics.length + findings.length);
  });
});
