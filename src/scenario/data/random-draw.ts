/** A random draw comes from a seed, so that a trace repeats itself exactly. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface RandomDraw {
  /** At least 0 and below 1. */
  readonly unit: () => number;
  /** A version 4 UUID. */
  readonly uuid: () => string;
}

export function drawFrom(seed: number): RandomDraw {
  const generator = xoroshiro128plus(seed);
  const unit = (): number => uniformFloat64(generator);
  return { unit, uuid: () => uuidFrom(unit) };
}

function uuidFrom(unit: () => number): string {
  const digit = (size: number, offset = 0): string => (Math.floor(unit() * size) + offset).toString(16);
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replaceAll(/[xy]/g, (mark) =>
    mark === "x" ? digit(16) : digit(4, 8),
  );
}
