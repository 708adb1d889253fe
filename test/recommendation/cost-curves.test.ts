import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { picturedWorkflow } from "../render/pictured.ts";

const TEN = Array.from({ length: 9 }, (_, index) => `S${index}`);
const booking = {
  StartAt: "S0",
  States: Object.fromEntries(
    TEN.map((name, index) => [
      name,
      {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        ...(index === 8 ? { End: true } : { Next: TEN[index + 1] }),
      },
    ]),
  ),
};

test("curves cross where the break-even says, and pass through what the estimates say", () => {
  const { pictures, recommendation, estimates } = picturedWorkflow(booking);
  const { durationSeconds, memoryMB, executionsPerMonth } = pictures!.curves;
  const { breakEven } = recommendation;
  const expressAt = ([first, last]: typeof durationSeconds, at: number) =>
    first!.EXPRESS! + ((last!.EXPRESS! - first!.EXPRESS!) * (at - first!.at)) / (last!.at - first!.at);

  expect(expressAt(durationSeconds, breakEven.durationSeconds!)).toBeCloseTo(
    durationSeconds[0]!.STANDARD!,
    6,
  );
  // Memory is billed in steps of 64 MB: the last one at which Express does not cost more.
  expect(breakEven.memoryMB! % 64).toBe(0);
  expect(expressAt(memoryMB, breakEven.memoryMB!)).toBeLessThanOrEqual(memoryMB[0]!.STANDARD!);
  expect(expressAt(memoryMB, breakEven.memoryMB! + 64)).toBeGreaterThan(memoryMB[0]!.STANDARD!);
  const { billedDurationMs, costPerExecution } = estimates.EXPRESS;
  expect(expressAt(durationSeconds, billedDurationMs / 1000)).toBeCloseTo(costPerExecution! * 1e6, 6);

  // The month's curve: 10 transitions an execution, 4,000 of them free, $0.000025 each.
  for (const { at, STANDARD } of executionsPerMonth)
    expect(STANDARD).toBeCloseTo(Math.max(0, 10 * at - 4000) * 0.000025, 6);
  const cheaper = executionsPerMonth.map(({ STANDARD, EXPRESS }) => EXPRESS! < STANDARD!);
  const turn = executionsPerMonth[cheaper.indexOf(true)]!.at;
  expect(breakEven.executionsPerMonth).toBeGreaterThan(turn / 10 ** (1 / 6));
  expect(breakEven.executionsPerMonth).toBeLessThanOrEqual(turn);
});

test("the curves of the types cross at their own break-even where a split is recommended", () => {
  const text = readFileSync("examples/order-processing.asl.json", "utf8");
  const { pictures, recommendation } = picturedWorkflow(JSON.parse(text) as object);
  expect(recommendation.type).toBe("SPLIT");
  const { crossings, curves } = pictures!;
  const [first, last] = curves.durationSeconds;
  const slope = (last!.EXPRESS! - first!.EXPRESS!) / (last!.at - first!.at);
  expect(crossings.durationSeconds).toBeCloseTo((first!.STANDARD! - first!.EXPRESS!) / slope + first!.at, 6);
  expect(crossings.durationSeconds).not.toBeCloseTo(recommendation.breakEven.durationSeconds!, 0);
});
