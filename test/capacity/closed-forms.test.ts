/** Closed forms held against the event loop, where both exist. */
import { describe, expect, test } from "vitest";
import { drawFrom, playEvents, runToEnd, samplerOf } from "../../src/capacity/event-loop.ts";
import { makespanOf } from "../../src/capacity/map-makespan.ts";
import { playStorm } from "../../src/capacity/retry-storm.ts";
import { quotasOf } from "../../src/capacity/quotas.ts";
import { loadOfStarts } from "../../src/capacity/start-load.ts";
import { binomialAbove } from "../../src/graph/binomial-tail.ts";
import { fromAtoms } from "../../src/graph/distribution.ts";
import type { Retrier } from "../../src/workflow/state-machine.ts";
import { profiled } from "./profiled.ts";

test("Little's law is what playing arrivals and departures gives", () => {
  const definition = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 30, End: true } } };
  const { quotas } = loadOfStarts({
    ...profiled(definition),
    rates: { mean: 5, peak: null },
    quotas: quotasOf("us-east-1"),
    byHour: null,
    startedTypes: new Map(),
    ruleTransitions: 1,
    downstreamLimit: null,
  });
  const draw = drawFrom(4);
  const [until, ARRIVES, LEAVES] = [40_000, 0, 1];
  let [open, since, area] = [0, 0, 0];
  const arrivals = playEvents([[0, ARRIVES]], (id, at, plan) => {
    area += open * (Math.min(at, until) - Math.min(since, until));
    since = at;
    open += id === ARRIVES ? 1 : -1;
    if (id === LEAVES) return;
    plan(LEAVES, at + 30);
    const next = at - Math.log1p(-draw()) / 5;
    if (next < until) plan(ARRIVES, next);
  });
  runToEnd(arrivals);
  const expected = quotas.find(({ code }) => code === "open-executions")!.mean;
  expect(expected).toBe(150);
  expect(Math.abs(area / until / expected - 1)).toBeLessThan(0.02);
});

test("the binomial tail is the share of played Map Runs that pass their tolerance", () => {
  const [children, failure, tolerated, runs] = [300, 0.02, 8, 20_000];
  const draw = drawFrom(2);
  let passed = 0;
  for (let run = 0; run < runs; run++) {
    let failed = 0;
    for (let child = 0; child < children; child++) if (draw() < failure) failed++;
    if (failed > tolerated) passed++;
  }
  const chance = binomialAbove(children, failure, tolerated);
  expect(Math.abs(passed / runs - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / runs));
});

test("a distribution is drawn as often as its shares say", () => {
  const sample = samplerOf(
    fromAtoms([
      [1, 0.2],
      [5, 0.7],
      [9, 0.1],
    ]),
  );
  const draw = drawFrom(8);
  const counts = new Map<number, number>();
  for (let i = 0; i < 100_000; i++) {
    const value = sample(draw);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  expect(counts.get(1)! / 100_000).toBeCloseTo(0.2, 2);
  expect(counts.get(5)! / 100_000).toBeCloseTo(0.7, 2);
  expect(counts.get(9)! / 100_000).toBeCloseTo(0.1, 2);
});

describe("bounds", () => {
  test("more children at once never take longer than the work and the slowest allow", () => {
    const childMs = fromAtoms([
      [100, 0.5],
      [300, 0.5],
    ]);
    for (const width of [1, 7, 40]) {
      const { meanMs, p99Ms } = makespanOf({ children: 2_000, width, childMs, dispatchPerSecond: 1e9 }, 3);
      const work = (2_000 * 200) / width;
      expect(Math.abs(meanMs - work)).toBeLessThan(300 + work * 0.02);
      expect(p99Ms).toBeGreaterThanOrEqual(work * 0.98);
    }
  });

  test("a downstream of c at once answers a burst like D/D/c without a queue: c of each", () => {
    const retrier: Retrier = {
      pointer: "",
      errorEquals: ["States.ALL"],
      intervalSeconds: 1,
      maxAttempts: 10,
      backoffRate: 1,
      maxDelaySeconds: null,
      jitterStrategy: "NONE",
    };
    const storm = { executions: 1_000, retrier, downstreamLimit: 100, recoveryMs: 0, seed: 1 };
    const quick = runToEnd(playStorm({ ...storm, requestMs: 500 }));
    expect(quick).toMatchObject({ exhaustedShare: 0, drainedMs: 10_500, retries: 5_500 });
    // Each request outlasts the next round, so only every other round finds room.
    const slow = runToEnd(playStorm({ ...storm, requestMs: 1_500 }));
    expect(slow).toMatchObject({ exhaustedShare: 0.5 });
  });
});
