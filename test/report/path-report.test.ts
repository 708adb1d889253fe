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
