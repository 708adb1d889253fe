/** Drawing a table is putting cells that already fit their columns side by side, ruled by space alone; cli-table3 does it. */
import CliTable3 from "cli-table3";
import type { Paint } from "./palette.ts";
import { standIns } from "./stand-in.ts";

export interface DrawnCell {
  /** None wider than its column. */
  readonly lines: readonly string[];
  readonly paint: Paint;
}

export interface DrawnTable {
  readonly rows: readonly (readonly DrawnCell[])[];
  /** Cells each column takes, at least 1. */
  readonly widths: readonly number[];
  readonly aligns: readonly ("left" | "right")[];
  /** Between columns. */
  readonly gap: string;
}

/** cli-table3 compares each cell with every cell before it; a part at a time keeps long tables linear. */
const ROWS_AT_ONCE = 32;

const RULES = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
  "left",
  "left-mid",
  "mid",
  "mid-mid",
  "right",
  "right-mid",
] as const;

/** The table's lines, without trailing space: it says nothing and makes pasted text untidy. */
export function drawTable({ rows, ...table }: DrawnTable): readonly string[] {
  const parts = Array.from({ length: Math.ceil(rows.length / ROWS_AT_ONCE) }, (_, part) =>
    rows.slice(part * ROWS_AT_ONCE, (part + 1) * ROWS_AT_ONCE),
  );
  return parts.flatMap((part) => drawPart({ rows: part, ...table }));
}

function drawPart({ rows, widths, aligns, gap }: DrawnTable): readonly string[] {
  if (widths.length === 0) return [];
  const { hide, reveal } = standIns();
  const table = new CliTable3({
    colWidths: [...widths],
    colAligns: [...aligns],
    chars: { ...Object.fromEntries(RULES.map((rule) => [rule, ""])), middle: gap },
    // It would colour even where NO_COLOR is set.
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(
    ...rows.map((row) =>
      row.map(({ lines, paint }) => lines.map((line) => (line === "" ? "" : paint(hide(line)))).join("\n")),
    ),
  );
  return table
    .toString()
    .split("\n")
    .map((line) => reveal(line.replace(/(?<! ) +$/, "")));
}
