/** A section view is a report section as a Markdown template takes it. */
import { cellText } from "./report-section.ts";
import type { ReportSection } from "./report-section.ts";

export function sectionView({
  title,
  aside,
  columns,
  rows,
  more,
}: ReportSection): Readonly<Record<string, unknown>> {
  return {
    title,
    aside,
    more,
    columns: columns.map(({ head, align }) => ({ head, isRight: align === "right" })),
    rows: rows.map((row) =>
      row.map((cell) => ({
        text: cellText(cell),
        isTotal: typeof cell !== "string" && cell.tone === "total",
      })),
    ),
  };
}
