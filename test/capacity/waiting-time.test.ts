/** Waiting times: the closed forms against formulas of their own, a stationary chain solved by brute force, and a simulation. */
import { describe, expect, test } from "vitest";
import { drawFrom } from "../../src/capacity/event-loop.ts";
import { constantServiceWait, memorylessServiceWait } from "../../src/capacity/waiting-time.ts";

const CASES = [
  [2, 0.5],
  [3, 0.8],
  [10, 0.9],
  [40, 0.9],
] as const;

/** First come, first served: request n starts when it is there and the one `places` before it has ended. */
function simulated(places: number, use: number, seconds: (draw: () => number) => number): number {
  const draw = drawFrom(3);
  const free = Array.from({ length: places }, () => 0);
  let [now, waited] = [0, 0];
  const count = 300_000;
  for (let n = 0; n < count; n++) {
    now -= Math.log(1 - draw()) / (use * places);
    let first = 0;
    for (let i = 1; i < places; i++) if (free[i]! < free[first]!) first = i;
    const start = Math.max(now, free[first]!);
    waited += start - now;
    free[first] = start + seconds(draw);
  }
  return waited / count;
}

/** Requests present, looked at every service time: all that were served have left. Length of the line by Little's law. */
function byChain(places: number, use: number): number {
  const load = places * use;
  const size = 160;
  const arrivals = [Math.exp(-load)];
  for (let k = 1; k < size; k++) arrivals.push((arrivals[k - 1]! * load) / k);
  let present: readonly number[] = Array.from({ length: size }, (_, n) => Number(n === 0));
  for (let step = 0; step < 300; step++) {
    const left: number[] = Array.from({ length: size }, () => 0);
    present.forEach((share, n) => (left[Math.max(0, n - places)]! += share));
    present = left.map((_, n) => {
      let sum = 0;
      for (let k = 0; k <= n; k++) sum += left[k]! * arrivals[n - k]!;
      return sum;
    });
  }
  const line = present.reduce((sum, share, n) => sum + share * Math.max(0, n - places), 0);
  return line / load;
}

describe("requests that all take equally long", () => {
  test.each([0.1, 0.5, 0.9, 0.99])(
    "wait as Pollaczek and Khinchine say where there is one place, at %s",
    (use) => {
      const { meanMs, basis } = constantServiceWait({ places: 1, load: use, serviceMs: 1 });
      expect(meanMs).toBeCloseTo(use / (2 * (1 - use)), 12);
      expect(basis).toBe("exact");
    },
  );

  test.each(CASES.slice(0, 3))("wait at %s places and %s as the stationary chain says", (places, use) => {
    const { meanMs, basis } = constantServiceWait({ places, load: places * use, serviceMs: 1 });
    expect(basis).toBe("exact");
    expect(meanMs / byChain(places, use)).toBeCloseTo(1, 6);
  });

  test.each(CASES)("wait at %s places and %s as a simulation does", (places, use) => {
    const { meanMs } = constantServiceWait({ places, load: places * use, serviceMs: 1 });
    expect(Math.abs(meanMs / simulated(places, use, () => 1) - 1)).toBeLessThan(0.08);
  });

  test.each([2, 3, 10, 100])(
    "are approximated within two per cent near saturation, of %s places",
    (places) => {
      const use = 1 - 0.03 / Math.sqrt(places);
      const line = { places, load: places * use, serviceMs: 1 };
      const near = constantServiceWait(line);
      const closer = ((1 - use) * (places - 1) * (Math.sqrt(4 + 5 * places) - 2)) / (16 * use * places);
      const cosmetatos = (memorylessServiceWait(line).meanMs / 2) * (1 + closer);
      expect(Math.abs(cosmetatos / near.meanMs - 1)).toBeLessThan(0.02);
      const past = constantServiceWait({ places, load: places * (1 - 1e-6), serviceMs: 1 });
      expect(past.basis).toBe("approximate");
      expect(past.meanMs).toBeGreaterThan(near.meanMs);
    },
  );
});

describe("requests whose times have no memory", () => {
  test.each(CASES)("wait at %s places and %s as a simulation does", (places, use) => {
    const { meanMs } = memorylessServiceWait({ places, load: places * use, serviceMs: 1 });
    const seen = simulated(places, use, (draw) => -Math.log(1 - draw()));
    expect(Math.abs(meanMs / seen - 1)).toBeLessThan(0.08);
  });

  test.each(CASES)(
    "wait longer than those that are all equal, at most twice and a bit, at %s places and %s",
    (places, use) => {
      const line = { places, load: places * use, serviceMs: 1 };
      const [equal, memoryless] = [constantServiceWait(line), memorylessServiceWait(line)];
      expect(equal.meanMs).toBeLessThan(memoryless.meanMs);
      expect(equal.meanMs).toBeGreaterThan(memoryless.meanMs / 2);
    },
  );
});

test("nobody waits where nobody comes", () => {
  expect(constantServiceWait({ places: 5, load: 0, serviceMs: 9 })).toEqual({
    meanMs: 0,
    waits: 0,
    basis: "exact",
  });
});
