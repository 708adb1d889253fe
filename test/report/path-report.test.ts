import { describe, expect, it } from "vitest";
import { analyzeDefinition } from "../../src/library.ts";

function mapOf(executionType: "STANDARD" | "EXPRESS"): object {
  return {
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: executionType },
          StartAt: "Shape",
          States: { Shape: { Type: "Pass", Next: "Keep" }, Keep: { Type: "Pass", End: true } },
        },
        End: true,
      },
    },
  };
}

describe("the price of a path", () => {
  it.each(["STANDARD", "EXPRESS"] as const)(
    "is the workflow's own where there is one path, with %s children",
    (type) => {
      const workload = { states: { Each: { items: 50 } } };
      const { paths, estimates } = analyzeDefinition(mapOf(type), { workload });
      expect(paths.shown).toHaveLength(1);
      expect(paths.shown[0]?.standardCost).toBeCloseTo(estimates.STANDARD.costPerExecution ?? 0, 12);
      expect(paths.shown[0]?.expressCost).toBeCloseTo(estimates.EXPRESS.costPerExecution ?? 0, 12);
    },
  );
});

it("tells apart two paths through the same states by the error that one of them catches", () => {
  const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Done" }];
  const definition = {
    StartAt: "Try",
    States: {
      Try: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Catch, Next: "Done" },
      Done: { Type: "Succeed" },
    },
  };
  const { paths } = analyzeDefinition(definition, { workload: { states: { Try: { failureRate: 0.1 } } } });
  expect(paths.shown.map(({ share, states, caught }) => [share, states, caught])).toEqual([
    [0.9, ["Try", "Done"], []],
    [0.1, ["Try", "Done"], ["Try"]],
  ]);
  expect(new Set(paths.shown.map(({ id }) => id)).size).toBe(2);
});

it("lists equally likely paths in the order of the definition", () => {
  const ways = ["A", "B", "C", "D", "E"];
  const choices = (to: string) =>
    ways.map((way) => ({ Variable: "$.way", StringEquals: way, Next: `${to}${way}` }));
  const passes = (of: string, Next: string) =>
    Object.fromEntries(ways.map((way) => [`${of}${way}`, { Type: "Pass", Next }]));
  const definition = {
    StartAt: "First",
    States: {
      First: { Type: "Choice", Choices: choices("1") },
      ...passes("1", "Second"),
      Second: { Type: "Choice", Choices: choices("2") },
      ...passes("2", "Done"),
      Done: { Type: "Succeed" },
    },
  };
  const { paths } = analyzeDefinition(definition, { top: 30 });
  expect(paths.shown.map(({ states }) => `${states[1]} ${states[3]}`)).toEqual(
    ways.flatMap((one) => ways.map((other) => `1${one} 2${other}`)),
  );
});
