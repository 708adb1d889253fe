import { describe, expect, test } from "vitest";
import { traceExecution } from "../../../src/scenario/execution-trace.ts";
import { chainOf } from "../trace-output.ts";

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };

describe("outcomes", () => {
  const loop = chainOf({ M: { Type: "Map", ItemProcessor: chainOf({ T: TASK }) } });

  test("are taken in order; the last one repeats", async () => {
    const trace = await traceExecution(loop, {
      input: [1, 2, 3, 4],
      results: { T: [{ output: "a" }, { output: "b" }] },
    });
    expect(trace.output).toEqual(["a", "b", "b", "b"]);
  });

  test("a single outcome needs no list", async () => {
    expect((await traceExecution(loop, { input: [1, 2], results: { T: { output: "a" } } })).output).toEqual([
      "a",
      "a",
    ]);
  });

  test("may be given by pointer where a name occurs twice", async () => {
    const machine = chainOf({
      P: { Type: "Parallel", Branches: [chainOf({ T: TASK }), chainOf({ T: TASK })] },
    });
    const results = { T: { output: "by name" }, "/States/P/Branches/1/States/T": { output: "by pointer" } };
    expect((await traceExecution(machine, { results })).output).toEqual(["by name", "by pointer"]);
  });

  test("an error without a name is possible, and only States.ALL or States.TaskFailed match it", async () => {
    const trace = await traceExecution(chainOf({ T: TASK }), { results: { T: { error: null } } });
    expect(trace).toMatchObject({ status: "FAILED", error: { error: null, cause: null } });
  });

  test("for a state that is not there are a warning, with the name that was meant", async () => {
    const trace = await traceExecution(chainOf({ CallPayment: TASK, Rest: { Type: "Pass" } }), {
      results: { CalPayment: { output: 1 }, Rest: { output: 1 } },
    });
    expect(trace.diagnostics).toEqual([
      {
        code: "unknown-result-state",
        severity: "warning",
        message: 'There are results for "CalPayment", but no state has this name.',
        at: null,
        hint: 'Did you mean "CallPayment"?',
      },
      {
        code: "unknown-result-state",
        severity: "warning",
        message: 'There are results for "Rest", but it is a Pass state, which takes none.',
        at: null,
        hint: null,
      },
    ]);
  });
});
