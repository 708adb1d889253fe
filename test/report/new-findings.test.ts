/** What a change brings, told from what was there before under another name, number or order. */
import { describe, expect, test } from "vitest";
import { analyzeDefinition } from "../../src/library.ts";
import { newFindings } from "../../src/report/new-findings.ts";

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

const codes = (...[before, after, renamed]: Parameters<typeof newFindings>): string[] =>
  newFindings(before, after, renamed).map(({ code }) => code);

describe("nothing is new", () => {
  test("of a state that has another name", () => {
    const [before, after] = [
      analyzeDefinition(chain("Reserve", "Ship")),
      analyzeDefinition(chain("Reserve", "Send")),
    ];
    expect(codes(before, after)).toContain("callback-without-heartbeat");
    expect(codes(before, after, [{ from: "Ship", to: "Send" }])).toEqual([]);
  });

  test("of states that swap their names, and of one whose name has a slash", () => {
    const [before, after] = [
      analyzeDefinition(chain("A", "B", "a/b")),
      analyzeDefinition(chain("B", "A", "a~b")),
    ];
    const renamed = [
      { from: "A", to: "B" },
      { from: "B", to: "A" },
      { from: "a/b", to: "a~b" },
    ];
    expect(codes(before, after, renamed)).toEqual([]);
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
    const found = newFindings(before, after, [{ from: "Ship", to: "Send" }]);
    expect(found.map(({ code }) => code)).toContain("callback-without-heartbeat");
    expect(
      found
        .filter(({ code }) => code !== "unknown-lambda-cost")
        .every(({ message }) => message.includes("Bill")),
    ).toBe(true);
  });

  test("against nothing: everything", () => {
    const { diagnostics, findings } = analyzeDefinition(chain("Ship"));
    expect(codes(null, analyzeDefinition(chain("Ship")))).toHaveLength(diagnostics.length + findings.length);
  });
});
