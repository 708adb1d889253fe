/** The event loop is all that the simulations share: what happens next in virtual time, and seeded chance. */
import FlatQueue from "flatqueue";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Distribution } from "../graph/distribution.ts";

/** Uniform, at least 0 and below 1. */
export type Draw = () => number;

export function drawFrom(seed: number): Draw {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** A simulation gives way now and then, saying how far it is (0–1, or null where that cannot be said); told `true`, it stops where it is. */
export type Simulation<Result> = Generator<number | null, Result, boolean | undefined>;

/** Runs a simulation to its end without giving way. */
export function runToEnd<Result>(simulation: Simulation<Result>): Result {
  for (let step = simulation.next(); ; step = simulation.next()) if (step.done === true) return step.value;
}

const EVENTS_A_TURN = 50_000;

type Plan = (id: number, at: number) => void;

/** Plays events in the order of their times until none is left; `happen` may plan more. Its result: whether it came to the end. */
export function* playEvents(
  first: readonly (readonly [at: number, id: number])[],
  happen: (id: number, at: number, plan: Plan) => void,
): Simulation<{ readonly lastAt: number; readonly isPartial: boolean }> {
  const queue = new FlatQueue();
  const plan: Plan = (id, at) => queue.push(id, at);
  for (const [at, id] of first) plan(id, at);
  let [lastAt, played] = [0, 0];
  for (let at = queue.peekValue(); at !== undefined; at = queue.peekValue()) {
    lastAt = at;
    happen(queue.pop()!, at, plan);
    if (++played % EVENTS_A_TURN === 0 && (yield null) === true) return { lastAt, isPartial: true };
  }
  return { lastAt, isPartial: false };
}

/** Draws from a distribution in O(log atoms). */
export function samplerOf({ values, shares }: Distribution): (draw: Draw) => number {
  if (values.length === 1) {
    const only = values[0]!;
    return () => only;
  }
  const upTo = new Float64Array(shares.length);
  let sum = 0;
  for (let i = 0; i < shares.length; i++) upTo[i] = sum += shares[i]!;
  return (draw) => {
    const at = draw() * sum;
    let [low, high] = [0, upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (upTo[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return values[low]!;
  };
}
