/** The break-even section is what a month costs as either type, by executions, drawn in plain letters along powers of ten. */
import type { WorkflowReport } from "../report/analysis-report.ts";
import type { CostCurves } from "../report/workflow-pictures.ts";
import { moneyWords, quantityWords } from "./number-words.ts";
import type { ReportSection } from "./report-section.ts";

/** Cells that a drawing may take, so that it stands beside its numbers on 80 columns. */
const CELLS = 32;

const MARK_WORDS = { decade: "", here: "you", even: "even" } as const;

interface Point {
  readonly mark: keyof typeof MARK_WORDS;
  readonly at: number;
  readonly STANDARD: number;
  readonly EXPRESS: number;
}

/** Without rows where nothing is to be chosen: AWS refuses Express, or a price is not known. */
export function breakEvenSection({ pictures, eligibility }: WorkflowReport, currency: string): ReportSection {
  const points = eligibility.EXPRESS.eligible
    ? (pictures?.curves.executionsPerMonth ?? []).flatMap(knownPoint)
    : [];
  const track = trackOf(points);
  return {
    title: "Break-even",
    aside:
      "what a month costs by its executions, logs included, alone in its account: S as Standard, E as Express, = both",
    columns: [
      { head: "", align: "left" },
      { head: "executions", align: "right" },
      { head: "Standard", align: "right" },
      { head: "Express", align: "right" },
      {
        head: [track.low, track.high].map((amount) => moneyWords(amount, currency)).join(" to "),
        align: "left",
        drawing: true,
      },
    ],
    rows: points.map((point) => [
      MARK_WORDS[point.mark],
      quantityWords(point.at),
      moneyWords(point.STANDARD, currency),
      moneyWords(point.EXPRESS, currency),
      drawPoint(point, track),
    ]),
    more: null,
  };
}

function knownPoint({
  mark,
  at,
  STANDARD,
  EXPRESS,
}: CostCurves["executionsPerMonth"][number]): readonly Point[] {
  return mark === null || STANDARD === null || EXPRESS === null ? [] : [{ mark, at, STANDARD, EXPRESS }];
}

interface Track {
  readonly low: number;
  readonly high: number;
  readonly cellsPerDecade: number;
}

/** From one power of ten to another. */
function trackOf(points: readonly Point[]): Track {
  const logs = points
    .flatMap(({ STANDARD, EXPRESS }) => [STANDARD, EXPRESS])
    .filter((cost) => cost > 0)
    .map(Math.log10);
  const first = Math.floor(Math.min(0, ...logs));
  const last = Math.max(first + 1, Math.ceil(Math.max(...logs, first)));
  return {
    low: 10 ** first,
    high: 10 ** last,
    cellsPerDecade: Math.max(1, Math.floor((CELLS - 1) / (last - first))),
  };
}

/** A point for each power of ten, and what costs nothing at the left end. */
function drawPoint({ STANDARD, EXPRESS }: Point, track: Track): string {
  const { low, high, cellsPerDecade } = track;
  const cellOf = (cost: number): number =>
    Math.round(cellsPerDecade * Math.max(0, Math.log10(Math.max(cost, low) / low)));
  const [standard, express] = [cellOf(STANDARD), cellOf(EXPRESS)];
  return Array.from({ length: cellOf(high) + 1 }, (_, cell) => {
    if (cell === standard) return standard === express ? "=" : "S";
    if (cell === express) return "E";
    const isBetween = cell > Math.min(standard, express) && cell < Math.max(standard, express);
    return isBetween ? "-" : cell % cellsPerDecade === 0 ? "." : " ";
  }).join("");
}
