/** The review sections of a workflow: what to change first, what may go wrong, which undos ran, what was checked and is fine. */
import type { FindingReport, OpportunityReport, WorkflowReport } from "../report/analysis-report.ts";
import type { InjectedFault } from "../report/review-report.ts";
import { placeWords } from "./diagnostic-text.ts";
import { cutList } from "./list-cut.ts";
import type { ListOptions } from "./list-cut.ts";
import { countedWords, moneyWords } from "./number-words.ts";
import type { ReportSection, SectionCell } from "./report-section.ts";

type Reviewed = Pick<WorkflowReport, "findings" | "opportunities" | "checks">;

export function opportunitySection(
  { opportunities }: Pick<Reviewed, "opportunities">,
  currency: string,
  options: ListOptions,
): ReportSection {
  const cut = cutList(opportunities, "opportunities", options);
  return {
    title: "What to change first",
    aside:
      opportunities.length === 0
        ? ""
        : "each saving is the cost of the workflow less that of the changed one",
    columns: [
      { head: "saves", align: "right" },
      { head: "effort", align: "left" },
      { head: "rule", align: "left" },
      { head: "states", align: "left", shrinkTo: 12, lines: 2 },
      { head: "change", align: "left", shrinkTo: 30, lines: Infinity, beneath: true },
    ],
    rows: cut.shown.map((each): readonly SectionCell[] => [
      { text: opportunitySaving(each, currency), tone: "good" },
      each.implementationEffort,
      each.rule,
      each.states.join(", "),
      [each.advice, ...conditionWords(each, options)].join(""),
    ]),
    more: cut.more,
  };
}

export function opportunitySaving(
  { estimatedMonthlySavings, savingPerMillion }: OpportunityReport,
  currency: string,
): string {
  if (estimatedMonthlySavings !== null) return `${moneyWords(estimatedMonthlySavings, currency)} a month`;
  return savingPerMillion === null ? "unknown" : `${moneyWords(savingPerMillion, currency)} per million`;
}

/** Under which conditions it is safe, briefly unless asked. */
function conditionWords({ conditions }: OpportunityReport, { verbose }: ListOptions): readonly string[] {
  if (conditions.length === 0) return [];
  return verbose
    ? [` – if ${conditions.join("; ")}`]
    : [` – if ${conditions[0]}${conditions.length > 1 ? "; …" : ""}`];
}

/** Findings of one rule stand together, so that a workflow of many Tasks is not told the same many times. */
export function findingSection(
  { findings, checks }: Pick<Reviewed, "findings" | "checks">,
  options: ListOptions,
): ReportSection {
  const groups = byRule(options.verbose ? findings : findings.filter(({ severity }) => severity !== "info"));
  const quiet = options.verbose ? [] : findings.filter(({ severity }) => severity === "info");
  const cut = cutList(groups, "findings", options);
  const rows = cut.shown.flatMap(([first, ...others]): readonly (readonly SectionCell[])[] => {
    if (first === undefined) return [];
    const more =
      others.length === 0 ? "" : `, and so ${others.flatMap(({ states }) => states[0] ?? []).join(", ")}`;
    return [
      [
        {
          text: first.severity,
          tone: first.severity === "info" ? "total" : first.severity === "error" ? "bad" : "warn",
        },
        first.rule,
        placeWords(first.at),
        `${first.text}${more}. ${first.remedy}`,
      ],
    ];
  });
  return {
    title: "Review",
    aside: asideWords(findings, checks),
    columns: [
      { head: "", align: "left" },
      { head: "rule", align: "left" },
      { head: "where", align: "left", shrinkTo: 18, keepEnd: true },
      { head: "finding", align: "left", shrinkTo: 30, lines: Infinity, beneath: true },
    ],
    rows,
    more: [cut.more, quietWords(quiet)].filter((each) => each !== null && each !== "").join("; ") || null,
  };
}

function byRule(findings: readonly FindingReport[]): readonly (readonly FindingReport[])[] {
  const groups = new Map<string, FindingReport[]>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.severity}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

function asideWords(findings: readonly FindingReport[], { passed, suppressed }: Reviewed["checks"]): string {
  const parts = [
    countedWords(findings.length, "finding"),
    `${countedWords(passed.length, "check")} passed`,
    ...(suppressed.length === 0 ? [] : [`${suppressed.length} suppressed`]),
  ];
  return parts.join(", ");
}

function quietWords(quiet: readonly FindingReport[]): string {
  if (quiet.length === 0) return "";
  const rules = [...new Set(quiet.map(({ rule }) => rule))].join(", ");
  return `${countedWords(quiet.length, "more hint")} with --verbose (${rules})`;
}

const VERDICTS: Readonly<
  Record<
    InjectedFault["verdict"],
    { readonly words: string; readonly tone: "good" | "bad" | "warn" | "total" }
  >
> = {
  undone: { words: "all undone, in reverse", tone: "good" },
  incomplete: { words: "not all undone", tone: "bad" },
  "out-of-order": { words: "undone out of order", tone: "bad" },
  recovered: { words: "caught, and went on", tone: "good" },
  "nothing-done": { words: "nothing to undo", tone: "total" },
  "not-reached": { words: "not reached: give --input and --results", tone: "warn" },
};

export function faultSection(faults: readonly InjectedFault[], options: ListOptions): ReportSection {
  const cut = cutList(faults, "faults", { ...options, top: Math.max(options.top, 50) });
  return {
    title: "Injected faults",
    aside: "each Task made to fail in turn, in virtual time; which undos then ran, in their order",
    columns: [
      { head: "fails", align: "left", shrinkTo: 14, lines: 2 },
      { head: "done before", align: "left", shrinkTo: 14, lines: 3 },
      { head: "undos that ran", align: "left", shrinkTo: 16, lines: 3 },
      { head: "verdict", align: "left", shrinkTo: 14, lines: 8 },
      { head: "then", align: "left", shrinkTo: 14, lines: 3 },
    ],
    rows: cut.shown.map((fault): readonly SectionCell[] => {
      const { words, tone } = VERDICTS[fault.verdict];
      return [
        fault.faults.join(" and "),
        fault.done.join(", "),
        fault.undone.join(" → "),
        { text: words, tone },
        [
          fault.after.filter((name) => !fault.undone.includes(name)).join(" → "),
          ...(fault.forced.length === 0 ? [] : [`(sent there by ${fault.forced.join(", ")})`]),
        ]
          .join(" ")
          .trim(),
      ];
    }),
    more: cut.more,
  };
}

export function passedSection({ checks }: Pick<Reviewed, "checks">, options: ListOptions): ReportSection {
  const rows = [
    ...checks.suppressed.map((each): readonly SectionCell[] => [
      { text: "suppressed", tone: "warn" },
      each.rule,
      [each.states.join(", "), each.reason].filter((part) => part !== "").join(": "),
    ]),
    ...(options.verbose
      ? checks.passed.map(({ rule, text }): readonly SectionCell[] => [
          { text: "passed", tone: "good" },
          rule,
          text,
        ])
      : []),
  ];
  return {
    title: options.verbose ? "Passed checks" : "Suppressed",
    aside: "",
    columns: [
      { head: "", align: "left" },
      { head: "rule", align: "left" },
      { head: "", align: "left", shrinkTo: 20, lines: 3 },
    ],
    rows,
    more: null,
  };
}
