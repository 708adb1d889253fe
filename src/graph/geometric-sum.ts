/**
 * A geometric sum is what rounds spend that follow one another with a share r: Σ rᵏ Xᵏ, by doubling, since the first
 * 2n terms are the first n and rⁿXⁿ times them again. O(log terms) convolutions; exact in the mean.
 */
import { NOTHING_SPENT, type Spent, type SpentShare, inSequence, mixSpent } from "./spent.ts";

const NEGLIGIBLE = 1e-13;

/**
 * The first `terms` powers of a round, with mass Σ rᵏ. Powers of r are taken from `leaving`, what does not go round
 * again: 1 less a small share loses its digits, or the share altogether. Either `terms` is finite or `leaving` > 0.
 */
export function geometricSum({ mass, of }: SpentShare, leaving: number, terms = Infinity): SpentShare {
  const logShare = -Math.log1p(leaving / mass);
  const enough = logShare < 0 ? 2 ** Math.ceil(Math.log2(Math.log(NEGLIGIBLE) / logShare)) : Infinity;
  const wanted = Math.max(1, Math.min(terms, enough));
  let sum: SpentShare = { mass: 1, of: NOTHING_SPENT };
  let power: Spent = of;
  let count = 1;
  for (let bit = 2 ** (Math.floor(Math.log2(wanted)) - 1); bit >= 1; bit /= 2) {
    const again = { mass: sum.mass * Math.exp(count * logShare), of: inSequence(power, sum.of) };
    sum = mixSpent([sum, again])!;
    power = inSequence(power, power);
    count *= 2;
    if (Math.floor(wanted / bit) % 2 === 0) continue;
    sum = mixSpent([sum, { mass: Math.exp(count * logShare), of: power }])!;
    power = inSequence(power, of);
    count++;
  }
  return sum;
}
