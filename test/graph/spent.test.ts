/** What is spent: one after the other, side by side, and mixed. */
import { describe, expect, test } from "vitest";
import {
  type Distribution,
  ZERO,
  fromAtoms,
  meanOf,
  point,
  quantileOf,
} from "../../src/graph/distribution.ts";
import {
  COUNTS_ONLY,
  DURATION_ONLY,
  EVERYTHING,
  NOTHING_SPENT,
  type Spent,
  WHAT_IS_BILLED,
  alongside,
  combineRuns,
  inSequence,
  measured,
  mixSpent,
  repeatRuns,
} from "../../src/graph/spent.ts";

const spent = (transitions: number, ms: Distribution, events: number): Spent => ({
  ...{ transitions: point(transitions), durationMs: ms, historyEvents: point(events) },
});
const meansOf = ({ transitions, durationMs, historyEvents }: Spent) =>
  [transitions, durationMs, historyEvents].map(meanOf);

const one = spent(2, point(100), 5);
const even = spent(
  3,
  fromAtoms([
    [50, 1],
    [300, 1],
  ]),
  7,
);

describe("what is spent", () => {
  test("one after the other adds up", () => {
    expect(meansOf(inSequence(one, even))).toEqual([5, 275, 12]);
    expect(inSequence(NOTHING_SPENT, even)).toBe(even);
    expect(inSequence(even, NOTHING_SPENT)).toBe(even);
  });

  test("side by side counts both and lasts as long as the longer", () => {
    expect(meansOf(alongside(one, even))).toEqual([5, 200, 12]);
    expect(meansOf(alongside(NOTHING_SPENT, even))).toEqual([3, 175, 7]);
  });

  test("mixed is weighted by mass; without any there is nothing", () => {
    const mixed = mixSpent([
      { mass: 0.3, of: one },
      { mass: 0, of: NOTHING_SPENT },
      { mass: 0.1, of: even },
    ])!;
    expect(mixed.mass).toBeCloseTo(0.4, 12);
    [2.25, 118.75, 5.5].forEach((mean, i) => expect(meansOf(mixed.of)[i]).toBeCloseTo(mean, 9));
    expect(mixSpent([{ mass: 0, of: one }])).toBe(null);
    expect(mixSpent([])).toBe(null);
    expect(mixSpent([{ mass: 0.5, of: one }])).toEqual({ mass: 0.5, of: one });
  });

  test("is measured as far as it is asked", () => {
    expect(measured(even, EVERYTHING)).toEqual(even);
    expect(measured(even, WHAT_IS_BILLED)).toEqual({ ...even, historyEvents: ZERO });
    expect(measured(even, DURATION_ONLY)).toEqual({ ...NOTHING_SPENT, durationMs: even.durationMs });
    expect(measured(even, COUNTS_ONLY)).toEqual(NOTHING_SPENT);
    expect(measured(even, new Set(["historyEvents"] as const))).toEqual({
      ...NOTHING_SPENT,
      historyEvents: even.historyEvents,
    });
  });
});

describe("runs", () => {
  const run = { ok: { mass: 0.9, of: one }, failed: { mass: 0.1, of: even } };

  test("together succeed where both do, and fail where either does", () => {
    const { ok, failed } = combineRuns(run, run, inSequence);
    expect(ok!.mass).toBeCloseTo(0.81, 12);
    expect(failed!.mass).toBeCloseTo(0.19, 12);
    expect(meansOf(ok!.of)).toEqual([4, 200, 10]);
    // 0.01 of two failures, 0.18 of one.
    const transitions = (0.01 * 6 + 0.18 * 5) / 0.19;
    expect(meanOf(failed!.of.transitions)).toBeCloseTo(transitions, 9);
  });

  test("that cannot fail, or cannot succeed, do not together", () => {
    const sure = { ok: { mass: 1, of: one }, failed: null };
    const doomed = { ok: null, failed: { mass: 1, of: even } };
    expect(combineRuns(sure, sure, inSequence).failed).toBe(null);
    expect(combineRuns(sure, doomed, inSequence)).toMatchObject({ ok: null, failed: { mass: 1 } });
    expect(combineRuns(doomed, doomed, inSequence).ok).toBe(null);
  });

  test("again and again are as many of them", () => {
    expect(repeatRuns(run, 0, inSequence)).toEqual({ ok: { mass: 1, of: NOTHING_SPENT }, failed: null });
    for (const times of [1, 2, 3, 7]) {
      const { ok, failed } = repeatRuns(run, times, alongside);
      expect(ok!.mass).toBeCloseTo(0.9 ** times, 12);
      expect(failed!.mass).toBeCloseTo(1 - 0.9 ** times, 12);
      expect(meanOf(ok!.of.transitions)).toBeCloseTo(2 * times, 9);
      expect(quantileOf(ok!.of.durationMs, 1)).toBe(100);
      expect(quantileOf(failed!.of.durationMs, 1)).toBe(300);
    }
  });
});
