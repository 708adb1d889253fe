import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ForecastDay, forecastDays } from "../../src/observation/daily-forecast.ts";
import { findUnusualDays } from "../../src/observation/unusual-days.ts";

const WEEK = [0.4, 1.2, 1.1, 1.3, 1.2, 1, 0.5];

/** A small generator, so that planted months are the same everywhere. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

function month(draw: () => number, length: number): readonly ForecastDay[] {
  return Array.from({ length }, (_, day) => ({
    weekday: day % 7,
    value: 1000 * WEEK[day % 7]! * (1 + 0.1 * draw()),
  }));
}

describe("the forecast of days not seen yet", () => {
  test("holds the planted end of the month about as often as it says", () => {
    const covered = Array.from({ length: 400 }, (_, seed) => {
      const draw = noise(seed * 7919 + 1);
      const [earlier, whole] = [month(draw, 28), month(draw, 28)];
      const open = whole.slice(16).map(({ weekday }) => ({ weekday, part: 1 }));
      const { low, high } = forecastDays(whole.slice(0, 16), earlier, { open, coverage: 0.9 })!;
      const rest = whole.slice(16).reduce((sum, { value }) => sum + value, 0);
      return low <= rest && rest <= high;
    }).filter(Boolean).length;
    expect(covered / 400).toBeGreaterThan(0.84);
    expect(covered / 400).toBeLessThan(0.98);
  });

  test("is exact where days do not vary, scales with them, and knows nothing of two days", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 40 }),
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (days, value, left) => {
          const seen = Array.from({ length: days }, (_, day) => ({ weekday: day % 7, value }));
          const open = [{ weekday: 2, part: left }];
          const { sum, low, high } = forecastDays(seen, [], { open, coverage: 0.9 })!;
          expect(sum).toBeCloseTo(value * left, 4);
          expect(high - low).toBeLessThan(1e-6 * Math.max(1, sum));
          expect(forecastDays(seen.slice(0, 2), [], { open, coverage: 0.9 })).toBeNull();
        },
      ),
    );
  });
});

describe("unusual days", () => {
  test("are those planted, and no ordinary weekend or noise of counting", () => {
    for (let seed = 0; seed < 100; seed++) {
      const draw = noise(seed + 1);
      const days = Array.from({ length: 31 }, (_, day) => {
        const mean = 2000 * WEEK[day % 7]!;
        return {
          weekday: day % 7,
          started: Math.round(mean + Math.sqrt(mean) * draw() + 0.05 * mean * draw()),
        };
      });
      expect(findUnusualDays(days, [])).toStrictEqual([]);
      const planted = days.map((each, day) =>
        day === 11 ? { ...each, started: 0 } : day === 20 ? { ...each, started: each.started * 4 } : each,
      );
      expect(
        findUnusualDays(planted, days).map(({ index, score }) => [index, Math.sign(score)]),
      ).toStrictEqual([
        [11, -1],
        [20, 1],
      ]);
    }
  });

  test("a machine that hardly runs has none", () => {
    const days = Array.from({ length: 30 }, (_, day) => ({ weekday: day % 7, started: day === 9 ? 15 : 0 }));
    expect(findUnusualDays(days, [])).toStrictEqual([]);
  });
});
