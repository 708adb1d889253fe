/** The basis sections of a workflow: what stands for or against Express, what was assumed, which limits are near. */
import type { WorkflowReport } from "../report/analysis-report.ts";
import { assumptionCostWords, figureWords } from "./analysis-words.ts";
import { placeWords } from "./diagnostic-text.ts";
import { cutList } from "./list-cut.ts";
import type { ListOptions } from "./list-cut.ts";
import { quantityWords, UNKNOWN } from "./number-words.ts";
import type { ReportSection, SectionCell } from "./report-section.ts";

export function reasonSection(workflow: WorkflowReport, options: ListOptions): ReportSection {
  const { blockers, cautions } = workflow.eligibility.EXPRESS;
  const reasons = [
    ...blockers.map((reason) => ({ reason, kind: { text: "blocked", tone: "bad" } as const })),
    ...cautions.map((reason) => ({ reason, kind: { text: "caution", tone: "warn" } as const })),
  ];
  const cut = cutList(reasons, "reasons", options);
  const rows = cut.shown.map(({ reason, kind }): readonly SectionCell[] => [
    kind,
    reason.state ?? "",
    placeWords(reason.at),
    reason.text,
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

export function assumptionSection(
  workflow: WorkflowReport,
  currency: string,
  options: ListOptions,
): ReportSection {
  const cut = cutList(workflow.recommendation.assumptions, "assumptions", options);
  const rows = cut.shown.map((assumption) => {
    const cost = assumptionCostWords(assumption, currency);
    return [
      assumption.text,
      figureWords(assumption),
      assumption.figure.basis,
      cost === UNKNOWN ? "" : cost,
      assumption.figure.note ?? "",
    ];
  });
  return {
    title: "Assumptions",
    aside: "the one that moves the result most first; cost per million at its low and high",
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

export function limitSection(workflow: WorkflowReport, options: ListOptions): ReportSection {
  const cut = cutList(workflow.limits, "limits", options);
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
