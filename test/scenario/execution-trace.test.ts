import { expect, test } from "vitest";
import { traceExecution } from "../../src/scenario/execution-trace.ts";

const ORDER = {
  StartAt: "Check",
  States: {
    Check: {
      Type: "Choice",
      Choices: [{ Variable: "$.total", NumericGreaterThan: 100, Next: "Pause" }],
      Default: "Pay",
    },
    Pause: { Type: "Wait", Seconds: 5, Next: "Pay" },
    Pay: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      ResultPath: "$.payment",
      Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 2, MaxAttempts: 2 }],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "GiveUp", ResultPath: "$.problem" }],
      Next: "Done",
    },
    GiveUp: { Type: "Fail", Error: "NotPaid", Cause: "no money" },
    Done: { Type: "Succeed" },
  },
};

test("a workflow is acted out in virtual time, with retries from the given results", async () => {
  const trace = await traceExecution(ORDER, {
    input: { total: 250 },
    results: { Pay: [{ error: "Busy" }, { output: "paid", durationMs: 300 }] },
  });
  expect(trace).toMatchObject({
    status: "SUCCEEDED",
    error: null,
    transitions: 6,
    retries: 1,
    durationMs: 7_300,
    historyEvents: 2 + 2 + 2 + 5 + 3 + 2,
    output: { total: 250, payment: "paid" },
  });
  expect(trace.entered.map(({ name }) => name)).toEqual(["Check", "Pause", "Pay", "Done"]);
});

test("a Retrier that is spent hands over to the Catcher", async () => {
  const trace = await traceExecution(ORDER, { input: { total: 1 }, results: { Pay: [{ error: "Busy" }] } });
  expect(trace).toMatchObject({
    status: "FAILED",
    error: { error: "NotPaid", cause: "no money" },
    failedIn: "GiveUp",
    retries: 2,
    durationMs: 2_000 + 4_000,
    output: null,
  });
});
