/**
 * Text columns are a table for the terminal, never wider than it is given: here each column's width is found, and
 * each cell cut or wrapped to it. Widths are measured as the terminal shows them, so that wide and combining
 * characters keep the columns straight.
 */
import { drawTable } from "./draw-table.ts";
import type { DrawnCell } from "./draw-table.ts";
import type { Paint } from "./palette.ts";
import { fewLines, fitText, fitTextEnd, textWidth } from "./text-width.ts";

export interface TextColumn {
  readonly head: string;
  readonly align: "left" | "right";
  /** Gives way to other columns down to this many cells; absent = never narrower than its content. */
  readonly shrinkTo?: number;
  /** What is cut goes from the start, so that a place keeps its line; `lines` does not apply then. */
  readonly keepEnd?: boolean;
  /** Lines a cell may take before it is cut with "…"; 1 when absent. */
  readonly lines?: number;
  /** Takes several lines only where no word must be broken for them; else it is cut in one. */
  readonly keepWords?: boolean;
}

export type TextCell = string | { readonly text: string; readonly paint: Paint };

export interface TextTable {
  readonly columns: readonly TextColumn[];
  readonly rows: readonly (readonly TextCell[])[];
  /** All the cells a line may take, indent included. */
  readonly width: number;
  readonly indent: number;
  readonly paintHead: Paint;
}

const GAP = 2;

const asIs: Paint = (text) => text;

/** The table's lines, head first; a column that is empty in every row is left out. */
export function layoutColumns(table: TextTable): readonly string[] {
  const shown = table.columns.flatMap((_, index) => (hasContent(table, index) ? [index] : []));
  const columns = shown.flatMap((index) => table.columns[index] ?? []);
  const rows = table.rows.map((row) => shown.map((index) => row[index] ?? ""));
  const widths = columnWidths(columns, rows, table.width - table.indent);
  const head = columns.map((column): TextCell => ({ text: column.head, paint: table.paintHead }));
  const hasHead = columns.some((column) => column.head !== "");
  const lines = drawTable({
    rows: [...(hasHead ? [head] : []), ...rows].map((row) => fittedRow(row, columns, widths)),
    widths,
    aligns: columns.map(({ align }) => align),
    gap: " ".repeat(GAP),
  });
  return lines.map((line) => (line === "" ? "" : " ".repeat(table.indent) + line));
}

/** Cells that the table takes where it has all the room it wishes for. */
export function naturalWidth(table: TextTable): number {
  const widths = table.columns.flatMap((column, index) =>
    hasContent(table, index) ? [naturalColumnWidth(column, table.rows, index)] : [],
  );
  return widths.reduce((sum, width) => sum + width, table.indent + GAP * Math.max(0, widths.length - 1));
}

function naturalColumnWidth(
  { head }: TextColumn,
  rows: readonly (readonly TextCell[])[],
  index: number,
): number {
  return rows.reduce(
    (most, row) => Math.max(most, textWidth(cellText(row[index] ?? ""))),
    Math.max(1, textWidth(head)),
  );
}

function hasContent(table: TextTable, index: number): boolean {
  return table.rows.some((row) => cellText(row[index] ?? "") !== "");
}

function cellText(cell: TextCell): string {
  return typeof cell === "string" ? cell : cell.text;
}

function columnWidths(
  columns: readonly TextColumn[],
  rows: readonly (readonly TextCell[])[],
  width: number,
): readonly number[] {
  const natural = columns.map((column, index) => naturalColumnWidth(column, rows, index));
  const gaps = GAP * Math.max(0, columns.length - 1);
  const least = natural.map((wish, index) => Math.min(wish, columns[index]?.shrinkTo ?? wish));
  const agreed = shrinkWidest(natural, least, width - gaps);
  // Last resort, on a very narrow terminal: every column gives way.
  return shrinkWidest(
    agreed,
    agreed.map(() => 1),
    width - gaps,
  );
}

/** Takes what is too much from the widest columns first, one level at a time, and from none below its least. */
function shrinkWidest(widths: readonly number[], least: readonly number[], total: number): readonly number[] {
  const result = [...widths];
  let excess = result.reduce((sum, width) => sum + width, 0) - total;
  while (excess > 0) {
    let widest = -1;
    for (const [index, width] of result.entries()) {
      if (width > (least[index] ?? 0) && width > (result[widest] ?? -1)) widest = index;
    }
    if (widest < 0) return result;
    result[widest] = (result[widest] ?? 1) - 1;
    excess -= 1;
  }
  return result;
}

/** The cells of a row as cli-table3 takes them: cut and wrapped to their columns, each line painted by itself. */
function fittedRow(
  row: readonly TextCell[],
  columns: readonly TextColumn[],
  widths: readonly number[],
): readonly DrawnCell[] {
  return row.map((cell, index) => ({
    lines: cellLines(cellText(cell), widths[index] ?? 1, columns[index]),
    paint: typeof cell === "string" ? asIs : cell.paint,
  }));
}

function cellLines(text: string, width: number, column: TextColumn | undefined): readonly string[] {
  if (column?.keepEnd === true) return [fitTextEnd(text, width)];
  const breaks = column?.keepWords === true && text.split(" ").some((word) => textWidth(word) > width);
  const lines = breaks ? 1 : (column?.lines ?? 1);
  return lines <= 1 ? [fitText(text, width)] : fewLines(text, width, lines);
}
