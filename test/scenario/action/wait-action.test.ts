import { describe, expect, test } from "vitest";
import { traceExecution } from "../../../src/scenario/execution-trace.ts";
import { chainOf } from "../trace-output.ts";

async function wait(fields: object, input: unknown = {}) {
  const trace = await traceExecution(chainOf({ W: { Type: "Wait", ...fields } }), {
    input,
    context: { Execution: { StartTime: "2030-01-01T00:00:00Z" } },
  });
  return trace.status === "SUCCEEDED" ? trace.durationMs : trace.error;
}

describe("Wait takes virtual time only", () => {
  test.each<[object, number]>([
    [{ Seconds: 90 }, 90_000],
    [{ Seconds: 0 }, 0],
    [{ Seconds: 365 * 24 * 3_600 - 1 }, (365 * 24 * 3_600 - 1) * 1_000],
    [{ SecondsPath: "$.n" }, 7_000],
    [{ Timestamp: "2030-01-01T00:01:00Z" }, 60_000],
    [{ Timestamp: "2030-01-01T01:00:30+01:00" }, 30_000],
    [{ Timestamp: "2020-01-01T00:00:00Z" }, 0],
    [{ TimestampPath: "$.t" }, 1_500],
    [{ QueryLanguage: "JSONata", Seconds: "{% $states.input.n * 2 %}" }, 14_000],
    [{ QueryLanguage: "JSONata", Timestamp: "{% $states.input.t %}" }, 1_500],
  ])("%o", async (fields, ms) => {
    expect(await wait(fields, { n: 7, t: "2030-01-01T00:00:01.500Z" })).toBe(ms);
  });

  test.each<[object, unknown, string, RegExp]>([
    [
      { SecondsPath: "$.n" },
      { n: -1 },
      "States.Runtime",
      /The SecondsPath parameter references a negative value: \$\.n == -1$/,
    ],
    [{ SecondsPath: "$.n" }, { n: "5" }, "States.Runtime", /integer/],
    [{ SecondsPath: "$.n" }, {}, "States.Runtime", /Invalid path '\$\.n'/],
    [
      { TimestampPath: "$.t" },
      { t: "2030-01-01 00:00:00Z" },
      "States.Runtime",
      /does not reference a valid ISO-8601 extended offset date-time format string: \$\.t == 2030-01-01 00:00:00Z$/,
    ],
    [{ TimestampPath: "$.t" }, { t: "2030-02-30T00:00:00Z" }, "States.Runtime", /ISO-8601/],
    [{ TimestampPath: "$.t" }, { t: "2030-01-01T00:00:00" }, "States.Runtime", /ISO-8601/],
    [
      { QueryLanguage: "JSONata", Seconds: "{% 'soon' %}" },
      {},
      "States.QueryEvaluationError",
      /Expected 'integer'/,
    ],
    [
      { QueryLanguage: "JSONata", Timestamp: "{% '2016-13-05T21:29:29Z' %}" },
      {},
      "States.QueryEvaluationError",
      /The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-13-05T21:29:29Z$/,
    ],
  ])("%o of %o fails", async (fields, input, error, cause) => {
    const failure = await wait(fields, input);
    expect(failure).toMatchObject({ error });
    expect((failure as { cause: string }).cause).toMatch(cause);
  });

  test("the output is the input, after InputPath and OutputPath; time goes on for the next state", async () => {
    const machine = chainOf({
      W: { Type: "Wait", Seconds: 5, InputPath: "$.a", OutputPath: "$.b" },
      P: { Type: "Pass", Parameters: { "in.$": "$", "at.$": "$$.State.EnteredTime" } },
    });
    const trace = await traceExecution(machine, { input: { a: { b: 1 } } });
    expect(trace.output).toEqual({ in: 1, at: "2026-01-01T00:00:05.000Z" });
    expect(trace.historyEvents).toBe(6);
  });
});
