/** An ItemReader reads no more items than its MaxItems. */
import { describe, expect, test } from "vitest";
import { analyzeDefinition } from "../../src/library.ts";

const reading = (config: object) => ({
  StartAt: "All",
  States: {
    All: {
      Type: "Map",
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW", ...config },
        Parameters: { Bucket: "b", Key: "k" },
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
        StartAt: "Do",
        States: { Do: { Type: "Pass", End: true } },
      },
      End: true,
    },
  },
});

const transitionsOf = (config: object, items?: unknown) =>
  analyzeDefinition(reading(config), { workload: items === undefined ? {} : { states: { All: { items } } } })
    .transitions.mean;

describe("items read", () => {
  test.each([
    ["by default", { MaxItems: 500 }, undefined, 502],
    ["more than there are by default", { MaxItems: 5000 }, undefined, 1002],
    ["fewer than are declared", { MaxItems: 500 }, 2000, 502],
    ["more than are declared", { MaxItems: 500 }, 20, 22],
    ["as many as there are", {}, 2000, 2002],
  ])("%s", (_, config, items, transitions) => {
    expect(transitionsOf(config, items)).toBe(transitions);
  });

  test("the range ends there, and says why", () => {
    const { recommendation } = analyzeDefinition(reading({ MaxItems: 500 }));
    const assumed = recommendation.assumptions.find(({ key }) => key === "states.All.items");
    expect(assumed?.figure).toMatchObject({
      ...{ value: 500, low: 10, high: 500, basis: "default" },
      note: expect.stringContaining("MaxItems"),
    });
  });
});
