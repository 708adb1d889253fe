/** The basis sections of a workflow: what stands for or against Express, what was assumed, which limits are near. */
import type { Eligibility, LimitReport, WorkflowReport } from "../report/analysis-report.ts";
import { assumptionCostWords, figureWords, movedTypeWords } from "./analysis-words.ts";
import { placeWords } from "./diagnostic-text.ts";
import { headlineReasons } from "./headline.ts";
import { groupAlikeReasons } from "./alike-reasons.ts";
import type { CostScale } from "./cost-scale.ts";
import { cutList } from "./list-cut.ts";
import type { ListOptions } from "./list-cut.ts";
import { quantityWords, UNKNOWN } from "./number-words.ts";
import type { ReportSection, SectionCell } from "./report-section.ts";

/** What the headline has not told: with a blocker, cautions wait for --verbose. */
export function reasonSection(workflow: WorkflowReport, options: ListOptions): ReportSection {
  const { blockers, cautions } = untoldReasons(workflow, options);
  const reasons = [
    ...groupAlikeReasons(blockers)
      .flat()
      .map((reason) => ({ reason, kind: { text: "blocked", tone: "bad" } as const })),
    ...groupAlikeReasons(cautions)
      .flat()
      .map((reason) => ({ reason, kind: { text: "caution", tone: "warn" } as const })),
  ];
  const cut = cutList(reasons, "reasons", options);
  const rows = cut.shown.map(({ reason, kind }, index): readonly SectionCell[] => [
    kind,
    reason.state ?? "",
    placeWords(reason.at),
    cut.shown[index - 1]?.reason.text === reason.text ? "the same" : reason.text,
  ]);
  return {
    title: "As Express",
    aside: "",
    columns: [
      { head: "", align: "left" },
      { head: "state", align: "left", shrinkTo: 10 },
      { head: "where", align: "left", shrinkTo: 18, keepEnd: true },
      { head: "why", align: "left", shrinkTo: 20, lines: Infinity, beneath: true },
    ],
    rows,
    more: cut.more,
  };
}

function untoldReasons(
  workflow: WorkflowReport,
  options: ListOptions,
): Pick<Eligibility, "blockers" | "cautions"> {
  const { blockers, cautions } = workflow.eligibility.EXPRESS;
  if (options.verbose) return { blockers, cautions };
  const { lines, isAll } = headlineReasons(workflow);
  const toldAll = lines.length > 0 && isAll;
  if (blockers.length > 0) return { blockers: toldAll ? [] : blockers, cautions: [] };
  return { blockers, cautions: toldAll ? [] : cautions };
}

export function assumptionSection(
  workflow: WorkflowReport,
  scale: CostScale,
  options: ListOptions,
): ReportSection {
  const { assumptions } = workflow.recommendation;
  // What the user said needs no telling back.
  const open = options.verbose
    ? assumptions
    : assumptions.filter(({ figure }) => figure.basis !== "declared");
  const cut = cutList(open, "assumptions", options);
  const rows = cut.shown.map((assumption) => {
    const cost = assumptionCostWords(assumption, scale);
    return [
      assumption.text,
      figureWords(assumption),
      assumption.figure.basis,
      cost === UNKNOWN || assumption.spread === 0 ? "" : cost,
      assumption.figure.note ?? "",
    ];
  });
  return {
    title: options.verbose ? "Figures" : "Assumptions",
    aside: `the one that moves the result most first; cost${movedTypeWords(workflow)} ${scale.per} at its low and high`,
    columns: [
      { head: "assumed", align: "left", shrinkTo: 18, lines: 4 },
      { head: "figure", align: "left", shrinkTo: 8, lines: 2 },
      { head: "basis", align: "left" },
      { head: "cost", align: "left", shrinkTo: 12, lines: 2 },
      { head: "source", align: "left", shrinkTo: 10, lines: 4 },
    ],
    rows,
    more: cut.more,
  };
}

/** A limit is worth a line when an execution may use this share of it; --verbose shows every one. */
const NEAR = 0.1;

export function limitSection(workflow: WorkflowReport, options: ListOptions): ReportSection {
  const isNear = ({ mean, p99, worst, limit }: LimitReport): boolean =>
    worst === null || Math.max(mean ?? 0, p99 ?? 0, worst) > NEAR * limit;
  const cut = cutList(options.verbose ? workflow.limits : workflow.limits.filter(isNear), "limits", options);
  const words = (value: number | null): string => (value === null ? "" : quantityWords(value));
  const rows = cut.shown.map((limit) => [
    limit.code,
    words(limit.mean),
    words(limit.p99),
    words(limit.worst),
    quantityWords(limit.limit),
    limit.text,
  ]);
  return {
    title: "Limits",
    aside: "per execution",
    columns: [
      { head: "limit", align: "left", shrinkTo: 12 },
      { head: "mean", align: "right" },
      { head: "p99", align: "right" },
      { head: "worst", align: "right" },
      { head: "at most", align: "right" },
      { head: "", align: "left", shrinkTo: 20, lines: Infinity, beneath: true },
    ],
    rows,
    more: cut.more,
  };
}
