/** Batch items: an inline Map over the batch of its child execution has as many items as the batch. */
import { describe, expect, test } from "vitest";
import { meanOf } from "../../src/graph/distribution.ts";
import { profileExecution } from "../../src/graph/execution-profile.ts";
import { atLikely } from "../../src/graph/assumption.ts";
import { EVERYTHING } from "../../src/graph/spent.ts";
import { type SaidOfState, machineOf, workloadOf } from "./run-of.ts";

function transitionsOf(batcher: object, inner: object, said: Readonly<Record<string, SaidOfState>>): number {
  const machine = machineOf({
    StartAt: "All",
    States: {
      All: {
        Type: "Map",
        ItemBatcher: batcher,
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "Each",
          States: {
            Each: {
              Type: "Map",
              ...inner,
              ItemProcessor: { StartAt: "Do", States: { Do: { Type: "Pass", End: true } } },
              End: true,
            },
          },
        },
        End: true,
      },
    },
  });
  const profile = profileExecution(machine, {
    workload: workloadOf(said),
    stand: atLikely,
    measure: EVERYTHING,
    parseJsonata: null,
    taskDuration: null,
    childEnds: () => null,
    kept: new Map(),
  })!;
  return meanOf(profile.transitions);
}

const batch = { MaxItemsPerBatch: 50 };

describe("batch items", () => {
  test.each([
    ["JSONPath", { ItemsPath: "$.Items" }],
    ["JSONata", { QueryLanguage: "JSONata", Items: "{% $states.input.Items %}" }],
  ])("are those of the batch, in %s", (_, inner) => {
    // The Map, 20 children with their start and their own Map, and every item once.
    expect(transitionsOf(batch, inner, { All: { items: 1000 } })).toBeCloseTo(1 + 20 * 2 + 1000, 6);
    expect(transitionsOf(batch, inner, { All: { items: 30 } })).toBeCloseTo(1 + 2 + 30, 6);
    expect(transitionsOf(batch, inner, { All: { items: 75 } })).toBeCloseTo(1 + 2 * 2 + 75, 6);
  });

  test("are not those of another list, nor where somebody says how many there are", () => {
    const other = transitionsOf(batch, { ItemsPath: "$.others" }, { All: { items: 1000 } });
    expect(other).toBeCloseTo(1 + 20 * 2 + 20 * 10, 6);
    const said = transitionsOf(batch, { ItemsPath: "$.Items" }, { All: { items: 1000 }, Each: { items: 3 } });
    expect(said).toBeCloseTo(1 + 20 * 2 + 20 * 3, 6);
    const alone = transitionsOf({}, { ItemsPath: "$.Items" }, { All: { items: 1000 } });
    expect(alone).not.toBeCloseTo(1 + 1000 * 2 + 1000 * 1000, 0);
  });
});
