/**
 * The binomial tail: the chance that more than k of n independent trials of probability p come true.
 * Summed outward from k in both directions' smaller part by ratios of neighbouring terms; O(√n) terms matter.
 */
export function binomialAbove(n: number, p: number, k: number): number {
  return k + 1 > n * p ? upperTail(n, p, k + 1) : 1 - lowerTail(n, p, k);
}

/** P(X ≥ from), for `from` at or above the mean: terms fall geometrically. */
function upperTail(n: number, p: number, from: number): number {
  let term = Math.exp(logTerm(n, p, from));
  let sum = 0;
  for (let i = from; i <= n && term > sum * 1e-17; i++) {
    sum += term;
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
  }
  return Math.min(1, sum);
}

/** P(X ≤ to), for `to` at or below the mean. */
function lowerTail(n: number, p: number, to: number): number {
  let term = Math.exp(logTerm(n, p, to));
  let sum = 0;
  for (let i = to; i >= 0 && term > sum * 1e-17; i--) {
    sum += term;
    term *= (i / (n - i + 1)) * ((1 - p) / p);
  }
  return Math.min(1, sum);
}

function logTerm(n: number, p: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p);
}

/** Stirling's series; exact sums below 32. */
export function logFactorial(n: number): number {
  if (n < 32) {
    let sum = 0;
    for (let i = 2; i <= n; i++) sum += Math.log(i);
    return sum;
  }
  const inverse = 1 / n;
  const series = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260;
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
}
