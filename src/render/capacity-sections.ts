/** The capacity sections are a capacity report in plain words, in the order every format tells it. */
import type { CapacityReport } from "../report/capacity-report.ts";
import { type ListOptions, cutList } from "./list-cut.ts";
import { countedWords, durationWords, moneyWords, quantityWords, shareWords } from "./number-words.ts";
import { sparkline } from "./sparkline.ts";
import { dropEmptyColumns } from "./report-section.ts";
import type { ReportSection, SectionCell, SectionColumn } from "./report-section.ts";

type MapPlan = CapacityReport["maps"][number];
type MapSetting = MapPlan["asWritten"];
type Storm = CapacityReport["storms"][number];
type TaskLoad = NonNullable<CapacityReport["load"]>["tasks"][number];
type QuotaLoad = NonNullable<CapacityReport["load"]>["quotas"][number];

const left = (head: string): SectionColumn => ({ head, align: "left", shrinkTo: 14 });
const right = (head: string): SectionColumn => ({ head, align: "right" });
const beneath: SectionColumn = { head: "", align: "left", shrinkTo: 20, lines: Infinity, beneath: true };
/** Shares of a limit from which on it is marked. */
const NEAR = 0.8;

export function capacitySections(report: CapacityReport, options: ListOptions): readonly ReportSection[] {
  return [
    limitSection(report),
    ...(report.load === null
      ? []
      : [quotaSection(report.load.quotas), taskSection(report.load.tasks, options)]),
    ...report.maps.flatMap((plan) => mapSections(plan, report)),
    ...stormSections(report, options),
    ...simulationSections(report),
  ]
    .filter(({ rows }) => rows.length > 0)
    .map(dropEmptyColumns);
}

/** What stands under the name, one line each. */
export function capacityNotes(report: CapacityReport): readonly string[] {
  const { rates, windowMs, downstreamLimit, region, seed, isPartial } = report;
  const peak = rates?.peak == null ? "no peak is known" : `${quantityWords(rates.peak)} at the peak`;
  return [
    rates === null
      ? "No start rate is known: --rate 50/s, or executionsPerMonth in stepfare.yml, adds the load on the region's quotas."
      : `${quantityWords(rates.mean)} executions a second on average, ${peak}; quotas of ${region}, before any raise.`,
    ...(windowMs === null ? [] : [`Window ${durationWords(windowMs)}.`]),
    ...(downstreamLimit === null
      ? []
      : [`Downstream bears ${quantityWords(downstreamLimit)} requests at once.`]),
    `What is simulated is simulated with seed ${seed}.`,
    ...(isPartial ? ["Partial: the simulation was stopped before its end."] : []),
  ];
}

function marked(text: string, share: number | null): SectionCell {
  if (share === null || share < NEAR) return text;
  return { text, tone: share > 1 ? "bad" : "warn" };
}

function limitSection({ limits }: CapacityReport): ReportSection {
  const words = (code: string, value: number | null): string =>
    value === null ? "" : code.endsWith("duration") ? durationWords(value) : quantityWords(value);
  return {
    title: "Limits",
    aside: "of one execution",
    columns: [
      left("limit"),
      right("mean"),
      right("p99"),
      right("worst"),
      right("at most"),
      right("used"),
      beneath,
    ],
    rows: limits.map(({ code, mean, p99, worst, limit, text }) => {
      const used = p99 ?? mean;
      const share = used === null ? null : used / limit;
      return [
        code,
        words(code, mean),
        words(code, p99),
        words(code, worst),
        words(code, limit),
        marked(shareWords(share), share),
        text,
      ];
    }),
    more: null,
  };
}

function quotaSection(quotas: readonly QuotaLoad[]): ReportSection {
  return {
    title: "Load",
    aside: "on the quotas of the account's region",
    columns: [
      left("quota"),
      right("mean"),
      right("peak"),
      right("at most"),
      right("used"),
      right("breaks at"),
      beneath,
    ],
    rows: quotas.map((quota) => {
      const share = (quota.peak ?? quota.mean) / quota.limit;
      return [
        quota.code,
        quantityWords(quota.mean),
        quota.peak === null ? "" : quantityWords(quota.peak),
        quantityWords(quota.limit),
        marked(shareWords(share), share),
        quota.breaksAt === null ? "" : `${quantityWords(quota.breaksAt)}/s`,
        quotaText(quota),
      ];
    }),
    more: null,
  };
}

function quotaText({
  unit,
  burst,
  peakLastsSeconds,
  peak,
  limit,
  mean,
  quotaCode,
  canBeRaised,
}: QuotaLoad): string {
  const isOver = (peak ?? mean) > limit;
  const raise = !canBeRaised
    ? "AWS does not raise it"
    : quotaCode === null
      ? "raise it in Service Quotas"
      : `raise it in Service Quotas: ${quotaCode}`;
  return [
    unit,
    ...(burst === null ? [] : [`a full bucket starts ${countedWords(burst, "execution")} in one instant`]),
    ...(peakLastsSeconds === null ? [] : [`bears the peak for ${durationWords(peakLastsSeconds * 1000)}`]),
    ...(isOver ? [raise] : []),
  ].join("; ");
}

function taskSection(tasks: readonly TaskLoad[], options: ListOptions): ReportSection {
  const busiest = tasks.toSorted((a, b) => b.atOnce - a.atOnce);
  const cut = cutList(busiest, "Tasks", options);
  return {
    title: "Tasks",
    aside: "requests to what they call, most at once first",
    columns: [
      left("state"),
      left("service"),
      right("attempts"),
      right("each"),
      right("a second"),
      right("at once"),
      right("at the peak"),
    ],
    rows: cut.shown.map((task) => [
      task.state,
      task.service,
      quantityWords(task.attempts),
      durationWords(task.attemptMs),
      quantityWords(task.requestsPerSecond),
      quantityWords(task.atOnce),
      task.atOnceAtPeak === null ? "" : quantityWords(task.atOnceAtPeak),
    ]),
    more: cut.more,
  };
}

function mapSections(plan: MapPlan, report: CapacityReport): readonly ReportSection[] {
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
      left("setting"),
      right("batch"),
      right("at once"),
      right("children"),
      right("a child"),
      right("takes"),
      right("p99"),
      right("slack"),
      right("cost"),
      beneath,
    ],
    rows: [
      row("as written", asWritten),
      ...(proposed === null ? [] : [row("proposed", proposed)]),
      ...frontier.map((setting, index) => row(index === 0 ? "fastest" : "slower, cheaper", setting)),
    ],
    more:
      proposed === null ? "No setting holds everything: lengthen the window, or let more run at once." : null,
  };
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
    columns: [left("limit"), left(""), beneath],
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

/** In a cut list the last section says what was left out. */
function stormSections(report: CapacityReport, options: ListOptions): readonly ReportSection[] {
  const { shown, more } = cutList(report.storms, "storms", options);
  return shown.map((storm, index) => {
    const section = stormSection(storm, report);
    return index === shown.length - 1 ? { ...section, more } : section;
  });
}

function stormSection(storm: Storm, { currency }: CapacityReport): ReportSection {
  const { state, errors, executions, recoveryMs, downstreamLimit, variants } = storm;
  const bears = downstreamLimit === null ? "" : `, then bears ${quantityWords(downstreamLimit)} at once`;
  const down = recoveryMs === null ? "stays down" : `is down for ${durationWords(recoveryMs)}${bears}`;
  return {
    title: `Retry storm of ${state}`,
    aside: `${countedWords(executions, "execution")} fail together with ${errors.join(", ")}; what they call ${down}`,
    columns: [
      left("Retrier"),
      right("busiest second"),
      right("at"),
      right("first retry"),
      right("over after"),
      right("give up"),
      right("retries"),
      right("cost"),
      beneath,
    ],
    rows: variants.map((variant) => [
      variant.isPartial ? `${variant.what} (partial)` : variant.what,
      quantityWords(variant.peakPerSecond),
      `${quantityWords(variant.peakAtSecond)} s`,
      `${quantityWords(variant.firstPeakPerSecond)}/s`,
      durationWords(variant.drainedMs),
      shareWords(variant.exhaustedShare),
      quantityWords(variant.retries),
      moneyWords(variant.extraCost, currency),
      `${sparkline(variant.columns)} ${durationWords(variant.columnSeconds * 1000)} each`,
    ]),
    more: null,
  };
}

function simulationSections({ simulation }: CapacityReport): readonly ReportSection[] {
  if (simulation === null) return [];
  const { computed, executions, isPartial } = simulation;
  const row = (what: string, figures: typeof computed): readonly string[] => [
    what,
    durationWords(figures.meanMs),
    durationWords(figures.p50Ms),
    durationWords(figures.p99Ms),
  ];
  return [
    {
      title: "Simulated",
      aside: `${countedWords(executions, "execution")}${isPartial ? ", stopped before the end" : ""}: ${shareWords(simulation.failedShare)} fail, ${quantityWords(simulation.retries)} retries each`,
      columns: [left("duration"), right("mean"), right("p50"), right("p99")],
      rows: [row("simulated", simulation), row("computed", computed)],
      more: null,
    },
  ];
}
