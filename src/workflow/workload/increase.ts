/** An increase is how much more something may cost than before: an amount, or a percentage. */
import type { Increase } from "./policies.ts";
import { type Parsed, parseCount, problem, quoted } from "./quantity.ts";

export const INCREASE_PERCENT = /^(\d+(?:\.\d+)?) ?%$/;

/** `50`, `2.5k` or `10%`. */
export function parseIncrease(written: unknown): Parsed<Increase> {
  const percent = typeof written === "string" ? INCREASE_PERCENT.exec(written.trim()) : null;
  if (percent) return { ok: true, value: { kind: "percent", value: Number(percent[1]) } };
  const amount = parseCount(written);
  if (amount.ok) return { ok: true, value: { kind: "amount", value: amount.value } };
  return problem(
    `${quoted(written)} is no increase: write an amount such as 50, or a percentage such as 10%`,
  );
}
