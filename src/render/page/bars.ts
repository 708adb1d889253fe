/** Bars are numbers on a common scale, a row each: a range with its likely value, or a value against its limit. */
import { scaleLinear, scaleLog } from "d3-scale";
import { type Html, html, type Part } from "./html.ts";
import { percent } from "./page-parts.ts";

export interface RangeRow {
  readonly label: Part;
  readonly low: number;
  readonly likely: number;
  readonly high: number;
  readonly words: Part;
  readonly tone: string;
}

/** Past this ratio small ranges would vanish beside large ones: powers of ten are shown then. */
const EVEN_RATIO = 40;

/** All rows on one scale; words say which. */
export function rangeBars(rows: readonly RangeRow[], title: string): Html {
  const ends = rows.flatMap(({ low, likely, high }) => [low, likely, high]).filter((value) => value > 0);
  if (ends.length === 0) return html``;
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const isLog = most / least > EVEN_RATIO;
  const at = isLog
    ? scaleLog()
        .domain([least * 0.8, most * 1.25])
        .range([0, 1])
        .clamp(true)
    : scaleLinear()
        .domain([0, most * 1.05])
        .range([0, 1])
        .clamp(true);
  return html`<div class="bars" role="group" aria-label="${title}">
    ${rows.map(({ label, low, likely, high, words, tone }) => {
      const from = low > 0 || !isLog ? at(Math.max(low, isLog ? least : 0)) : 0;
      return html`<div class="bars-row">
        <span class="bars-label">${label}</span>
        <svg class="track ${tone}" width="100%" height="18" aria-hidden="true">
          <line x1="0" x2="100%" y1="9" y2="9" />
          <rect x="${percent(from)}" width="${percent(at(high) - from)}" y="5" height="8" rx="4" />
          <circle cx="${percent(at(likely))}" cy="9" r="5.5" />
        </svg>
        <span class="bars-words">${words}</span>
      </div>`;
    })}${isLog && html`<p class="more">Drawn by powers of ten.</p>`}
  </div>`;
}

export interface LimitRow {
  readonly label: Part;
  readonly limit: number;
  readonly mean: number | null;
  readonly p99: number | null;
  /** Null = without bound. */
  readonly worst: number | null;
  readonly words: Part;
}

/** Each against its own limit, which is the bar's end. */
export function limitBars(rows: readonly LimitRow[], title: string): Html {
  return html`<div class="bars" role="group" aria-label="${title}">
    ${rows.map(({ label, limit, mean, p99, worst, words }) => {
      const most = Math.max(mean ?? 0, p99 ?? 0);
      const tone = most > limit ? "over" : worst === null || worst > limit ? "near" : "fine";
      return html`<div class="bars-row wide">
        <span class="bars-label">${label}</span>
        <svg class="track ${tone}" width="100%" height="18" aria-hidden="true">
          <line x1="0" x2="100%" y1="9" y2="9" />
          <rect x="0" width="${percent((p99 ?? mean ?? 0) / limit)}" y="5" height="8" rx="2" />
          ${worst !== null && html`<line class="tick" x1="${percent(worst / limit)}" x2="${percent(worst / limit)}" y1="2" y2="16" />`}
          <line class="end" x1="100%" x2="100%" y1="1" y2="17" />
        </svg>
        <span class="bars-words">${words}</span>
      </div>`;
    })}
  </div>`;
}

export interface ChangeRow {
  readonly label: Part;
  /** Null = not known. */
  readonly change: number | null;
  readonly words: Part;
}

/** Each a bar from the middle: to the right what is more, to the left what is less. */
export function changeBars(rows: readonly ChangeRow[], title: string, after: Part = ""): Html {
  const most = Math.max(...rows.map(({ change }) => Math.abs(change ?? 0)), Number.MIN_VALUE);
  return html`<div class="bars" role="group" aria-label="${title}">
    ${rows.map(({ label, change, words }) => {
      const length = Math.abs(change ?? 0) / most / 2;
      const rises = (change ?? 0) > 0;
      return html`<div class="bars-row because">
        <span class="bars-label">${label}</span>
        <svg class="track ${rises ? "over" : "fine"}" width="100%" height="18" aria-hidden="true">
          <line x1="0" x2="100%" y1="9" y2="9" />
          <rect x="${percent(rises ? 0.5 : 0.5 - length)}" width="${percent(length)}" y="4" height="10" />
          <line class="end" x1="50%" x2="50%" y1="1" y2="17" />
        </svg>
        <span class="bars-words">${words}</span>
      </div>`;
    })}
    ${after}
  </div>`;
}
