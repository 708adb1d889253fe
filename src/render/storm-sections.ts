/** The storm sections are the retry storms of a capacity report, those of Tasks that retry alike told once. */
import type { CapacityReport } from "../report/capacity-report.ts";
import { BENEATH, leftColumn, rightColumn } from "./capacity-columns.ts";
import { type ListOptions, cutList } from "./list-cut.ts";
import { countedWords, durationWords, moneyWords, quantityWords, shareWords } from "./number-words.ts";
import type { ReportSection } from "./report-section.ts";
import { sparkline } from "./sparkline.ts";

type Storm = CapacityReport["storms"][number];

/** States named beneath a storm that is theirs as well. */
const MOST_NAMES = 10;

/** In a cut list the last section says what was left out. */
export function stormSections(report: CapacityReport, options: ListOptions): readonly ReportSection[] {
  const { shown, more } = cutList(alikeStorms(report.storms), "storms", options);
  return shown.map((storms, index) => {
    const section = stormSection(storms, report);
    if (index < shown.length - 1) return section;
    return { ...section, more: inSentences([section.more, more]) };
  });
}

function alikeStorms(storms: readonly Storm[]): readonly (readonly Storm[])[] {
  const alike = new Map<string, Storm[]>();
  for (const storm of storms) {
    const key = JSON.stringify({ ...storm, state: null });
    alike.set(key, [...(alike.get(key) ?? []), storm]);
  }
  return [...alike.values()];
}

/** One of several Tasks whose Retriers and requests are the same, and so their storms. */
function stormSection(storms: readonly Storm[], { currency }: CapacityReport): ReportSection {
  const [storm] = storms as [Storm];
  const { errors, executions, recoveryMs, downstreamLimit, variants } = storm;
  const bears = downstreamLimit === null ? "" : `, then bears ${quantityWords(downstreamLimit)} at once`;
  const down = recoveryMs === null ? "stays down" : `is down for ${durationWords(recoveryMs)}${bears}`;
  return {
    title: `Retry storm of ${storm.state}`,
    aside: `${countedWords(executions, "execution")} fail together with ${errors.join(", ")}; what they call ${down}`,
    columns: [
      leftColumn("Retrier"),
      rightColumn("most/s"),
      rightColumn("at"),
      rightColumn("first/s"),
      rightColumn("over"),
      rightColumn("give up"),
      rightColumn("retries"),
      rightColumn("cost"),
      BENEATH,
    ],
    rows: variants.map((variant) => [
      variant.isPartial ? `${variant.what} (partial)` : variant.what,
      quantityWords(variant.peakPerSecond),
      `${quantityWords(variant.peakAtSecond)} s`,
      quantityWords(variant.firstPeakPerSecond),
      durationWords(variant.drainedMs),
      shareWords(variant.exhaustedShare),
      quantityWords(variant.retries),
      moneyWords(variant.extraCost, currency),
      `${sparkline(variant.columns)} ${durationWords(variant.columnSeconds * 1000)} each`,
    ]),
    more: inSentences([outlastText(storm), othersText(storms)]),
  };
}

function othersText([, ...others]: readonly Storm[]): string | null {
  if (others.length === 0) return null;
  const names = others.slice(0, MOST_NAMES).map(({ state }) => state);
  const rest = others.length - names.length;
  return `The same for ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}

function inSentences(texts: readonly (string | null)[]): string | null {
  const said = texts.filter((text) => text !== null);
  return said.length === 0 ? null : said.join(" ");
}

/** What would save the retries that are spent before what they call is back. */
function outlastText({ maxAttempts, outlastingAttempts, recoveryMs }: Storm): string | null {
  if (recoveryMs === null || outlastingAttempts === null || outlastingAttempts <= maxAttempts) return null;
  return `Every retry comes before what they call is back: MaxAttempts ${quantityWords(outlastingAttempts)} would outlast ${durationWords(recoveryMs)}, ${quantityWords(maxAttempts)} does not.`;
}
