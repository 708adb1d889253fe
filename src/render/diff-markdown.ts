/** The diff as Markdown is the comment that reviewers read: the difference first, then because of which states. */
import Handlebars from "handlebars";
import diffTemplate from "../../templates/diff.md.hbs";
import type { DiffReport, DiffWorkflow } from "../report/diff-report.ts";
import { placeWords, severityCounts, worstDiagnostics } from "./diagnostic-text.ts";
import { drawMermaid } from "./diff-mermaid.ts";
import {
  changeSection,
  dustWords,
  findingWords,
  footWords,
  headlineWords,
  isTold,
  lineTransitions,
  lineWords,
  partsOf,
  sharedWords,
  stateWords,
  verdictWords,
  weightyLines,
} from "./diff-words.ts";
import { markdownTemplate } from "./markdown-template.ts";
import { countedWords, signedMoney } from "./number-words.ts";
import { cellText, dropEmptyColumns } from "./report-section.ts";

export interface DiffMarkdownOptions {
  /** Whether the forge folds `<details>`; Bitbucket does not. */
  readonly details: boolean;
  /** Whether it draws Mermaid. */
  readonly graphs: boolean;
  /** Most UTF-16 units; null = no limit. */
  readonly limit: number | null;
  /** Most changed workflows; absent = as many as are easily read. */
  readonly top?: number | undefined;
}

/** How much is told; what is left out is counted. */
interface Measure {
  readonly rows: number;
  readonly workflows: number;
  readonly lines: number;
  readonly graphs: boolean;
  readonly diagnostics: number;
}

const EVERYTHING: Measure = { rows: 100, workflows: 20, lines: 15, graphs: true, diagnostics: 10 };
/** Told open; the others are folded where that is possible. */
const OPEN_WORKFLOWS = 3;

/** The worst first; what does not fit in the limit is counted. */
export function renderDiffMarkdown(diff: DiffReport, options: DiffMarkdownOptions): string {
  const { limit } = options;
  let text = "";
  for (const measure of measures()) {
    text = renderWithin(diff, options, measure);
    if (limit === null || text.length <= limit) return text;
  }
  return cutText(text, limit ?? text.length);
}

/** Less and less: first the drawings go, then the reasons of the lesser changes, then their rows. */
function* measures(): Generator<Measure> {
  yield EVERYTHING;
  for (let part = 1; part >= 1 / 32; part /= 2) {
    const share = (count: number): number => Math.max(1, Math.floor(count * part));
    yield {
      rows: share(EVERYTHING.rows),
      workflows: share(EVERYTHING.workflows),
      lines: share(EVERYTHING.lines),
      diagnostics: share(EVERYTHING.diagnostics),
      graphs: false,
    };
  }
  yield { rows: 1, workflows: 0, lines: 0, diagnostics: 0, graphs: false };
  yield { rows: 0, workflows: 0, lines: 0, diagnostics: 0, graphs: false };
}

/** At a line's end, so that no mark stays open; a limit this small holds the headline at best. */
function cutText(text: string, limit: number): string {
  const cut = text.slice(0, limit);
  const end = cut.lastIndexOf("\n");
  return end > 0 ? cut.slice(0, end + 1) : cut;
}

const template = markdownTemplate(diffTemplate);

function renderWithin(diff: DiffReport, options: DiffMarkdownOptions, measure: Measure): string {
  return template(diffView(diff, options, measure));
}

function diffView(
  diff: DiffReport,
  options: DiffMarkdownOptions,
  measure: Measure,
): Readonly<Record<string, unknown>> {
  const { verdict, currency } = diff;
  const told = diff.workflows.filter(isTold);
  const rows = told.slice(0, Math.min(measure.rows, options.top ?? measure.rows));
  const explained = rows.filter(isExplained).slice(0, measure.workflows);
  const [unshown, unexplained] = [
    told.length - rows.length,
    rows.filter(isExplained).length - explained.length,
  ];
  const { shown, more } = worstDiagnostics(diff.diagnostics, {
    verbose: false,
    top: Math.max(1, measure.diagnostics),
  });
  const reasons = verdict.reasons.slice(0, measure.rows);
  return {
    headline: headlineWords(diff),
    verdict: verdictWords(diff),
    reasons: [...reasons, ...moreOf(verdict.reasons.length - reasons.length, "reason")],
    warnings: [
      ...verdict.warnings.slice(0, measure.rows),
      ...moreOf(verdict.warnings.length - Math.min(measure.rows, verdict.warnings.length), "warning"),
    ],
    table: rows.length === 0 ? null : tableView(rows, currency),
    more: [
      ...moreOf(unshown, "changed workflow", "changed workflows"),
      ...(unexplained > 0
        ? [
            `${countedWords(unexplained, "of these is", "of these are")} not explained below, for want of room`,
          ]
        : []),
    ].join("; "),
    shared: sharedWords(diff),
    workflows: explained.map((workflow, index) =>
      workflowView(workflow, {
        currency,
        measure,
        options,
        isFolded: options.details && index >= OPEN_WORKFLOWS,
      }),
    ),
    diagnostics: {
      counts: severityCounts(diff.diagnostics),
      more: more === null ? null : moreOf(diff.diagnostics.length - shown.length, "diagnostic")[0],
      shown: shown.map(({ at, severity, code, message, hint }) => ({
        place: at === null ? "" : placeWords(at),
        severity,
        code,
        message,
        hint: hint === null ? "" : `hint: ${hint}`,
      })),
    },
    foot: footWords(diff),
  };
}

function isExplained(workflow: DiffWorkflow): boolean {
  return workflow.because.length + stateWords(workflow).length + findingWords(workflow).length > 0;
}

function moreOf(count: number, one: string, many = `${one}s`): readonly string[] {
  return count > 0 ? [`… ${countedWords(count, `more ${one}`, `more ${many}`)}`] : [];
}

function tableView(workflows: readonly DiffWorkflow[], currency: string): Readonly<Record<string, unknown>> {
  const { columns, rows } = dropEmptyColumns(changeSection(workflows, currency));
  return {
    more: null,
    columns: columns.map(({ head, align }) => ({ head, isRight: align === "right" })),
    rows: rows.map((row) => row.map((cell) => ({ text: cellText(cell), isTotal: typeof cell !== "string" }))),
  };
}

interface Viewing {
  readonly currency: string;
  readonly measure: Measure;
  readonly options: DiffMarkdownOptions;
  readonly isFolded: boolean;
}

function workflowView(
  workflow: DiffWorkflow,
  { currency, measure, options, isFolded }: Viewing,
): Readonly<Record<string, unknown>> {
  const { because, name, per, difference, differencePerMillion } = workflow;
  const { lines: weighty, dust } = weightyLines(workflow);
  const lines = weighty.slice(0, measure.lines);
  const parts = partsOf(weighty);
  const total = signedMoney(per === "month" ? difference : differencePerMillion, currency);
  const notes = [...stateWords(workflow), ...findingWords(workflow)];
  return {
    folded: isFolded,
    title: because.length === 0 ? name : `${name}: ${total} per ${per}, because`,
    lines: lines.map((line) => ({
      cost: line.cost === null ? null : signedMoney(line.cost, currency),
      text: lineWords(line, parts),
      transitions: lineTransitions(line),
    })),
    more:
      [
        ...moreOf(weighty.length - lines.length, "reason"),
        ...(dust === null ? [] : [`… ${dustWords(dust, currency)}`]),
      ].join("; ") || null,
    notes: [
      ...notes.slice(0, measure.lines),
      ...moreOf(notes.length - Math.min(notes.length, measure.lines), "note"),
    ],
    graph: options.graphs && measure.graphs ? graphView(workflow) : null,
  };
}

/** Names in it are Mermaid's entities already; in a fenced block nothing else is markup. */
function graphView({ graph }: DiffWorkflow): Handlebars.SafeString | null {
  const drawn = graph === null ? null : drawMermaid(graph);
  return drawn === null ? null : new Handlebars.SafeString(`\`\`\`mermaid\n${drawn}\n\`\`\``);
}
