import { expect, test } from "vitest";
import { analyzeDefinition } from "../../src/library.ts";
import { knobsOf } from "../../src/page/knobs.ts";
import type { Workflow } from "../../src/workflow/workflow.ts";
import { EMPTY_WORKLOAD } from "../../src/workflow/workload/workload.ts";
import { machineOf } from "../graph/run-of.ts";

test("a knob of what the definition sets stands where the count has it, and is no default", () => {
  const done = { StartAt: "Done", States: { Done: { Type: "Succeed" } } };
  const definition = {
    StartAt: "Set",
    States: {
      Set: { Type: "Pass", Result: { s: 30, list: [1, 2, 3] }, Next: "Pause" },
      Pause: { Type: "Wait", SecondsPath: "$.s", Next: "Each" },
      Each: { Type: "Map", ItemsPath: "$.list", ItemProcessor: done, Next: "More" },
      More: { Type: "Map", ItemsPath: "$.other", ItemProcessor: done, End: true },
    },
  };
  const report = analyzeDefinition(definition);
  const workflow = { workload: EMPTY_WORKLOAD, stateMachine: machineOf(definition) } as Workflow;
  const knobs = knobsOf(workflow, report, null);
  const told = knobs.filter(({ id }) => id.startsWith("/States/"));
  expect(told.map(({ label, value, isDefault }) => [label, value, isDefault])).toEqual([
    ["Pause: duration", 30_000, false],
    ["Each: items", 3, false],
    ["More: items", 10, true],
  ]);
});
