/** A whole number is a count of things that come in one piece, as an option takes it: `5`, `1k`. */
import { type Parsed, parseCount, problem, quoted } from "./quantity.ts";

/** 0 or more. */
export function parseWhole(written: unknown): Parsed<number> {
  const parsed = parseCount(written);
  if (!parsed.ok || Number.isSafeInteger(parsed.value)) return parsed;
  return problem(`${quoted(written)} is not a whole number: write 0 or more, such as 5`);
}

/** 0 to 2147483647: what the generators of random numbers take. */
export function parseSeed(written: unknown): Parsed<number> {
  const parsed = parseCount(written);
  if (!parsed.ok || (Number.isInteger(parsed.value) && parsed.value < 2 ** 31)) return parsed;
  return problem(`${quoted(written)} is no seed: write a whole number below 2147483648`);
}
