/** A trace as a list of steps for the terminal: one line for each visit and retry of a state, then the totals. */
import { decimalText } from "../decimal-text.ts";
import type { TraceReport } from "../report/trace-report.ts";
import { cutList } from "./list-cut.ts";
import type { RenderOptions } from "./list-cut.ts";
import { countedWords, durationWords } from "./number-words.ts";
import type { Palette } from "./palette.ts";
import { terminalText } from "./safe-text.ts";
import { layOutSheet, moreLine, prose } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";
import { layoutColumns } from "./text-columns.ts";
import type { TextCell } from "./text-columns.ts";

type Step = TraceReport["steps"][number];

interface StepLine {
  readonly atMs: number;
  readonly state: string;
  /** From 1. */
  readonly attempt: number;
  readonly happened: readonly string[];
  readonly bad: boolean;
  /** How the visit is to be read when nothing further is heard of it; null once it was left or retried. */
  readonly unfinished: "fails" | "failed" | "cut off" | null;
}

export function renderTraceTable(report: TraceReport, options: RenderOptions): string {
  const sheet = layOutSheet(options);
  const { palette, width } = sheet;
  const { shown, more } = cutList(linesOf(report.steps), "steps", options);
  const table = layoutColumns({
    columns: [
      { head: "at", align: "right" },
      { head: "state", align: "left", shrinkTo: 16 },
      { head: "attempt", align: "right" },
      { head: "what happened", align: "left", shrinkTo: 20, lines: 3 },
    ],
    rows: shown.map((line) => rowOf(line, palette)),
    width,
    indent: 2,
    paintHead: palette.dim,
  });
  return [
    ...headline(report, sheet),
    ...table,
    ...moreLine(sheet, more),
    ...totals(report).flatMap((text) => prose(sheet, text)),
    "",
  ].join("\n");
}

function headline(
  { name, status, durationMs, error, failedIn }: TraceReport,
  sheet: Sheet,
): readonly string[] {
  const { palette } = sheet;
  const end = `${status} after ${durationWords(durationMs)}`;
  const paint = status === "SUCCEEDED" ? palette.good : palette.bad;
  const place = failedIn === null ? "" : ` in ${failedIn}`;
  const reason = error === null ? "" : `: ${error.error ?? "an error without a name"}${place}`;
  const cause = error?.cause ? prose(sheet, error.cause) : [];
  return [`${palette.bold(terminalText(name))}: ${paint(end)}${terminalText(reason)}`, ...cause];
}

/** What the steps of one visit say becomes one line, a retry begins another; concurrent visits are told apart by their iteration. */
function linesOf(steps: readonly Step[]): readonly StepLine[] {
  const lines: StepLine[] = [];
  const open = new Map<string, number>();
  for (const step of steps) {
    const key = JSON.stringify([step.state, step.index]);
    const at = open.get(key);
    if (at !== undefined && step.kind === "retried") lines[at] = finish(lines[at] as StepLine);
    if (at === undefined || step.kind === "entered" || step.kind === "retried") {
      open.set(key, lines.length);
      lines.push(openLine(step));
    } else {
      lines[at] = extendLine(lines[at] as StepLine, step);
    }
  }
  return lines.map(closeLine);
}

function openLine({ atMs, state, index, kind, attempt, type }: Step): StepLine {
  const place = index === null ? "" : ` [${index}]`;
  const count = kind === "retried" ? (attempt ?? 0) + 1 : 1;
  const shown = terminalText(state) + place;
  return { atMs, state: shown, attempt: count, happened: [], bad: false, unfinished: unfinishedOf(type) };
}

/** A Parallel or Map ends by what happens inside; any other state that is not left was cut off by something else. */
function unfinishedOf(type: string): StepLine["unfinished"] {
  if (type === "Fail") return "fails";
  return type === "Parallel" || type === "Map" ? "failed" : "cut off";
}

function finish(line: StepLine): StepLine {
  return { ...line, unfinished: null };
}

/** A task that failed has already said so. */
function closeLine(line: StepLine): StepLine {
  if (line.unfinished === null || line.bad) return line;
  return { ...line, happened: [...line.happened, line.unfinished], bad: true };
}

function extendLine(before: StepLine, step: Step): StepLine {
  const line = step.kind === "attempted" ? before : finish(before);
  const happened = wordsOf(step);
  if (happened === null) return line;
  const bad = step.kind === "attempted" && step.error !== null;
  return { ...line, happened: [...line.happened, happened], bad: line.bad || bad };
}

function wordsOf({ kind, type, error, to, lastedMs }: Step): string | null {
  const name = error === "" ? "an error without a name" : terminalText(error ?? "");
  if (kind === "chose") return `→ ${terminalText(to ?? "")}`;
  if (kind === "caught") return `caught ${name} → ${terminalText(to ?? "")}`;
  if (kind === "attempted" && error !== null) return `${name} after ${durationWords(lastedMs)}`;
  if (kind === "attempted") return `done in ${durationWords(lastedMs)}`;
  return type === "Wait" && lastedMs !== null ? `waited ${durationWords(lastedMs)}` : null;
}

function rowOf({ atMs, state, attempt, happened, bad }: StepLine, palette: Palette): TextCell[] {
  const text = happened.join(", ");
  const words = bad ? { text, paint: palette.warn } : text;
  return [
    durationWords(atMs),
    { text: state, paint: palette.name },
    attempt > 1 ? String(attempt) : "",
    words,
  ];
}

function totals(report: TraceReport): readonly string[] {
  const { entered, retries, transitions, historyEvents, children } = report;
  const sum = `1 start + ${decimalText(entered.length)} entered + ${countedWords(retries, "retry", "retries")}`;
  const own = `${sum} = ${countedWords(transitions, "state transition")}; ${countedWords(historyEvents, "history event")}`;
  const count = children.standard + children.express;
  if (count === 0) return [own];
  const failed = children.failed === 0 ? "" : `, ${children.failed} of them failed`;
  return [
    own,
    `${countedWords(count, "child execution")}${failed}: ${countedWords(children.transitions, "more state transition")}`,
  ];
}
