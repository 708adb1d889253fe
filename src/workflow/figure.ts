/** A figure is a number that carries its range and where it comes from. */

export type Basis = "declared" | "observed" | "inferred" | "default";

export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly basis: Basis;
  /** Where exactly it comes from, for people: a file and line, a sample size, a rule. */
  readonly note: string | null;
}

export function exactFigure(value: number, basis: Basis, note: string | null = null): Figure {
  return { value, low: value, high: value, basis, note };
}
