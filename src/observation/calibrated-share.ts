/**
 * Calibrated shares are observed shares drawn toward what was thought before: the posterior of a Dirichlet prior that
 * weighs as much as a few observations. The interval of each is the exact one of the counts so completed, 95 %.
 * Gelman et al., Bayesian Data Analysis, 3rd edition, §3.4.
 */
import { exactFigure, type Figure } from "../workflow/figure.ts";
import { shareInterval } from "./share-interval.ts";

export interface SharePrior {
  /** Sums to 1 over all names. */
  readonly shares: ReadonlyMap<string, number>;
  /** Observations it weighs. */
  readonly weight: number;
  /** Where it comes from, for people: `equal shares`, `stepfare.yml:4:5`. */
  readonly source: string;
}

export interface SharesSeen {
  /** Observed shares by name; they sum to 1 over the names of the prior. */
  readonly shares: ReadonlyMap<string, number>;
  /** Independent observations they are worth. */
  readonly effective: number;
  /** For people: `212 visits in 30 executions`. */
  readonly words: string;
}

/** Figures for every name of the prior. */
export function calibrateShares(prior: SharePrior, seen: SharesSeen): ReadonlyMap<string, Figure> {
  const total = seen.effective + prior.weight;
  const note = `${seen.words}; ${prior.source} ${prior.weight === 1 ? "weighs" : "weigh"} like ${numberText(prior.weight)} more`;
  const figures = [...prior.shares].map(([name, share]): [string, Figure] => {
    const observed = (seen.shares.get(name) ?? 0) * seen.effective;
    const a = observed + prior.weight * share;
    const value = total > 0 ? a / total : share;
    if (prior.shares.size === 1) return [name, exactFigure(1, "observed", note)];
    // Worked out when asked for: where only likely values count, thousands of shares never are.
    let interval: ReturnType<typeof shareInterval> | null = null;
    const ends = () => (interval ??= shareInterval(a, total));
    // What was never seen, or always, cannot be excluded by what was thought before.
    const figure: Figure = {
      value,
      get low() {
        return observed <= 0 ? 0 : ends().low;
      },
      get high() {
        return observed >= seen.effective ? 1 : ends().high;
      },
      basis: "observed",
      note,
    };
    return [name, figure];
  });
  return new Map(figures);
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(3)));
}
