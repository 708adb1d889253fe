/** Express children that a Task starts and waits for, acted out with their parent. */
import { describe, expect, test } from "vitest";
import { traceExecution } from "../../../src/scenario/execution-trace.ts";

const task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
const parent = {
  StartAt: "Call",
  States: {
    Call: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:sfn:startSyncExecution",
      Parameters: { StateMachineArn: "arn:child", Input: { "order.$": "$.order" } },
      End: true,
    },
  },
};
const child = {
  StartAt: "Work",
  States: { Work: { ...task, ResultPath: "$.done", Next: "End" }, End: { Type: "Succeed" } },
};

describe("a child that a Task waits for", () => {
  test("gives what the API answers, after the time it took", async () => {
    const trace = await traceExecution(parent, {
      input: { order: 7 },
      results: { Work: { output: "ok", durationMs: 1250 } },
      children: { "arn:child": child },
    });
    expect(trace.status).toBe("SUCCEEDED");
    expect(trace.durationMs).toBe(1250);
    expect(trace.output).toMatchObject({
      Status: "SUCCEEDED",
      Input: '{"order":7}',
      Output: '{"order":7,"done":"ok"}',
    });
    expect(trace.entered.map(({ name }) => name)).toEqual(["Call"]);
    expect(trace.children).toMatchObject({ express: 1, failed: 0, transitions: 0, expressBilledMs: 1300 });
  });

  test("is a call that succeeds even where the child fails", async () => {
    const trace = await traceExecution(parent, {
      input: { order: 7 },
      results: { Work: { error: "Broken", cause: "of itself" } },
      children: { "arn:child": child },
    });
    expect(trace.status).toBe("SUCCEEDED");
    expect(trace.output).toMatchObject({ Status: "FAILED", Error: "Broken", Cause: "of itself" });
    expect(trace.output).not.toHaveProperty("Output");
    expect(trace.children.failed).toBe(1);
  });

  test("ends after five minutes", async () => {
    const trace = await traceExecution(parent, {
      input: { order: 7 },
      results: { Work: { output: "late", durationMs: 400_000 } },
      children: { "arn:child": child },
    });
    expect(trace.output).toMatchObject({ Status: "TIMED_OUT", Error: "States.Timeout" });
    expect(trace.durationMs).toBe(300_000);
  });

  test("is not acted out where its definition is not known, or its answer is given", async () => {
    const unknown = await traceExecution(parent, { input: { order: 7 } });
    expect(unknown.output).toEqual({ StateMachineArn: "arn:child", Input: { order: 7 } });
    const given = await traceExecution(parent, {
      input: { order: 7 },
      results: { Call: { output: { Status: "SUCCEEDED", Output: "{}" } } },
      children: { "arn:child": child },
    });
    expect(given.output).toEqual({ Status: "SUCCEEDED", Output: "{}" });
    expect(given.children.express).toBe(0);
  });
});
