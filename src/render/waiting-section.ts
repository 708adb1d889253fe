/** The waiting section tells how long requests wait in line, between times that are all equal and times at random. */
import type { CapacityReport } from "../report/capacity-report.ts";
import { BENEATH, leftColumn, marked, rightColumn } from "./capacity-columns.ts";
import { durationWords, quantityWords, shareWords } from "./number-words.ts";
import type { ReportSection, SectionCell } from "./report-section.ts";

type WaitingLine = NonNullable<NonNullable<CapacityReport["load"]>["line"]>;
type LineWait = WaitingLine["atMean"];

export function waitingSection({ state, places, atMean, atPeak }: WaitingLine): ReportSection {
  const row = (when: string, { use, between }: LineWait): readonly SectionCell[] => [
    when,
    marked(shareWords(use), use),
    between === null ? "" : shareWords(between[1].waits),
    between === null ? "" : durationWords(between[0].meanMs),
    between === null ? "" : durationWords(between[1].meanMs),
    between === null ? "more come than are served: the line grows without end" : "",
  ];
  return {
    title: `Waiting in line at ${state}`,
    aside: `if what it calls lets requests wait for one of ${quantityWords(places)} places, and they come at random`,
    columns: [
      leftColumn("when"),
      rightColumn("in use"),
      rightColumn("wait, at most"),
      rightColumn("mean, equal times"),
      rightColumn("mean, times at random"),
      BENEATH,
    ],
    rows: [row("on average", atMean), ...(atPeak === null ? [] : [row("at the peak", atPeak)])],
    more: null,
  };
}
