/** Headline text is a headline on the terminal: labels at the left, answers beside them. */
import type { DeclareLine, Headline } from "./headline.ts";
import type { Paint } from "./palette.ts";
import { terminalText } from "./safe-text.ts";
import type { Sheet } from "./sheet.ts";
import { layoutColumns } from "./text-columns.ts";
import { fewLines, fitText, fitTextEnd, textWidth } from "./text-width.ts";

const LABEL_WIDTH = 9;
/** A headline stays on the first screen, however long the names in it are. */
const TEXT_LINES = 3;
const WHY_LINES = 4;

const asIs: Paint = (text) => text;

export function headlineLines(sheet: Sheet, headline: Headline): readonly string[] {
  return [
    ...titleLines(sheet, headline),
    "",
    ...labelled(sheet, "Cost", [
      ...wrapped(sheet, headline.cost, { paint: sheet.palette.bold }),
      ...headline.behindCost.flatMap((line) => wrapped(sheet, line)),
    ]),
    ...labelled(sheet, "Type", typeLines(sheet, headline)),
    ...labelled(
      sheet,
      "Change",
      headline.change.flatMap((line) => wrapped(sheet, line)),
    ),
    ...labelled(
      sheet,
      "Limits",
      headline.limits.flatMap((line) => wrapped(sheet, line, { paint: sheet.palette.warn })),
    ),
    ...labelled(sheet, "Declare", declareLines(sheet, headline)),
  ];
}

function titleLines(sheet: Sheet, headline: Headline): readonly string[] {
  const { palette, width } = sheet;
  const { name, type, place, executions, problems } = headline;
  const beside = width - textWidth(executions) - 3;
  const shortName = fitText(terminalText(name), width - textWidth(type) - 2);
  return [
    `${palette.bold(palette.name(shortName))}  ${type}`,
    palette.dim(fitText(`${fitTextEnd(terminalText(place), Math.max(16, beside))} · ${executions}`, width)),
    ...(problems === "" ? [] : [palette.warn(fitText(problems, width))]),
  ];
}

function typeLines(sheet: Sheet, headline: Headline): readonly string[] {
  const { palette } = sheet;
  const { reasons } = headline;
  const verdict: Paint = (text) => palette.bold(headline.changes ? palette.good(text) : text);
  const bullet = palette[reasons.tone]("•");
  return [
    ...wrapped(sheet, headline.verdict, { paint: verdict }),
    ...wrapped(sheet, headline.why, { most: WHY_LINES }),
    ...(reasons.lines.length === 0 ? [] : wrapped(sheet, reasons.title)),
    ...reasons.lines.flatMap((line) =>
      wrapped(sheet, line, { indent: 2 }).map(
        (text, index) => `${index === 0 ? bullet : " "} ${text.slice(2)}`,
      ),
    ),
    ...wrapped(sheet, reasons.more, { paint: palette.dim }),
    ...wrapped(sheet, headline.breakEven),
  ];
}

/** Keys are never cut, because they are there to be copied. */
function declareLines(sheet: Sheet, headline: Headline): readonly string[] {
  if (headline.declare.length === 0) return [];
  const room = roomBeside(sheet);
  const title = `in stepfare.yml, under workflows: ${terminalText(headline.name)}`;
  const rows = headline.declare.map((line) => [line.key, line.figure, line.effect].map(terminalText));
  const columns = ["key", "figure", "effect"].map(() => ({ head: "", align: "left" as const }));
  const inOneLine = layoutColumns({ columns, rows, width: Infinity, indent: 2, paintHead: asIs });
  const fits = inOneLine.every((line) => textWidth(line) <= room);
  return [
    fitText(title, room),
    ...(fits ? inOneLine : headline.declare.flatMap((line) => declareInLines(sheet, line))),
  ];
}

/** Where rows are too wide, first the assumed figure goes (it stands under Assumptions), then the key takes a line of its own. */
function declareInLines(sheet: Sheet, { key, figure, effect }: DeclareLine): readonly string[] {
  const said = terminalText(effect === "" ? figure : effect);
  const short = `  ${terminalText(key)}  ${sheet.palette.dim(said)}`;
  if (textWidth(terminalText(key)) + textWidth(said) + 4 <= roomBeside(sheet)) return [short];
  return [
    ...wrapped(sheet, key, { indent: 2 }),
    ...wrapped(sheet, effect === "" ? figure : `${figure}: ${effect}`, {
      indent: 6,
      paint: sheet.palette.dim,
    }),
  ];
}

/** A label, and its lines beside it. */
function labelled(sheet: Sheet, label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => {
    const lead = index === 0 ? sheet.palette.bold(label.padEnd(LABEL_WIDTH)) : " ".repeat(LABEL_WIDTH);
    return `${lead}${line}`;
  });
}

function roomBeside(sheet: Sheet): number {
  return sheet.width - LABEL_WIDTH;
}

function wrapped(
  sheet: Sheet,
  text: string,
  {
    indent = 0,
    paint = asIs,
    most = TEXT_LINES,
  }: { readonly indent?: number; readonly paint?: Paint; readonly most?: number } = {},
): readonly string[] {
  if (text === "") return [];
  const lines = fewLines(terminalText(text), roomBeside(sheet) - indent, most);
  return lines.map((line) => " ".repeat(indent) + paint(line));
}
