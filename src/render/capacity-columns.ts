/** The columns that the tables of a capacity report are made of. */
import type { SectionCell, SectionColumn } from "./report-section.ts";

export function leftColumn(head: string): SectionColumn {
  return { head, align: "left", shrinkTo: 14 };
}

export function rightColumn(head: string): SectionColumn {
  return { head, align: "right" };
}

/** Text of any length, under its row where there is no room beside. */
export const BENEATH: SectionColumn = {
  head: "",
  align: "left",
  shrinkTo: 20,
  lines: Infinity,
  beneath: true,
};

/** Shares of a limit from which on it is marked. */
const NEAR = 0.8;

export function marked(text: string, share: number | null): SectionCell {
  if (share === null || share < NEAR) return text;
  return { text, tone: share > 1 ? "bad" : "warn" };
}
