import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { runToEnd } from "../../src/capacity/event-loop.ts";
import { simulateExecutions } from "../../src/capacity/simulated-executions.ts";
import { expectationOf, meanOf, quantileOf } from "../../src/graph/distribution.ts";
import { profiled } from "./profiled.ts";

const EXECUTIONS = 200_000;

function example(name: string) {
  const definition: unknown = JSON.parse(readFileSync(`examples/${name}.asl.json`, "utf8"));
  const file = parse(readFileSync("examples/stepfare.yml", "utf8")) as { workflows: Record<string, object> };
  return profiled(definition, file.workflows[name]);
}

describe("simulated executions", () => {
  test.each(["card-payment", "order-processing", "order-saga"])(
    "of %s have the duration and retries that are computed",
    (name) => {
      const execution = example(name);
      const { profile } = execution;
      const simulated = runToEnd(
        simulateExecutions(profile.run, execution, { executions: EXECUTIONS, seed: 11 }),
      );
      const mean = meanOf(profile.durationMs);
      const deviation = Math.sqrt(expectationOf(profile.durationMs, (ms) => (ms - mean) ** 2) / EXECUTIONS);
      expect(Math.abs(simulated.meanMs - mean)).toBeLessThan(5 * deviation + 1e-6);
      expect(simulated.p50Ms / quantileOf(profile.durationMs, 0.5)).toBeCloseTo(1, 1);
      const retries = profile.states.reduce((sum, state) => sum + state.retries, 0);
      expect(simulated.retries).toBeCloseTo(retries, 2);
      const failing = profile.run.outcomes.reduce(
        (sum, { error, mass }) => sum + (error === null ? 0 : mass),
        0,
      );
      expect(simulated.failedShare).toBeCloseTo(failing, 2);
    },
  );

  test("equal seeds give equal figures", () => {
    const execution = example("card-payment");
    const simulate = (seed: number) =>
      runToEnd(simulateExecutions(execution.profile.run, execution, { executions: 1_000, seed }));
    expect(simulate(5)).toEqual(simulate(5));
    expect(simulate(5)).not.toEqual(simulate(6));
  });

  test("stopped, it tells of those that were played", () => {
    const execution = example("card-payment");
    const simulation = simulateExecutions(execution.profile.run, execution, { executions: 100_000, seed: 1 });
    expect(simulation.next().value).toBe(0.2);
    expect(simulation.next(true).value).toMatchObject({ executions: 20_000, isPartial: true });
  });
});
