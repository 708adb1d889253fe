/** A report section is one table of a report in plain words, not yet safe and not yet laid out: each format draws it its own way. */

export type Tone = "good" | "bad" | "warn" | "total";

export type SectionCell = string | { readonly text: string; readonly tone: Tone };

export interface SectionColumn {
  readonly head: string;
  readonly align: "left" | "right";
  /** On a narrow terminal it gives way down to this many cells; absent = its content is never cut. */
  readonly shrinkTo?: number;
  /** Lines a cell may take on the terminal; 1 when absent. */
  readonly lines?: number;
  /** Several lines only where no word must be broken for them; else the cell is cut in one. */
  readonly keepWords?: boolean;
  /** Cut from the start, so that a place keeps its line. */
  readonly keepEnd?: boolean;
  /** Stands under its row, over the full width, where the terminal has no room for it beside the others. Last column only. */
  readonly beneath?: boolean;
  /** A drawing: as it is, or not at all where the terminal has no room for it beside the others. */
  readonly drawing?: boolean;
}

export interface ReportSection {
  readonly title: string;
  /** Said beside the title; "" for nothing. */
  readonly aside: string;
  readonly columns: readonly SectionColumn[];
  readonly rows: readonly (readonly SectionCell[])[];
  /** What was left out and how to see it; null when nothing was. */
  readonly more: string | null;
}

export function cellText(cell: SectionCell): string {
  return typeof cell === "string" ? cell : cell.text;
}

/** The section without the columns that are empty in every row: they would only say that there is nothing to say. */
export function dropEmptyColumns(section: ReportSection): ReportSection {
  return keepColumns(section, (_, index) => section.rows.some((row) => cellText(row[index] ?? "") !== ""));
}

/** Those that have something to show, and of it only what is. */
export function shownSections(sections: readonly ReportSection[]): readonly ReportSection[] {
  return sections.filter(({ rows }) => rows.length > 0).map(dropEmptyColumns);
}

/** The section for formats whose characters are not all of one width, or which draw better. */
export function dropDrawings(section: ReportSection): ReportSection {
  return keepColumns(section, ({ drawing }) => drawing !== true);
}

function keepColumns(
  section: ReportSection,
  isKept: (column: SectionColumn, index: number) => boolean,
): ReportSection {
  const kept = section.columns.flatMap((column, index) => (isKept(column, index) ? [index] : []));
  return {
    ...section,
    columns: kept.flatMap((index) => section.columns[index] ?? []),
    rows: section.rows.map((row) => kept.map((index) => row[index] ?? "")),
  };
}
