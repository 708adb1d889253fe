/** The chance that a Map Run fails, against every way that its children can end. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runFailure } from "../../src/graph/map-runs.ts";
import type { MapState } from "../../src/workflow/state-machine.ts";
import { machineOf } from "./run-of.ts";

function mapWith(fields: object): MapState {
  const ItemProcessor = {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
    ...{ StartAt: "Do", States: { Do: { Type: "Pass", End: true } } },
  };
  return machineOf({ StartAt: "M", States: { M: { Type: "Map", ItemProcessor, ...fields, End: true } } })
    .states[0] as MapState;
}

/** Over all sets of children that fail; `bears` says whether so many failed items are too many. */
function bruteForce(batches: readonly number[], failing: number, bears: (failed: number) => boolean): number {
  let sum = 0;
  for (let set = 0; set < 2 ** batches.length; set++) {
    const fails = batches.map((_, child) => (set >> child) % 2 === 1);
    const failed = batches.reduce((items, size, child) => items + (fails[child]! ? size : 0), 0);
    const chance = fails.reduce((product, fail) => product * (fail ? failing : 1 - failing), 1);
    if (!bears(failed)) sum += chance;
  }
  return sum;
}

const batchesOf = (items: number, size: number): readonly number[] =>
  Array.from({ length: Math.ceil(items / size) }, (_, i) => Math.min(size, items - i * size));

describe("the chance that a Map Run fails", () => {
  test("is that of more failed items than both limits bear, none where neither is given", () => {
    const limits = fc.record(
      {
        ToleratedFailureCount: fc.nat(12),
        ToleratedFailurePercentage: fc.constantFrom(0, 10, 25, 33, 50, 100),
      },
      { requiredKeys: [] },
    );
    const runs = fc.record({
      items: fc.integer({ min: 1, max: 20 }),
      size: fc.integer({ min: 2, max: 6 }),
      failing: fc.constantFrom(0, 0.01, 0.2, 0.5, 0.9, 1),
    });
    fc.assert(
      fc.property(limits, runs, (written, { items, size, failing }) => {
        const { ToleratedFailureCount: count, ToleratedFailurePercentage: percentage } = written;
        const bears = (failed: number): boolean =>
          count === undefined && percentage === undefined
            ? failed === 0
            : failed <= (count ?? Infinity) && 100 * failed <= (percentage ?? 100) * items;
        const expected = bruteForce(batchesOf(items, size), failing, bears);
        expect(runFailure(mapWith(written), { items, size }, failing)).toBeCloseTo(expected, 12);
      }),
      { numRuns: 200 },
    );
  });

  test("is none without items", () => {
    expect(runFailure(mapWith({}), { items: 0, size: 5 }, 1)).toBe(0);
  });
});
