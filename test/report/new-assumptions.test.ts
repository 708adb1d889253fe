import { expect, test } from "vitest";
import type { PricedFigure } from "../../src/cost/priced-workflow.ts";
import { newAssumptions } from "../../src/report/new-assumptions.ts";

const figure = (key: string, fields: Partial<PricedFigure> = {}): PricedFigure => ({
  key,
  text: `share of ${key}`,
  unit: "share",
  value: 0.5,
  basis: "default",
  ...fields,
});

const side = (type: "STANDARD" | "EXPRESS", ...figures: PricedFigure[]) =>
  ({ type, figures }) as unknown as Parameters<typeof newAssumptions>[0];

test("only what nobody has said, and what the base did not rest on already", () => {
  const [old, added, said] = [figure("old"), figure("added"), figure("said", { basis: "declared" })];
  expect(newAssumptions(side("STANDARD", old), side("STANDARD", old, added, said))).toEqual([added]);
  expect(newAssumptions(null, side("STANDARD", old))).toEqual([old]);
  expect(newAssumptions(side("STANDARD", old), null)).toEqual([]);
});

test("a figure that was declared and is no longer rests on a default anew", () => {
  const declared = figure("items", { basis: "declared" });
  expect(newAssumptions(side("STANDARD", declared), side("STANDARD", figure("items")))).toHaveLength(1);
});

test("how long a Task takes counts for Express alone", () => {
  const duration = figure("duration", { unit: "ms" });
  expect(newAssumptions(null, side("STANDARD", duration))).toEqual([]);
  expect(newAssumptions(null, side("EXPRESS", duration))).toEqual([duration]);
});
