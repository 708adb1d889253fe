/** A section view is a report section as a Markdown template takes it. */
import { cellText, dropDrawings, dropEmptyColumns } from "./report-section.ts";
import type { ReportSection } from "./report-section.ts";

export function sectionView(section: ReportSection): Readonly<Record<string, unknown>> {
  const { title, aside, columns, rows, more } = dropDrawings(dropEmptyColumns(section));
  return {
    title,
    aside,
    more,
    columns: columns.map(({ head, align }) => ({ head, isRight: align === "right" })),
    rows: rows.map((row) =>
      row.map((cell) => {
        const text = cellText(cell);
        return { text, isTotal: typeof cell !== "string" && cell.tone === "total" && text !== "" };
      }),
    ),
  };
}
