/** The capacity page is a capacity report as one file to look at: what breaks first, how long Maps take, what retries do. */
import type { CapacityReport } from "../../report/capacity-report.ts";
import { capacityNotes, capacitySections } from "../capacity-sections.ts";
import { durationWords, quantityWords, shareWords } from "../number-words.ts";
import { typeWords } from "../analysis-words.ts";
import { placeWords } from "../diagnostic-text.ts";
import type { ReportSection } from "../report-section.ts";
import { limitBars, type LimitRow, rangeBars } from "./bars.ts";
import { drawColumnChart } from "./column-chart.ts";
import { diagnosticsMarkup } from "./diagnostic-parts.ts";
import { type Html, NO_HTML, html } from "./html.ts";
import { pageDocument } from "./page-document.ts";
import { frameMarkup, partId } from "./page-frame.ts";
import { type Fact, badge, factsMarkup, type PagePart } from "./page-parts.ts";
import { sectionTable, tableMarkup } from "./page-table.ts";

const EVERYTHING = { verbose: true, top: 1000 } as const;

export function renderCapacityPage(report: CapacityReport, scripts: readonly string[]): string {
  const sections = capacitySections(report, EVERYTHING);
  const body = frameMarkup({
    heading: `${report.name}: capacity`,
    where: `${typeWords(report.type)} · ${placeWords(report.at)} · ${report.region}`,
    lead: leadMarkup(report),
    parts: sections.map((section, index) => partOf(section, index, report)),
    end: diagnosticsMarkup(report.diagnostics, 2),
    notes: capacityNotes(report),
  });
  return pageDocument({
    title: `${report.name}: capacity – stepfare`,
    body,
    data: { kind: "capacity" },
    scripts,
  });
}

interface Used {
  readonly code: string;
  readonly share: number;
}

/** Limits and quotas by how much of them is used, the fullest first. */
function usedShares({ limits, load }: CapacityReport): readonly Used[] {
  const quotas = (load?.quotas ?? []).map(({ code, mean, peak, limit }) => ({
    code,
    share: (peak ?? mean) / limit,
  }));
  const own = limits.flatMap(({ code, p99, mean, limit }) => {
    const used = p99 ?? mean;
    return used === null ? [] : [{ code, share: used / limit }];
  });
  return [...quotas, ...own].sort((one, other) => other.share - one.share);
}

function leadMarkup(report: CapacityReport): Html {
  const { verdict } = report;
  const [fullest] = usedShares(report);
  const over = usedShares(report).filter(({ share }) => share > 1);
  const sentence =
    fullest === undefined
      ? "No limit is known to be near."
      : over.length > 0
        ? `${over.map(({ code }) => code).join(", ")} ${over.length === 1 ? "is" : "are"} exceeded.`
        : `Nothing breaks: ${fullest.code} is the nearest limit, ${shareWords(fullest.share)} used.`;
  return html`<div class="verdict ${verdict.passed && over.length === 0 ? "changes" : "keeps"}">
      <p class="sentence">${sentence} ${verdict.passed ? NO_HTML : badge("✕ a gate failed", "bad")}</p>
      ${verdict.reasons.map((reason) => html`<p class="warn"><span aria-hidden="true">▲</span> ${reason}</p>`)}
    </div>
    ${factsMarkup(factsOf(report))}`;
}

function factsOf({ rates, maps, storms, load }: CapacityReport): readonly Fact[] {
  const [map] = maps;
  const worst = storms
    .flatMap(({ variants }) => variants.slice(0, 1))
    .sort((a, b) => b.peakPerSecond - a.peakPerSecond)[0];
  const breaks = (load?.quotas ?? []).flatMap(({ breaksAt, code }) =>
    breaksAt === null ? [] : [{ breaksAt, code }],
  );
  const [first] = breaks.sort((a, b) => a.breaksAt - b.breaksAt);
  return [
    rates === null
      ? { label: "Start rate", words: "unknown" }
      : {
          label: "Executions a second",
          words: quantityWords(rates.mean),
          exact: rates.mean,
          note: rates.peak === null ? "no peak is known" : `${quantityWords(rates.peak)} at the peak`,
        },
    ...(first === undefined
      ? []
      : [
          {
            label: "Headroom: breaks at",
            words: `${quantityWords(first.breaksAt)}/s`,
            exact: first.breaksAt,
            note: first.code,
          },
        ]),
    ...(map === undefined
      ? []
      : [
          {
            label: `${map.state} takes`,
            words: durationWords(map.asWritten.makespan.meanMs),
            exact: map.asWritten.makespan.meanMs,
            note: `${quantityWords(map.items)} items as written`,
          },
        ]),
    ...(worst === undefined
      ? []
      : [
          {
            label: "Busiest second of retries",
            words: quantityWords(worst.peakPerSecond),
            exact: worst.peakPerSecond,
            note: `over after ${durationWords(worst.drainedMs)}`,
          },
        ]),
  ];
}

/** Each section's table, and above it the same as bars or columns where that says more. */
function partOf(section: ReportSection, index: number, report: CapacityReport): PagePart {
  const { title, aside, columns, rows } = section;
  const isStorm = report.storms.some(({ state }) => title === `Retry storm of ${state}`);
  // Its last column is the same drawn in letters.
  const table = isStorm
    ? { ...section, columns: columns.slice(0, -1), rows: rows.map((row) => row.slice(0, -1)) }
    : section;
  return {
    id: partId(title, index),
    title,
    aside,
    body: html`${pictureOf(title, report)} ${sectionTable(table)}`,
  };
}

function pictureOf(title: string, report: CapacityReport): Html {
  if (title === "Limits") return limitBars(report.limits.map(limitRow), title);
  if (title === "Load")
    return limitBars(
      (report.load?.quotas ?? []).map(({ code, mean, peak, limit }) =>
        limitRow({ code, mean, p99: peak ?? mean, worst: peak ?? mean, limit }),
      ),
      title,
    );
  const map = report.maps.find(({ state }) => title === `Distributed Map ${state}`);
  if (map !== undefined) return settingBars(map, report.windowMs);
  const storm = report.storms.find(({ state }) => title === `Retry storm of ${state}`);
  return storm === undefined ? NO_HTML : stormCharts(storm);
}

function limitRow(
  row: Pick<CapacityReport["limits"][number], "code" | "mean" | "p99" | "worst" | "limit">,
): LimitRow {
  const used = row.p99 ?? row.mean;
  return {
    ...row,
    label: html`${row.code} <small>at most ${quantityWords(row.limit)}</small>`,
    words: html`<b>${used === null ? "unknown" : `${shareWords(used / row.limit)} used`}</b>`,
  };
}

function settingBars(
  { asWritten, proposed, frontier }: CapacityReport["maps"][number],
  windowMs: number | null,
): Html {
  const settings = [
    { label: "as written", setting: asWritten },
    ...(proposed === null ? [] : [{ label: "proposed", setting: proposed }]),
    ...frontier
      .slice(0, 6)
      .map((setting, index) => ({ label: index === 0 ? "fastest" : "slower, cheaper", setting })),
  ];
  const window = windowMs === null ? "" : `; the window is ${durationWords(windowMs)}`;
  return html`${rangeBars(
      settings.map(({ label, setting }) => ({
        label: `${label}: batch ${quantityWords(setting.batch)}, ${quantityWords(setting.maxConcurrency)} at once`,
        low: setting.makespan.meanMs,
        likely: setting.makespan.meanMs,
        high: Math.max(setting.makespan.meanMs, setting.makespan.p99Ms),
        words: durationWords(setting.makespan.meanMs),
        tone: label === "proposed" ? "express" : "standard",
      })),
      "How long each setting takes",
    )}
    <p class="more">The dot is the mean time, the bar reaches to the 99th percentile${window}.</p>`;
}

function stormCharts({ variants, state }: CapacityReport["storms"][number]): Html {
  return html`<div class="charts">
    ${variants.map(
      ({ what, columns, columnSeconds, peakPerSecond }) =>
        html`<figure>
          <figcaption>
            ${what}
            <small>retries in the busiest second of each ${durationWords(columnSeconds * 1000)}</small>
          </figcaption>
          ${drawColumnChart({
            title: `Retries of ${state} ${what}, at most ${quantityWords(peakPerSecond)} a second`,
            columns: columns.map((value, index) => ({
              label: durationWords(index * columnSeconds * 1000),
              value,
            })),
            words: quantityWords,
          })}
          <details>
            <summary>Numbers behind it</summary>
            ${tableMarkup({
              caption: `Retries of ${state} ${what}`,
              columns: [
                { head: "after", align: "right" },
                { head: "retries a second", align: "right" },
              ],
              rows: columns.map((value, index) => ({
                cells: [
                  { body: durationWords(index * columnSeconds * 1000) },
                  { body: quantityWords(value), value },
                ],
              })),
            })}
          </details>
        </figure>`,
    )}
  </div>`;
}
