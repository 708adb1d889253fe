import { describe, expect, test } from "vitest";
import { profileExecution } from "../../src/graph/execution-profile.ts";
import { type Metering, meterWorkflow } from "../../src/usage/meter-workflow.ts";
import { contextOf, machineOf, workloadOf } from "../graph/run-of.ts";

const processed = (ExecutionType: string) => ({
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType },
        StartAt: "Call",
        States: { Call: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true } },
      },
      End: true,
    },
  },
});

function metered(definition: object, transitions: number | null) {
  const profile = profileExecution(machineOf(definition), contextOf(workloadOf({ Each: { items: 200 } })))!;
  const metering: Metering = {
    profile,
    transitionRule: "start+entered",
    definitionBytes: 1_000,
    payloadKB: 1,
    measured: {
      transitions,
      carriedTransitions: 0,
      durationMs: null,
      billedDurationMs: null,
      billedMemoryMB: null,
    },
  };
  return meterWorkflow("STANDARD", metering);
}

function transitionsOf(definition: object, transitions: number | null): number {
  return metered(definition, transitions).lines.reduce(
    (sum, { usageType, quantity }) => sum + (usageType === "StateTransition" ? quantity : 0),
    0,
  );
}

describe.each([
  // Start and Map, and of each of the 200 children its start; of a Standard child its Task as well.
  ["EXPRESS", 202],
  ["STANDARD", 402],
])("of a Distributed Map with %s children", (executionType, expected) => {
  const definition = processed(executionType);

  test.each([1, 3, 250, 4_000])("all transitions together are the %d that AWS counted", (counted) => {
    expect(transitionsOf(definition, counted)).toBeCloseTo(counted, 9);
  });

  test.each([
    [expected + 10, "counted by AWS beyond what is expected", 10],
    [expected - 10, "expected, but not counted by AWS", -10],
  ])("%d counted are told: %s", (counted, text, quantity) => {
    expect(metered(definition, counted).lines.at(-1)).toMatchObject({ state: null, text, quantity });
    expect(metered(definition, expected).lines.every((line) => line.quantity > 0)).toBe(true);
  });

  test("those expected stand where AWS counted none", () => {
    expect(transitionsOf(definition, null)).toBeCloseTo(expected, 9);
  });
});
