/** A Retry of a whole is moved to its Tasks only where nothing that it repeats is lost; a shorter ladder saves its retries. */
import { describe, expect, test } from "vitest";
import { analyzeDefinition } from "../../src/library.ts";

const Do = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: "f" } };
const Judge = {
  Type: "Choice",
  Choices: [{ Variable: "$.ok", BooleanEquals: false, Next: "Bad" }],
  Default: "Good",
};

function rulesOf(States: object, retried: readonly string[]): readonly string[] {
  const definition = {
    StartAt: "All",
    States: {
      All: {
        Type: "Parallel",
        Branches: [{ StartAt: "Do", States }],
        Retry: [{ ErrorEquals: retried, MaxAttempts: 3 }],
        End: true,
      },
    },
  };
  const states = {
    Do: { failureRate: 0.2 },
    ...("Judge" in States ? { Judge: { choices: { Bad: 0.2 } } } : {}),
  };
  const { opportunities } = analyzeDefinition(definition, { executions: 1e6, workload: { states } });
  return opportunities.map(({ rule }) => rule);
}

describe("moving a Retry to the Tasks inside", () => {
  test("is proposed where they alone fail", () => {
    expect(rulesOf({ Do: { ...Do, End: true } }, ["States.ALL"])).toContain("costly-retries");
  });

  test.each([
    ["raises what is retried", { Error: "NotReady" }, ["NotReady"], false],
    ["raises one of all", { Error: "NotReady" }, ["States.ALL"], false],
    ["raises what nobody can tell", { ErrorPath: "$.error" }, ["States.TaskFailed"], false],
    ["raises what the Retry leaves alone", { Error: "States.Timeout" }, ["States.TaskFailed"], true],
  ])("where a Fail state %s", (_, fields, retried, isProposed) => {
    const states = {
      Do: { ...Do, Next: "Judge" },
      Judge,
      Bad: { Type: "Fail", ...fields },
      Good: { Type: "Succeed" },
    };
    expect(rulesOf(states, retried).includes("costly-retries")).toBe(isProposed);
  });

  test("is not where a Task has a Retry of its own", () => {
    const own = { ...Do, Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }], End: true };
    expect(rulesOf({ Do: own }, ["States.ALL"])).not.toContain("costly-retries");
  });
});

describe("ending a ladder earlier", () => {
  const PRICE = 0.000025;
  const rare = { ErrorEquals: ["States.ALL"], MaxAttempts: 10 };
  const failing = { Type: "Task", Resource: "arn:aws:states:::aws-sdk:sts:getCallerIdentity", Retry: [rare] };
  const steps = Object.fromEntries(
    Array.from({ length: 15 }, (_, at) => [
      `S${at}`,
      { Type: "Pass", ...(at < 14 ? { Next: `S${at + 1}` } : { End: true }) },
    ]),
  );
  // Retries of an execution at a failure rate of one half: the sum of its powers, up to each ladder's end.
  const avoided = Array.from({ length: 7 }, (_, at) => 0.5 ** (at + 4)).reduce((a, b) => a + b, 0);

  function told(States: object): { readonly savingPerMillion: number | null } {
    const { opportunities } = analyzeDefinition(
      { StartAt: "Do", States },
      { executions: 1e6, workload: { states: { Do: { failureRate: 0.5 } } } },
    );
    return opportunities.find(({ rule }) => rule === "costly-retries")!;
  }

  test.each([
    ["what more failures skip is no saving", { Do: { ...failing, Next: "S0" }, ...steps }],
    [
      "what a Catcher skips is none either",
      {
        Do: { ...failing, Catch: [{ ErrorEquals: ["States.ALL"], Next: "S14" }], Next: "S0" },
        ...steps,
      },
    ],
    ["at the end nothing is skipped", { Do: { ...failing, End: true } }],
  ])("saves the retries: %s", (_, states) => {
    expect(told(states).savingPerMillion).toBeCloseTo(avoided * PRICE * 1e6, 6);
  });

  test("saves no more than what is done about more failures leaves", () => {
    const states = {
      Do: { ...failing, Catch: [{ ErrorEquals: ["States.ALL"], Next: "Undo" }], End: true },
      Undo: { Type: "Pass", End: true },
    };
    expect(told(states).savingPerMillion).toBeCloseTo((avoided - (0.5 ** 4 - 0.5 ** 11)) * PRICE * 1e6, 6);
  });
});
