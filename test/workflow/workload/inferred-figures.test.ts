/** Inferred figures stand below what is said, and never decide what could happen. */
import { describe, expect, test } from "vitest";
import { exactFigure } from "../../../src/workflow/figure.ts";
import type { Basis } from "../../../src/workflow/figure.ts";
import { layOverInferred, withoutInferred } from "../../../src/workflow/workload/inferred-figures.ts";
import { EMPTY_STATE_WORKLOAD, EMPTY_WORKLOAD } from "../../../src/workflow/workload/workload.ts";
import type { StateWorkload, Workload } from "../../../src/workflow/workload/workload.ts";
import { machineOf } from "../../graph/run-of.ts";

const task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
const machine = machineOf({
  StartAt: "Both",
  States: {
    Both: {
      Type: "Parallel",
      Branches: [
        { StartAt: "A", States: { A: { ...task, End: true } } },
        { StartAt: "B", States: { B: { ...task, End: true } } },
      ],
      End: true,
    },
  },
});
const A = "/States/Both/Branches/0/States/A";

const workload = (states: Record<string, Partial<StateWorkload>>): Workload => ({
  ...EMPTY_WORKLOAD,
  states: new Map(Object.entries(states).map(([key, state]) => [key, { ...EMPTY_STATE_WORKLOAD, ...state }])),
});
const errors = (basis: Basis, value: number) => new Map([["E", exactFigure(value, basis)]]);
const seenVisits = [{ attempts: ["E"], share: 1 }];
const inferred = workload({
  [A]: { errors: errors("inferred", 1), seenVisits },
  "/States/Both": { seenVisits },
});

describe("figures laid over inferred ones", () => {
  test("stand under the state's name where it has one of its own", () => {
    const { states } = layOverInferred(inferred, EMPTY_WORKLOAD, machine);
    expect([...states.keys()].sort()).toEqual(["A", "Both"]);
    expect(states.get("A")).toMatchObject({ seenVisits, errors: errors("inferred", 1) });
  });

  test("win, and what follows from them is not inferred any more", () => {
    for (const key of ["A", A]) {
      const said = workload({ [key]: { failureRate: exactFigure(0.1, "declared") } });
      const { states } = layOverInferred(inferred, said, machine);
      expect(states.get(key)).toMatchObject({
        seenVisits: null,
        errors: new Map(),
        failureRate: { value: 0.1 },
      });
      expect(states.get("Both")?.seenVisits).toBeNull();
    }
  });

  test("leave the rest of a state to inference", () => {
    const duration = { ms: exactFigure(5, "declared"), percentiles: null };
    const { states } = layOverInferred(inferred, workload({ A: { duration } }), machine);
    expect(states.get("A")).toMatchObject({ duration, seenVisits });
  });
});

test("without what is inferred of the ways taken, declared shares and all sizes stay", () => {
  const said = workload({
    C: { choices: new Map([["X", exactFigure(1, "inferred")]]), items: exactFigure(4, "inferred") },
    D: { choices: new Map([["X", exactFigure(1, "declared")]]), errors: errors("inferred", 1), seenVisits },
  });
  const { states } = withoutInferred(said);
  expect(states.get("C")).toMatchObject({ choices: new Map(), items: { value: 4 } });
  expect(states.get("D")).toMatchObject({ choices: { size: 1 }, errors: new Map(), seenVisits: null });
});

test("where nothing is inferred of the ways taken, the workload is the same, so that what was made with it can be used", () => {
  const duration = { ms: exactFigure(5, "observed"), percentiles: null };
  const said = workload({
    A: { duration, items: exactFigure(4, "inferred") },
    D: { choices: new Map([["X", exactFigure(1, "declared")]]) },
  });
  expect(withoutInferred(said)).toBe(said);
});
