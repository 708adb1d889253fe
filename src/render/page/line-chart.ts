/** A line chart is costs over one quantity as SVG: a line per type named at its end, and a mark where one stands. */
import { scaleLinear, scaleLog } from "d3-scale";
import { line } from "d3-shape";
import { type Html, html } from "./html.ts";

export interface LineChart {
  /** What it shows, for who cannot see it. */
  readonly title: string;
  readonly lines: readonly ChartLine[];
  /** Vertical marks, each with its words. */
  readonly marks: readonly ChartMark[];
  /** Over powers of ten, or evenly. */
  readonly isLog: boolean;
  readonly xLabel: string;
  readonly xWords: (at: number) => string;
  readonly yWords: (value: number) => string;
}

export interface ChartLine {
  readonly name: string;
  /** Class of its colour and dashes. */
  readonly tone: string;
  /** Ascending. */
  readonly points: readonly (readonly [at: number, value: number])[];
}

export interface ChartMark {
  readonly at: number;
  readonly words: string;
  readonly tone: "here" | "crossing";
}

/** The least value that is shown beside the largest. */
const DEPTH = 1e-6;
const WIDTH = 330;
const HEIGHT = 220;
const PLOT = { left: 58, right: 12, top: 34, bottom: 40 };

export function drawLineChart(chart: LineChart): Html {
  const points = chart.lines.flatMap((each) => each.points);
  const [low, high] = [Math.min(...points.map(([at]) => at)), Math.max(...points.map(([at]) => at))];
  const range: [number, number] = [PLOT.left, WIDTH - PLOT.right];
  const x = chart.isLog
    ? scaleLog()
        .domain([Math.max(low, 1e-12), high])
        .range(range)
    : scaleLinear().domain([low, high]).range(range);
  const y = verticalScale(
    points.map(([, value]) => value),
    chart.isLog,
  );
  const draw = line<readonly [number, number]>()
    .x(([at]) => round(x(at)))
    .y(([, value]) => round(y(value)));
  const base = HEIGHT - PLOT.bottom;
  const xTicks = chart.isLog ? decades(low, high) : x.ticks(4);
  const yTicks = chart.isLog ? decades(...(y.domain() as [number, number])) : y.ticks(4);
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${chart.title}">
    ${yTicks.map(
      (value) =>
        html`<line
            class="grid"
            x1="${PLOT.left}"
            x2="${WIDTH - PLOT.right}"
            y1="${round(y(value))}"
            y2="${round(y(value))}"
          /><text class="tick" x="${PLOT.left - 6}" y="${round(y(value)) + 4}" text-anchor="end"
            >${chart.yWords(value)}</text
          >`,
    )}
    ${xTicks.map(
      (at) =>
        html`<text class="tick" x="${round(x(at))}" y="${base + 16}" text-anchor="middle"
          >${chart.xWords(at)}</text
        >`,
    )}
    <line class="axis" x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${base}" y2="${base}" />
    <text class="tick" x="${WIDTH - PLOT.right}" y="${HEIGHT - 6}" text-anchor="end">${chart.xLabel}</text>
    ${chart.lines.map(({ tone, points: own }) => html`<path class="line ${tone}" d="${draw(own) ?? ""}" />`)}
    ${chart.marks.map((mark) => markMarkup(mark, round(x(mark.at)), base))} ${legendMarkup(chart.lines)}
  </svg>`;
}

/** From nought, unless powers of ten are shown: those have none. */
function verticalScale(values: readonly number[], isLog: boolean) {
  const range: [number, number] = [HEIGHT - PLOT.bottom, PLOT.top];
  const most = Math.max(...values, 1e-12);
  if (!isLog)
    return scaleLinear()
      .domain([0, most * 1.05])
      .nice(4)
      .range(range);
  // Further down nothing could be told apart any more; what is nought lies on the floor.
  const least = Math.max(Math.min(...values.filter((value) => value > 0), most), most * DEPTH);
  const floor = 10 ** Math.floor(Math.log10(least));
  return scaleLog()
    .domain([floor, 10 ** Math.ceil(Math.log10(Math.max(most, floor * 10)))])
    .range(range)
    .clamp(true);
}

/** Powers of ten, at most five of them. */
function decades(low: number, high: number): readonly number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first) / 4));
  const count = Math.floor((last - first) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => 10 ** (first + index * step));
}

/** Words stand on the side where there is room. */
function markMarkup({ words, tone }: ChartMark, x: number, base: number): Html {
  const isRight = x > WIDTH / 2;
  const height = tone === "here" ? PLOT.top + 10 : PLOT.top + 24;
  return html`<g class="mark ${tone}"
    ><line x1="${x}" x2="${x}" y1="${PLOT.top}" y2="${base}" /><text
      x="${x + (isRight ? -5 : 5)}"
      y="${height}"
      text-anchor="${isRight ? "end" : "start"}"
      >${words}</text
    ></g
  >`;
}

/** Each line with a piece of itself, dashes and all. */
function legendMarkup(lines: readonly ChartLine[]): Html {
  const width = (WIDTH - PLOT.left - PLOT.right) / Math.max(3, lines.length);
  return html`${lines.map(({ name, tone }, index) => {
    const x = PLOT.left + index * width;
    return html`<path class="line ${tone}" d="M${round(x)},14 h22" /><text
        class="legend"
        x="${round(x + 28)}"
        y="18"
        >${name}</text
      >`;
  })}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
