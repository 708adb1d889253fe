/**
 * The share interval is the exact 95 % interval of a share after so many of so many observations: whatever the share, at
 * least 95 in 100 such intervals hold it. Clopper and Pearson, Biometrika 26 (1934).
 */
import { betaQuantile } from "./beta-distribution.ts";

const TAIL = 0.025;

/** Counts need not be whole: effective numbers of observations are not. */
export function shareInterval(count: number, n: number): { readonly low: number; readonly high: number } {
  return {
    low: count <= 0 ? 0 : betaQuantile(TAIL, count, Math.max(0, n - count) + 1),
    high: count >= n ? 1 : betaQuantile(1 - TAIL, Math.max(0, count) + 1, n - count),
  };
}
