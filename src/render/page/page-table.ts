/** A page table is a table in a page: numbers aligned and exact on hover, sortable by what a cell is worth. */
import { cellText, dropDrawings, dropEmptyColumns } from "../report-section.ts";
import type { ReportSection, SectionCell } from "../report-section.ts";
import { type Html, NO_HTML, html, type Part } from "./html.ts";

export interface PageColumn {
  readonly head: string;
  readonly align: "left" | "right";
  /** The reader may sort by it. */
  readonly isSorted?: boolean;
}

export interface PageCell {
  readonly body: Part;
  /** What it is sorted by, and exactly on hover; null = not known. */
  readonly value?: number | null;
  readonly tone?: string;
}

export interface PageTable {
  /** Says what it is to who cannot see it. */
  readonly caption: string;
  readonly columns: readonly PageColumn[];
  readonly rows: readonly { readonly cells: readonly PageCell[]; readonly key?: string }[];
  readonly more?: string | null;
  /** On a narrow screen each row becomes a list of its cells, each under its head. */
  readonly isStacked?: boolean;
}

export function tableMarkup({ caption, columns, rows, more = null, isStacked = false }: PageTable): Html {
  if (rows.length === 0) return NO_HTML;
  return html`<div class="table" tabindex="0" role="group" aria-label="${caption}"><table${isStacked && html` class="stacked"`}>
    <caption class="unseen">${caption}</caption>
    <thead><tr>${columns.map(headMarkup)}</tr></thead>
    <tbody>${rowsMarkup({ columns, rows, isStacked })}</tbody></table></div>${more !== null && html`<p class="more">${more}</p>`}`;
}

/** The rows alone, to be added to a table that stands. */
export function rowsMarkup({
  columns,
  rows,
  isStacked = false,
}: Pick<PageTable, "columns" | "rows" | "isStacked">): Html {
  return html`${rows.map(
    ({ cells, key }) =>
      html`<tr${key !== undefined && html` data-key="${key}"`}>${cells.map((cell, index) => cellMarkup(cell, columns[index], isStacked))}</tr>
`,
  )}`;
}

function headMarkup({ head, align, isSorted }: PageColumn): Html {
  const name = head === "" ? html`<span class="unseen">remark</span>` : head;
  return html`<th scope="col" ${align === "right" && html` class="num"`}${isSorted && html` data-sort`}>
    ${name}
  </th>`;
}

function cellMarkup(
  { body, value, tone }: PageCell,
  column: PageColumn | undefined,
  isStacked: boolean,
): Html {
  const names = [column?.align === "right" ? "num" : "", tone ?? ""].filter((name) => name !== "").join(" ");
  const exact = value === undefined || value === null ? null : exactWords(value);
  return html`<td${names !== "" && html` class="${names}"`}${exact !== null && html` data-value="${exact}" title="${exact}"`}${isStacked && column !== undefined && column.head !== "" && html` data-head="${column.head}"`}>${body}</td>`;
}

/** Made once: a formatter costs a hundred times what formatting does, and a long table is drawn while somebody waits. */
const allDigits = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 15, useGrouping: false });

/** All digits that the number has, without an exponent where that is readable. */
export function exactWords(value: number): string {
  if (!Number.isFinite(value)) return "";
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-12 || size >= 1e15) ? String(value) : allDigits.format(value);
}

/** A section as all formats tell it, as a table of words. */
export function sectionTable(section: ReportSection): Html {
  const { title, columns, rows, more } = dropDrawings(dropEmptyColumns(section));
  return tableMarkup({
    caption: title,
    isStacked: columns.length > 3,
    columns: columns.map(({ head, align }) => ({ head, align })),
    rows: rows.map((row) => ({ cells: row.map(wordCell) })),
    more,
  });
}

function wordCell(cell: SectionCell): PageCell {
  return typeof cell === "string" ? { body: cell } : { body: cellText(cell), tone: cell.tone };
}
