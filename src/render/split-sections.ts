/** The split sections are a split report in plain words, in the order every format tells it. */
import type { Estimate, Reason } from "../report/analysis-report.ts";
import type { SplitChildReport, SplitReport } from "../report/split-report.ts";
import { monthlyRangeWords, typeWords } from "./analysis-words.ts";
import { BENEATH, leftColumn, rightColumn } from "./capacity-columns.ts";
import { costScaleOf } from "./cost-scale.ts";
import { type ListOptions, cutList } from "./list-cut.ts";
import { countedWords, durationWords, moneyWords, quantityWords, shareWords } from "./number-words.ts";
import { priceListWords } from "./price-list-words.ts";
import { type ReportSection, type SectionCell, shownSections } from "./report-section.ts";

export function splitSections(report: SplitReport, options: ListOptions): readonly ReportSection[] {
  return shownSections([
    typeSection(report),
    childSection(report),
    crossingSection(report),
    cautionSection(report, options),
    changeSection(report),
    uncutSection(report, options),
  ]);
}

/** What stands under the name, one line each. */
export function splitNotes(report: SplitReport): readonly string[] {
  const { verdict, saving, executionsPerMonth, currency, region, transitionRule } = report;
  const month = saving.perMonth === null ? "" : `${moneyWords(saving.perMonth, currency)} a month`;
  const million =
    saving.perMillion === null ? "" : `${moneyWords(saving.perMillion, currency)} per million executions`;
  const amounts = [month, million].filter((words) => words !== "").join(", ");
  const share = saving.share === null ? "" : ` (${shareWords(saving.share)})`;
  const executions =
    executionsPerMonth === null
      ? "Executions a month are not known."
      : `${countedWords(executionsPerMonth.value, "execution")} a month (${executionsPerMonth.basis}).`;
  return [
    verdict.text,
    ...(amounts === "" || verdict.confidence === null
      ? []
      : [`Saves ${amounts}${share}; confidence: ${verdict.confidence}.`]),
    `${executions} Prices: ${region}, ${priceListWords(report)}; transitions: ${transitionRule}.`,
  ];
}

function typeSection(report: SplitReport): ReportSection {
  const { STANDARD, EXPRESS, SPLIT } = report.estimates;
  const scale = costScaleOf(STANDARD.costPerExecution, report.currency);
  const row = (estimate: Estimate): readonly SectionCell[] => [
    nameOf(estimate, report),
    estimate.monthlyCost === null ? "" : moneyWords(estimate.monthlyCost, report.currency),
    estimate.monthlyCost === null ? "" : rangeOf(estimate, report.currency),
    scale.words(estimate.costPerExecution),
    countOf(estimate.transitionsPerMonth),
    countOf(estimate.requestsPerMonth),
    countOf(estimate.gbSeconds),
  ];
  return {
    title: "Types side by side",
    aside: "",
    columns: [
      leftColumn("type"),
      rightColumn("per month"),
      rightColumn("range"),
      rightColumn(scale.per),
      rightColumn("transitions"),
      rightColumn("requests"),
      rightColumn("GB-seconds"),
    ],
    rows: [STANDARD, EXPRESS, ...(SPLIT === null ? [] : [SPLIT])].map(row),
    more: null,
  };
}

function nameOf({ type }: Estimate, { eligibility, verdict }: SplitReport): SectionCell {
  if (type === "SPLIT" && verdict.isWorthIt) return { text: typeWords(type), tone: "good" };
  return type === "EXPRESS" && !eligibility.EXPRESS.eligible
    ? `${typeWords(type)} (not allowed)`
    : typeWords(type);
}

function rangeOf(estimate: Estimate, currency: string): string {
  const range = monthlyRangeWords(estimate, currency);
  return range === moneyWords(estimate.monthlyCost, currency) ? "" : range;
}

function countOf(value: number | null): string {
  return value === null || value === 0 ? "" : quantityWords(value);
}

function childSection({ children, currency }: SplitReport): ReportSection {
  return {
    title: "Express children",
    aside: children.length === 0 ? "" : countedWords(children.length, "state machine"),
    columns: [
      leftColumn("child"),
      rightColumn("calls"),
      rightColumn("billed"),
      rightColumn("p99"),
      rightColumn("memory"),
      rightColumn("saves per million"),
      BENEATH,
    ],
    rows: children.map((child) => [
      child.name,
      quantityWords(child.callsPerExecution),
      durationWords(child.billedDurationMs),
      durationWords(child.p99Ms),
      `${quantityWords(child.billedMemoryMB)} MB`,
      moneyWords(child.savingPerExecution === null ? null : child.savingPerExecution * 1e6, currency),
      statesWords(child),
    ]),
    more: null,
  };
}

const SHOWN = 6;

function statesWords({ states, copied, task }: SplitChildReport): string {
  const shown =
    states.length <= SHOWN + 1
      ? states.join(", ")
      : `${states.slice(0, SHOWN).join(", ")} and ${countedWords(states.length - SHOWN, "more state")}`;
  const along = copied.length === 0 ? "" : `; with ${copied.join(", ")}, which only failures lead to`;
  return `${shown}${along}; started by "${task}"`;
}

function crossingSection({ children }: SplitReport): ReportSection {
  const rows = children.flatMap(({ name, variables, context }): readonly (readonly SectionCell[])[] => [
    ...rowOf(name, "variables in", variables.given),
    ...rowOf(name, "variables back", variables.returned),
    ...rowOf(name, "of the context object", context),
  ]);
  return {
    title: "What crosses the cut",
    aside: "besides each state's input and output",
    columns: [leftColumn("child"), leftColumn("what"), leftColumn("names")],
    rows,
    more: null,
  };
}

function rowOf(name: string, what: string, names: readonly string[]): readonly (readonly SectionCell[])[] {
  return names.length === 0 ? [] : [[name, what, names.join(", ")]];
}

function cautionSection({ children }: SplitReport, options: ListOptions): ReportSection {
  const alike = new Map<string, Reason[]>();
  for (const caution of children.flatMap(({ cautions }) => cautions))
    alike.set(caution.text, [...(alike.get(caution.text) ?? []), caution]);
  const cut = cutList([...alike], "cautions", options);
  return {
    title: "Mind",
    aside: "",
    columns: [leftColumn("states"), BENEATH],
    rows: cut.shown.map(([text, cautions]) => {
      const names = cautions.map(({ state }) => state ?? "");
      const shown =
        names.length <= SHOWN ? names : [...names.slice(0, SHOWN - 1), `${names.length - SHOWN + 1} more`];
      return [{ text: shown.join(", "), tone: "warn" }, text];
    }),
    more: cut.more,
  };
}

function changeSection({ changes }: SplitReport): ReportSection {
  return {
    title: "What else changes",
    aside: "",
    columns: [leftColumn("what"), BENEATH],
    rows: changes.map(({ topic, text }) => [topic, text]),
    more: null,
  };
}

function uncutSection({ uncut }: SplitReport, options: ListOptions): ReportSection {
  const cut = cutList(uncut, "states", options);
  return {
    title: "What stays",
    aside: uncut.length === 0 ? "" : "and why",
    columns: [leftColumn("state"), leftColumn("where"), BENEATH],
    rows: cut.shown.map(({ state, at, text }) => [state ?? "", `${at.file}:${String(at.line)}`, text]),
    more: cut.more,
  };
}
