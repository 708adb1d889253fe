/** How long a Map's runs take, against runs played one by one. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { playMapRun } from "../../src/capacity/map-makespan.ts";
import {
  type Distribution,
  fromAtoms,
  maximum,
  meanOf,
  point,
  powerBy,
  quantileOf,
  ZERO,
} from "../../src/graph/distribution.ts";
import { type MapShape, mapTime } from "../../src/graph/map-time.ts";
import { drawFrom } from "./simulate.ts";

const PLAYED = 600;

const shapes = fc.record({
  runs: fc.integer({ min: 1, max: 120 }),
  width: fc.integer({ min: 1, max: 25 }),
  dispatchMs: fc.constantFrom(0, 0, 0.1, 1, 10),
});

const durations = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 100 })), {
    minLength: 1,
    maxLength: 6,
    selector: ([value]) => value,
  })
  .map(fromAtoms);

function played(childMs: Distribution, shape: MapShape, seed: number): number[] {
  const run = {
    children: shape.runs,
    width: shape.width,
    childMs,
    dispatchPerSecond: shape.dispatchMs === 0 ? Infinity : 1000 / shape.dispatchMs,
  };
  const draw = drawFrom(seed);
  return Array.from({ length: PLAYED }, () => playMapRun(run, draw)).toSorted((a, b) => a - b);
}

const mean = (times: readonly number[]): number => times.reduce((sum, ms) => sum + ms, 0) / times.length;

describe("the time of a Map's runs", () => {
  test("equal runs: what is played, exactly", () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 2000 }), (shape, ms) => {
        const [one] = played(point(ms), shape, 1);
        const time = mapTime(point(ms), shape);
        expect(time.values).toHaveLength(1);
        expect(time.values[0]!).toBeCloseTo(one!, 6);
      }),
    );
  });

  test("all at once: the longest", () => {
    fc.assert(
      fc.property(durations, fc.integer({ min: 1, max: 30 }), (each, runs) => {
        const time = mapTime(each, { runs, width: runs, dispatchMs: 0 });
        expect(meanOf(time)).toBeCloseTo(meanOf(powerBy(each, runs, ZERO, maximum)), 6);
      }),
    );
  });

  test("no less than is played, and not much more: less than another run of the longest and one dispatch each", () => {
    fc.assert(
      fc.property(durations, shapes, fc.integer(), (each, shape, seed) => {
        const times = played(each, shape, seed);
        const time = mapTime(each, shape);
        const spread = Math.sqrt(times.reduce((sum, ms) => sum + (ms - mean(times)) ** 2, 0) / PLAYED);
        const slack = (6 * spread) / Math.sqrt(PLAYED) + 0.01 * mean(times) + 0.05;
        expect(meanOf(time)).toBeGreaterThanOrEqual(mean(times) - slack);
        const longest = meanOf(powerBy(each, shape.runs, ZERO, maximum));
        const most = mean(times) + longest + shape.runs * shape.dispatchMs + slack;
        expect(meanOf(time)).toBeLessThanOrEqual(most);
        // The 97th percentile of what is played is beyond doubt below the 99.9th of a bound.
        const high = times[Math.floor(PLAYED * 0.97)]!;
        expect(quantileOf(time, 0.999)).toBeGreaterThanOrEqual(high * 0.99 - 0.05);
      }),
      { numRuns: 150 },
    );
  });

  test("two hundred runs, ten at once, one in ten twenty times as long: near the work to be done", () => {
    const each = fromAtoms([
      [1000, 0.9],
      [20_000, 0.1],
    ]);
    const time = mapTime(each, { runs: 200, width: 10, dispatchMs: 0 });
    const times = played(each, { runs: 200, width: 10, dispatchMs: 0 }, 7);
    expect(meanOf(time)).toBeGreaterThan(mean(times));
    expect(meanOf(time)).toBeLessThan(1.15 * mean(times));
  });

  test("dispatching is what takes the time: as long as that, and the last run", () => {
    const each = fromAtoms([
      [400, 1],
      [600, 1],
    ]);
    const time = mapTime(each, { runs: 100_000, width: 1000, dispatchMs: 10 });
    expect(meanOf(time)).toBeGreaterThan(1_000_000);
    expect(meanOf(time)).toBeLessThan(1_001_000);
  });
});
