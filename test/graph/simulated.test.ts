import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Distribution, meanOf } from "../../src/graph/distribution.ts";
import type { ExecutionProfile } from "../../src/graph/execution-profile.ts";
import { machineOf, profileOf } from "./run-of.ts";
import { type RandomMachine, randomMachine } from "./random-machine.ts";
import { type Simulated, drawFrom, simulate } from "./simulate.ts";

const RUNS = 4_000;
const RARE = 1e-9;

interface Sample {
  readonly runs: readonly Simulated[];
  readonly visits: ReadonlyMap<string, number>;
  readonly waited: boolean;
}

function sampleOf({ definition, said }: RandomMachine, seed: number): Sample {
  const machine = machineOf(definition);
  const simulation = { said, draw: drawFrom(seed), visits: new Map<string, number>(), waited: false };
  const runs = Array.from({ length: RUNS }, () => simulate(machine, simulation));
  return { runs, visits: simulation.visits, waited: simulation.waited };
}

/**
 * Largest distance between the distribution functions, where a value may be off by `tolerance` of itself: merging
 * many atoms to cells moves them by so much.
 */
function kolmogorov({ values, shares }: Distribution, sample: readonly number[], tolerance: number): number {
  const sorted = Float64Array.from(sample).sort();
  let [cumulative, below, upTo, furthest] = [0, 0, 0, 0];
  values.forEach((value, i) => {
    const slack = 1e-6 + value * tolerance;
    while (below < sorted.length && sorted[below]! < value - slack) below++;
    furthest = Math.max(furthest, below / sorted.length - cumulative);
    cumulative += shares[i]!;
    while (upTo < sorted.length && sorted[upTo]! <= value + slack) upTo++;
    furthest = Math.max(furthest, cumulative - upTo / sorted.length);
  });
  return Math.max(furthest, 1 - upTo / sorted.length);
}

/** The mean expected is that of the sample, or, of an upper bound, no less. */
function expectMean(
  distribution: Distribution,
  sample: readonly number[],
  { what, isBound }: { readonly what: string; readonly isBound: boolean },
): void {
  const mean = meanOf(distribution);
  const variance = distribution.values.reduce(
    (sum, value, i) => sum + distribution.shares[i]! * (value - mean) ** 2,
    0,
  );
  const largest = Math.max(...sample.map((value) => Math.abs(value - mean)));
  const error = 6 * Math.sqrt(variance / RUNS) + (20 * largest) / RUNS + 1e-9 * Math.abs(mean);
  const simulated = sample.reduce((sum, value) => sum + value, 0) / RUNS;
  const off = isBound ? simulated - mean : Math.abs(simulated - mean);
  expect(off, `${what}: ${mean} expected, ${simulated} simulated`).toBeLessThanOrEqual(error);
}

function expectLike(
  profile: ExecutionProfile,
  { runs, visits, waited }: Sample,
  extraDistance: number,
): void {
  const distance = Math.sqrt(Math.log(2 / RARE) / (2 * RUNS));
  const metrics = [
    ["transitions", profile.transitions, runs.map((run) => run.transitions)],
    ["events", profile.historyEvents, runs.map((run) => run.events)],
    ["ms", profile.durationMs, runs.map((run) => run.ms)],
  ] as const;
  for (const [what, distribution, sample] of metrics) {
    expect(distribution.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expectMean(distribution, sample, { what, isBound: waited && what === "ms" });
    if (Number.isFinite(extraDistance)) {
      expect(
        kolmogorov(distribution, sample, what === "ms" ? 2 ** -8 : 0),
        `distribution of ${what}`,
      ).toBeLessThan(distance + extraDistance);
    }
  }
  for (const { state, visits: expected } of profile.states) {
    const simulated = (visits.get(state.name) ?? 0) / RUNS;
    const error = 8 * Math.sqrt((4 * expected * (1 + expected)) / RUNS) + 100 / RUNS;
    expect(Math.abs(simulated - expected), `visits of ${state.name}`).toBeLessThanOrEqual(error);
  }
  const errors = new Map<string | null, number>();
  for (const { error, mass } of profile.run.outcomes) errors.set(error, mass);
  for (const error of new Set([...errors.keys(), ...runs.map((run) => run.error)])) {
    const share = errors.get(error) ?? 0;
    const simulated = runs.filter((run) => run.error === error).length / RUNS;
    const sigma = Math.sqrt(Math.max(0, share * (1 - share)) / RUNS);
    expect(Math.abs(simulated - share), `share that ends with ${error}`).toBeLessThanOrEqual(
      6 * sigma + 20 / RUNS,
    );
  }
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const variety = { depth: 0, loops: true, jitter: false, distributed: false, states: 6 };

describe("a simulation of the definition agrees", () => {
  test("on flat machines with loops, retries and Catchers", () => {
    fc.assert(
      fc.property(randomMachine(variety), seeds, (machine, seed) => {
        expectLike(profileOf(machine.definition, machine.said), sampleOf(machine, seed), 0);
      }),
      { numRuns: 30 },
    );
  });

  test("with jitter, whose sixteen atoms stand for an even draw", () => {
    fc.assert(
      fc.property(randomMachine({ ...variety, jitter: true }), seeds, (machine, seed) => {
        expectLike(profileOf(machine.definition, machine.said), sampleOf(machine, seed), 1 / 16);
      }),
      { numRuns: 20 },
    );
  });

  test("on machines within machines: Parallel and inline Map", () => {
    fc.assert(
      fc.property(randomMachine({ ...variety, depth: 2, states: 4 }), seeds, (machine, seed) => {
        expectLike(profileOf(machine.definition, machine.said), sampleOf(machine, seed), Infinity);
      }),
      { numRuns: 25 },
    );
  });

  test("in the mean with Distributed Maps", () => {
    fc.assert(
      fc.property(
        randomMachine({ ...variety, depth: 1, states: 4, distributed: true }),
        seeds,
        (machine, seed) => {
          expectLike(profileOf(machine.definition, machine.said), sampleOf(machine, seed), Infinity);
        },
      ),
      { numRuns: 25 },
    );
  });
});
