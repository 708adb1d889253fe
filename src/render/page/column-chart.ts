/** A column chart is values in their order as SVG: a column each, the last one or the highest told in words. */
import { scaleLinear } from "d3-scale";
import { type Html, html } from "./html.ts";
import { exactWords } from "./page-table.ts";

export interface ColumnChart {
  /** What it shows, for who cannot see it. */
  readonly title: string;
  readonly columns: readonly ChartColumn[];
  readonly words: (value: number) => string;
  /** Of the level that must not be passed; null = none. */
  readonly limit?: { readonly value: number; readonly words: string } | null;
}

export interface ChartColumn {
  readonly label: string;
  /** Null = not known. */
  readonly value: number | null;
}

const HEIGHT = 190;
const PLOT = { left: 58, right: 10, top: 16, bottom: 26 };
const WIDTH = 440;
/** Labels that fit below. */
const LABELS = 8;

export function drawColumnChart({ title, columns, words, limit = null }: ColumnChart): Html {
  const most = Math.max(...columns.map(({ value }) => value ?? 0), limit?.value ?? 0, 1e-12);
  const y = scaleLinear()
    .domain([0, most])
    .nice(4)
    .range([HEIGHT - PLOT.bottom, PLOT.top]);
  const each = (WIDTH - PLOT.left - PLOT.right) / Math.max(1, columns.length);
  const wide = Math.max(0.5, Math.min(56, each * 0.72));
  const every = Math.ceil(columns.length / LABELS);
  const base = HEIGHT - PLOT.bottom;
  return html`<svg class="chart wide" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
    ${y
      .ticks(4)
      .map(
        (value) =>
          html`<line
              class="grid"
              x1="${PLOT.left}"
              x2="${WIDTH - PLOT.right}"
              y1="${round(y(value))}"
              y2="${round(y(value))}"
            />
            <text class="tick" x="${PLOT.left - 6}" y="${round(y(value)) + 4}" text-anchor="end"
              >${words(value)}</text
            >`,
      )}
    ${columns.map(({ label, value }, index) => {
      const x = PLOT.left + each * index + (each - wide) / 2;
      const top = y(value ?? 0);
      return html`<rect
          class="area"
          x="${round(x)}"
          y="${round(top)}"
          width="${round(wide)}"
          height="${round(base - top)}"
          ><title>
            ${label}: ${value === null ? "unknown" : `${words(value)} (${exactWords(value)})`}
          </title></rect
        >
        ${index % every === 0 && html`<text class="tick" x="${round(x + wide / 2)}" y="${base + 16}" text-anchor="middle">${label}</text>`}`;
    })}
    <line class="axis" x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${base}" y2="${base}" />
    ${
      limit !== null &&
      html`<g class="mark crossing">
        <line
          x1="${PLOT.left}"
          x2="${WIDTH - PLOT.right}"
          y1="${round(y(limit.value))}"
          y2="${round(y(limit.value))}"
        />
        <text x="${WIDTH - PLOT.right}" y="${round(y(limit.value)) - 4}" text-anchor="end"
          >${limit.words}</text
        >
      </g>`
    }
  </svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
