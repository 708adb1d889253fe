/** The Map plan sections are a Distributed Map's settings, what they rest on, and why it is no inline Map. */
import type { CapacityReport } from "../report/capacity-report.ts";
import { BENEATH, leftColumn, rightColumn } from "./capacity-columns.ts";
import { durationWords, moneyWords, quantityWords, shareWords } from "./number-words.ts";
import type { ReportSection, SectionCell } from "./report-section.ts";

type MapPlan = CapacityReport["maps"][number];
type MapSetting = MapPlan["asWritten"];

export function mapPlanSections(plan: MapPlan, report: CapacityReport): readonly ReportSection[] {
  return [settingSection(plan, report), adviceSection(plan), inlineSection(plan)];
}

function settingSection(
  { state, items, asWritten, proposed, frontier }: MapPlan,
  report: CapacityReport,
): ReportSection {
  const row = (what: string, setting: MapSetting): readonly SectionCell[] => [
    what,
    quantityWords(setting.batch),
    quantityWords(setting.maxConcurrency),
    quantityWords(setting.children),
    durationWords(setting.childMs),
    durationWords(setting.makespan.meanMs),
    setting.makespan.basis === "exact" ? "" : durationWords(setting.makespan.p99Ms),
    setting.slackMs === null ? "" : slackCell(setting.slackMs),
    moneyWords(setting.cost, report.currency),
    setting.breaks.join("; "),
  ];
  return {
    title: `Distributed Map ${state}`,
    aside: `${quantityWords(items)} items; cost of one execution at list price`,
    columns: [
      leftColumn("setting"),
      rightColumn("batch"),
      rightColumn("at once"),
      rightColumn("children"),
      rightColumn("a child"),
      rightColumn("takes"),
      rightColumn("p99"),
      rightColumn("slack"),
      rightColumn("cost"),
      BENEATH,
    ],
    rows: [
      row("as written", asWritten),
      ...(proposed === null ? [] : [row("proposed", proposed)]),
      ...frontier.map((setting, index) => row(index === 0 ? "fastest" : "slower, cheaper", setting)),
    ],
    more: proposed === null ? `No setting holds everything: ${wayOut(asWritten)}.` : null,
  };
}

/** By what the setting as written breaks: more room is of no use to a child that is too large. */
function wayOut({ slackMs, breaks }: MapSetting): string {
  const isLate = slackMs !== null && slackMs < 0;
  return breaks.length > (isLate ? 1 : 0)
    ? "let a child do less, or the downstream bear more"
    : "lengthen the window, or let more run at once";
}

function slackCell(slackMs: number): SectionCell {
  return slackMs >= 0 ? durationWords(slackMs) : { text: `-${durationWords(-slackMs)}`, tone: "bad" };
}

function adviceSection({ state, asWritten, neededTolerance, childFailure, notes }: MapPlan): ReportSection {
  const tolerance =
    childFailure === 0
      ? []
      : [
          `${shareWords(childFailure)} of children fail: the run fails with a chance of ${shareWords(asWritten.runFails)} as written; ToleratedFailureCount ${quantityWords(neededTolerance)} keeps that below 0.1%`,
        ];
  return {
    title: `What ${state} rests on`,
    aside: "",
    columns: [{ head: "", align: "left", shrinkTo: 20, lines: Infinity }],
    rows: [...notes, ...tolerance].map((text) => [text]),
    more: null,
  };
}

function inlineSection({ state, items, inline }: MapPlan): ReportSection {
  const { bytesPerItem, listBytes, waves, durationMs, fullAtItems } = inline;
  const verdict = (isPast: boolean): SectionCell =>
    isPast ? { text: "breaks", tone: "bad" } : { text: "holds", tone: "good" };
  const list =
    listBytes === null
      ? `the list of ${quantityWords(items)} items fits in 256 KiB only below ${quantityWords(bytesPerItem)} bytes each`
      : `the list of ${quantityWords(items)} items has ${quantityWords(listBytes)} bytes, of 262,144`;
  // No JSON text that tells one object from sixty thousand is shorter than this.
  const tooSmall = listBytes === null ? bytesPerItem < 5 : listBytes > 262_144;
  return {
    title: `${state} as an inline Map`,
    aside: "why it is distributed",
    columns: [leftColumn("limit"), leftColumn(""), BENEATH],
    rows: [
      ["payload", listBytes === null && !tooSmall ? "unknown" : verdict(tooSmall), list],
      [
        "concurrency",
        items > 40 ? { text: "slows", tone: "warn" } : { text: "holds", tone: "good" },
        `40 at once: ${quantityWords(waves)} waves, ${durationWords(durationMs)}`,
      ],
      [
        "history",
        verdict(items > fullAtItems),
        `25,000 events are full at ${quantityWords(fullAtItems)} items of ${quantityWords(items)}`,
      ],
    ],
    more: null,
  };
}
