/**
 * The share interval is the equal-tailed 95 % interval of a share after so many of so many observations, from Jeffreys's
 * prior; for a share of several it starts from half an observation of each, as for two.
 * Brown, Cai, DasGupta, "Interval Estimation for a Binomial Proportion", Statistical Science 16 (2001).
 */
import { betaQuantile } from "./beta-distribution.ts";

const HALF = 0.5;
const TAIL = 0.025;

/** Counts need not be whole. Ends that cannot be excluded are 0 and 1 exactly. */
export function shareInterval(count: number, n: number): { readonly low: number; readonly high: number } {
  if (n <= 0) return { low: 0, high: 1 };
  const [a, b] = [Math.max(0, count) + HALF, Math.max(0, n - count) + HALF];
  return {
    low: count <= 0 ? 0 : betaQuantile(TAIL, a, b),
    high: count >= n ? 1 : betaQuantile(1 - TAIL, a, b),
  };
}
