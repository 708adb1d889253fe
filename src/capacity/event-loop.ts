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

/** Plays events in the order of their times until none is left; `happen` may plan more. Returns the last time, or 0. */
export function playEvents(
  first: readonly (readonly [at: number, id: number])[],
  happen: (id: number, at: number, plan: (id: number, at: number) => void) => void,
): number {
  const queue = new FlatQueue<number>();
  const plan = (id: number, at: number): void => queue.push(id, at);
  for (const [at, id] of first) plan(id, at);
  let last = 0;
  for (let at = queue.peekValue(); at !== undefined; at = queue.peekValue()) {
    last = at;
    happen(queue.pop()!, at, plan);
  }
  return last;
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
