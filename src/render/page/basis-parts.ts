/** The basis parts of a workflow's page: what moves the result, on what it rests, its limits, and its ledger. */
import type { AssumptionReport, LimitReport } from "../../report/analysis-report.ts";
import { assumptionCostWords, figureWords, movedTypeWords, typeWords } from "../analysis-words.ts";
import { ledgerSections } from "../money-sections.ts";
import { quantityWords, shareWords, UNKNOWN } from "../number-words.ts";
import { scenarioSection } from "../scenario-section.ts";
import { limitBars, rangeBars } from "./bars.ts";
import { type Html, html } from "./html.ts";
import { badge, type PagePart, subHeading } from "./page-parts.ts";
import { sectionTable, tableMarkup } from "./page-table.ts";
import type { PartContext } from "./part-context.ts";

/** A page has room for all. */
const EVERYTHING = { verbose: true, top: 1000 } as const;
/** Bars beyond these are too small to tell apart. */
const MOVERS = 10;

export function assumptionPart({ workflow, scale, level, id }: PartContext): PagePart | null {
  const { assumptions, type: recommended } = workflow.recommendation;
  // A split is reckoned from the Standard workflow's assumptions.
  const type = recommended === "SPLIT" ? "STANDARD" : recommended;
  if (assumptions.length === 0) return null;
  const movers = assumptions
    .filter(
      ({ spread, costAtLow, costAtHigh }) => (spread ?? 0) > 0 && costAtLow !== null && costAtHigh !== null,
    )
    .slice(0, MOVERS);
  const hasRange = assumptions.some(({ figure }) => figure.low !== figure.high);
  const likely = (workflow.estimates[type]?.costPerExecution ?? 0) * 1e6;
  return {
    id: id("assumptions"),
    title: "What moves the result",
    aside: `cost${movedTypeWords(workflow)} ${scale.per} with one figure at its low and its high end, the strongest first`,
    body: html`${
      movers.length === 0
        ? html`<p>
            ${hasRange ? `No range moves the cost as ${typeWords(type)}.` : "No figure has a range: nothing moves the result."}
          </p>`
        : rangeBars(
            movers.map((each) =>
              moverRow(each, likely, scale.currency === "" ? UNKNOWN : assumptionCostWords(each, scale)),
            ),
            "Sensitivity",
          )
    }
    ${subHeading(level, "Every assumption with its basis")}
    ${tableMarkup({
      caption: "Every assumption with its basis",
      isStacked: true,
      columns: [
        { head: "assumed", align: "left" },
        { head: "figure", align: "right" },
        { head: "basis", align: "left" },
        { head: "key in stepfare.yml", align: "left" },
        { head: "source", align: "left" },
      ],
      rows: assumptions.map((each) => ({
        cells: [
          { body: each.text },
          { body: figureWords(each), value: each.figure.value },
          { body: badge(each.figure.basis, each.figure.basis) },
          {
            body: html`<code
              >${each.key.split(".").map((part, index) => html`${index > 0 && html`.<wbr />`}${part}`)}</code
            >`,
          },
          { body: each.figure.note ?? "" },
        ],
      })),
    })}`,
  };
}

function moverRow(assumption: AssumptionReport, likely: number, words: string) {
  const [one, other] = [assumption.costAtLow ?? 0, assumption.costAtHigh ?? 0];
  return {
    label: html`${assumption.text} <small>${figureWords(assumption)}</small>`,
    low: Math.min(one, other, likely),
    likely,
    high: Math.max(one, other, likely),
    words,
    tone: "mover",
  };
}

export function limitPart({ workflow, id }: PartContext): PagePart | null {
  return limitsPart(workflow.limits, id("limits"));
}

function limitsPart(limits: readonly LimitReport[], id: string): PagePart | null {
  if (limits.length === 0) return null;
  return {
    id,
    title: "Limits",
    aside:
      "per execution: the bar is the 99th percentile, the tick the worst case, the end of the track the limit",
    body: limitBars(
      limits.map((limit) => ({ ...limit, label: labelOf(limit), words: limitWords(limit) })),
      "Limits",
    ),
  };
}

function labelOf({ code, limit }: LimitReport): Html {
  const name = code.replaceAll("-", " ").replace(/^./, (letter) => letter.toUpperCase());
  return html`${name} <small>at most ${quantityWords(limit)}</small>`;
}

function limitWords({ mean, p99, worst, limit, text }: LimitReport): Html {
  const used = p99 ?? mean;
  const share = used === null ? "" : `${shareWords(used / limit)} used`;
  const most = worst === null ? "worst without bound" : `worst ${quantityWords(worst)}`;
  return html`<b>${share}</b>
    ${mean !== null && html`mean ${quantityWords(mean)}, `}${p99 !== null && html`p99 ${quantityWords(p99)}, `}${most}<br />${text}`;
}

export function scenarioPart({ workflow, scale, id }: PartContext): PagePart | null {
  if (workflow.scenarios.length === 0) return null;
  const section = scenarioSection(workflow, scale, EVERYTHING);
  return { id: id("scenarios"), title: "Scenarios", aside: section.aside, body: sectionTable(section) };
}

export function ledgerPart({ workflow, scale, id }: PartContext): PagePart | null {
  const sections = ledgerSections(workflow, scale, EVERYTHING).filter(({ rows }) => rows.length > 0);
  if (sections.length === 0) return null;
  return {
    id: id("ledger"),
    title: "Ledger",
    aside: "every line item that the totals are made of",
    body: sections.map(
      (section, index) =>
        html`<details${index === 0 && section.rows.length < 25 && html` open`}><summary>${section.title} <small>${section.aside}, ${quantityWords(section.rows.length)} lines</small></summary>${sectionTable(section)}</details>`,
    ),
  };
}
