/** Nested executions: a Task that waits for another workflow of the set ends as that one does. */
import { describe, expect, test } from "vitest";
import { analysed, lambda, machine, workflowOf } from "../recommendation/reviewed.ts";

const ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:child";

/** A child that fails after 10 s in one of four, and else takes 90 s. */
const child = {
  ...workflowOf(
    machine({
      Ask: lambda("ask", { Next: "Fine?" }),
      "Fine?": {
        Type: "Choice",
        Choices: [{ Variable: "$.ok", BooleanEquals: false, Next: "Bad" }],
        Default: "Rest",
      },
      Bad: { Type: "Fail", Error: "Bad" },
      Rest: { Type: "Wait", Seconds: 80, End: true },
    }),
    { workload: { states: { Ask: { duration: "10s" }, "Fine?": { choices: { Bad: "25%" } } } } },
  ),
  name: "child",
};

function shares(resource: string, more: object = {}, workload: object = {}) {
  const start = {
    Type: "Task",
    Resource: resource,
    Parameters: { StateMachineArn: ARN },
    Next: "Done",
    ...more,
  };
  const parent = machine({
    Start: start,
    Done: { Type: "Succeed" },
    Sorry: { Type: "Succeed" },
  });
  const { states } = analysed(workflowOf(parent, { workload }), child);
  const ways = Object.fromEntries(states.map(({ name, visits }) => [name, visits]));
  return { ways, retries: states.find(({ name }) => name === "Start")!.retries };
}

const SYNC = "arn:aws:states:::states:startExecution.sync:2";
const sorry = { Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "Sorry" }] };

describe("a Task that waits for a child", () => {
  test("fails as often as the child does, with States.TaskFailed", () => {
    expect(shares(SYNC, sorry).ways).toMatchObject({ Done: 0.75, Sorry: 0.25 });
    const retried = shares(SYNC, { ...sorry, Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }] });
    expect(retried.retries).toBeCloseTo(0.25, 12);
    expect(retried.ways["Sorry"]).toBeCloseTo(0.0625, 12);
  });

  test("fails as it is said to, where that is said", () => {
    const said = { states: { Start: { failureRate: "10%" } } };
    expect(shares(SYNC, sorry, said).ways["Sorry"]).toBeCloseTo(0.1, 12);
  });

  test("by a synchronous call succeeds whatever becomes of the child, and so does one that does not wait", () => {
    for (const resource of [
      "arn:aws:states:::aws-sdk:sfn:startSyncExecution",
      "arn:aws:states:::states:startExecution",
    ])
      expect(shares(resource, sorry).ways["Done"]).toBe(1);
  });
});
