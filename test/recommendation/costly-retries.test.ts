/** A Retry of a whole is moved to its Tasks only where nothing that it repeats is lost. */
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
