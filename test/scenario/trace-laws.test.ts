/** Laws that hold of every trace. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { traceExecution } from "../../src/scenario/execution-trace.ts";
import type { ExecutionTrace } from "../../src/scenario/execution-trace.ts";
import { randomWorkflow } from "./random-workflow.ts";

const input = { items: [1, 2, 3] };
const RUNS = { numRuns: 150 };

describe("for every workflow, every outcome and every seed", () => {
  test("the same trace comes out again, and input and results are left alone", async () => {
    await fc.assert(
      fc.asyncProperty(randomWorkflow, fc.integer(), async ({ definition, results }, seed) => {
        const before = JSON.stringify([definition, results]);
        const trace = await traceExecution(definition, { input, results, seed });
        expect(await traceExecution(JSON.stringify(definition), { input, results, seed })).toEqual(trace);
        expect(JSON.stringify([definition, results])).toBe(before);
      }),
      RUNS,
    );
  });

  test("transitions = 1 + entered + retries, and the counts by state add up to them", async () => {
    await forEveryTrace((trace) => {
      expect(trace.transitions).toBe(1 + trace.entered.length + trace.retries);
      const sum = (key: "entered" | "retries") =>
        trace.states.reduce((total, state) => total + state[key], 0);
      expect(sum("entered")).toBe(trace.entered.length);
      expect(sum("retries")).toBe(trace.retries);
    });
  });

  test("virtual time never goes back, and no step lies past the end", async () => {
    await forEveryTrace((trace) => {
      const times = trace.steps.map(({ atMs }) => atMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.every((ms) => ms <= trace.durationMs)).toBe(true);
    });
  });

  test("there is an error exactly when there is no output", async () => {
    await forEveryTrace((trace) => {
      expect(trace.status === "SUCCEEDED").toBe(trace.error === null);
      if (trace.status !== "SUCCEEDED") expect(trace.output).toBeNull();
    });
  });

  test("every entry leaves at least one history event, every attempt three", async () => {
    await forEveryTrace((trace) => {
      const attempts = trace.steps.filter(({ kind }) => kind === "attempted").length;
      expect(trace.historyEvents).toBeGreaterThanOrEqual(2 + trace.entered.length + 3 * attempts);
    });
  });

  test("renaming the states changes nothing but their names", async () => {
    await fc.assert(
      fc.asyncProperty(randomWorkflow, fc.integer(), async ({ definition, results }, seed) => {
        const renamed = JSON.parse(rename(JSON.stringify({ definition, results }))) as typeof definition & {
          definition: object;
          results: typeof results;
        };
        const trace = await traceExecution(definition, { input, results, seed });
        const other = await traceExecution(renamed.definition, { input, results: renamed.results, seed });
        const facts = (one: ExecutionTrace) => ({ ...one, diagnostics: null });
        expect(facts(other)).toEqual(JSON.parse(rename(JSON.stringify(facts(trace)))));
      }),
      RUNS,
    );
  });

  test("a longer task never makes a workflow without failures shorter", async () => {
    await fc.assert(
      fc.asyncProperty(randomWorkflow, fc.nat(10_000), async ({ definition, results }, more) => {
        const fine = (extra: number) =>
          Object.fromEntries(
            Object.entries(results).map(([name, [first]]) => [
              name,
              [{ output: 1, durationMs: (first?.durationMs ?? 0) + extra }],
            ]),
          );
        const before = await traceExecution(definition, { input, results: fine(0) });
        const after = await traceExecution(definition, { input, results: fine(more) });
        expect(after.durationMs).toBeGreaterThanOrEqual(before.durationMs);
        expect([before.status, after.status]).toEqual(["SUCCEEDED", "SUCCEEDED"]);
        expect(after.transitions).toBe(before.transitions);
      }),
      RUNS,
    );
  });
});

async function forEveryTrace(check: (trace: ExecutionTrace) => void): Promise<void> {
  await fc.assert(
    fc.asyncProperty(randomWorkflow, fc.integer(), async ({ definition, results }, seed) => {
      check(await traceExecution(definition, { input, results, seed }));
    }),
    RUNS,
  );
}

/** State names of random workflows begin with S and a digit. */
function rename(text: string): string {
  return text.replaceAll(/(?<=["/])S(?=\d)/g, "State ");
}
