/** Page text is a Markdown page as a terminal shows it: headings stand out, code keeps its lines, prose is wrapped. */
import { mixPalette } from "./palette.ts";
import { layoutColumns } from "./text-columns.ts";
import { wrapText } from "./text-width.ts";

export interface PageOptions {
  readonly columns: number;
  readonly colour: boolean;
}

export interface Page {
  readonly kind: "rule" | "diagnostic";
  readonly id: string;
  readonly title: string;
}

const WIDEST = 100;

export function renderPage(markdown: string, { columns, colour }: PageOptions): string {
  const palette = mixPalette(colour);
  const width = Math.min(WIDEST, columns);
  const lines: string[] = [];
  let isCode = false;
  for (const line of markdown.trimEnd().split("\n")) {
    if (line.startsWith("```")) isCode = !isCode;
    else if (isCode) lines.push(`    ${line}`);
    else if (line.startsWith("#")) lines.push(palette.bold(line.replace(/^#+ /, "")));
    else if (line === "") lines.push("");
    else lines.push(...proseLines(line, width));
  }
  return `${lines.join("\n").replaceAll(/\n{3,}/g, "\n\n")}\n`;
}

/** Links with their address in brackets; an item of a list hangs. */
function proseLines(line: string, width: number): readonly string[] {
  const plain = line
    .replaceAll(/\[([^\]]*)\]\((https?:[^)]*)\)/g, "$1 ($2)")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/`([^`]*)`/g, "$1")
    .replaceAll("**", "");
  const hang = plain.startsWith("- ") ? "  " : "";
  return wrapText(plain, width - hang.length).map((part, index) => (index === 0 ? part : hang + part));
}

export function renderPageList(pages: readonly Page[], { columns, colour }: PageOptions): string {
  const palette = mixPalette(colour);
  const listed = (kind: Page["kind"], head: string): readonly string[] => [
    palette.bold(head),
    ...layoutColumns({
      columns: [
        { head: "", align: "left" },
        { head: "", align: "left", shrinkTo: 20 },
      ],
      rows: pages
        .filter((page) => page.kind === kind)
        .map(({ id, title }) => [id, title.replaceAll("`", "")]),
      width: columns,
      indent: 2,
      paintHead: (text) => text,
    }),
    "",
  ];
  const lines = [...listed("rule", "Rules"), ...listed("diagnostic", "Diagnostics, reasons and limits")];
  return `${[...lines, "stepfare explain <code> shows a page."].join("\n")}\n`;
}
