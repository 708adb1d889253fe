/** The capacity sections are a capacity report in plain words, in the order every format tells it. */
import type { CapacityReport } from "../report/capacity-report.ts";
import { type ListOptions, cutList } from "./list-cut.ts";
import { countedWords, durationWords, quantityWords, shareWords } from "./number-words.ts";
import { BENEATH, leftColumn, marked, rightColumn } from "./capacity-columns.ts";
import { mapPlanSections } from "./map-plan-sections.ts";
import { stormSections } from "./storm-sections.ts";
import { waitingSection } from "./waiting-section.ts";
import { shownSections } from "./report-section.ts";
import type { ReportSection } from "./report-section.ts";

type TaskLoad = NonNullable<CapacityReport["load"]>["tasks"][number];
type QuotaLoad = NonNullable<CapacityReport["load"]>["quotas"][number];

export function capacitySections(report: CapacityReport, options: ListOptions): readonly ReportSection[] {
  return shownSections([
    limitSection(report),
    ...(report.load === null
      ? []
      : [
          quotaSection(report.load.quotas),
          taskSection(report.load.tasks, options),
          ...(report.load.line === null ? [] : [waitingSection(report.load.line)]),
        ]),
    ...report.maps.flatMap((plan) => mapPlanSections(plan, report)),
    ...stormSections(report, options),
    ...simulationSections(report),
  ]);
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

function limitSection({ limits }: CapacityReport): ReportSection {
  const words = (code: string, value: number | null): string =>
    value === null ? "" : code.endsWith("duration") ? durationWords(value) : quantityWords(value);
  return {
    title: "Limits",
    aside: "of one execution",
    columns: [
      leftColumn("limit"),
      rightColumn("mean"),
      rightColumn("p99"),
      rightColumn("worst"),
      rightColumn("at most"),
      rightColumn("used"),
      BENEATH,
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
      leftColumn("quota"),
      rightColumn("mean"),
      rightColumn("peak"),
      rightColumn("at most"),
      rightColumn("used"),
      rightColumn("breaks at"),
      BENEATH,
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
  code,
  unit,
  burst,
  peakLastsSeconds,
  peak,
  limit,
  mean,
  quotaCode,
  bucketQuotaCode,
  canBeRaised,
}: QuotaLoad): string {
  const isOver = (peak ?? mean) > limit;
  const raise = !canBeRaised
    ? code === "downstream"
      ? "start fewer at once, or put a queue in front"
      : "AWS does not raise it"
    : quotaCode === null
      ? "raise it in Service Quotas"
      : `raise it in Service Quotas: ${quotaCode}${bucketQuotaCode === null ? "" : `, its bucket ${bucketQuotaCode}`}`;
  return [
    unit,
    ...(burst === null ? [] : [burstWords(burst)]),
    ...(peakLastsSeconds === null ? [] : [`bears the peak for ${durationWords(peakLastsSeconds * 1000)}`]),
    ...(isOver ? [raise] : []),
  ].join("; ");
}

function burstWords(burst: number): string {
  return burst === 0
    ? "one execution takes more than a full bucket"
    : `a full bucket starts ${countedWords(burst, "execution")} in one instant`;
}

function taskSection(tasks: readonly TaskLoad[], options: ListOptions): ReportSection {
  const busiest = tasks.toSorted((a, b) => b.atOnce - a.atOnce);
  const cut = cutList(busiest, "Tasks", options);
  return {
    title: "Tasks",
    aside: "requests to what they call, most at once first",
    columns: [
      leftColumn("state"),
      leftColumn("service"),
      rightColumn("attempts"),
      rightColumn("each"),
      rightColumn("a second"),
      rightColumn("at once"),
      rightColumn("at the peak"),
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
      columns: [leftColumn("duration"), rightColumn("mean"), rightColumn("p50"), rightColumn("p99")],
      rows: [row("simulated", simulation), row("computed", computed)],
      more: null,
    },
  ];
}
