import { describe, expect, test } from "vitest";
import { meanOf } from "../../src/graph/distribution.ts";
import { profileExecution } from "../../src/graph/execution-profile.ts";
import { atLikely } from "../../src/graph/assumption.ts";
import { DURATION_ONLY } from "../../src/graph/spent.ts";
import { fitDurations } from "../../src/observation/fitted-duration.ts";
import { readDefinition } from "../../src/workflow/definition/read-definition.ts";
import { sourceOfValue } from "../../src/workflow/text/source-text.ts";
import { EMPTY_WORKLOAD, type Workload } from "../../src/workflow/workload/workload.ts";

const task = (next: string | null, resource = "arn:aws:states:::lambda:invoke") => ({
  Type: "Task",
  Resource: resource,
  ...(next === null ? { End: true } : { Next: next }),
});

const MACHINES = {
  "two Tasks in a row": { StartAt: "A", States: { A: task("B"), B: task(null) } },
  "a Task beside a job": {
    StartAt: "A",
    States: { A: task("B"), B: task(null, "arn:aws:states:::glue:startJobRun.sync") },
  },
  "a Parallel": {
    StartAt: "P",
    States: {
      P: {
        Type: "Parallel",
        Branches: [
          { StartAt: "A", States: { A: task(null) } },
          { StartAt: "B", States: { B: task("C"), C: task(null) } },
        ],
        End: true,
      },
    },
  },
  "a Map": {
    StartAt: "M",
    States: { M: { Type: "Map", ItemProcessor: { StartAt: "A", States: { A: task(null) } }, End: true } },
  },
  "a Wait before a Task": {
    StartAt: "W",
    States: { W: { Type: "Wait", Seconds: 2, Next: "A" }, A: task(null) },
  },
};

function machineOf(definition: object) {
  return readDefinition(sourceOfValue(definition)).stateMachine!;
}

function meanMs(definition: object, workload: Workload): number {
  const profile = profileExecution(machineOf(definition), {
    workload,
    stand: atLikely,
    measure: DURATION_ONLY,
    parseJsonata: null,
    taskDuration: null,
    childEnds: () => null,
    kept: new Map(),
  });
  return meanOf(profile!.durationMs);
}

describe("fitted durations", () => {
  test.each(Object.entries(MACHINES))("make %s take what was measured", (_, definition) => {
    for (const mean of [2500, 10_000, 90_000]) {
      const measured = { mean, p50: null, p90: null, p99: null };
      const fitted = fitDurations(machineOf(definition), EMPTY_WORKLOAD, measured);
      expect(meanMs(definition, fitted) / mean).toBeCloseTo(1, 2);
    }
  });

  test("percentiles give the shape, the mean stays", () => {
    const definition = { StartAt: "A", States: { A: task(null) } };
    const fitted = fitDurations(machineOf(definition), EMPTY_WORKLOAD, {
      mean: 1000,
      p50: 700,
      p90: 2000,
      p99: 6000,
    });
    expect(meanMs(definition, fitted) / 1000).toBeCloseTo(1, 2);
    const [duration] = [...fitted.states.values()].map((state) => state.duration);
    expect(duration!.percentiles![2]![1] / duration!.percentiles![0]![1]).toBeCloseTo(6000 / 700);
  });

  test("a Wait whose seconds are set in the definition keeps them", () => {
    const definition = {
      StartAt: "S",
      States: {
        S: { Type: "Pass", Result: { s: 2 }, Next: "W" },
        W: { Type: "Wait", SecondsPath: "$.s", Next: "A" },
        A: task(null),
      },
    };
    const measured = { mean: 2500, p50: null, p90: null, p99: null };
    const { states } = fitDurations(machineOf(definition), EMPTY_WORKLOAD, measured);
    expect([...states].map(([pointer, said]) => [pointer, said.duration!.ms.value])).toEqual([
      ["/States/A", expect.closeTo(500, 0)],
    ]);
  });

  test("what is known and already takes longer is left alone", () => {
    const measured = { mean: 1500, p50: null, p90: null, p99: null };
    expect(fitDurations(machineOf(MACHINES["a Wait before a Task"]), EMPTY_WORKLOAD, measured)).toBe(
      EMPTY_WORKLOAD,
    );
    const waiting = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 2, End: true } } };
    expect(fitDurations(machineOf(waiting), EMPTY_WORKLOAD, measured)).toBe(EMPTY_WORKLOAD);
  });
});
