/** An assumption is a figure in use: which one, what for, and the key that would declare it. */
import type { Figure } from "../workflow/figure.ts";

export interface Assumption {
  /** Unique within a workflow. */
  readonly id: string;
  /** Key below the workflow in stepfare.yml. */
  readonly key: string;
  readonly text: string;
  readonly figure: Figure;
  readonly unit: "count" | "share" | "ms" | "MB" | "KB";
}

/** Where in each figure's range we stand: the whole analysis is a function of it. */
export type Standpoint = (assumption: Assumption) => number;

export const atLikely: Standpoint = ({ figure }) => figure.value;

/** Bounds for the worst case: the high end of what somebody said, the plain value of a default. */
export const atBound: Standpoint = ({ figure }) => (figure.basis === "default" ? figure.value : figure.high);
