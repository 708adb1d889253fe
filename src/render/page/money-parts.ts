/** The money parts of a workflow's page: its types side by side, and where the cheaper one changes. */
import type { Estimate } from "../../report/analysis-report.ts";
import type { CostCurves } from "../../report/workflow-pictures.ts";
import { monthlyRangeWords, scaledRangeWords, shownEstimates, typeWords } from "../analysis-words.ts";
import { typesSection } from "../money-sections.ts";
import { durationWords, moneyWords, quantityWords, rangeWords, UNKNOWN } from "../number-words.ts";
import { rangeBars, type RangeRow } from "./bars.ts";
import { type Html, html } from "./html.ts";
import { compactMoney, compactWords } from "./compact-words.ts";
import { type ChartMark, drawLineChart } from "./line-chart.ts";
import { badge, exactSpan, type PagePart, subHeading } from "./page-parts.ts";
import { sectionTable, tableMarkup } from "./page-table.ts";
import type { PartContext } from "./part-context.ts";

const TONES: Readonly<Record<Estimate["type"], string>> = {
  STANDARD: "standard",
  EXPRESS: "express",
  SPLIT: "split",
};

export function typesPart(context: PartContext): PagePart {
  const { workflow, scale, id } = context;
  const estimates = shownEstimates(workflow);
  const isMonthly = estimates.every(({ monthlyCost }) => monthlyCost !== null);
  return {
    id: id("types"),
    title: "Types side by side",
    aside: isMonthly ? "a month, after the free tier" : scale.perExecutions,
    body: html`<div class="types">${estimates.map((estimate) => typeCard(estimate, context, isMonthly))}</div>
      ${rangeBars(
        estimates.flatMap((estimate) => rangeRow(estimate, context, isMonthly)),
        "Ranges of cost by type",
      )}
      <details>
        <summary>All figures of the types</summary>
        ${sectionTable(typesSection(workflow, scale))}
      </details>`,
  };
}

function typeCard(estimate: Estimate, { workflow, scale, level }: PartContext, isMonthly: boolean): Html {
  const { type } = estimate;
  const isBlocked = type === "EXPRESS" && !workflow.eligibility.EXPRESS.eligible;
  const main = isMonthly
    ? exactSpan(moneyWords(estimate.monthlyCost, scale.currency), estimate.monthlyCost)
    : exactSpan(
        scale.words(estimate.costPerExecution),
        estimate.costPerExecution === null ? null : estimate.costPerExecution * scale.executions,
      );
  const range = isMonthly ? monthlyRangeWords(estimate, scale.currency) : scaledRangeWords(estimate, scale);
  return html`<div class="card ${TONES[type]}${isBlocked && html` blocked`}" data-type="${type}">
    ${subHeading(level, typeWords(type))}
    <p class="badges">
      ${type === workflow.type && badge("declared")}${type === workflow.recommendation.type && badge("recommended", "good")}${isBlocked && badge("not allowed", "bad")}
    </p>
    <p class="price">${main}</p>
    <p class="more">
      ${range === UNKNOWN ? "range unknown" : range === moneyWords(estimate.monthlyCost, scale.currency) ? "no range" : range}${isMonthly && html`<br />${scale.words(estimate.costPerExecution)} ${scale.per}`}
    </p>
  </div>`;
}

function rangeRow(
  estimate: Estimate,
  { workflow, scale }: PartContext,
  isMonthly: boolean,
): readonly RangeRow[] {
  const [low, likely, high] = isMonthly
    ? [estimate.low, estimate.monthlyCost, estimate.high]
    : [estimate.lowPerExecution, estimate.costPerExecution, estimate.highPerExecution];
  if (low === null || likely === null || high === null) return [];
  const words = (value: number): string =>
    isMonthly ? moneyWords(value, scale.currency) : scale.words(value);
  const isBlocked = estimate.type === "EXPRESS" && !workflow.eligibility.EXPRESS.eligible;
  return [
    {
      label: `${typeWords(estimate.type)}${isBlocked ? ", were it allowed" : ""}`,
      low,
      likely,
      high,
      words: rangeWords(words(low), words(high)),
      tone: TONES[estimate.type],
    },
  ];
}

export function breakEvenPart(context: PartContext): PagePart | null {
  const { workflow, id } = context;
  const { pictures } = workflow;
  if (pictures === undefined) return null;
  const charts = (["executionsPerMonth", "durationSeconds", "memoryMB"] as const).flatMap((over) =>
    curveFigure(over, pictures.curves[over], context),
  );
  if (charts.length === 0) return null;
  const isBlocked = !workflow.eligibility.EXPRESS.eligible;
  return {
    id: id("break-even"),
    title: "Break-even",
    aside: isBlocked
      ? "Express as if it were allowed"
      : "where the cheaper type changes, all else equal, logs included, this workflow alone in its account",
    body: html`<div class="charts">${charts}</div>`,
  };
}

type Over = keyof CostCurves;

interface Axis {
  readonly title: string;
  readonly xLabel: string;
  /** What the other axis is per. */
  readonly cost: string;
  readonly words: (at: number) => string;
  /** The same where there is little room. */
  readonly tick: (at: number) => string;
}

const OVER: Readonly<Record<Over, Axis>> = {
  executionsPerMonth: {
    title: "Cost over executions",
    xLabel: "executions a month",
    cost: "a month",
    words: compactWords,
    tick: compactWords,
  },
  durationSeconds: {
    title: "Cost over duration",
    xLabel: "seconds of an execution",
    cost: "per million executions",
    words: (at) => durationWords(at * 1000),
    tick: quantityWords,
  },
  memoryMB: {
    title: "Cost over memory",
    xLabel: "MB billed by Express",
    cost: "per million executions",
    words: (at) => `${quantityWords(Math.round(at))} MB`,
    tick: quantityWords,
  },
};

const MARK_WORDS = { decade: "", here: "you are at", even: "even at" } as const;

function curveFigure(over: Over, points: CostCurves[Over], context: PartContext): readonly Html[] {
  const { workflow, report } = context;
  const { title, xLabel, cost, words, tick } = OVER[over];
  const isLog = over === "executionsPerMonth";
  const lines = (["STANDARD", "EXPRESS"] as const).map((type) => ({
    name: typeWords(type),
    tone: TONES[type],
    points: points.flatMap((point) => {
      const value = point[type];
      return value === null ? [] : [[point.at, value] as const];
    }),
  }));
  if (lines.every((each) => each.points.length < 2)) return [];
  const marks = marksOf(over, context, [points[0]!.at, points.at(-1)!.at]);
  const told = [title, ...marks.map((mark) => mark.words)].join("; ");
  const shown = points.flatMap((point) => {
    const mark = "mark" in point ? point.mark : "decade";
    return mark === null ? [] : [{ ...point, mark }];
  });
  return [
    html`<figure>
      <figcaption>${title} <small>${cost}</small></figcaption>
      ${drawLineChart({
        title: told,
        lines,
        marks,
        isLog,
        xLabel,
        xWords: tick,
        yWords: (value) => compactMoney(value, report.currency),
      })}
      <details>
        <summary>Numbers behind it</summary>
        ${tableMarkup({
          caption: `${title}, ${cost}`,
          columns: [
            { head: xLabel, align: "right" },
            { head: "Standard", align: "right" },
            { head: "Express", align: "right" },
          ],
          rows: shown.map(({ at, STANDARD, EXPRESS, mark }) => ({
            cells: [
              {
                body: html`<small>${MARK_WORDS[mark]}</small> ${isLog ? quantityWords(at) : words(at)}`,
                value: at,
              },
              { body: moneyWords(STANDARD, report.currency), value: STANDARD },
              { body: moneyWords(EXPRESS, report.currency), value: EXPRESS },
            ],
          })),
        })}
      </details>
      ${workflow.estimates.STANDARD.costPerExecution === null && html`<p class="more">Standard's price is not known here.</p>`}
    </figure>`,
  ];
}

/** Where the workflow stands, and where the types cost the same. */
function marksOf(
  over: Over,
  { workflow }: PartContext,
  [low, high]: readonly [number, number],
): readonly ChartMark[] {
  const { estimates, executionsPerMonth, pictures } = workflow;
  const here = {
    executionsPerMonth: executionsPerMonth?.value ?? null,
    durationSeconds: estimates.EXPRESS.billedDurationMs / 1000,
    memoryMB: estimates.EXPRESS.billedMemoryMB,
  }[over];
  const crossing = pictures?.crossings[over] ?? null;
  const words = OVER[over].words;
  const mark = (at: number | null, tone: ChartMark["tone"], what: string): readonly ChartMark[] =>
    at === null || at < low || at > high ? [] : [{ at, tone, words: `${what} ${words(at)}` }];
  return [...mark(here, "here", MARK_WORDS.here), ...mark(crossing, "crossing", MARK_WORDS.even)];
}
