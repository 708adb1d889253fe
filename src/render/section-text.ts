/** Section text is a report section on the terminal. */
import type { Paint } from "./palette.ts";
import { cellText } from "./report-section.ts";
import type { ReportSection, SectionCell } from "./report-section.ts";
import { terminalText } from "./safe-text.ts";
import { block, INDENT, moreLine } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";
import { layoutColumns, naturalWidth } from "./text-columns.ts";
import type { TextCell, TextTable } from "./text-columns.ts";
import { fewLines, textWidth } from "./text-width.ts";

/** The least room in which a `beneath` column still reads well beside the others. */
const BESIDE = 40;

export function sectionLines(sheet: Sheet, section: ReportSection): readonly string[] {
  return block(sheet, { text: section.title, aside: section.aside }, [
    ...sectionTable(sheet, section),
    ...moreLine(sheet, section.more),
  ]);
}

/** The table alone, without its title. */
export function sectionTable(sheet: Sheet, section: ReportSection): readonly string[] {
  if (section.rows.length === 0) return [];
  const table: TextTable = {
    columns: section.columns,
    rows: section.rows.map((row) => row.map((cell) => textCell(sheet, cell))),
    width: sheet.width,
    indent: INDENT,
    paintHead: sheet.palette.dim,
  };
  const drawing = section.columns.findIndex((column) => column.drawing === true);
  if (drawing >= 0) return layoutColumns(hasRoom(table) ? table : withoutColumn(table, drawing));
  const under = section.columns.findIndex(({ beneath }) => beneath === true);
  return under < 0 || fitsBeside(table, under) ? layoutColumns(table) : stackedRows(sheet, table, under);
}

function textCell(sheet: Sheet, cell: SectionCell): TextCell {
  const text = terminalText(cellText(cell));
  return typeof cell === "string" ? text : { text, paint: tonePaint(sheet, cell.tone) };
}

function tonePaint({ palette }: Sheet, tone: Exclude<SectionCell, string>["tone"]): Paint {
  return tone === "total" ? palette.bold : palette[tone];
}

function withoutColumn(table: TextTable, index: number): TextTable {
  return {
    ...table,
    columns: table.columns.filter((_, column) => column !== index),
    rows: table.rows.map((row) => row.filter((_, column) => column !== index)),
  };
}

function fitsBeside(table: TextTable, under: number): boolean {
  const plainRows = table.rows.map((row) => cellWidth(row[under] ?? ""));
  const wish = Math.min(BESIDE, Math.max(...plainRows));
  return naturalWidth(withoutColumn(table, under)) + 2 + wish <= table.width;
}

function hasRoom(table: TextTable): boolean {
  return naturalWidth(table) <= table.width;
}

function cellWidth(cell: TextCell): number {
  return textWidth(typeof cell === "string" ? cell : cell.text);
}

/** Each row, and under it, over the full width, what had no room beside. */
function stackedRows(sheet: Sheet, table: TextTable, under: number): readonly string[] {
  const beside = oneLine(withoutColumn(table, under));
  const lines = layoutColumns(beside);
  const heads = beside.columns.some(({ head }) => head !== "") ? 1 : 0;
  const indent = table.indent + 4;
  return [
    ...lines.slice(0, heads),
    ...lines.slice(heads).flatMap((line, index) => {
      const cell = table.rows[index]?.[under] ?? "";
      const text = typeof cell === "string" ? cell : cell.text;
      const most = table.columns[under]?.lines ?? 1;
      const parts = fewLines(text, sheet.width - indent, most);
      return [line, ...parts.filter((part) => part !== "").map((part) => " ".repeat(indent) + part)];
    }),
  ];
}

/** Rows must be one line each here, so that what belongs under a row is put under it. */
function oneLine(table: TextTable): TextTable {
  return { ...table, columns: table.columns.map((column) => ({ ...column, lines: 1 })) };
}
